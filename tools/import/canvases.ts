/**
 * @module
 * Canvases to calibrate and to measure with: phantoms, or files that were preprocessed already.
 */
import { decode } from "fast-png";
import type { Canvas } from "../../src/glam/contracts.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { readInput } from "./read-input.ts";

/**
 * @param firstSeed seeds are consecutive
 * @returns phantoms of left views at canvas size, so that nothing is left to preprocess
 */
export function* phantomCanvases(spec: Spec, count: number, firstSeed: number): Generator<Canvas> {
  for (let i = 0; i < count; i++) {
    const view = i % 2 === 0 ? "L-CC" : "L-MLO";
    const { height, width, pixels } = generatePhantom({ seed: firstSeed + i, ...spec.canvas, bits: 12, view });
    yield { height, width, pixels };
  }
}

/**
 * @param path grey PNG of a preprocessed view, at most as large as the canvas: it goes to the top left
 * @throws {GlamError} invalid-request, image-unreadable or canvas-mismatch
 */
export async function fileCanvas(path: string, spec: Spec): Promise<Canvas> {
  const file = await readInput(path, "image");
  let image: ReturnType<typeof decode>;
  try {
    image = decode(file);
  } catch (cause) {
    throw new GlamError("image-unreadable", "A calibration image is not a PNG.", { cause });
  }
  const { height, width } = spec.canvas;
  if (image.channels !== 1 || image.depth < 8 || image.palette) {
    throw new GlamError("image-unreadable", "A calibration image is not a grey PNG of 8 or 16 bits.");
  }
  if (image.height > height || image.width > width) {
    throw new GlamError(
      "canvas-mismatch",
      `A calibration image has ${image.height} x ${image.width} pixels; the canvas has ${height} x ${width}.`,
    );
  }
  const pixels = image.depth === 16 ? new Uint16Array(height * width) : new Uint8Array(height * width);
  for (let y = 0; y < image.height; y++) {
    pixels.set(image.data.subarray(y * image.width, (y + 1) * image.width), y * width);
  }
  return { height, width, pixels };
}
