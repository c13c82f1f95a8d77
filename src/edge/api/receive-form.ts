/**
 * @module
 * A request's body to its form, every block counted before it is kept.
 */

import type { BufferShare } from "../admission/memory-ledger.ts";
import { receiveBlocks } from "./body.ts";
import { formBoundary, readForm, type SegmentationForm } from "./form.ts";
import { checkNotEncoded } from "./form-start.ts";
import type { Services } from "./services.ts";

/**
 * Reads the form of `POST /v1/segmentations`, its bytes counted against the isolate's budget.
 * @throws GlamError what `formBoundary`, `receiveBlocks` and `readForm` throw
 */
export function receiveForm(
  raw: Request,
  services: Services,
  share: BufferShare,
  signal: AbortSignal,
): Promise<SegmentationForm> {
  checkNotEncoded(raw.headers);
  const boundary = formBoundary(raw.headers.get("content-type"));
  const maxBytes = services.settings.MAX_BODY_MB * 1024 * 1024;
  return readForm(receiveBlocks(raw, { receiving: services.receiving, share, maxBytes, signal }), boundary);
}
