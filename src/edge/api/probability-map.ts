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
export async function probabilityMap(map: MapRows): Promise<ProbabilityMap> {
  const { height, width } = map;
  const grey = new Uint8Array(width);
  const png = await encodeGreyPng({ height, width }, (y, out) => {
    if (!map.repeats(y)) {
      const row = map.row(y);
      for (let x = 0; x < width; x++) grey[x] = Math.round(row[x] * 255);
    }
    out.set(grey);
  });
  return { encoding: "png", bits: 8, height, width, data: base64(png) };
}

/** Both classes' maps. */
export const classMapsAnswer = async (maps: ClassMaps): Promise<ClassMapsAnswer> => ({
  benign: await probabilityMap(rowsOf(maps, 0)),
  malignant: await probabilityMap(rowsOf(maps, 1)),
});
