import { expect, test } from "vitest";
import { regionMaxima } from "./region-maxima.ts";

test("a region's values are the fused map's largest in it; a box may reach over the edge", () => {
  const benign = new Uint8Array(6 * 5);
  benign[2 * 5 + 1] = 51;
  benign[5 * 5 + 4] = 255;
  const malignant = benign.map((level) => level / 3);
  const maps = { height: 6, width: 5, benign, malignant };
  expect(regionMaxima(maps, { top: 1, left: 0, height: 3, width: 3 })).toEqual({ benign: 0.2, malignant: 17 / 255 });
  expect(regionMaxima(maps, { top: 4, left: 3, height: 4, width: 4 }).benign).toBe(1);
  expect(regionMaxima(maps, { top: -3, left: -3, height: 4, width: 4 }).benign).toBe(0);
});
