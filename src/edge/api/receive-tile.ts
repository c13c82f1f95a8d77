/**
 * @module
 * `PUT /v1/uploads/{id}/tiles/{row}/{col}`: one tile, kept only if it is the one that its digest describes and fits its
 * place.
 */

import { collectBytes } from "../../bytes/concatenate.ts";
import { checkDigest, readContentDigest } from "../../contract/content-digest.ts";
import { makeGrid, tileBox, tileName } from "../../contract/grid.ts";
import type { Upload } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import { inspectTile, tileFormat } from "../tiles/decode.ts";
import type { UploadSessions } from "../uploads/upload-sessions.ts";
import { type BodyProblems, receiveBlocks } from "./body.ts";
import { checkNotEncoded } from "./form-start.ts";
import type { Services } from "./services.ts";
import { uploadAnswer } from "./upload-answer.ts";

/** Where a tile goes, as the address says it. */
export type TileAddress = { id: string; row: string; col: string };

const tileProblems = (at: string): BodyProblems => ({
  tooLarge: (maxBytes) => new GlamError("tile-too-large", `A tile may have ${maxBytes} bytes at most.`, { at }),
  cutOff: (cause) => new GlamError("tile-damaged", "The connection ended before the tile did.", { at, cause }),
});

/**
 * Reads and stores one tile; the same tile again changes nothing, another one replaces it. Header and size are checked
 * here, so that a wrong tile is refused at once; whether it decodes shows when the upload is segmented.
 * @returns the upload with this tile
 * @throws GlamError `not-found` for a row or column that is no number, `digest-invalid`, `digest-mismatch`,
 * `upload-not-found`, `upload-in-use`, `upload-too-large`, what a tile can be refused for, and what `receiveBlocks` throws
 */
export async function receiveTile(
  raw: Request,
  address: TileAddress,
  sessions: UploadSessions,
  services: Services,
  signal: AbortSignal,
): Promise<Upload> {
  const { id } = address;
  const [row, col] = [address.row, address.col].map(index);
  const at = tileName(row, col);
  const mediaType = tileFormat(raw.headers.get("content-type") ?? "", at);
  checkNotEncoded(raw.headers);
  const sha256 = readContentDigest(raw.headers.get("content-digest"), at);
  const { canvas, tile, limits } = await sessions.state(id);
  const box = tileBox(makeGrid(canvas, tile), row, col);
  const share = services.ledger.open();
  try {
    const { receiving } = services;
    const maxBytes = limits.maxTileBytes;
    const bytes = await collectBytes(
      receiveBlocks(raw, { receiving, share, maxBytes, signal, problems: tileProblems(at) }),
    );
    await checkDigest(bytes, sha256, at);
    inspectTile(bytes, mediaType, box, at);
    return uploadAnswer(id, await sessions.put(id, { row, col, mediaType, sha256, bytes }));
  } finally {
    share.release();
  }
}

/** A row or a column as it stands in a form's part names. */
function index(text: string): number {
  if (/^(?:0|[1-9]\d{0,4})$/.test(text)) return Number(text);
  throw new GlamError("not-found", "Rows and columns of tiles are whole numbers, counted from 0.");
}
