/**
 * @module
 * All tiles in one form, `POST /v1/segmentations`.
 */
import type { Segmentation } from "../../contract/answer.ts";
import { tileName } from "../../contract/grid.ts";
import type { SegmentationRequestInput } from "../../contract/request.ts";
import type { EncodedTile } from "./encode-tiles.ts";
import { type Connection, call, ticketBack } from "./http.ts";
import type { KeptUpload } from "./kept-upload.ts";
import { jsonBytes, multipartForm } from "./multipart.ts";
import { acceptOf, readAnswer, type ServiceEvent } from "./read-answer.ts";

/** The upload, the wait for a turn and, without a stream, the whole work. */
const ANSWER_BEGINS_MS = 660_000;

/** How much of the image has arrived. */
export type UploadingEvent = {
  event: "uploading";
  data: {
    /** How it is sent: all at once, or tile by tile. */
    upload: "direct" | "resumable";
    /** Bytes of compressed tiles. */
    done: number;
    total: number;
    /** Of a resumable one: what a later run goes on from, see {@link KeptUpload}. */
    kept?: KeptUpload;
  };
};

/** What is to be sent. */
export type Shipment = { request: SegmentationRequestInput; tiles: readonly EncodedTile[]; total: number };

/**
 * Sends once. `fetch` does not say how far it is, so `uploading` comes with nothing done and with all.
 * @param ticket of the last refusal
 * @throws ProblemError, ConnectionError, or the signal's reason
 */
export async function* sendDirect(
  { request, tiles, total }: Shipment,
  connection: Connection,
  ticket?: string,
): AsyncGenerator<UploadingEvent | ServiceEvent, Segmentation, void> {
  const form = multipartForm([
    { name: "request", type: "application/json", bytes: jsonBytes(request) },
    ...tiles.map(({ row, col, bytes, type }) => ({ name: tileName(row, col), type, bytes })),
  ]);
  yield { event: "uploading", data: { upload: "direct", done: 0, total } };
  const response = await call(connection, {
    method: "POST",
    path: "/v1/segmentations",
    headers: { accept: acceptOf(connection), "content-type": form.type, ...ticketBack(ticket) },
    body: form.body,
    timeoutMs: ANSWER_BEGINS_MS,
  });
  yield { event: "uploading", data: { upload: "direct", done: total, total } };
  return yield* readAnswer(response, connection.signal);
}
