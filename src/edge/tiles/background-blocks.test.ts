import { expect, test } from "vitest";
import { createRandom } from "../../phantom/random.ts";
import { survey } from "./background-blocks.ts";

/** The same, pixel by pixel. */
function plainly(height: number, width: number, pixels: Uint8Array | Uint16Array) {
  const at = (y: number, x: number) => pixels[y * width + x];
  const [rows, cols] = [Math.floor(height / 16), Math.floor(width / 16)];
  const maxima = new Uint16Array(rows * cols);
  let [zeros, followed, ragged] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (at(y, x) === 0) {
        zeros++;
        if (x + 1 < width) followed++;
        if (x + 1 < width && at(y, x + 1) !== 0) ragged++;
      }
      const [row, col] = [Math.floor(y / 16), Math.floor(x / 16)];
      if (row < rows && col < cols) maxima[row * cols + col] = Math.max(maxima[row * cols + col], at(y, x));
    }
  }
  return { zeros, brightest: Math.max(...pixels), ragged: followed === 0 ? 0 : ragged / followed, rows, cols, maxima };
}

test("a survey finds what a count pixel by pixel finds: 8 and 16 bits, odd sizes, any offset in a buffer", () => {
  const random = createRandom(1, "survey");
  for (let i = 0; i < 120; i++) {
    const [height, width] = [1 + ((i * 13) % 50), 1 + ((i * 29) % 90)];
    const View = i % 2 === 0 ? Uint8Array : Uint16Array;
    const skip = i % 5;
    const buffer = new ArrayBuffer((height * width + skip) * View.BYTES_PER_ELEMENT);
    const pixels = new View(buffer, skip * View.BYTES_PER_ELEMENT);
    // Stretches of zeros, and single pixels in them.
    let zero = true;
    for (let at = 0; at < pixels.length; at++) {
      if (random.uniform(0, 1) < 0.04) zero = !zero;
      pixels[at] = zero && random.uniform(0, 1) > 0.01 ? 0 : Math.floor(random.uniform(0, 200));
    }
    const canvas = { height, width, pixels, bits: View === Uint8Array ? 8 : 16 } as Parameters<typeof survey>[0];
    expect(survey(canvas), `${height} x ${width}, ${skip}`).toEqual(plainly(height, width, pixels));
  }
});
