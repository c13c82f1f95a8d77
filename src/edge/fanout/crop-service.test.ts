import { describe, expect, test } from "vitest";
import specJson from "../../../specs/glam-tiny.json" with { type: "json" };
import { decodeMap, encodeCrop } from "../../contract/crop-wire.ts";
import { type Manifest, manifestSchema } from "../../contract/manifest.ts";
import type { Crop } from "../../glam/contracts.ts";
import { GlamError } from "../../glam/problem.ts";
import { standardised } from "../../glam/standardise.ts";
import { manifestHash } from "../models/manifest-hash.ts";
import { type CropServiceOptions, createCropService } from "./crop-service.ts";

const file = { path: "x.onnx", bytes: 1, sha256: "0".repeat(64) };
const manifest: Manifest = manifestSchema.parse({
  schema: 1,
  name: "glam-tiny",
  version: "1.0.0",
  spec: specJson,
  networks: { global: { runtime: "ort", file }, local: { runtime: "ort", file } },
  quantisation: { kind: "none", calibrationImages: 0 },
  provenance: { trainedOn: "nothing", licence: "MIT", intendedUse: "tests" },
});
const never = new AbortController().signal;
const model = { name: "glam-tiny", sha256: await manifestHash(manifest) };
const crop: Crop = {
  rank: 0,
  side: 32,
  pixels: Uint16Array.from({ length: 1024 }, (_, i) => i),
  standardisation: { mean: 500, std: 1000 },
};

/** A service whose network answers each 4 x 4 cell's first standardised value, squashed. */
function service(options: Partial<CropServiceOptions> = {}) {
  const log: string[] = [];
  const run = createCropService({
    registry: {
      manifest: async (name) => {
        if (name !== "glam-tiny") throw new GlamError("model-not-found", "no");
        return manifest;
      },
      localNetwork: async () => ({
        run: async (image) =>
          Float32Array.from({ length: 128 }, (_, i) => 1 / (1 + Math.exp(-standardised(image)[i * 8]))),
      }),
    },
    enter: async () => {
      log.push("enter");
      return { release: () => void log.push("release") };
    },
    served: () => log.push("served"),
    failed: () => log.push("failed"),
    ...options,
  });
  return { run, log };
}

describe("createCropService", () => {
  test("standardises, runs and answers", async () => {
    const { run, log } = service();
    const map = decodeMap(await run(encodeCrop(crop, model), never), 8);
    expect(map[0]).toBeCloseTo(1 / (1 + Math.exp(0.5)), 6);
    expect(map[127]).toBeCloseTo(1 / (1 + Math.exp(-(1016 - 500) / 1000)), 6);
    expect(log).toEqual(["enter", "release", "served"]);
  });

  test("answers the rows that are wanted, and refuses rows that there are not", async () => {
    const asked: unknown[] = [];
    const { run } = service({
      registry: {
        manifest: async () => manifest,
        localNetwork: async () => ({
          run: async (_, band) => {
            asked.push(band);
            return new Float32Array(48).fill(0.25);
          },
        }),
      },
    });
    const map = decodeMap(await run(encodeCrop({ ...crop, band: [2, 5] }, model), never), 8, [2, 5]);
    expect(map).toHaveLength(48);
    expect(asked).toEqual([[2, 5]]);
    for (const band of [
      [2, 9],
      [5, 5],
      [6, 5],
    ] as const) {
      const answer = await run(encodeCrop({ ...crop, band }, model), never);
      expect(() => decodeMap(answer, 8, band)).toThrow(expect.objectContaining({ code: "invalid-request" }));
    }
  });

  const other = { ...crop, side: 16, pixels: crop.pixels.slice(0, 256) };
  const broken = (code: "out-of-memory" | undefined) => ({
    ...service(),
    registry: {
      manifest: async () => manifest,
      localNetwork: async () => ({
        run: async () => {
          throw code === undefined ? new TypeError("secret") : new GlamError(code, "no");
        },
      }),
    },
  });
  test.each([
    ["bytes that are no crop", new Uint8Array(20), {}, "invalid-request"],
    ["a model that is not here", encodeCrop(crop, { ...model, name: "other" }), {}, "model-not-found"],
    ["another version", encodeCrop(crop, { ...model, sha256: "1".repeat(64) }), {}, "model-not-found"],
    ["another crop size", encodeCrop(other, model), {}, "invalid-request"],
    ["a full gate", encodeCrop(crop, model), { enter: () => Promise.reject(new GlamError("busy", "no")) }, "busy"],
    ["no memory", encodeCrop(crop, model), { registry: broken("out-of-memory").registry }, "out-of-memory"],
    ["an unexpected error", encodeCrop(crop, model), { registry: broken(undefined).registry }, "internal-error"],
  ])("answers %s with its code and stays usable", async (_, message, options, code) => {
    const { run, log } = service(options);
    const answer = await run(message, never);
    expect(() => decodeMap(answer, 8)).toThrow(
      expect.objectContaining({ code: code === "invalid-request" ? "invalid-request" : code }),
    );
    expect(new TextDecoder().decode(answer)).toContain(code);
    expect(log.filter((line) => line === "enter")).toHaveLength(log.filter((line) => line === "release").length);
    expect(log.at(-1)).toBe("failed");
    expect(decodeMap(await service().run(encodeCrop(crop, model), never), 8)).toHaveLength(128);
  });
});
