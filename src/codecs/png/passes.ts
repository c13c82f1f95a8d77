/**
 * @module
 * The passes of a PNG: one, or the seven of Adam7 (PNG specification, section 8.2).
 */
import type { Size } from "../../glam/spec.ts";

/** Pixels of one pass: every `dx`-th of every `dy`-th row, from column `x` and row `y` on. */
export type Pass = Size & { x: number; y: number; dx: number; dy: number };

const whole = [{ x: 0, y: 0, dx: 1, dy: 1 }];
const adam7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/** The passes that have pixels. */
export function passesOf(size: Size, interlaced: boolean): Pass[] {
  const passes = (interlaced ? adam7 : whole).map((pass) => ({
    ...pass,
    height: Math.ceil((size.height - pass.y) / pass.dy),
    width: Math.ceil((size.width - pass.x) / pass.dx),
  }));
  return passes.filter(({ height, width }) => height > 0 && width > 0);
}

/** Bytes of one row of a pass, without its filter byte. */
export const rowBytes = ({ width }: Size, bits: number): number => Math.ceil((width * bits) / 8);

/**
 * Bytes of the filtered rows of an image: one filter byte and the samples of each row (of each pass).
 * @param bits those of a pixel
 */
export const filteredBytes = (size: Size, bits: number, interlaced: boolean): number =>
  passesOf(size, interlaced).reduce((sum, pass) => sum + pass.height * (1 + rowBytes(pass, bits)), 0);
