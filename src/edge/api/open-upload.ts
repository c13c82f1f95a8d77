/**
 * @module
 * `POST /v1/uploads`: the request of a segmentation whose tiles come later, checked as far as it can be without them.
 */
import type { Upload } from "../../contract/index.ts";
import { defaultTileLimits } from "../tiles/decode.ts";
import type { UploadSessions } from "../uploads/upload-sessions.ts";
import { MAX_REQUEST_BYTES } from "./form.ts";
import { receiveJson } from "./json-body.ts";
import { requestedGrid } from "./read-image.ts";
import { requestedModel } from "./segmentation.ts";
import { parseSegmentationRequest } from "./segmentation-request.ts";
import type { Services } from "./services.ts";
import { uploadAnswer } from "./upload-answer.ts";

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
  const text = await receiveJson(raw, services, signal, MAX_REQUEST_BYTES);
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
