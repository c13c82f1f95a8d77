/**
 * @module
 * Tile by tile into an upload that the service keeps for some minutes: what has arrived is never sent again.
 */

import { encodeBase64 } from "../../bytes/base64.ts";
import { hex } from "../../bytes/hex.ts";
import type { Segmentation } from "../../contract/answer.ts";
import { tileName } from "../../contract/grid.ts";
import type { EncodedTile } from "./encode-tiles.ts";
import { ProblemError } from "./errors.ts";
import { type Connection, call, callJson, ticketBack } from "./http.ts";
import { type KeptUpload, keptUpload, resumable } from "./kept-upload.ts";
import { parallel } from "./parallel.ts";
import { acceptOf, readAnswer, type ServiceEvent } from "./read-answer.ts";
import type { Shipment, UploadingEvent } from "./send-direct.ts";
import { sha256 } from "./sha256.ts";
import { asUploadState, type UploadState } from "./upload-state.ts";
import { childSignal } from "./within.ts";

/** Time limit of a call: one tile on a slow line. */
const CALL_MS = 60_000;
const ANSWER_BEGINS_MS = 660_000;

/** Tiles under way at once: enough to hide the round trip. */
const PARALLEL = 3;

type Digested = { tile: EncodedTile; sha256: Uint8Array };

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
  let digested: Digested[] | undefined;
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

  async function put({ tile: { row, col, type, bytes }, sha256 }: Digested, path: string, signal: AbortSignal) {
    await callJson(
      { ...connection, signal },
      {
        method: "PUT",
        path: `${path}/tiles/${row}/${col}`,
        headers: { "content-type": type, "content-digest": `sha-256=:${encodeBase64(sha256)}:` },
        body: bytes,
        timeoutMs: CALL_MS,
      },
    );
    return bytes.length;
  }

  async function* send(ticket?: string): AsyncGenerator<UploadingEvent | ServiceEvent, Segmentation, void> {
    const { id: name, received } = await state();
    const path = `/v1/uploads/${name}`;
    const there = new Set(received.map(({ row, col, sha256 }) => `${tileName(row, col)} ${sha256}`));
    // Most runs are direct and need no digests.
    digested ??= shipment.tiles.map((tile) => ({ tile, sha256: sha256(tile.bytes) }));
    const rest = digested.filter(({ tile, sha256 }) => !there.has(`${tileName(tile.row, tile.col)} ${hex(sha256)}`));
    arrived = total - rest.reduce((sum, { tile }) => sum + tile.bytes.length, 0);
    const kept = keptUpload(name, request);
    yield uploading(arrived, total, kept);
    const puts = childSignal(connection.signal);
    try {
      for await (const bytes of parallel(rest, PARALLEL, (tile) => put(tile, path, puts.signal))) {
        arrived += bytes;
        yield uploading(arrived, total, kept);
      }
    } finally {
      puts.end();
    }
    const response = await call(connection, {
      method: "POST",
      path: `${path}/segmentation`,
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
