/**
 * @module
 * The counters of a deployment: how many uploads or exams are open, and the secret that proves their identifiers.
 */
import { GlamError, type ProblemCode } from "../../glam/problem.ts";
import { counterName, type Namespace, type UploadCounterStub } from "./protocol.ts";
import { reachable } from "./reachable.ts";
import { createUploadIds, type UploadIds } from "./upload-id.ts";

/**
 * Takes one of so many places until `endsAt`, milliseconds since the epoch.
 * @throws GlamError with this code when none is free, `busy`
 */
export async function takePlace(
  counter: UploadCounterStub,
  { place, endsAt, places }: { place: string; endsAt: number; places: number },
  refusal: { code: ProblemCode; detail: string },
): Promise<void> {
  const { taken, freeAt } = await reachable(counter.take(place, endsAt, places));
  if (taken) return;
  const seconds = Math.ceil((freeAt - Date.now()) / 1000);
  // Most end long before they must.
  const retryAfter = Math.min(Math.max(seconds, 1), 30);
  throw new GlamError(refusal.code, refusal.detail, { retryAfter });
}

/** The secret of a deployment, and the identifiers that it proves. */
export type DeploymentSecret = { secret: Uint8Array<ArrayBuffer>; ids: UploadIds };

/** Reads it on first use. Without a shared promise: a request may be dropped while others wait for it. */
export function secretOf(counters: Namespace<UploadCounterStub>): () => Promise<DeploymentSecret> {
  let known: DeploymentSecret | undefined;
  return async () => {
    if (known) return known;
    const secret = await reachable(counters.getByName(counterName).secret());
    known = { secret, ids: await createUploadIds(secret) };
    return known;
  };
}
