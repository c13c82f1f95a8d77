import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { answerOf } from "../../../../test/support/tiny-answer.ts";
import { traceContours } from "../../../glam/contours.ts";
import { rowsOf } from "../../../glam/fused-map.ts";
import { halfEllipse, mirrored, testSpec } from "../../preprocess/fixture.ts";
import { preprocess } from "../../preprocess/index.ts";
import { sourceContours } from "./source-contours.ts";
import { sourceOverlay } from "./source-overlay.ts";

const spec = testSpec(60, 50);
const half = halfEllipse(50, 64, { across: 40 });

/** A canvas pixel is marked when the source pixel beneath it is bright, with a hole where it is dim. */
function marked(side: "left" | "right", pixelSpacing: number) {
  const image = side === "left" ? half : mirrored(half);
  const view = side === "left" ? "L-CC" : "R-CC";
  const preprocessed = preprocess(image, spec, { view, pixelSpacing, background: "zero" });
  const { height, width } = preprocessed.canvas;
  const levels = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ring = Math.hypot(y - 30, x - 15);
      if (ring < 12 && ring > 4) levels[y * width + x] = 255;
    }
  }
  const answer = answerOf({ height, width }, { benign: levels, malignant: new Uint8Array(levels.length) });
  const map = Float32Array.from(levels, (level) => level / 255);
  const benign = traceContours(rowsOf({ height, width, data: map }, 0), { threshold: 0.5 }).map((contour) => ({
    ...contour,
    areaMm2: 1,
  }));
  return {
    image,
    preprocessed,
    answer: {
      ...answer,
      contours: { threshold: 0.5, lowThreshold: 0.5, minAreaMm2: 0, minAreaPixels: 1, benign, malignant: [] },
    },
    levels,
  };
}

describe("sourceContours", () => {
  it.each(["left", "right"] as const)("%s: areas and places are those of the source", (side) => {
    const { image, preprocessed, answer, levels } = marked(side, 0.8);
    expect(preprocessed.scale).toBeCloseTo(0.8);
    const document = sourceContours(answer, preprocessed, image);
    expect(document).toMatchObject({
      kind: "glam-edge contours",
      disclaimer: "Research use only. Not a medical device.",
      model: { name: "glam-tiny" },
      scores: { benign: 0.25, malignant: 0.75 },
      threshold: 0.5,
      source: { height: 50, width: 64 },
      malignant: [],
    });
    expect(document.benign).toHaveLength(1);
    const [{ rings, areaPixels }] = document.benign;
    const pixels = levels.reduce((sum, level) => sum + level / 255, 0);
    expect(areaPixels).toBeCloseTo(pixels / preprocessed.scale ** 2, 0);
    // The ring's centre in the canvas, brought back, is in the middle of both rings.
    const { row, col } = preprocessed.toSource(30, 15);
    for (const ring of rings) {
      const xs = ring.map(([x]) => x);
      const ys = ring.map(([, y]) => y);
      expect((Math.min(...xs) + Math.max(...xs)) / 2).toBeCloseTo(col + 0.5, 1);
      expect((Math.min(...ys) + Math.max(...ys)) / 2).toBeCloseTo(row + 0.5, 1);
    }
  });

  it("has calibrated scores where the answer has them", () => {
    const { image, preprocessed, answer } = marked("left", 1);
    expect(sourceContours(answer, preprocessed, image)).not.toHaveProperty("calibratedScores");
    const calibratedScores = { benign: 0.1, malignant: 0.6, fittedOn: "60 images" };
    const document = sourceContours({ ...answer, calibratedScores }, preprocessed, image);
    expect(document).toMatchObject({ scores: { benign: 0.25 }, calibratedScores });
  });

  it("needs contours", () => {
    const { image, preprocessed, answer } = marked("left", 1);
    const { contours: _, ...bare } = answer;
    expect(() => sourceContours(bare as typeof answer, preprocessed, image)).toThrow(
      expect.objectContaining({ code: "invalid-request" }),
    );
  });
});

describe("sourceOverlay", () => {
  it.each(["left", "right"] as const)(
    "%s: colours lie on the marked pixels of the source, all others stay grey",
    (side) => {
      const { image, preprocessed, answer, levels } = marked(side, 1);
      const png = decode(sourceOverlay(image, answer, preprocessed));
      expect([png.height, png.width, png.channels]).toEqual([50, 64, 3]);
      expect(png.text).toMatchObject({ Disclaimer: "Research use only. Not a medical device." });
      let coloured = 0;
      for (let y = 0; y < 50; y++) {
        for (let x = 0; x < 64; x++) {
          const { row, col } = preprocessed.toCanvas(y, x);
          const inside = levels[Math.round(row) * 50 + Math.round(col)] === 255 && col >= 0 && col < 50;
          const [red, green, blue] = png.data.subarray(3 * (y * 64 + x), 3 * (y * 64 + x) + 3);
          expect(red === green && green === blue).toBe(!inside);
          coloured += Number(inside);
        }
      }
      expect(coloured).toBeGreaterThan(100);
    },
  );

  it("shows the window and the threshold that it is given", () => {
    const { image, preprocessed, answer } = marked("left", 1);
    const dark = decode(
      sourceOverlay(image, answer, preprocessed, { window: { low: 255, high: 256 }, threshold: 1, opacity: 0 }),
    );
    const outline = new Set<string>();
    for (let i = 0; i < dark.data.length; i += 3) outline.add(dark.data.subarray(i, i + 3).join());
    expect([...outline].sort()).toEqual(["0,0,0", "60,190,255"]);
  });
});
