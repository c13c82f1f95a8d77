import { describe, expect, test } from "vitest";
import { tinyManifest } from "../../../test/support/fake-service.ts";
import { tinyCanvas } from "../../../test/support/tiny-image.ts";
import { manifestSchema } from "../../contract/manifest.ts";
import { classMapsAnswer } from "../../edge/api/probability-map.ts";
import { type Ring, traceContours } from "../../glam/contours.ts";
import { rowsOf } from "../../glam/fused-map.ts";
import { type GreyImage, preprocess } from "../preprocess/index.ts";
import { boxToSource, decodeMap, mapToSource, ringToSource } from "./maps.ts";

const { spec } = manifestSchema.parse(tinyManifest);

/** The tiny breast twice as large, mirrored or not. */
function source(mirrored: boolean): GreyImage {
  const { height, width, pixels } = tinyCanvas(8);
  const out = new Uint8Array(4 * height * width);
  for (let y = 0; y < 2 * height; y++) {
    for (let x = 0; x < 2 * width; x++) {
      out[y * 2 * width + (mirrored ? 2 * width - 1 - x : x)] = pixels[(y >> 1) * width + (x >> 1)];
    }
  }
  return { height: 2 * height, width: 2 * width, bits: 8, pixels: out };
}

/** Twice the signed area of a ring; positive when it is clockwise on the screen, y downwards. */
const signedArea = (ring: Ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);

describe("decodeMap", () => {
  test("gives what the service wrote, and refuses what is damaged or of another size", async () => {
    const data = Float32Array.from({ length: 2 * 30 }, (_, i) => i / 60);
    const { benign, malignant } = classMapsAnswer({ height: 5, width: 6, data });
    expect([...decodeMap(benign)]).toEqual([...data.subarray(0, 30)].map((p) => Math.round(255 * p)));
    const refused = expect.objectContaining({ code: "unexpected-answer" });
    expect(() => decodeMap({ ...malignant, height: 6 })).toThrow(refused);
    expect(() => decodeMap({ ...malignant, data: malignant.data.slice(0, -8) })).toThrow(refused);
    expect(() => decodeMap({ ...malignant, data: "!" })).toThrow(refused);
  });
});

describe.each([false, true])("back to the source, mirrored: %s", (mirrored) => {
  const image = source(mirrored);
  const preprocessed = preprocess(image, spec, { view: "L-MLO", pixelSpacing: 0.8 });
  // The bright spot of the tiny breast.
  const bright = preprocessed.canvas.pixels.map((pixel) => (pixel > 120 ? 255 : 0)) as Uint8Array;

  test("preprocessing did what this test is about", () => {
    expect(preprocessed).toMatchObject({ mirrored, scale: 0.5 });
    expect(bright).toContain(255);
  });

  test("a map lands on the same tissue", () => {
    const back = mapToSource(bright, preprocessed, image);
    let [both, either] = [0, 0];
    back.forEach((value, i) => {
      const wanted = image.pixels[i] > 120;
      both += Number(value > 0 && wanted);
      either += Number(value > 0 || wanted);
    });
    expect(both / either).toBeGreaterThan(0.95);
  });

  test("a contour encloses in the source what the map covers there, clockwise", () => {
    const { height, width } = preprocessed.canvas;
    const [{ rings, areaPixels, box }] = traceContours(rowsOf({ height, width, data: Float32Array.from(bright) }, 0), {
      threshold: 128,
    });
    const ring = ringToSource(rings[0], preprocessed);
    expect(signedArea(rings[0]) / 2).toBe(areaPixels);
    expect(signedArea(ring) / 2).toBeCloseTo(4 * areaPixels, 6);
    const covered = mapToSource(bright, preprocessed, image);
    const columns = [...covered.keys()].filter((i) => covered[i] > 0).map((i) => i % image.width);
    expect(Math.min(...ring.map(([x]) => x))).toBe(Math.min(...columns));
    expect(Math.max(...ring.map(([x]) => x))).toBe(Math.max(...columns) + 1);
    const inSource = boxToSource(box, preprocessed);
    expect(inSource.left).toBe(Math.min(...columns));
    expect(inSource).toMatchObject({ width: 2 * box.width, height: 2 * box.height });
  });
});
