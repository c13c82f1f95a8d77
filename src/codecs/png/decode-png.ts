/**
 * @module
 * PNG of 8 and 16 bits, plain or interlaced, and palettes: the data are inflated once, to the size that the header says.
 */
import { GlamError } from "../../glam/problem.ts";
import type { Size } from "../../glam/spec.ts";
import type { DecodedTile } from "../decoded-tile.ts";
import { checkTileSize, damaged, type Place } from "../header-checks.ts";
import { type Orientation, turned, turnedSize } from "../orientation.ts";
import { channelsOf, type PngHeader } from "./header.ts";
import { inflate } from "./inflate.ts";
import { filteredBytes, passesOf, rowBytes } from "./passes.ts";
import { type Png, readPng } from "./read-png.ts";
import { unfilter } from "./unfilter.ts";

const colourTypes = { 2: "RGB", 3: "a palette", 4: "grey with alpha", 6: "RGB with alpha" } as const;

/** Refuses what is not a tile; the size is checked first. */
function acceptTile(
  header: PngHeader,
  about: { orientation: Orientation; transparent: boolean },
  expected: Size,
  at: string,
): void {
  const { colourType, bits } = header;
  checkTileSize(turnedSize(header, about.orientation), expected, at);
  if (colourType !== 0) {
    throw new GlamError("tile-not-grey", `The PNG has ${colourTypes[colourType]}; a tile is grey without alpha.`, {
      at,
    });
  }
  if (about.transparent) {
    throw new GlamError("tile-not-grey", "The PNG declares a transparent grey; a tile has no alpha.", { at });
  }
  if (bits !== 8 && bits !== 16) {
    throw new GlamError("tile-bit-depth", `The PNG has ${bits} bits a pixel; a tile has 8 or 16.`, { at });
  }
}

const readTile = (bytes: Uint8Array, expected: Size, at: string): Png =>
  readPng(bytes, at, (header, about) => acceptTile(header, about, expected, at));

/** Reads all chunks and inflates nothing. @throws GlamError as {@link decodeTile} does */
export const inspectPng = (bytes: Uint8Array, expected: Size, at: string): void => void readTile(bytes, expected, at);

/** @throws GlamError as {@link decodeTile} does */
export function decodePng(bytes: Uint8Array, expected: Size, at: string): DecodedTile {
  const png = readTile(bytes, expected, at);
  const { height, width, bits } = png.header;
  const tile: DecodedTile = { height, width, bits: bits === 16 ? 16 : 8, pixels: decodeSamples(png, at) };
  return turned(tile, png.orientation);
}

/**
 * The samples of a PNG, `[height, width, channels]`, not turned; a palette's indices become RGB.
 * @throws GlamError `tile-damaged`
 */
export function decodeSamples(png: Png, at: Place): Uint8Array | Uint16Array {
  const bytes = unfiltered(png, at);
  const { header, palette } = png;
  if (palette) return coloursOf(indicesOf(bytes, header), palette, at);
  if (header.bits === 8) return bytes;
  const words = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < words.length; i++) words[i] = (bytes[2 * i] << 8) | bytes[2 * i + 1];
  return words;
}

/** Rows of samples as the file has them, without filters and passes. */
function unfiltered({ header, data }: Png, at: Place): Uint8Array {
  const { bits, interlaced } = header;
  const pixelBits = channelsOf(header) * bits;
  const rows = inflated(data, filteredBytes(header, pixelBits, interlaced), at);
  const step = Math.max(1, pixelBits / 8);
  const out = interlaced ? new Uint8Array(header.height * header.width * step) : rows;
  let offset = 0;
  for (const pass of passesOf(header, interlaced)) {
    const { height, width } = pass;
    const bytes = rowBytes(pass, pixelBits);
    const samples = unfilter(rows.subarray(offset), height, bytes, step);
    if (!samples) throw damaged(at, "The PNG has a row whose filter does not exist.");
    if (!interlaced) return samples;
    offset += height * (bytes + 1);
    for (let i = 0; i < height * width; i++) {
      const to = (pass.y + Math.floor(i / width) * pass.dy) * header.width + pass.x + (i % width) * pass.dx;
      for (let k = 0; k < step; k++) out[to * step + k] = samples[i * step + k];
    }
  }
  return out;
}

/** @throws GlamError `tile-damaged` when the stream is damaged or of another length */
function inflated(data: Uint8Array, length: number, at: Place): Uint8Array {
  let result: ReturnType<typeof inflate>;
  try {
    result = inflate(data, length);
  } catch (cause) {
    throw damaged(at, "The PNG's image data are truncated or damaged.", cause);
  }
  if (result.found === length) return result.bytes;
  throw damaged(at, `The PNG's image data inflate to ${result.found > length ? "more" : "less"} than its header says.`);
}

/** Indices of 1, 2, 4 or 8 bits, one a byte; rows begin at a byte. */
function indicesOf(rows: Uint8Array, { height, width, bits }: PngHeader): Uint8Array {
  if (bits === 8) return rows;
  const bytes = rowBytes({ height, width }, bits);
  return Uint8Array.from({ length: height * width }, (_, i) => {
    const bit = (i % width) * bits;
    return (rows[Math.floor(i / width) * bytes + (bit >> 3)] >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
  });
}

function coloursOf(indices: Uint8Array, palette: Uint8Array, at: Place): Uint8Array {
  const colours = new Uint8Array(3 * indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = 3 * indices[i];
    if (from >= palette.length) throw damaged(at, "The PNG has a pixel beyond its palette.");
    for (let k = 0; k < 3; k++) colours[3 * i + k] = palette[from + k];
  }
  return colours;
}
