/**
 * @module
 * `POST /v1/uploads`: the request of a segmentation whose tiles come later, checked as far as it can be without them.
 */

import { collectBytes } from "../../bytes/concatenate.ts";
import type { Upload } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import { defaultTileLimits } from "../tiles/decode.ts";
import type { UploadSessions } from "../uploads/upload-sessions.ts";
import { receiveBlocks } from "./body.ts";
import { MAX_REQUEST_BYTES } from "./form.ts";
import { checkNotEncoded } from "./form-start.ts";
import { requestedGrid } from "./read-image.ts";
import { requestedModel } from "./segmentation.ts";
import { parseSegmentationRequest } from "./segmentation-request.ts";
import type { Services } from "./services.ts";
import { uploadAnswer } from "./upload-answer.ts";

const requestProblems = {
  tooLarge: (maxBytes: number) => new GlamError("body-too-large", `The request is larger than ${maxBytes} bytes.`),
  cutOff: (cause: unknown) => new GlamError("malformed-json", "The connection ended before the body did.", { cause }),
};

/**
 * Opens an upload.
 * @throws GlamError `unsupported-media-type`, `body-too-large`, `malformed-json`, `invalid-request`, `model-not-found`,
 * `model-damaged`, `canvas-mismatch`, `too-many-uploads`, and what `receiveBlocks` throws
 */
export async function openUpload(
  raw: Request,
  sessions: UploadSessions,
  services: Services,
  signal: AbortSignal,
): Promise<Upload> {
  const text = await requestText(raw, services, signal);
  const request = parseSegmentationRequest(text, false);
  const { spec } = await requestedModel(request, services);
  const { canvas, tile } = requestedGrid(request, spec, false);
  const { MAX_BODY_MB, UPLOAD_TTL_MS, UPLOAD_MAX_MS, MAX_UPLOADS } = services.settings;
  const maxBytes = Math.floor(MAX_BODY_MB * 1024 * 1024);
  const limits = { maxTileBytes: Math.min(defaultTileLimits.maxBytes, maxBytes), maxBytes };
  const endsAt = Date.now() + UPLOAD_MAX_MS;
  const opening = { request: text, canvas, tile, limits, ttlMs: UPLOAD_TTL_MS, endsAt };
  const { id, state } = await sessions.open(opening, MAX_UPLOADS);
  return uploadAnswer(id, state);
}

/** The JSON text of a body. */
async function requestText(raw: Request, { ledger, receiving }: Services, signal: AbortSignal): Promise<string> {
  if (!/^application\/json\s*(?:;|$)/i.test(raw.headers.get("content-type")?.trim() ?? "")) {
    throw new GlamError("unsupported-media-type", "Send the request as `application/json`.", { at: "content-type" });
  }
  checkNotEncoded(raw.headers);
  const share = ledger.open();
  const limits = { receiving, share, maxBytes: MAX_REQUEST_BYTES, signal, problems: requestProblems };
  try {
    const bytes = await collectBytes(receiveBlocks(raw, limits));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof GlamError) throw error;
    throw new GlamError("malformed-json", "The text is not UTF-8.", { at: "request" });
  } finally {
    share.release();
  }
}
