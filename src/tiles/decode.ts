/**
 * @module
 * One compressed tile in, grey pixels out.
 */
import type { Size } from "../glam/spec.ts";

/** Limits of one compressed tile. */
export type TileLimits = { maxBytes: number };

/** Grey pixels of one tile, `[height, width]` row-major; `Uint8Array` when `bits` is 8, `Uint16Array` when 16. */
export type DecodedTile = Size & { bits: 8 | 16; pixels: Uint8Array | Uint16Array };

/** Media types that {@link decodeTile} reads. */
export const tileMediaTypes = ["image/jpeg", "image/png"] as const;

/**
 * Decodes one tile. The media type must be what the first bytes say; the header must give the expected size before any
 * pixel is decoded, so nothing larger than the expected tile is ever allocated.
 * @param bytes the whole compressed tile
 * @param mediaType `image/jpeg` (8-bit grey) or `image/png` (8 or 16-bit grey), parameters allowed
 * @param expected the tile's size in pixels, from its box in the grid
 * @param at the tile's name for errors, e.g. `tile-0-1`
 * @throws GlamError `unsupported-media-type`, `tile-too-large`, `tile-wrong-size`, `tile-not-grey`, `tile-bit-depth`, `tile-damaged`
 */
export declare function decodeTile(
  bytes: Uint8Array,
  mediaType: string,
  expected: Size,
  at: string,
  limits?: TileLimits,
): DecodedTile;
