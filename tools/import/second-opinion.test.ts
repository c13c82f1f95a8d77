import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runtimeOf } from "../../src/edge/inference/by-format.ts";
import { type NetworkKind, writeWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { readBundle } from "../bundle/bundle.ts";
import { packWeights } from "../engine/pack-weights.ts";
import { toolRuntime } from "../engine/tool-runtime.ts";
import { unpackWeights } from "../engine/unpack-weights.ts";
import { emitOnnx } from "../onnx/emit.ts";
import { readOnnx } from "../onnx/read-onnx.ts";
import { phantomCanvases } from "./canvases.ts";
import { ErrorDistribution } from "./error-distribution.ts";
import { chosenCrops, globalInput, localInput } from "./inputs.ts";

/** Every folder with bundles. */
const shelves = ["../../models/", "../../test/fixtures/models/"].map((path) => new URL(path, import.meta.url));

const bundles = (
  await Promise.all(
    shelves.map(async (shelf) =>
      (
        await readdir(shelf, { withFileTypes: true })
      )
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => ({ name, folder: fileURLToPath(new URL(name, shelf)) })),
    ),
  )
).flat();

/** Outputs of a network's file for one input, one after the other. */
async function run(file: Uint8Array, kind: NetworkKind, spec: Spec, input: Float32Array): Promise<Float32Array[]> {
  if (kind === "local") {
    const network = await toolRuntime.localNetwork(file, spec);
    const map = await network.run(input);
    await network.release();
    return [map];
  }
  const network = await toolRuntime.globalNetwork(file, spec);
  const maps = await network.run(input);
  await network.release();
  return maps;
}

function difference(a: readonly Float32Array[], b: readonly Float32Array[]): ErrorDistribution {
  const errors = new ErrorDistribution();
  a.forEach((map, i) => {
    errors.add(map, b[i]);
  });
  return errors;
}

test("there are bundles of both kinds to compare", async () => {
  const runtimes = await Promise.all(
    bundles.map(async ({ folder }) => runtimeOf((await readBundle(folder)).files.local)),
  );
  expect(new Set(runtimes)).toEqual(new Set(["ort", "simd"]));
});

describe.each(bundles)("both engines on $name", async ({ folder }) => {
  const { manifest, files } = await readBundle(folder);
  const { spec } = manifest;
  const [canvas] = phantomCanvases(spec, 1, 45_000_000);
  const global = await toolRuntime.globalNetwork(files.global, spec);
  const [crop] = await chosenCrops(canvas, global, spec);
  await global.release();
  const inputs = { global: globalInput(canvas), local: localInput(crop) };

  test.each(["global", "local"] as const)("%s network", async (kind) => {
    const file = files[kind];
    const layers = runtimeOf(file) === "ort" ? readOnnx(file, kind, spec) : unpackWeights(file, spec);
    const shipped = await run(file, kind, spec, inputs[kind]);
    const ort = await run(emitOnnx(layers), kind, spec, inputs[kind]);
    const simd = await run(writeWeightsFile(packWeights(kind, layers, "f32")), kind, spec, inputs[kind]);
    // The same numbers in float32: nothing but the order and grouping of sums differs.
    expect(difference(ort, simd).maximum).toBeLessThan(1e-4);
    if (runtimeOf(file) === "simd") {
      // Its integer weights are multiplied as integers of 16 bits (docs/decisions/0022).
      expect(difference(ort, shipped).maximum).toBeLessThan(5e-3);
    } else {
      // What the file's uint8 activations cost; glam-tiny's random networks pay most.
      const errors = difference(shipped, simd);
      expect(errors.percentile(0.99)).toBeLessThan(folder.endsWith("tiny") ? 0.12 : 0.03);
    }
    // Maps that are the same everywhere would agree whatever the engines do.
    expect(Math.max(...simd.map((map) => Math.max(...map) - Math.min(...map)))).toBeGreaterThan(0.01);
  });
});
