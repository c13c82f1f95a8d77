/**
 * @module
 * Who may call, and how often: with API keys whoever has one, limited by key; without keys nobody, unless the operator has
 * opened the deployment, and then everybody, limited by where they call from.
 */
import { createMiddleware } from "hono/factory";
import { sha256Hex } from "../../bytes/hex.ts";
import { GlamError } from "../../glam/problem.ts";
import { checkKey } from "./api-key.ts";
import { clientNetwork } from "./client-network.ts";
import type { AppEnv } from "./routes/context.ts";
import type { Services } from "./services.ts";

/** Guarded routes; `/*` also matches the address without it. */
export const guarded = [
  "/v1/segmentations",
  "/v1/uploads/*",
  "/v1/exams/*",
  "/v1/models",
  "/v1/models/:name",
  "/v1/health/ready",
];

/**
 * Lets a request in, or not.
 * @throws GlamError `access-not-set`, `unauthorized`, `forbidden`, `too-many-requests`
 */
export const admitted = ({ settings, rateLimiter, tileRateLimiter = rateLimiter }: Services) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const { headers } = c.req.raw;
    // Only tiles are PUT.
    const limiter = c.req.method === "PUT" ? tileRateLimiter : rateLimiter;
    /** Counts hashes only. */
    const count = async (key: string, what: string) => {
      if (!limiter || (await limiter.limit({ key })).success) return;
      throw new GlamError("too-many-requests", `This ${what} has sent too many requests.`, { retryAfter: 60 });
    };
    if (settings.API_KEYS.length > 0) {
      const key = await checkKey(headers, settings.API_KEYS);
      c.set("caller", key);
      await count(key, "API key");
    } else {
      if (settings.ACCESS !== "open") throw notSet();
      const network = clientNetwork(headers);
      if (network !== undefined) await count(await sha256Hex(new TextEncoder().encode(network)), "network address");
    }
    await next();
  });

const notSet = () =>
  new GlamError(
    "access-not-set",
    "Nobody may call this deployment yet. The operator sets keys (`npx wrangler secret put API_KEYS`), or opens it to " +
      'everybody on purpose (`ACCESS = "open"` under [vars] in wrangler.toml).',
  );
