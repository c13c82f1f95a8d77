/**
 * @module
 * Tile by tile into an upload that the service keeps for some minutes: what has arrived is never sent again.
 */

import type { Segmentation } from "../../contract/answer.ts";
import { ProblemError } from "./errors.ts";
import { type Connection, call, callJson, ticketBack } from "./http.ts";
import { type KeptUpload, keptUpload, resumable } from "./kept-upload.ts";
import { CALL_MS, type DigestedTile, digestTiles, putTiles } from "./put-tiles.ts";
import { acceptOf, readAnswer, type ServiceEvent } from "./read-answer.ts";
import type { Shipment, UploadingEvent } from "./send-direct.ts";
import { asUploadState, type UploadState } from "./upload-state.ts";

const ANSWER_BEGINS_MS = 660_000;

/** An upload over several tries. */
export type ResumableUpload = {
  /** Bytes that the service has confirmed. */
  arrived(): number;
  /**
   * Asks what is there, sends the rest, asks for the segmentation. Call it again after a failure, with its ticket.
   * @throws ProblemError, ConnectionError, or the signal's reason
   */
  send(ticket?: string): AsyncGenerator<UploadingEvent | ServiceEvent, Segmentation, void>;
  /** Removes the upload at the service; never fails. */
  discard(): Promise<void>;
};

/**
 * @param resume an upload of an earlier run; a new one is started when it is of another request, or gone
 * @example const upload = resumableUpload(shipment, connection); const answer = yield* upload.send();
 */
export function resumableUpload(shipment: Shipment, connection: Connection, resume?: KeptUpload): ResumableUpload {
  const { request, total } = shipment;
  let digested: DigestedTile[] | undefined;
  let id = resumable(resume, request);
  let arrived = 0;

  /** What the service has. An expired upload is started anew. */
  async function state(): Promise<UploadState> {
    if (id !== undefined) {
      try {
        return asUploadState(await callJson(connection, { path: `/v1/uploads/${id}`, timeoutMs: CALL_MS }));
      } catch (error) {
        if (!isGone(error)) throw error;
        arrived = 0;
      }
    }
    const created = await callJson(connection, {
      method: "POST",
      path: "/v1/uploads",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
      timeoutMs: CALL_MS,
    });
    const found = asUploadState(created);
    id = found.id;
    return found;
  }

  async function* send(ticket?: string): AsyncGenerator<UploadingEvent | ServiceEvent, Segmentation, void> {
    const upload = await state();
    // Most runs are direct and need no digests.
    digested ??= digestTiles(shipment.tiles);
    const kept = keptUpload(upload.id, request);
    for await (const bytes of putTiles(upload, digested, connection)) {
      arrived = bytes;
      yield uploading(arrived, total, kept);
    }
    const response = await call(connection, {
      method: "POST",
      path: `/v1/uploads/${upload.id}/segmentation`,
      headers: { accept: acceptOf(connection), ...ticketBack(ticket) },
      timeoutMs: ANSWER_BEGINS_MS,
    });
    return yield* readAnswer(response, connection.signal);
  }

  async function discard(): Promise<void> {
    if (id === undefined) return;
    const { signal: _, ...rest } = connection;
    await call(rest, { method: "DELETE", path: `/v1/uploads/${id}`, timeoutMs: CALL_MS }).catch(() => {});
  }

  return { arrived: () => arrived, send, discard };
}

const uploading = (done: number, total: number, kept: KeptUpload): UploadingEvent => ({
  event: "uploading",
  data: { upload: "resumable", done, total, kept },
});

/** Whether the upload has expired. */
const isGone = (error: unknown): boolean => error instanceof ProblemError && error.problem.status === 404;
