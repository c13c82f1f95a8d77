/**
 * @module
 * A PNG read strictly, nothing inflated: header, image data, and a palette where pixels are indices. Every other chunk ends here
 * (compressed text and colour profiles are bombs as good as image data are, and text may name a patient).
 */
import { concatenate } from "../../bytes/concatenate.ts";
import { damaged, type Place } from "../header-checks.ts";
import { type Orientation, readOrientation } from "../orientation.ts";
import { type Chunk, chunks, isAncillary, isSound } from "./chunks.ts";
import { type PngHeader, readHeader } from "./header.ts";

export type Png = {
  header: PngHeader;
  /** The zlib stream of all IDAT chunks, which lies in `file`. */
  data: Uint8Array;
  /** What a decoder needs, as a PNG whose checksums it must not look at: they have been looked at. */
  file: Uint8Array;
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
  return { header, ...rewrite(bytes, header, palette, length, at), palette, orientation: about.orientation };
}

/** Of colour type 3 the palette; of others, which only suggest one, nothing. */
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

/** A PNG with one chunk of image data, all of them joined without a list of them; checksums are left 0. */
function rewrite(
  bytes: Uint8Array,
  header: PngHeader,
  palette: Uint8Array | undefined,
  length: number,
  at: Place,
): Pick<Png, "file" | "data"> {
  const ihdr = new DataView(new ArrayBuffer(13));
  ihdr.setUint32(0, header.width);
  ihdr.setUint32(4, header.height);
  ihdr.setUint8(8, header.bits);
  ihdr.setUint8(9, header.colourType);
  ihdr.setUint8(12, header.interlaced ? 1 : 0);
  const front = concatenate([
    bytes.subarray(0, 8),
    ...chunkParts("IHDR", new Uint8Array(ihdr.buffer)),
    ...(palette ? chunkParts("PLTE", palette) : []),
    chunkHead("IDAT", length),
  ]);
  const file = new Uint8Array(front.length + length + 16);
  file.set(front);
  let offset = front.length;
  for (const { type, data } of chunks(bytes, at)) {
    if (type !== "IDAT") continue;
    file.set(data, offset);
    offset += data.length;
  }
  file.set(chunkHead("IEND", 0), offset + 4);
  return { file, data: file.subarray(front.length, offset) };
}

const chunkParts = (type: string, data: Uint8Array): Uint8Array[] => [
  chunkHead(type, data.length),
  data,
  new Uint8Array(4),
];

/** Length and type. */
function chunkHead(type: string, length: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(0, length);
  for (let i = 0; i < 4; i++) head.setUint8(4 + i, type.charCodeAt(i));
  return new Uint8Array(head.buffer);
}
