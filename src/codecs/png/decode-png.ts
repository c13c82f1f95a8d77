/**
 * @module
 * A grey 8 or 16-bit PNG tile, plain or interlaced, decoded by fast-png behind a bounded count of what it will inflate.
 */
import { decode } from "fast-png";
import { concatenate } from "../../bytes/concatenate.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Size } from "../../glam/spec.ts";
import type { DecodedTile } from "../decoded-tile.ts";
import { damaged } from "../header-checks.ts";
import { type Chunk, chunks, isAncillary } from "./chunks.ts";
import { type PngHeader, readHeader } from "./header.ts";
import { filteredBytes, inflatedSize } from "./inflated-size.ts";

/**
 * Reads header and image data; every ancillary chunk ends here, uninflated (compressed text and colour profiles are
 * bombs as good as image data are, and text may name a patient).
 */
function essentials(bytes: Uint8Array, expected: Size, at: string): { header: PngHeader; kept: Chunk[] } {
  let header: PngHeader | undefined;
  const kept: Chunk[] = [];
  for (const chunk of chunks(bytes, at)) {
    if (!header) header = readHeader(chunk, expected, at);
    else if (chunk.type === "tRNS") {
      throw new GlamError("tile-not-grey", "The PNG declares a transparent grey; a tile has no alpha.", { at });
    } else if (isAncillary(chunk)) continue;
    else if (chunk.type !== "IDAT" && chunk.type !== "IEND") {
      throw damaged(at, "The PNG has a chunk that a grey image has no use for.");
    }
    kept.push(chunk);
  }
  if (!header) throw damaged(at, "The PNG does not begin with its header.");
  return { header, kept };
}

/** Reads all chunks and inflates nothing. @throws GlamError as {@link decodeTile} does */
export const inspectPng = (bytes: Uint8Array, expected: Size, at: string): void => void essentials(bytes, expected, at);

/** @throws GlamError as {@link decodeTile} does */
export function decodePng(bytes: Uint8Array, expected: Size, at: string): DecodedTile {
  const { header, kept } = essentials(bytes, expected, at);
  const { height, width } = expected;
  const wanted = filteredBytes(expected, header.bits, header.interlaced);
  try {
    const idat = kept.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data);
    const found = inflatedSize(idat, wanted);
    if (found !== wanted) {
      throw damaged(at, `The PNG's image data inflate to ${found > wanted ? "more" : "less"} than its header says.`);
    }
    const file = concatenate([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
    const { data } = decode(file, { checkCrc: true });
    const pixels = data instanceof Uint8ClampedArray ? new Uint8Array(data) : data;
    return { height, width, bits: header.bits, pixels };
  } catch (cause) {
    if (cause instanceof GlamError) throw cause;
    throw damaged(at, "The PNG's image data are truncated or damaged.", cause);
  }
}
