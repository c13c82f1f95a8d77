/**
 * @module
 * Probability maps as grey PNG in base64.
 */

import { base64 } from "../../bytes/base64-pieces.ts";
import type { ClassMapsAnswer, ProbabilityMap } from "../../contract/index.ts";
import type { ClassMaps, MapRows } from "../../glam/contracts.ts";
import { rowsOf } from "../../glam/fused-map.ts";
import { encodeGreyPng } from "./grey-png.ts";

/** One class's map; grey = round(255 * probability). */
export function probabilityMap(map: MapRows): ProbabilityMap {
  const { height, width } = map;
  const png = encodeGreyPng({
    height,
    width,
    repeats: map.repeats,
    fillRow(y, out) {
      const row = map.row(y);
      let [last, level] = [row[0], Math.round(row[0] * 255)];
      for (let x = 0; x < width; x++) {
        if (row[x] !== last) {
          last = row[x];
          level = Math.round(last * 255);
        }
        out[x] = level;
      }
    },
  });
  return { encoding: "png", bits: 8, height, width, data: base64(png) };
}

/** Both classes' maps. */
export const classMapsAnswer = (maps: ClassMaps): ClassMapsAnswer => ({
  benign: probabilityMap(rowsOf(maps, 0)),
  malignant: probabilityMap(rowsOf(maps, 1)),
});
