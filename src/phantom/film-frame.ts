/**
 * @module
 * What a scanned film has besides the breast: fog, a bright border strip, a side label with letters, tape and scratches.
 */
import { createRandom } from "./random.ts";
import type { View } from "./types.ts";

/** Letters of the labels, 5 x 7, one string a row. */
const letters: Record<string, readonly string[]> = {
  L: ["#....", "#....", "#....", "#....", "#....", "#....", "#####"],
  R: ["####.", "#...#", "#...#", "####.", "#.#..", "#..#.", "#...#"],
  M: ["#...#", "##.##", "#.#.#", "#.#.#", "#...#", "#...#", "#...#"],
  O: [".###.", "#...#", "#...#", "#...#", "#...#", "#...#", ".###."],
  C: [".###.", "#...#", "#....", "#....", "#....", "#...#", ".###."],
};

type Film = {
  /** Raw grey, `[height, width]`; changed in place. */
  pixels: Uint8Array | Uint16Array;
  height: number;
  width: number;
  bits: number;
  view: View;
  seed: number;
};

/** Draws the film around the breast, in place; breast pixels change only under the strip along the lower edge that half of the films have. */
export function addFilmFrame({ pixels, height, width, bits, view, seed }: Film): void {
  const random = createRandom(seed, "frame");
  const top = (1 << bits) - 1;
  const mm = height / 206;
  const right = view.startsWith("R");
  /** Fills a rectangle given in mm, x from the edge opposite to the chest wall. */
  const fill = (x: number, y: number, w: number, h: number, level: number, overBreast = false) => {
    for (let row = Math.max(0, Math.round(y * mm)); row < Math.min(height, Math.round((y + h) * mm)); row++) {
      for (let k = Math.max(0, Math.round(x * mm)); k < Math.min(width, Math.round((x + w) * mm)); k++) {
        const i = row * width + (right ? k : width - 1 - k);
        if (overBreast || background[i] === 1) pixels[i] = Math.round(level * top);
      }
    }
  };
  const background = Uint8Array.from(pixels, (value) => (value === 0 ? 1 : 0));
  const fog = random.uniform(0.008, 0.03);
  for (let i = 0; i < pixels.length; i++) {
    if (background[i] === 1) pixels[i] = Math.max(0, Math.round((fog + 0.003 * random.normal()) * top));
  }
  const strip = random.uniform(1.5, 4);
  fill(0, 0, strip, 206, random.uniform(0.75, 0.97));
  if (random.chance(0.5)) fill(0, 206 - random.uniform(1, 3), width / mm, 4, random.uniform(0.5, 0.9), true);
  const unit = random.uniform(0.7, 0.9);
  const text = [view.slice(0, 1), view.slice(2)];
  const [w, h] = [text[1].length * 6 * unit + 3, 17 * unit + 3];
  const [x, y] = [strip + random.uniform(2, 4), random.uniform(3, 12)];
  fill(x, y, w, h, random.uniform(0.88, 0.98));
  const ink = random.uniform(0.05, 0.2);
  for (const [line, word] of text.entries()) {
    for (let k = 0; k < word.length; k++) {
      for (const [r, dots] of letters[word[k]].entries()) {
        for (let c = 0; c < 5; c++) {
          // `fill` counts from the film's outer edge: in a left view that is the right one, so columns run backwards.
          const column = right ? k * 6 + c : (word.length - 1 - k) * 6 + (4 - c);
          if (dots[c] === "#") fill(x + 2 + column * unit, y + 2 + (line * 9 + r) * unit, unit, unit, ink);
        }
      }
    }
  }
  const tapes = 1 + random.below(2);
  for (let i = 0; i < tapes; i++) {
    fill(
      strip + random.uniform(0, 12),
      random.uniform(150, 195),
      random.uniform(8, 25),
      random.uniform(0.4, 5),
      random.uniform(0.08, 0.5),
    );
  }
}
