/**
 * @module
 * The models of a service: preprocessing needs the model's spec.
 */
import type { ModelDetail, ModelList } from "../../contract/service.ts";
import { GlamError } from "../../glam/problem.ts";
import { asModelDetail, asModelList } from "./answer-check.ts";
import { ConnectionError, ProblemError } from "./errors.ts";
import { type Connection, callJson } from "./http.ts";
import { retryDelay } from "./retry.ts";
import type { RetryEvent } from "./send.ts";
import { waitToRetry } from "./wait-to-retry.ts";

const CALL_MS = 30_000;

/** The service's models. @throws ProblemError, ConnectionError, or the signal's reason */
export const listModels = async (connection: Connection): Promise<ModelList["models"]> =>
  asModelList(await callJson(connection, { path: "/v1/models", timeoutMs: CALL_MS })).models;

/**
 * A model's hash and manifest: spec, threshold, provenance.
 * @param name the service's default model when left out
 * @throws ProblemError, ConnectionError, GlamError `model-not-found`, or the signal's reason
 */
export async function loadModel(connection: Connection, name?: string): Promise<ModelDetail> {
  const chosen = name ?? (await listModels(connection)).find((model) => model.default)?.name;
  if (chosen === undefined) throw new GlamError("model-not-found", "The service has no default model; name one.");
  const path = `/v1/models/${encodeURIComponent(chosen)}`;
  return asModelDetail(await callJson(connection, { path, timeoutMs: CALL_MS }));
}

/** As {@link loadModel}, again when that may help. */
export async function* loadModelPatiently(
  connection: Connection,
  name: string | undefined,
  retries: number,
): AsyncGenerator<RetryEvent, ModelDetail, void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await loadModel(connection, name);
    } catch (error) {
      const delayMs = retryDelay(error, attempt - 1);
      if (delayMs === undefined || attempt > retries) throw error;
      if (!(error instanceof ProblemError || error instanceof ConnectionError)) throw error;
      yield { event: "retry", data: { error, attempt, delayMs, next: "model" } };
      await waitToRetry(error, delayMs, connection);
    }
  }
}
