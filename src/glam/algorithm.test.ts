import { describe, expect, test } from "vitest";
import type { Canvas, ClassMaps } from "./contracts.ts";
import { cutCrop } from "./crop.ts";
import { fuseMaps, wholeMap } from "./fused-map.ts";
import { mergeMaps } from "./merge.ts";
import { chooseRegions, regionWindow, roundHalfEven } from "./regions.ts";
import { resizeNearest } from "./resize.ts";
import { fuseSaliency, imageScores, topKMean } from "./saliency.ts";
import type { Spec } from "./spec.ts";
import { measureStandardisation, standardise } from "./standardise.ts";

let seed = 7;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const randomMaps = (height: number, width: number): ClassMaps => ({
  height,
  width,
  data: Float32Array.from({ length: 2 * height * width }, random),
});

const publishedWeights: Pick<Spec["saliency"], "weights" | "scoreWeights"> = {
  weights: [0.2, 0.6, 0.2],
  scoreWeights: [1, 1, 1],
};

describe("standardise", () => {
  test("has mean 0 and std 1 over the whole canvas, for 8 and 16 bits", () => {
    for (const pixels of [
      Uint8Array.from({ length: 999 }, () => random() * 256),
      Uint16Array.from({ length: 999 }, () => random() * 65536),
    ]) {
      const x = standardise(pixels, measureStandardisation({ pixels }));
      const mean = x.reduce((a, b) => a + b, 0) / x.length;
      const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
      expect(mean).toBeCloseTo(0, 6);
      expect(variance).toBeCloseTo(1, 5);
    }
  });

  test("divides a constant image by 1e-5, not by 0", () => {
    const pixels = new Uint16Array(50).fill(40000);
    expect(measureStandardisation({ pixels })).toEqual({ mean: 40000, std: 0 });
    expect(standardise(pixels, { mean: 39999, std: 0 })[0]).toBeCloseTo(1e5, 0);
  });
});

