/**
 * @module
 * Where the canvas lies on the crop, as in GLAM's published code.
 */
import type { Size } from "../../glam/spec.ts";
import type { Mask } from "./morphology.ts";
import type { Point } from "./types.ts";

/**
 * Along a side that is longer than the canvas the window slides: its right edge lies on the rightmost point of the breast
 * (inside the crop), its rows hold the most foreground; of equally good ones the one whose centre is nearest the centre of
 * mass wins, then the upper one. Along a shorter side the crop is padded.
 * @param crop foreground of the cropped image, network orientation
 * @param rightmost column in the crop
 * @returns position of the canvas's top left pixel in the crop; negative numbers are padding at the top
 */
export function placeWindow(crop: Mask, canvas: Size, rightmost: number, projection: "CC" | "MLO"): Point {
  const free = crop.width - canvas.width;
  const col = free <= 0 ? 0 : Math.min(Math.max(rightmost + 1 - canvas.width, 0), free);
  const missing = canvas.height - crop.height;
  if (missing < 0) return { row: bestRow(crop, canvas, col), col };
  return { row: projection === "CC" && missing > 1 ? -Math.floor(missing / 2) : 0, col };
}

/** First row of the window with the most foreground. */
function bestRow({ height, width, data }: Mask, canvas: Size, col: number): number {
  const end = Math.min(width, col + canvas.width);
  const before = new Float64Array(height + 1);
  let mass = 0;
  let moment = 0;
  for (let y = 0; y < height; y++) {
    let inside = 0;
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      mass++;
      moment += y;
      if (x >= col && x < end) inside++;
    }
    before[y + 1] = before[y] + inside;
  }
  const centre = mass === 0 ? (height - 1) / 2 : moment / mass;
  let best = 0;
  let most = -1;
  let nearest = Number.POSITIVE_INFINITY;
  for (let top = 0; top + canvas.height <= height; top++) {
    const held = before[top + canvas.height] - before[top];
    const distance = Math.abs(top + (canvas.height - 1) / 2 - centre);
    if (held < most || (held === most && distance >= nearest)) continue;
    [best, most, nearest] = [top, held, distance];
  }
  return best;
}
