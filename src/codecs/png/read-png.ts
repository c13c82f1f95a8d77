/**
 * @module
 * A PNG read strictly, nothing inflated: header, image data, and a palette where pixels are indices. Other chunks are dropped,
 * except transparency and orientation: compressed text and colour profiles can be bombs, and text may name a patient.
 */
import { damaged, type Place } from "../header-checks.ts";
import { type Orientation, readOrientation } from "../orientation.ts";
import { type Chunk, chunks, isAncillary, isSound } from "./chunks.ts";
import { type PngHeader, readHeader } from "./header.ts";

export type Png = {
  header: PngHeader;
  /** The zlib stream of all IDAT chunks. */
  data: Uint8Array;
  /** RGB triples, of colour type 3 alone. A palette that other types suggest has no meaning for the pixels. */
  palette: Uint8Array | undefined;
  /** As Exif says it; the pixels are not turned. */
  orientation: Orientation;
};

/**
 * @param accept looks at header and orientation before the image data are copied, and throws; transparency of single greys
 * or colours is told by `transparent`
 * @throws GlamError `tile-damaged`, and what `accept` throws
 */
export function readPng(
  bytes: Uint8Array,
  at: Place,
  accept: (header: PngHeader, about: { orientation: Orientation; transparent: boolean }) => void,
): Png {
  const about: { orientation: Orientation; transparent: boolean } = { orientation: 1, transparent: false };
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let length = 0;
  for (const chunk of chunks(bytes, at)) {
    if (isAncillary(chunk) && chunk.type !== "eXIf" && chunk.type !== "tRNS") continue;
    if (!isSound(bytes, chunk)) {
      if (chunk.type === "eXIf") continue;
      throw damaged(at, "The PNG's image data are truncated or damaged.");
    }
    if (!header) header = readHeader(chunk, at);
    else if (chunk.type === "IDAT") length += chunk.data.length;
    else if (chunk.type === "PLTE") palette = readPalette(chunk, header, palette, at);
    else if (chunk.type === "eXIf") about.orientation = readOrientation(chunk.data);
    else if (chunk.type === "tRNS") about.transparent ||= isTransparent(chunk, header);
    else if (chunk.type !== "IEND") throw damaged(at, "The PNG has a chunk that an image has no use for.");
  }
  if (!header) throw damaged(at, "The PNG does not begin with its header.");
  accept(header, about);
  if (header.colourType === 3 && !palette) throw damaged(at, "The PNG lacks its palette.");
  return { header, data: imageData(bytes, length, at), palette, orientation: about.orientation };
}

/** The palette of colour type 3; undefined for other types, which only suggest one. */
function readPalette(
  { data }: Chunk,
  header: PngHeader,
  earlier: Uint8Array | undefined,
  at: Place,
): Uint8Array | undefined {
  if (header.colourType !== 3) return undefined;
  if (earlier || data.length === 0 || data.length % 3 !== 0 || data.length > 3 * 2 ** header.bits) {
    throw damaged(at, "The PNG's palette is damaged.");
  }
  return data;
}

/** Whether tRNS makes something transparent; types with an alpha of their own do not have it. */
const isTransparent = ({ data }: Chunk, { colourType }: PngHeader): boolean =>
  colourType === 3 ? data.some((alpha) => alpha !== 255) : colourType < 3;

/** All IDAT chunks, joined without a list of them. */
function imageData(bytes: Uint8Array, length: number, at: Place): Uint8Array {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const { type, data } of chunks(bytes, at)) {
    if (type !== "IDAT") continue;
    joined.set(data, offset);
    offset += data.length;
  }
  return joined;
}
