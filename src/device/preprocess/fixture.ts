/**
 * @module
 * Small hand-made images for tests: a half ellipse grows from the left edge.
 */
import type { Spec } from "../../glam/spec.ts";
import type { Mask } from "./morphology.ts";
import type { GreyImage } from "./types.ts";

/** A spec of which preprocessing needs the canvas, the spacing and the two lengths. */
export const testSpec = (height: number, width: number, erosion = 2, buffer = 3): Spec => ({
  name: "test",
  classes: ["benign", "malignant"],
  canvas: { height, width },
  pixelSpacing: 1,
  preprocess: { erosion, buffer },
  crop: 16,
  regions: 1,
  saliency: { height: 1, width: 1, weights: [0.2, 0.6, 0.2], scoreWeights: [1, 1, 1], topK: 1 },
  global: { widths: [1, 1, 1], blocks: [1, 1, 1], strides: [1, 2, 2] },
  local: { inputChannels: 1, widths: [1], blocks: [1], topK: 1 },
  fusion: "published-mean",
});

/** Rows of `.` and `#`. */
export const maskOf = (...rows: string[]): Mask => ({
  height: rows.length,
  width: rows[0].length,
  data: Uint8Array.from(rows.join(""), (c) => (c === "#" ? 1 : 0)),
});

/** The rows that {@link maskOf} takes. */
export const rowsOf = ({ height, width, data }: Mask): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (v) => (v === 1 ? "#" : ".")).join(""),
  );

/** Half an ellipse from the left edge; every pixel of it differs from its neighbours, the rest is 0. */
export function halfEllipse(
  height: number,
  width: number,
  { centre = (height - 1) / 2, down = 0.4 * height, across = 0.7 * width, bits = 8 } = {},
): GreyImage {
  const pixels = bits === 8 ? new Uint8Array(height * width) : new Uint16Array(height * width);
  const top = 2 ** bits - 1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (((y - centre) / down) ** 2 + (x / across) ** 2 <= 1) {
        pixels[i] = Math.floor(top * (0.4 + 0.5 * (((x * 7 + y * 13) % 31) / 31)));
      }
    }
  }
  return { height, width, bits, pixels };
}

/** Left and right exchanged. */
export function mirrored({ height, width, bits, pixels }: GreyImage): GreyImage {
  const out = pixels.slice();
  for (let i = 0; i < out.length; i++) out[i] = pixels[i - (i % width) + (width - 1 - (i % width))];
  return { height, width, bits, pixels: out };
}
