/**
 * @module
 * Uploads as a client sends them, over anything that answers requests. Runs in Node and in workerd.
 */
import { type Problem, problemSchema, type Upload, uploadSchema } from "../../src/contract/index.ts";
import type { EncodedTile } from "../../src/device/client/encode-tiles.ts";

/** Answers a request to a path of the API. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response> | Response;

/** The header `Content-Digest` of some bytes. */
export async function contentDigest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
}

/** `POST /v1/uploads`. */
export const postUpload = (ask: Ask, request: object): Promise<Response> | Response =>
  ask("/v1/uploads", {
    method: "POST",
    body: JSON.stringify(request),
    headers: { "content-type": "application/json" },
  });

/** Starts an upload; it must succeed. */
export async function startUpload(ask: Ask, request: object): Promise<Upload> {
  const response = await postUpload(ask, request);
  if (response.status !== 201) throw new Error(await response.text());
  return uploadSchema.parse(await response.json());
}

/** What `PUT` of a tile sends. */
export const tileRequest = async (tile: EncodedTile, headers: Record<string, string> = {}): Promise<RequestInit> => ({
  method: "PUT",
  body: tile.bytes,
  headers: { "content-type": tile.type, "content-digest": await contentDigest(tile.bytes), ...headers },
});

/** Sends one tile, as it is or with other headers. */
export const putTile = async (
  ask: Ask,
  id: string,
  tile: EncodedTile,
  headers?: Record<string, string>,
): Promise<Response> => ask(`/v1/uploads/${id}/tiles/${tile.row}/${tile.col}`, await tileRequest(tile, headers));

/** Sends tiles in this order; all must be taken. */
export async function putTiles(ask: Ask, id: string, tiles: readonly EncodedTile[]): Promise<void> {
  for (const tile of tiles) {
    const response = await putTile(ask, id, tile);
    if (response.status !== 200) throw new Error(await response.text());
    await response.text();
  }
}

/** `GET` of an upload that is there. */
export const readUpload = async (ask: Ask, id: string): Promise<Upload> =>
  uploadSchema.parse(await (await ask(`/v1/uploads/${id}`)).json());

/** `POST` of an upload's segmentation. */
export const runUpload = (ask: Ask, id: string, init: RequestInit = {}): Promise<Response> | Response =>
  ask(`/v1/uploads/${id}/segmentation`, { method: "POST", ...init });

/** The problem that an answer is. */
export async function problemIn(response: Response): Promise<Problem & { retryAfter: string | null }> {
  const problem = problemSchema.parse(await response.json());
  if (problem.status !== response.status) throw new Error("The status differs from the document's.");
  return { ...problem, retryAfter: response.headers.get("retry-after") };
}

/** The text of an answer or a stream without the random identifier of the segmentation. */
export const withoutId = (text: string): string => text.replaceAll(/"id":"[0-9a-f-]{36}"/g, '"id":""');
