import { expect, test } from "vitest";
import specJson from "../../specs/glam-tiny.json" with { type: "json" };
import { classMapsAnswer } from "../../src/edge/api/probability-map.ts";
import { mergeMaps } from "../../src/glam/merge.ts";
import { localMapSide, specSchema } from "../../src/glam/spec.ts";
import { createLiveMaps } from "./live-maps.ts";

const tiny = specSchema.parse(specJson);
const side = localMapSide(tiny);
const ramp = (length: number, step: number) => Float32Array.from({ length }, (_, i) => ((i * step) % 97) / 97);
const scores = { benign: 0.1, malignant: 0.2, calibrated: false } as const;

test.each([
  ["published-mean", 1.01],
  ["weighted-mean", 1.01],
] as const)(
  "after the last region the map is the service's own, to the rounding of 8 bits: %s",
  async (fusion, most) => {
    const spec = { ...tiny, fusion };
    const { height, width } = spec.saliency;
    const saliency = { height, width, data: ramp(2 * height * width, 7) };
    const regions = [
      { rank: 0, box: { top: 10, left: 8, height: spec.crop, width: spec.crop } },
      { rank: 1, box: { top: 20, left: 30, height: spec.crop, width: spec.crop } },
    ];
    const locals = regions.map((region, i) => ({ region, side, data: ramp(2 * side * side, 11 + i) }));
    const after = createLiveMaps(spec);
    const first = after({ event: "global", data: { scores, regions, saliency: classMapsAnswer(saliency) } });
    expect(first?.malignant.length).toBe(spec.canvas.height * spec.canvas.width);
    let last = first;
    for (const { region, data } of [...locals].reverse()) {
      last = after({
        event: "region",
        data: {
          region: { ...region, status: "complete", localMaximum: scores },
          map: classMapsAnswer({ height: side, width: side, data }),
        },
      });
    }
    const fused = mergeMaps(saliency, locals, spec);
    const cells = spec.canvas.height * spec.canvas.width;
    for (const [name, start] of [
      ["benign", 0],
      ["malignant", cells],
    ] as const) {
      const worst = last?.[name].reduce(
        (far, level, i) => Math.max(far, Math.abs(level - 255 * fused.data[start + i])),
        0,
      );
      expect(worst).toBeLessThanOrEqual(most);
    }
  },
);
