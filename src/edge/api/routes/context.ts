/**
 * @module
 * What every route can use.
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Services } from "../services.ts";

/**
 * Hono's type parameter: in `c.var` stand the services, and who calls: the hash of an accepted API key, or nothing in a
 * deployment without keys.
 */
export type AppEnv = { Variables: { services: Services; caller: string } };

/** An app or a group of routes. */
export type App = OpenAPIHono<AppEnv>;

/** A new group of routes. */
export const createRoutes = (): App => new OpenAPIHono<AppEnv>();

/**
 * Keeps an invocation alive until the work is over, even if the client goes away: without it the runtime drops the
 * invocation, and neither `finally` nor the code that waits for a shared promise runs.
 */
export function keepAlive(c: Context<AppEnv>, work: Promise<unknown>): void {
  const settled = work.catch(() => {});
  try {
    c.executionCtx.waitUntil(settled);
  } catch {
    // Outside of a Worker there is no execution context, and nothing that would end the work early.
  }
}
