/**
 * @module
 * `POST /v1/exams`: everything that can be refused is refused here, before a tile is sent.
 */
import { type Grid, tileBox } from "../../contract/grid.ts";
import { type ExamRequest, examRequestSchema } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import type { ExamSessions, NewImage, ReadExam } from "../exams/exam-sessions.ts";
import { webhookAddress } from "../exams/webhook-address.ts";
import { defaultTileLimits } from "../tiles/decode.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { receiveJson } from "./json-body.ts";
import { requestedGrid } from "./read-image.ts";
import { requestedModel } from "./segmentation.ts";
import { parseRequest } from "./segmentation-request.ts";
import type { Services } from "./services.ts";
import type { Settings } from "./settings.ts";

/** Lists of tiles, the longest that there may be. */
const MAX_EXAM_BYTES = 256 * 1024;

/**
 * Opens an exam, or finds the one that the key has opened.
 * @throws GlamError `idempotency-key-invalid`, `idempotency-key-reused`, `unsupported-media-type`, `body-too-large`,
 * `malformed-json`, `invalid-request`, `model-not-found`, `canvas-mismatch`, `tile-outside-grid`, `upload-too-large`,
 * `webhook-refused`, `too-many-exams`
 */
export async function openExam(
  raw: Request,
  exams: ExamSessions,
  services: Services,
  signal: AbortSignal,
): Promise<ReadExam> {
  const key = readIdempotencyKey(raw.headers.get("idempotency-key") ?? undefined);
  const request = parseRequest(examRequestSchema, await receiveJson(raw, services, signal, MAX_EXAM_BYTES));
  const { settings } = services;
  const { spec, name } = await requestedModel(request, services);
  const grid = requestedGrid(request, spec, false);
  return exams.open({
    key,
    body: JSON.stringify(request),
    images: newImages({ ...request, model: name }, grid, settings),
    webhook: request.webhook && webhookOf(request.webhook.url, settings),
    ttlMs: settings.EXAM_TTL_MS,
    maxMs: settings.EXAM_MAX_MS,
    places: settings.MAX_EXAMS,
  });
}

/** The images of an exam, which share its room in equal parts. */
function newImages({ images, webhook: _, ...options }: ExamRequest, grid: Grid, settings: Settings): NewImage[] {
  const { MAX_BODY_MB, EXAM_MAX_MB } = settings;
  const maxBytes = Math.floor(Math.min(MAX_BODY_MB, EXAM_MAX_MB / images.length) * 1024 * 1024);
  const limits = { maxTileBytes: Math.min(defaultTileLimits.maxBytes, maxBytes), maxBytes };
  return images.map(({ view, pixelSpacing, tiles, bytes = 0 }, i) => {
    if (bytes > maxBytes) {
      const detail = `An image of this exam may have ${maxBytes} bytes. Send fewer images in one exam, or smaller files.`;
      throw new GlamError("upload-too-large", detail, { at: `/images/${i}/bytes` });
    }
    const expected = tiles ?? allTiles(grid);
    // Throws for a tile that has no place.
    for (const [row, col] of expected) tileBox(grid, row, col);
    const request = JSON.stringify({ view, ...options, ...(pixelSpacing && { pixelSpacing }) });
    return { view, expected, upload: { request, canvas: grid.canvas, tile: grid.tile, limits } };
  });
}

const allTiles = ({ rows, cols }: Grid): [number, number][] =>
  Array.from({ length: rows * cols }, (_, i) => [Math.floor(i / cols), i % cols]);

/** @throws GlamError `webhook-refused` */
function webhookOf(url: string, { WEBHOOK_HOSTS, WEBHOOK_SECRETS }: Settings): string {
  if (WEBHOOK_SECRETS.length > 0) return webhookAddress(url, WEBHOOK_HOSTS).href;
  throw new GlamError("webhook-refused", "This deployment has no secret to sign webhooks with, and sends none.", {
    at: "request",
  });
}
