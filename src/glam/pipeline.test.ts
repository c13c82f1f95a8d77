import { describe, expect, test } from "vitest";
import specJson from "../../specs/glam-tiny.json" with { type: "json" };
import type { Canvas, Crop, NetworkImage } from "./contracts.ts";
import { type SegmentEvent, segment } from "./pipeline.ts";
import { GlamError } from "./problem.ts";
import { specSchema } from "./spec.ts";
import { standardised } from "./standardise.ts";

const spec = specSchema.parse(specJson);
const canvas: Canvas = {
  ...spec.canvas,
  pixels: Uint8Array.from({ length: 128 * 96 }, (_, i) => (i % 96 < 60 ? i % 200 : 0)),
};

/** A network whose saliency is the mean brightness of each cell: simple, but it depends on every pixel. */
const globalNetwork = {
  run: async (image: NetworkImage): Promise<[Float32Array, Float32Array, Float32Array]> => {
    const map = new Float32Array(2 * 48);
    standardised(image).forEach((v, i) => {
      const cell = Math.floor(i / 96 / 16) * 6 + Math.floor((i % 96) / 16);
      map[cell] += v / 4096;
      map[48 + cell] -= v / 8192;
    });
    return [map, map, map];
  },
};
const segmentCrop = async (crop: Crop) => new Float32Array(2 * 8 * 8).fill(crop.rank === 0 ? 0.25 : 0.75);

async function collect(options: Partial<Parameters<typeof segment>[1]>): Promise<SegmentEvent[]> {
  const events = [];
  for await (const event of segment(canvas, { spec, globalNetwork, segmentCrop, regions: 3, ...options }))
    events.push(event);
  return events;
}

describe("segment", () => {
  test("yields global, one event a region, result", async () => {
    const events = await collect({});
    expect(events.map((event) => event.type)).toEqual(["global", "region", "region", "region", "result"]);
    const result = events[4];
    if (result.type !== "result") throw new Error("no result");
    expect(result.outcomes.map((o) => o.region.rank)).toEqual([0, 1, 2]);
    expect(result.outcomes.map((o) => o.status === "complete" && o.localMaximum)).toEqual([
      { benign: 0.25, malignant: 0.25 },
      { benign: 0.75, malignant: 0.75 },
      { benign: 0.75, malignant: 0.75 },
    ]);
  });

  test("a crop that fails or answers nonsense makes its region failed, never the whole", async () => {
    const events = await collect({
      segmentCrop: async (crop) => {
        if (crop.rank === 0) throw new TypeError("secret");
        if (crop.rank === 1) return new Float32Array(3);
        return segmentCrop(crop);
      },
    });
    const result = events.at(-1);
    if (result?.type !== "result") throw new Error("no result");
    expect(result.outcomes.map((o) => o.status)).toEqual(["failed", "failed", "complete"]);
    for (const outcome of result.outcomes.slice(0, 2)) {
      expect(outcome.status === "failed" && outcome.problem).toBeInstanceOf(GlamError);
      expect(outcome.status === "failed" && outcome.problem.message).not.toContain("secret");
    }
  });

  test("refuses a constant canvas and one of the wrong size", async () => {
    const flat = { ...spec.canvas, pixels: new Uint8Array(128 * 96).fill(9) };
    const run = (c: Canvas) => segment(c, { spec, globalNetwork, segmentCrop, regions: 1 }).next();
    await expect(run(flat)).rejects.toMatchObject({ code: "constant-image" });
    await expect(run({ ...canvas, height: 96, width: 128 })).rejects.toMatchObject({ code: "canvas-mismatch" });
  });

  test("measures and pools with the network's own arithmetic where it has one", async () => {
    const arithmetic = {
      measureStandardisation: () => ({ mean: 1, std: 2 }),
      topKMean: (values: Float32Array, k: number) => values.length + k / 8,
    };
    const seen: NetworkImage[] = [];
    const run: typeof globalNetwork.run = async (image) => {
      seen.push(image);
      return globalNetwork.run(image);
    };
    const [first] = await collect({ globalNetwork: { run, arithmetic } });
    expect(seen).toEqual([{ pixels: canvas.pixels, standardisation: { mean: 1, std: 2 } }]);
    const score = 48 + Math.round(48 * spec.saliency.topK) / 8;
    expect(first).toMatchObject({ type: "global", scores: { benign: score, malignant: score } });
    const constant = { ...arithmetic, measureStandardisation: () => ({ mean: 1, std: 0 }) };
    await expect(collect({ globalNetwork: { run, arithmetic: constant } })).rejects.toMatchObject({
      code: "constant-image",
    });
  });

  test("stops when the caller goes away, and takes running crops with it", async () => {
    const caller = new AbortController();
    const stopped: boolean[] = [];
    const run = collect({
      signal: caller.signal,
      segmentCrop: (_, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            stopped.push(true);
            reject(signal.reason);
          });
          if (stopped.length === 0) setTimeout(() => caller.abort(new GlamError("aborted", "gone")), 1);
        }),
    });
    await expect(run).rejects.toMatchObject({ code: "aborted" });
    expect(stopped).toEqual([true, true, true]);
  });
});
