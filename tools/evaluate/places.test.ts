import { describe, expect, test } from "vitest";
import { measure } from "./measure.ts";
import { diceAt, iouAt, measureOverlap, nearestThreshold, thresholds } from "./overlap.ts";
import { highestPlace } from "./peaks.ts";
import type { TestCase } from "./test-case.ts";

describe("overlap", () => {
  const row = (...levels: number[]) => ({ height: 1, width: levels.length, data: Uint8Array.from(levels) });
  const map = row(255, 128, 127, 0);
  const mask = Uint8Array.of(1, 0, 1, 0);

  test("Dice and IoU at a threshold, by hand", () => {
    const overlap = measureOverlap(map, mask, 1);
    // At 0.5 grey 127.5 is needed: {0, 1} against {0, 2}.
    expect(thresholds[nearestThreshold(0.5)]).toBe(0.5);
    expect(diceAt(overlap, nearestThreshold(0.5))).toBeCloseTo(2 / 4, 12);
    expect(iouAt(overlap, nearestThreshold(0.5))).toBeCloseTo(1 / 3, 12);
    // At 0.4 {0, 1, 2}: 2 * 2 / (3 + 2) and 2 / 3.
    expect(diceAt(overlap, nearestThreshold(0.4))).toBeCloseTo(4 / 5, 12);
    expect(iouAt(overlap, nearestThreshold(0.4))).toBeCloseTo(2 / 3, 12);
  });

  test("with hysteresis an outline reaches down to a share of the threshold, around what reaches the threshold", () => {
    const [one, wide] = [1, 0.5].map((share) =>
      measureOverlap(row(255, 128, 127, 0, 130), Uint8Array.of(1, 1, 0, 0, 0), share),
    );
    // At 0.8 grey 204 is needed, and 102 around it.
    expect(diceAt(one, nearestThreshold(0.8))).toBeCloseTo(2 / 3, 12);
    expect(diceAt(wide, nearestThreshold(0.8))).toBeCloseTo(4 / 5, 12);
    expect(diceAt(wide, nearestThreshold(0.5))).toBeCloseTo(4 / 6, 12);
  });

  test("two empty masks agree", () => {
    const overlap = measureOverlap(row(0, 0), Uint8Array.of(0, 0), 1);
    expect([diceAt(overlap, 20), iouAt(overlap, 20)]).toEqual([1, 1]);
  });
});

describe("the highest place", () => {
  const mapOf = (...rows: number[][]) => ({
    height: rows.length,
    width: rows[0].length,
    data: Uint8Array.from(rows.flat()),
  });

  test("has the largest value; a map of zeros has none", () => {
    expect(highestPlace(mapOf([5, 8, 0, 0, 0, 9], [0, 0, 0, 0, 0, 0]), 2)).toEqual({ row: 0, col: 5 });
    expect(highestPlace(mapOf([0, 0]), 2)).toBeUndefined();
  });

  test("is the middle of a plateau", () => {
    const map = mapOf([0, 7, 7, 7, 0], [0, 7, 7, 7, 0], [0, 7, 7, 7, 0]);
    expect(highestPlace(map, 2)).toEqual({ row: 1, col: 2 });
  });
});

describe("measure", () => {
  const size = { height: 8, width: 8 };
  const at = (row: number, col: number, grey: number) => {
    const data = new Uint8Array(64);
    data[row * 8 + col] = grey;
    return { ...size, data };
  };
  const lesion = {
    kind: "malignant" as const,
    box: { top: 2, left: 2, height: 2, width: 2 },
    mask: Uint8Array.of(1, 1, 1, 0),
    centre: { row: 2.3, col: 2.3 },
  };
  const pixels = new Uint8Array(64).fill(1);
  pixels[0] = 0;
  const image: TestCase = {
    patient: "1",
    view: "L-CC",
    canvas: { ...size, pixels },
    labels: { benign: false, malignant: true },
    lesions: [lesion],
    placed: { benign: true, malignant: true },
    pixelSpacing: 7,
  };
  const judge = (test: TestCase, row: number, col: number) =>
    measure(
      test,
      {
        scores: { benign: 0.1, malignant: 0.9 },
        maps: { benign: at(0, 0, 50), malignant: at(row, col, 255) },
        regions: [{ top: 0, left: 0, height: 3, width: 3 }],
      },
      { threshold: 0.5, hysteresis: 1 },
    );

  test("the pointing game looks at the mask, not at the box", () => {
    expect(judge(image, 2, 3).pointing).toEqual({ malignant: true });
    expect(judge(image, 3, 3).pointing).toEqual({ malignant: false });
  });

  test("regions hold centres, marks name their lesion, and saliency on background is told", () => {
    const { regions, marks, outside, overlap } = judge(image, 2, 2);
    expect(regions).toEqual({ lesions: { benign: 0, malignant: 1 }, held: { benign: 0, malignant: 1 } });
    const [low, high] = [nearestThreshold(0.1), nearestThreshold(0.9)];
    expect([marks.malignant?.lesions, marks.benign?.lesions]).toEqual([1, 0]);
    expect([marks.malignant?.at[low], marks.malignant?.at[high]]).toEqual(Array(2).fill({ wrong: 0, found: [0] }));
    expect([marks.benign?.at[low], marks.benign?.at[high]]).toMatchObject([{ wrong: 1 }, { wrong: 0 }]);
    expect(outside).toEqual({ benign: 1, malignant: 0 });
    expect(overlap.malignant && diceAt(overlap.malignant, nearestThreshold(0.5))).toBeCloseTo(2 / 4, 12);
  });

  test("an image whose places are not known counts for scores only", () => {
    const unplaced = { ...image, placed: { benign: true, malignant: false } };
    const { pointing, overlap, marks, regions, scores } = judge(unplaced, 2, 2);
    expect([pointing, overlap, Object.keys(marks)]).toEqual([{}, {}, ["benign"]]);
    expect(regions?.lesions.malignant).toBe(0);
    expect(scores.malignant).toBe(0.9);
  });
});
