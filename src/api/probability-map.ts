/**
 * @module
 * Probability maps as grey PNG in base64.
 */
import { encode } from "fast-png";
import { encodeBase64 } from "hono/utils/encode";
import type { ClassMaps } from "../glam/contracts.ts";
import type { ClassMapsAnswer, ProbabilityMap } from "./schemas.ts";

/**
 * One class's map; grey = round(255 * probability).
 * @param values `[height, width]`, probability
 */
function probabilityMap(values: Float32Array, height: number, width: number): ProbabilityMap {
  const data = new Uint8Array(values.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.round(values[i] * 255);
  const png = encode({ width, height, data, depth: 8, channels: 1 });
  return { encoding: "png", bits: 8, height, width, data: encodeBase64(png.slice().buffer) };
}

/**
 * Both classes' maps.
 * @param maps `[2, height, width]`, probability
 */
export function classMapsAnswer({ height, width, data }: ClassMaps): ClassMapsAnswer {
  const cells = height * width;
  return {
    benign: probabilityMap(data.subarray(0, cells), height, width),
    malignant: probabilityMap(data.subarray(cells, 2 * cells), height, width),
  };
}
