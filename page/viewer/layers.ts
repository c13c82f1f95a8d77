/**
 * @module
 * Pictures at canvas size that viewports draw enlarged: grey values through a window, and one class's map as colour.
 */
import type { Canvas } from "../../src/glam/contracts.ts";
import type { Size } from "../../src/glam/spec.ts";

/** Weakest level that is coloured (0.1): below it colour would only hide the image. */
const FAINTEST = 26;

/** A picture to be drawn. */
export type Layer = HTMLCanvasElement;

function blank({ height, width }: Size): { layer: Layer; context: CanvasRenderingContext2D; data: ImageData } {
  const layer = document.createElement("canvas");
  layer.height = height;
  layer.width = width;
  const context = layer.getContext("2d");
  if (!context) throw new Error("This browser cannot draw on a canvas.");
  return { layer, context, data: context.createImageData(width, height) };
}

/** @param table grey value -> 0 to 255 */
export function greyLayer(canvas: Canvas, table: Uint8ClampedArray): Layer {
  const { layer, context, data } = blank(canvas);
  const out = new Uint32Array(data.data.buffer);
  const { pixels } = canvas;
  // Browsers run on little-endian machines: alpha is the highest byte.
  for (let i = 0; i < out.length; i++) out[i] = 0xff000000 | (table[pixels[i]] * 0x010101);
  context.putImageData(data, 0, 0);
  return layer;
}

/** @param levels `[height, width]`, 255 = probability 1 */
export function heatLayer(
  levels: Uint8Array,
  size: Size,
  [red, green, blue]: readonly [number, number, number],
): Layer {
  const { layer, context, data } = blank(size);
  const out = new Uint32Array(data.data.buffer);
  const colour = (blue << 16) | (green << 8) | red;
  for (let i = 0; i < out.length; i++) if (levels[i] >= FAINTEST) out[i] = (levels[i] << 24) | colour;
  context.putImageData(data, 0, 0);
  return layer;
}
