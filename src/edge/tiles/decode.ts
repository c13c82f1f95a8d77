/**
 * @module
 * One compressed tile in, grey pixels out.
 */

import type { DecodedTile } from "../../codecs/decoded-tile.ts";
import { decodeJpeg, inspectJpeg } from "../../codecs/jpeg/decode-jpeg.ts";
import { decodePng, inspectPng } from "../../codecs/png/decode-png.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Size } from "../../glam/spec.ts";

/** Limits of one compressed tile. */
export type TileLimits = { maxBytes: number };

/** Media types that {@link decodeTile} reads. */
export const tileMediaTypes = ["image/jpeg", "image/png"] as const;

/** One of {@link tileMediaTypes}. */
export type TileFormat = (typeof tileMediaTypes)[number];

/** One full 2944 x 1920 canvas of 16 bits, stored uncompressed, and some room. */
export const defaultTileLimits: TileLimits = { maxBytes: 12 * 1024 * 1024 };

const signatures: Record<TileFormat, readonly number[]> = {
  "image/jpeg": [0xff, 0xd8, 0xff],
  "image/png": [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};

/**
 * Decodes one tile. The media type must be what the first bytes say; the header must give the expected size before any
 * pixel is decoded, so nothing larger than the expected tile is ever allocated.
 * @param bytes the whole compressed tile
 * @param mediaType `image/jpeg` (8-bit grey) or `image/png` (8 or 16-bit grey), parameters allowed
 * @param expected the tile's size in pixels, from its box in the grid
 * @param at the tile's name for errors, e.g. `tile-0-1`
 * @throws GlamError `unsupported-media-type`, `tile-too-large`, `tile-wrong-size`, `tile-not-grey`, `tile-bit-depth`, `tile-damaged`
 * @example decodeTile(bytes, "image/png", { height: 512, width: 448 }, "tile-0-1").pixels;
 */
export function decodeTile(
  bytes: Uint8Array,
  mediaType: string,
  expected: Size,
  at: string,
  limits: TileLimits = defaultTileLimits,
): DecodedTile {
  const format = checkFormat(bytes, mediaType, at, limits);
  return format === "image/jpeg" ? decodeJpeg(bytes, expected, at) : decodePng(bytes, expected, at);
}

/**
 * Checks all of a tile but its pixels: cheap, and finds a tile that was cut off or belongs elsewhere. What it lets pass
 * may still fail to decode.
 * @throws GlamError as {@link decodeTile} does
 */
export function inspectTile(
  bytes: Uint8Array,
  mediaType: string,
  expected: Size,
  at: string,
  limits: TileLimits = defaultTileLimits,
): void {
  const format = checkFormat(bytes, mediaType, at, limits);
  if (format === "image/jpeg") inspectJpeg(bytes, expected, at);
  else inspectPng(bytes, expected, at);
}

/**
 * The format that a media type names.
 * @throws GlamError `unsupported-media-type`
 */
export function tileFormat(mediaType: string, at: string): TileFormat {
  const essence = mediaType.split(";", 1)[0].trim().toLowerCase();
  const declared = tileMediaTypes.find((type) => type === essence);
  if (declared) return declared;
  const wanted = "a tile must be image/jpeg or image/png.";
  throw new GlamError("unsupported-media-type", `${seenType(essence)}; ${wanted}`, { at });
}

/** What came instead of a type that is read; a type is shown where it looks like one. */
function seenType(essence: string): string {
  if (essence === "") return "The tile comes without a Content-Type";
  if (essence === "image/jpg") return "The tile is declared as image/jpg, which is registered as image/jpeg";
  const shown = /^(?:application|image|text)\/[a-z0-9.+-]{1,20}$/.test(essence) ? essence : "something else";
  return `The tile is declared as ${shown}`;
}

/** The format, which media type and first bytes agree on. */
function checkFormat(bytes: Uint8Array, mediaType: string, at: string, limits: TileLimits): TileFormat {
  const declared = tileFormat(mediaType, at);
  if (bytes.length > limits.maxBytes) {
    const detail = `The tile has ${bytes.length} bytes; at most ${limits.maxBytes} are accepted.`;
    throw new GlamError("tile-too-large", detail, { at });
  }
  const found = tileMediaTypes.find((type) => signatures[type].every((byte, i) => bytes[i] === byte));
  if (!found) {
    throw new GlamError("tile-damaged", "The tile begins like neither a JPEG nor a PNG.", { at });
  }
  if (found !== declared) {
    const detail = `The tile is declared as ${declared}, but its first bytes are those of ${found}.`;
    throw new GlamError("unsupported-media-type", detail, { at });
  }
  return found;
}
