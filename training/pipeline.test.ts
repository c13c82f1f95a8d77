import { describe, expect, test } from "vitest";
import type { ClassMaps } from "../src/glam/contracts.ts";
import { mergeMaps } from "../src/glam/merge.ts";
import { imageScores } from "../src/glam/saliency.ts";
import { fusionKindSchema } from "../src/glam/spec.ts";
import { numbersOf } from "../test/support/python.ts";

/** The same numbers on both sides: float32 in 0..1, 0 among them. */
const ramp = (length: number, step: number) => Float32Array.from({ length }, (_, i) => ((i * step) % 97) / 97);
const python = [
  "import numpy as np, torch",
  "from glam.losses import image_scores",
  "from glam.pipeline import merge, scores",
  "ramp = lambda step, *shape: ((np.arange(np.prod(shape)) * step % 97) / 97).astype(np.float32).reshape(shape)",
];

/** The largest difference of as many numbers. */
function farthest(ours: ArrayLike<number>, theirs: number[]): number {
  expect(theirs).toHaveLength(ours.length);
  return theirs.reduce((far, one, i) => Math.max(far, Math.abs(one - ours[i])), 0);
}

describe("the plain reference in Python, and what training uses of it, agree with the pipeline", () => {
  test.for(fusionKindSchema.options)(
    "maps fused by the %s, crops over each other and over an edge",
    (fusion, context) => {
      const theirs = numbersOf(context, [
        ...python,
        `spec = {'canvas': {'height': 23, 'width': 17}, 'crop': 8, 'fusion': '${fusion}'}`,
        "regions, locals = [(2, 3), (6, 5), (-3, 12)], [ramp(11 + n, 2, 4, 4) for n in range(3)]",
        "print(*merge(spec, ramp(7, 2, 5, 4), regions, locals).ravel(), sep='\\n')",
      ]);
      const saliency: ClassMaps = { height: 5, width: 4, data: ramp(40, 7) };
      const corners = [
        { top: 2, left: 3 },
        { top: 6, left: 5 },
        { top: -3, left: 12 },
      ];
      const locals = corners.map((corner, rank) => ({
        region: { rank, box: { ...corner, height: 8, width: 8 } },
        side: 4,
        data: ramp(32, 11 + rank),
      }));
      const spec = { canvas: { height: 23, width: 17 }, fusion };
      expect(farthest(mergeMaps(saliency, locals, spec).data, theirs)).toBeLessThan(1e-6);
    },
  );

  test.for<[number, number, number]>([
    [1, 1, 1],
    [0, 0, 1],
    [3, 0, 1],
  ])("scores where the three maps count %i, %i and %i", (scoreWeights, context) => {
    const theirs = numbersOf(context, [
      ...python,
      `spec = {'saliency': {'scoreWeights': ${JSON.stringify(scoreWeights)}, 'topK': 0.1}}`,
      "maps = [ramp(7 + n, 2, 6, 5) for n in range(3)]",
      "print(*scores(spec, maps), *image_scores(spec, [torch.from_numpy(one[None]) for one in maps])[0].tolist(), sep='\\n')",
    ]);
    const maps = [7, 8, 9].map((step) => ramp(60, step));
    const saliency = { height: 6, width: 5, weights: [0.2, 0.6, 0.2] as [number, number, number], topK: 0.1 };
    const { benign, malignant } = imageScores(maps, { saliency: { ...saliency, scoreWeights } });
    expect(farthest([benign, malignant, benign, malignant], theirs)).toBeLessThan(1e-6);
  });
});
