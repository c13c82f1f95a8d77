import { beforeAll, describe, expect, test } from "vitest";
import type { Canvas } from "../../src/glam/contracts.ts";
import { readSpec } from "../../test/support/specs.ts";
import { CheckpointMismatchError } from "../checkpoint/layout.ts";
import { randomCheckpoint } from "../checkpoint/random-checkpoint.ts";
import { countMacs } from "../onnx/network.ts";
import { calibrate } from "../onnx/quantise.ts";
import { nodeRuntime } from "../onnx/session.ts";
import { phantomCanvases } from "./canvases.ts";
import { errorNumbers, formatError } from "./format-error.ts";
import { describeNetwork, importModel, quantiseModel } from "./import-model.ts";
import { globalInput } from "./inputs.ts";
import { type ErrorReport, measureError } from "./measure-error.ts";
import { choosePrecision } from "./precision.ts";

const spec = readSpec("glam-tiny");
const model = importModel(randomCheckpoint(spec, 5), spec);
const options = { minimumChannels: 4, target: 0.2, judges: 2 };
let calibration: Canvas[];
let heldOut: Canvas[];

beforeAll(() => {
  calibration = [...phantomCanvases(spec, 16, 100)];
  heldOut = [...phantomCanvases(spec, 4, 200)];
});

test("a checkpoint that does not fit is refused", () => {
  expect(() => importModel(randomCheckpoint(spec, 1), readSpec("glam-1536x1024"))).toThrow(CheckpointMismatchError);
});

test("the released spec has the published amount of work", () => {
  const released = readSpec("glam-2944x1920");
  const { global, local } = importModel(randomCheckpoint(released, 1), released);
  const work = [global, local].map((network) => [...countMacs(network).values()].reduce((a, b) => a + b, 0) / 1e9);
  expect(work[0]).toBeCloseTo(16.0, 1);
  expect(Math.abs(work[1] - 348.9)).toBeLessThan(1);
});

describe("against itself", () => {
  let report: ErrorReport;
  beforeAll(async () => {
    report = await measureError(model.files, model.files, heldOut, spec);
  });

  test("float32 has no error and the same regions", () => {
    expect(report.canvases).toBe(4);
    expect(report.score).toBe(0);
    expect(report.saliency.maximum).toBe(0);
    expect(report.fused.maximum).toBe(0);
    expect([report.sameFirstRegion, report.nearFirstRegion]).toEqual([4, 4]);
    expect(report.sameRegions).toBe(report.regions);
  });

  test("the table says so", () => {
    expect(formatError(report).join("\n")).toMatch(/first region identical +4\/4/);
  });
});

describe("quantised", () => {
  test("answers on unseen canvases stay close, and the numbers go into the manifest", async () => {
    const { files, choices } = await quantiseModel(model, calibration, options);
    expect(choices.local.quantisation.convolutions.size).toBeGreaterThan(5);
    expect(files.local.length).toBeLessThan(0.7 * model.files.local.length);
    const report = await measureError(model.files, files, heldOut, spec);
    expect(report.saliency.maximum).toBeGreaterThan(0);
    expect(report.saliency.percentile(0.99)).toBeLessThan(0.03);
    expect(report.local.percentile(0.99)).toBeLessThan(0.04);
    expect(errorNumbers(report).saliencyP99).toBeCloseTo(report.saliency.percentile(0.99), 3);
    expect(describeNetwork(model.local, files.local.length, choices.local).join("\n")).toMatch(/convolutions in int8/);
  });

  test("the same calibration gives the same bytes", async () => {
    const [first, second] = [
      await quantiseModel(model, calibration, options),
      await quantiseModel(model, calibration, options),
    ];
    expect(first.files).toEqual(second.files);
  });
});

describe("choosePrecision", () => {
  test("a target that is met keeps nothing in float32; an impossible one keeps everything", async () => {
    const inputs = calibration.slice(0, 4).map(globalInput);
    const seen = await calibrate(model.global, inputs, 4);
    expect((await choosePrecision(model.global, seen, inputs, 1)).kept).toEqual([]);
    const strict = await choosePrecision(model.global, seen, inputs.slice(0, 1), 0);
    expect(strict.quantisation.convolutions.size).toBe(0);
    expect(strict.error).toBe(0);
  });

  test("a target in between is met with some layers in float32", async () => {
    const inputs = calibration.slice(0, 4).map(globalInput);
    const seen = await calibrate(model.global, inputs, 4);
    const loose = await choosePrecision(model.global, seen, inputs, 1);
    const choice = await choosePrecision(model.global, seen, inputs, loose.error * 0.7);
    expect(choice.error).toBeLessThanOrEqual(loose.error * 0.7);
    expect(choice.kept.length).toBeGreaterThan(0);
    expect(choice.quantisation.convolutions.size).toBeGreaterThan(0);
  });
});

test("a phantom's canvas fits the network", async () => {
  const network = await nodeRuntime.globalNetwork(model.files.global, spec);
  const maps = await network.run(globalInput(calibration[0]));
  const cells = 2 * spec.saliency.height * spec.saliency.width;
  expect(maps.map((map) => map.length)).toEqual([cells, cells, cells]);
  expect(maps.every((map) => map.every((p) => p > 0 && p < 1))).toBe(true);
  await network.release();
});
