/**
 * @module
 * The PNG image header (PNG specification, section 11.2.2).
 */
import type { Size } from "../../glam/spec.ts";
import { damaged, type Place } from "../header-checks.ts";
import type { Chunk } from "./chunks.ts";

/** What IHDR says; `bits` are those of a sample or palette index. */
export type PngHeader = Size & { bits: number; colourType: 0 | 2 | 3 | 4 | 6; interlaced: boolean };

/** Bits that samples of a colour type may have. */
const depths: Record<PngHeader["colourType"], readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Samples of a pixel. */
export const channelsOf = ({ colourType }: PngHeader): number => ({ 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 })[colourType];

const isColourType = (type: number): type is PngHeader["colourType"] => type in depths;

/** @throws GlamError `tile-damaged` */
export function readHeader({ type, data }: Chunk, at: Place): PngHeader {
  if (type !== "IHDR" || data.length !== 13) throw damaged(at, "The PNG does not begin with its header.");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [bits, colourType, compression, filter, interlace] = data.subarray(8);
  const sound = compression === 0 && filter === 0 && interlace <= 1;
  if (!sound || !isColourType(colourType) || !depths[colourType].includes(bits)) {
    throw damaged(at, "The PNG header is damaged.");
  }
  return { height: view.getUint32(4), width: view.getUint32(0), bits, colourType, interlaced: interlace === 1 };
}
