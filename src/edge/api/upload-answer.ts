/**
 * @module
 * An upload's state to what the API answers.
 */
import { makeGrid } from "../../contract/grid.ts";
import type { Upload } from "../../contract/index.ts";
import type { UploadState } from "../uploads/protocol.ts";

/** What is there of an upload, and until when. */
export function uploadAnswer(id: string, { expiresAt, canvas, tile, received, limits }: UploadState): Upload {
  const { rows, cols } = makeGrid(canvas, tile);
  return { id, expiresAt: new Date(expiresAt).toISOString(), rows, columns: cols, received, limits };
}
