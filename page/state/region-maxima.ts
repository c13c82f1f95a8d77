/**
 * @module
 * The largest values of the fused map in a region. The local map alone is near 1 in much normal tissue.
 */
import type { Box } from "../../src/glam/contracts.ts";
import type { Scores } from "../../src/glam/saliency.ts";
import type { LiveMaps } from "../worker/protocol.ts";

/** @returns probability, to the 8 bits of the map */
export function regionMaxima({ height, width, benign, malignant }: LiveMaps, box: Box): Scores {
  const [top, bottom] = [Math.max(0, box.top), Math.min(height, box.top + box.height)];
  const [left, right] = [Math.max(0, box.left), Math.min(width, box.left + box.width)];
  const largest = (levels: Uint8Array) => {
    let most = 0;
    for (let y = top; y < bottom; y++)
      for (let at = y * width + left; at < y * width + right; at++) if (levels[at] > most) most = levels[at];
    return most / 255;
  };
  return { benign: largest(benign), malignant: largest(malignant) };
}