describe("scores and saliency", () => {
  test("topKMean averages the k largest, all of them when there are fewer", () => {
    expect(topKMean(Float32Array.of(0.5, 0.25, 1, 0), 2)).toBe(0.75);
    expect(topKMean(Float32Array.of(0.5, 1), 9)).toBe(0.75);
    expect(topKMean(Float32Array.of(0.5, 1), 0)).toBe(1);
  });

  test("imageScores is the weighted mean over three maps of each class's top-k mean", () => {
    const published = { height: 2, width: 5, ...publishedWeights, topK: 0.2 };
    const counting = (...scoreWeights: [number, number, number]) => ({ saliency: { ...published, scoreWeights } });
    const spec = { saliency: published };
    const map = (benign: number, malignant: number) =>
      Float32Array.of(benign, benign, 0, 0, 0, 0, 0, 0, 0, 0, malignant, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const maps = [map(0.25, 1), map(0.5, 1), map(0.75, 1)];
    expect(imageScores(maps, spec)).toEqual({ benign: 0.5, malignant: 0.5 });
    expect(imageScores(maps, counting(0, 0, 2))).toEqual({ benign: 0.75, malignant: 0.5 });
    expect(imageScores(maps, counting(3, 0, 1))).toEqual({ benign: 0.375, malignant: 0.5 });
    expect(fuseSaliency(maps, spec).data[0]).toBeCloseTo(0.2 * 0.25 + 0.6 * 0.5 + 0.2 * 0.75, 6);
  });
});

describe("resizeNearest", () => {
  test("reads source index floor(i * in / out), up and down", () => {
    const maps: ClassMaps = { height: 1, width: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    expect([...resizeNearest(maps, { height: 1, width: 5 }).data]).toEqual([1, 1, 2, 2, 3, 4, 4, 5, 5, 6]);
    expect([...resizeNearest(maps, { height: 1, width: 2 }).data]).toEqual([1, 2, 4, 5]);
  });
});

describe("chooseRegions", () => {
  const spec = {
    canvas: { height: 120, width: 80 },
    crop: 30,
    saliency: { height: 12, width: 8, ...publishedWeights, topK: 0.03 },
  };

  test("rounds half to even", () => {
    expect([0.5, 1.5, 2.5, 2.4999, -1.5, 7].map(roundHalfEven)).toEqual([0, 2, 2, 2, -2, 7]);
    expect(regionWindow(spec)).toEqual({ height: 3, width: 3 });
  });

  test("agrees with a naive search over random maps", () => {
    for (let n = 0; n < 50; n++) {
      const saliency = randomMaps(12, 8);
      const cells = 96;
      const norm = [0, 1].map((c) => {
        const v = [...saliency.data.subarray(c * cells, (c + 1) * cells)];
        const min = Math.min(...v);
        const max = Math.max(...v);
        return v.map((x) => (x - min) / (max - min));
      });
      const sum = norm[0].map((x, i) => x + norm[1][i]);
      const expected = [];
      for (let k = 0; k < 4; k++) {
        let best = { mean: -1, row: 0, col: 0 };
        for (let row = 0; row <= 9; row++) {
          for (let col = 0; col <= 5; col++) {
            let mean = 0;
            for (let y = 0; y < 3; y++) for (let x = 0; x < 3; x++) mean += sum[(row + y) * 8 + col + x] / 9;
            if (mean > best.mean + 1e-12) best = { mean, row, col };
          }
        }
        for (let y = 0; y < 3; y++) for (let x = 0; x < 3; x++) sum[(best.row + y) * 8 + best.col + x] = 0;
        expected.push({ rank: k, box: { top: best.row * 10, left: best.col * 10, height: 30, width: 30 } });
      }
      expect(chooseRegions(saliency, spec, 4)).toEqual({ regions: expected, constantClasses: [] });
    }
  });

  test("takes the first window in row-major order on a tie", () => {
    const saliency: ClassMaps = { height: 12, width: 8, data: new Float32Array(192) };
    saliency.data[3 * 8 + 4] = 1;
    expect(chooseRegions(saliency, spec, 1).regions[0].box).toMatchObject({ top: 10, left: 20 });
  });

  test("a constant class is an all-zero map and is named", () => {
    const saliency = randomMaps(12, 8);
    const alone = chooseRegions(
      { ...saliency, data: Float32Array.from(saliency.data, (v, i) => (i < 96 ? 0.5 : v)) },
      spec,
      2,
    );
    expect(alone.constantClasses).toEqual([0]);
    const both = chooseRegions({ ...saliency, data: new Float32Array(192).fill(0.5) }, spec, 2);
    expect(both.constantClasses).toEqual([0, 1]);
    expect(both.regions.map((r) => r.box.top)).toEqual([0, 0]);
  });
});

describe("fuseMaps", () => {
  test.each(["published-mean", "weighted-mean"] as const)(
    "its rows are those of mergeMaps to the last bit, crops over each other and over every edge: %s",
    (fusion) => {
      const spec = { canvas: { height: 41, width: 29 }, fusion };
      const noise = (length: number) => Float32Array.from({ length }, random);
      const saliency: ClassMaps = { height: 5, width: 4, data: noise(40) };
      const corners = [
        [-3, -5],
        [4, 3],
        [9, 8],
        [33, 22],
        [0, 25],
        [60, 0],
      ];
      const locals = corners.map(([top, left], rank) => ({
        region: { rank, box: { top, left, height: 11, width: 11 } },
        side: 3,
        data: noise(18),
      }));
      const shuffled = locals.toReversed();
      const fused = fuseMaps(saliency, shuffled, spec);
      expect(wholeMap(fused)).toEqual(mergeMaps(saliency, shuffled, spec));
      const rows = fused.classRows(1);
      const repeated = Array.from({ length: 41 }, (_, y) => y).filter((y) => rows.repeats(y));
      expect(repeated.length).toBeGreaterThan(10);
      for (const y of repeated) expect(rows.row(y).slice()).toEqual(rows.row(y - 1).slice());
    },
  );
});

describe("cutCrop and mergeMaps", () => {
  const canvas: Canvas = { height: 4, width: 5, pixels: Uint8Array.from({ length: 20 }, (_, i) => i + 3) };
  const standardisation = { mean: 0, std: 1 };
  const box = (top: number, left: number) => ({ rank: 0, box: { top, left, height: 3, width: 3 } });

  test("copies what is inside", () => {
    expect([...cutCrop(canvas, box(1, 2), standardisation).pixels]).toEqual([10, 11, 12, 15, 16, 17, 20, 21, 22]);
  });

  test("fills with the image's minimum and aligns to the bottom right outside", () => {
    expect([...cutCrop(canvas, box(2, 3), standardisation).pixels]).toEqual([3, 3, 3, 3, 16, 17, 3, 21, 22]);
    expect([...cutCrop(canvas, box(-1, -1), standardisation).pixels]).toEqual([3, 3, 3, 3, 3, 4, 3, 8, 9]);
    expect([...cutCrop(canvas, box(0, 9), standardisation).pixels]).toEqual(Array(9).fill(3));
  });

  test("a later crop overwrites an earlier one, and outside every crop the map is half of S", () => {
    const spec = { canvas: { height: 4, width: 4 }, fusion: "published-mean" } as const;
    const saliency: ClassMaps = { height: 1, width: 1, data: Float32Array.of(0.5, 1) };
    const local = (rank: number, left: number, value: number) => ({
      region: { rank, box: { top: 0, left, height: 2, width: 2 } },
      side: 1,
      data: Float32Array.of(value, value),
    });
    const { data } = mergeMaps(saliency, [local(1, 1, 1), local(0, 0, 0.5)], spec);
    expect([...data.subarray(0, 8)]).toEqual([0.5, 0.75, 0.75, 0.25, 0.5, 0.75, 0.75, 0.25]);
    expect([...data.subarray(8, 16)]).toEqual(Array(8).fill(0.25));
    expect(data[16 + 12]).toBe(0.5);
  });

  test("by the weighted mean the map is S outside every crop, and S counts twice inside", () => {
    const spec = { canvas: { height: 1, width: 3 }, fusion: "weighted-mean" } as const;
    const saliency: ClassMaps = { height: 1, width: 1, data: Float32Array.of(0.3, 1) };
    const region = { rank: 0, box: { top: 0, left: 1, height: 2, width: 2 } };
    const local = { region, side: 2, data: Float32Array.of(1, 1, 0, 0.75, 1, 1, 0, 0.25) };
    const { data } = mergeMaps(saliency, [local], spec);
    const [none, some] = [(2 * Math.fround(0.3)) / 3, (0.75 + 2 * Math.fround(0.3)) / 3];
    expect([...data]).toEqual([0.3, none, some, 1, 2 / 3, 0.75].map(Math.fround));
  });

  test("a crop that reaches outside gives back what belongs to its pixels", () => {
    const spec = { canvas: { height: 3, width: 3 }, fusion: "published-mean" } as const;
    const saliency: ClassMaps = { height: 1, width: 1, data: new Float32Array(2) };
    const region = { rank: 0, box: { top: 2, left: 2, height: 2, width: 2 } };
    const data = Float32Array.of(0.1, 0.2, 0.3, 1, 0.1, 0.2, 0.3, 1);
    expect([...mergeMaps(saliency, [{ region, side: 2, data }], spec).data.subarray(0, 9)]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0.5,
    ]);
  });
});
