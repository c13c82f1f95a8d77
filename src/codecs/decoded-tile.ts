/**
 * @module
 * What the readers of tiles make of their bytes.
 */
import type { Size } from "../glam/spec.ts";

/** Grey pixels of one tile, `[height, width]` row-major; `Uint8Array` when `bits` is 8, `Uint16Array` when 16. */
export type DecodedTile = Size & { bits: 8 | 16; pixels: Uint8Array | Uint16Array };
