/**
 * @module
 * The way of one segmentation, wherever its form comes from: receive, parse, choose the model, wait for a place, compute.
 */

import type { SegmentationRequest } from "../../contract/index.ts";
import type { Manifest } from "../../contract/manifest.ts";
import type { BufferShare } from "../admission/memory-ledger.ts";
import { computeEvents, type KeepAlive, type SoundEvent } from "./compute.ts";
import type { Deadline } from "./deadline.ts";
import type { SegmentationForm } from "./form.ts";
import { parseSegmentationRequest } from "./segmentation-request.ts";
import type { Services } from "./services.ts";

/** Where a segmentation's form comes from, and what it works with. */
export type SegmentationSource = {
  /** Gets the form; what it holds is counted in the share first. */
  receive(share: BufferShare): Promise<SegmentationForm>;
  /** Of an earlier refusal. */
  ticket: string | undefined;
  services: Services;
  deadline: Deadline;
  keepAlive: KeepAlive;
};

/**
 * Receives, checks and segments. The first event comes when the form is known to be sound and computing begins.
 * @throws GlamError everything that can be wrong with a request, `busy`, `deadline-exceeded` before the global result
 */
export async function* segmentationEvents({
  receive,
  ticket,
  services,
  deadline,
  keepAlive,
}: SegmentationSource): AsyncGenerator<SoundEvent, void, void> {
  const share = services.ledger.open();
  try {
    const form = await receive(share);
    const request = parseSegmentationRequest(form.request, form.single);
    const manifest = await requestedModel(request, services);
    const lease = await services.gate.enter(deadline.signal, ticket);
    try {
      yield* computeEvents({ form, request, manifest, services, deadline, keepAlive, share });
    } finally {
      lease.release();
    }
  } finally {
    share.release();
  }
}

/**
 * The model that a request names, or the deployment's default.
 * @throws GlamError `model-not-found`, `model-damaged`
 */
export async function requestedModel(
  { model }: Pick<SegmentationRequest, "model">,
  { settings, registry }: Services,
): Promise<Manifest> {
  return registry.manifest(model ?? settings.DEFAULT_MODEL ?? (await registry.list())[0]);
}
