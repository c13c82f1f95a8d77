/**
 * @module
 * A canvas to the compressed tiles that are worth sending.
 */
import type { Canvas } from "../../glam/contracts.ts";
import type { Size } from "../../glam/spec.ts";
import { encodeTile, type TileEncoding } from "./encode.ts";
import { cutTiles } from "./tiles.ts";
import { pause } from "./within.ts";

/** One compressed tile and its place in the grid. */
export type EncodedTile = {
  row: number;
  col: number;
  bytes: Uint8Array<ArrayBuffer>;
  type: "image/jpeg" | "image/png";
};

/** PNG, which loses nothing, for more than 8 bits; JPEG otherwise. */
export const defaultEncoding = ({ pixels }: Canvas): TileEncoding => (pixels instanceof Uint16Array ? "png" : "jpeg");

/**
 * Cuts, leaves out what is background everywhere, and encodes. Other work runs between two tiles: a page stays alive, and the
 * signal is heard.
 * @throws GlamError `tile-bit-depth` for JPEG of more than 8 bits, or the signal's reason
 */
export async function encodeTiles(
  canvas: Canvas,
  tile: Size,
  encoding: TileEncoding,
  signal: AbortSignal | undefined,
): Promise<EncodedTile[]> {
  const tiles: EncodedTile[] = [];
  for (const cut of cutTiles(canvas, tile, { skipBlank: true })) {
    await pause(0, signal);
    tiles.push({ row: cut.row, col: cut.col, ...encodeTile(cut, encoding) });
  }
  return tiles;
}
