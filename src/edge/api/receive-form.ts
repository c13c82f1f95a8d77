/**
 * @module
 * A request's body to its form, every block counted before it is kept.
 */

import { type BufferShare, counted } from "../admission/memory-ledger.ts";
import { readBlocks } from "./body.ts";
import { formBoundary, readForm, type SegmentationForm } from "./form.ts";
import type { Services } from "./services.ts";

/**
 * Reads the form of `POST /v1/segmentations`, its bytes counted against the isolate's budget.
 * @throws GlamError what `formBoundary`, `readBlocks` and `readForm` throw, `busy` when the budget is used up
 */
export function receiveForm(
  raw: Request,
  services: Services,
  share: BufferShare,
  signal: AbortSignal,
): Promise<SegmentationForm> {
  const boundary = formBoundary(raw.headers.get("content-type"));
  const maxBytes = services.settings.MAX_BODY_MB * 1024 * 1024;
  const blocks = readBlocks(raw.body, raw.headers.get("content-length"), maxBytes, signal);
  return readForm(counted(blocks, share), boundary);
}
