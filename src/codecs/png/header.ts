/**
 * @module
 * The PNG image header: the only kinds that a grey tile may have.
 */
import { GlamError } from "../../glam/problem.ts";
import type { Size } from "../../glam/spec.ts";
import { checkTileSize, damaged } from "../header-checks.ts";
import type { Chunk } from "./chunks.ts";

/** What IHDR says beyond the size, which is the expected one. */
export type PngHeader = { bits: 8 | 16; interlaced: boolean };

const colourTypes: Record<number, string> = { 2: "RGB", 3: "a palette", 4: "grey with alpha", 6: "RGB with alpha" };

/** @throws GlamError `tile-wrong-size`, `tile-not-grey`, `tile-bit-depth`, `tile-damaged` */
export function readHeader(chunk: Chunk, expected: Size, at: string): PngHeader {
  const { data } = chunk;
  if (chunk.type !== "IHDR" || data.length !== 13) throw damaged(at, "The PNG does not begin with its header.");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  checkTileSize({ height: view.getUint32(4), width: view.getUint32(0) }, expected, at);
  const [bits, colourType, compression, filter, interlace] = data.subarray(8);
  if (colourType !== 0) {
    const kind = colourTypes[colourType];
    if (!kind) throw damaged(at, "The PNG header is damaged.");
    throw new GlamError("tile-not-grey", `The PNG has ${kind}; a tile is grey without alpha.`, { at });
  }
  if (bits !== 8 && bits !== 16) {
    throw new GlamError("tile-bit-depth", `The PNG has ${bits} bits a pixel; a tile has 8 or 16.`, { at });
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) throw damaged(at, "The PNG header is damaged.");
  return { bits, interlaced: interlace === 1 };
}
