/**
 * @module
 * PNG of 8 and 16 bits, plain or interlaced, and palettes, decoded by fast-png behind a bounded count of what it will inflate.
 */
import { convertIndexedToRgb, decode } from "fast-png";
import { GlamError } from "../../glam/problem.ts";
import type { Size } from "../../glam/spec.ts";
import type { DecodedTile } from "../decoded-tile.ts";
import { checkTileSize, damaged, type Place } from "../header-checks.ts";
import { type Orientation, turned, turnedSize } from "../orientation.ts";
import { channelsOf, type PngHeader } from "./header.ts";
import { filteredBytes, inflatedSize } from "./inflated-size.ts";
import { type Png, readPng } from "./read-png.ts";

const colourTypes = { 2: "RGB", 3: "a palette", 4: "grey with alpha", 6: "RGB with alpha" } as const;

/** Refuses what is no tile; the size goes first. */
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
  const { header, palette } = png;
  const wanted = filteredBytes(header, channelsOf(header) * header.bits, header.interlaced);
  try {
    const found = inflatedSize(png.data, wanted);
    if (found !== wanted) {
      throw damaged(at, `The PNG's image data inflate to ${found > wanted ? "more" : "less"} than its header says.`);
    }
    const image = decode(png.file);
    const data = palette ? convertIndexedToRgb(image) : image.data;
    return data instanceof Uint16Array ? data : new Uint8Array(data.buffer, data.byteOffset, data.length);
  } catch (cause) {
    if (cause instanceof GlamError) throw cause;
    throw damaged(at, "The PNG's image data are truncated or damaged.", cause);
  }
}
