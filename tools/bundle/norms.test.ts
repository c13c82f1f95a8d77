import { expect, test } from "vitest";
import { writeWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import { readSpec } from "../../test/support/specs.ts";
import { randomCheckpoint } from "../checkpoint/random-checkpoint.ts";
import { packWeights } from "../engine/pack-weights.ts";
import { unpackWeights } from "../engine/unpack-weights.ts";
import { importModel } from "../import/import-model.ts";
import { withNorms, writeNorms } from "./norms.ts";

const spec = readSpec("glam-tiny");
const model = importModel(randomCheckpoint(spec, 3), spec);
const weights = writeWeightsFile(packWeights("global", model.global, "f32"));

test("the norms of a network come back to the layers that its weights file gives", () => {
  const known = withNorms(unpackWeights(weights, spec), writeNorms(model.global));
  const norms = ({ layers }: typeof known) =>
    layers.flatMap((layer) => ("norm" in layer && layer.norm ? [[layer.output, layer.norm] as const] : []));
  expect(norms(known)).toEqual(norms(model.global));
  // Two of each of the ten blocks, and the last one.
  expect(norms(known)).toHaveLength(2 * spec.global.blocks.reduce((sum, count) => sum + count) + 1);
});

test("norms of another network are refused", () => {
  const other = writeNorms(
    importModel(randomCheckpoint(readSpec("glam-1536x1024"), 3), readSpec("glam-1536x1024")).global,
  );
  for (const file of [other, writeNorms(model.local)]) {
    expect(() => withNorms(unpackWeights(weights, spec), file)).toThrow(/norms.bin does not fit/);
  }
});
