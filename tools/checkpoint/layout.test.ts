import { expect, test } from "vitest";
import { readSpec } from "../../test/support/specs.ts";
import { assertLayout, CheckpointMismatchError, compareLayout, expectedLayout } from "./layout.ts";
import { randomCheckpoint } from "./random-checkpoint.ts";

const released = expectedLayout(readSpec("glam-2944x1920"));
const tiny = readSpec("glam-tiny");

/** Parameters that training changes: not the running statistics. */
const parameters = (prefix: string): number =>
  [...released]
    .filter(([name]) => name.startsWith(prefix) && !name.includes("running_"))
    .reduce((sum, [, shape]) => sum + shape.reduce((product, size) => product * size, 1), 0);

test("the released spec has the published number of parameters", () => {
  expect(parameters("global_network.") / 1e6).toBeCloseTo(2.8, 1);
  expect(parameters("detection_network.") / 1e6).toBeCloseTo(21.3, 1);
});

test.each([
  ["global_network.downsampling_branch.first_conv.weight", [16, 1, 7, 7]],
  ["global_network.downsampling_branch.layer_list.0.0.downsample.0.weight", [16, 16, 1, 1]],
  ["global_network.downsampling_branch.layer_list.3.0.bn1.running_var", [64]],
  ["global_network.downsampling_branch.layer_list.4.1.conv2.weight", [256, 256, 3, 3]],
  ["global_network.downsampling_branch.final_bn.bias", [256]],
  ["global_network.postprocess_module.gn_conv_1.weight", [2, 64, 1, 1]],
  ["global_network.postprocess_module.gn_conv_last.weight", [2, 256, 1, 1]],
  ["detection_network.dn_resnet.conv1.weight", [64, 3, 7, 7]],
  ["detection_network.dn_resnet.layer3.5.bn2.weight", [256]],
  ["detection_network.dn_resnet.layer4.0.downsample.1.running_mean", [512]],
  ["detection_network.gn_conv_last.weight", [2, 512, 1, 1]],
])("the released layout has %s", (name, shape) => {
  expect(released.get(name)).toEqual(shape);
});

test("a local stage as wide as the one before has no shortcut convolution", () => {
  const layout = expectedLayout(tiny);
  expect(layout.has("detection_network.dn_resnet.layer2.0.downsample.0.weight")).toBe(true);
  expect(layout.has("detection_network.dn_resnet.layer3.0.downsample.0.weight")).toBe(false);
});

test("tensors that no network uses may be there or not", () => {
  const checkpoint = randomCheckpoint(tiny, 1);
  expect(compareLayout(checkpoint, tiny)).toEqual([]);
  const counter = { shape: [], data: Float32Array.of(7) };
  checkpoint.set("global_network.downsampling_branch.final_bn.num_batches_tracked", counter);
  checkpoint.set("global_network.postprocess_module.combine.weight", { shape: [3], data: new Float32Array(3) });
  expect(compareLayout(checkpoint, tiny)).toEqual([]);
});

test("every missing, unexpected and mis-shaped tensor is reported in one error", () => {
  const checkpoint = randomCheckpoint(tiny, 1);
  checkpoint.delete("detection_network.gn_conv_last.weight");
  checkpoint.delete("global_network.downsampling_branch.layer_list.4.0.bn2.running_var");
  checkpoint.set("classifier.weight", { shape: [2, 8], data: new Float32Array(16) });
  checkpoint.set("detection_network.dn_resnet.conv1.weight", { shape: [4, 1, 7, 7], data: new Float32Array(196) });
  const check = () => assertLayout(checkpoint, tiny);
  expect(check).toThrow(CheckpointMismatchError);
  expect(compareLayout(checkpoint, tiny)).toEqual([
    { kind: "missing", name: "global_network.downsampling_branch.layer_list.4.0.bn2.running_var", expected: [8] },
    { kind: "shape", name: "detection_network.dn_resnet.conv1.weight", expected: [4, 3, 7, 7], found: [4, 1, 7, 7] },
    { kind: "missing", name: "detection_network.gn_conv_last.weight", expected: [2, 8, 1, 1] },
    { kind: "unexpected", name: "classifier.weight", found: [2, 8] },
  ]);
  expect(check).toThrow(/4 tensors differ/);
  expect(check).toThrow(/wrong shape detection_network.dn_resnet.conv1.weight \[4, 1, 7, 7\], expected \[4, 3, 7, 7\]/);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("a tensor with %f is named", (value) => {
  for (const name of ["detection_network.gn_conv_last.weight", "global_network.downsampling_branch.final_bn.bias"]) {
    const checkpoint = randomCheckpoint(tiny, 1);
    const data = checkpoint.get(name)?.data;
    if (data) data[1] = value;
    expect(() => assertLayout(checkpoint, tiny)).toThrow(name);
  }
});

test("a negative variance is named", () => {
  const checkpoint = randomCheckpoint(tiny, 1);
  const name = "global_network.downsampling_branch.final_bn.running_var";
  checkpoint.get(name)?.data.fill(-1e-3);
  expect(() => assertLayout(checkpoint, tiny)).toThrow(name);
});

test("a prefix that is not known is named once, instead of every tensor", () => {
  const wrapped = new Map([...randomCheckpoint(tiny, 1)].map(([name, tensor]) => [`student.net.${name}`, tensor]));
  expect(() => assertLayout(wrapped, tiny)).toThrow(/begin with "student.net."/);
});

test("a checkpoint of another width is all reported, not only its first tensor", () => {
  const mismatches = compareLayout(randomCheckpoint(tiny, 1), readSpec("glam-1536x1024"));
  expect(mismatches.length).toBeGreaterThan(100);
});
