import { expect, test } from "vitest";
import { readSpec } from "../../../../test/support/specs.ts";
import { type ConvShape, chooseAlgorithm } from "./conv-shape.ts";
import { mapBytes } from "./feature-map.ts";
import { globalShape, localShape } from "./network-shape.ts";
import { type NetworkPlan, planNetwork } from "./plan.ts";

const specs = ["glam-tiny", "glam-1536x1024", "glam-2944x1920"].map(readSpec);
const plans = specs.flatMap((spec) => [globalShape(spec), localShape(spec)].map((shape) => planNetwork(shape)));

test("the released networks fit: the local one with its int8 weights into 100 MB, the global one into 45", () => {
  const released = readSpec("glam-2944x1920");
  const local = planNetwork(localShape(released)).bytes;
  // int8 for the large convolutions, int16 for the others: 22.9 MB.
  expect(local + 22.9e6).toBeLessThan(100e6);
  expect(planNetwork(globalShape(released)).bytes).toBeLessThan(45e6);
});

test("products of integers take no more memory than those of float32, so a plan without weights is a bound", () => {
  for (const { shape, bytes } of plans) {
    // Those that `glam import` stores in int8.
    const large = ({ input, output }: ConvShape) => 9 * input.channels * output.channels >= 2 ** 18;
    const integers = planNetwork(shape, { algorithm: (conv) => chooseAlgorithm(conv, large(conv)) });
    inside(integers);
    expect(integers.bytes).toBeLessThanOrEqual(bytes);
  }
});

test("the plan does not depend on when it is made", () => {
  expect(planNetwork(localShape(specs[2]))).toEqual(planNetwork(localShape(specs[2])));
});

const inside = (plan: NetworkPlan) => {
  const layouts = [plan.stem.output, ...plan.blocks.map(({ output }) => output)];
  plan.maps.forEach((at, i) => {
    expect(at).toBeGreaterThanOrEqual(plan.scratch);
    expect(at + mapBytes(layouts[i])).toBeLessThanOrEqual(plan.work);
    expect(at % 64).toBe(0);
  });
  for (const { regions } of [plan.stem, ...plan.blocks, ...plan.taps]) {
    expect(plan.work + regions.bytes).toBeLessThanOrEqual(plan.bytes);
  }
};

test("every map and work space lies in the arena", () => {
  for (const plan of plans) inside(plan);
});

test("no output row reaches an input row that a later strip reads", () => {
  for (const plan of plans) {
    plan.blocks.forEach((block, i) => {
      const [input, output] = [plan.maps[i], plan.maps[i + 1]];
      for (let inner = block.strip; inner < block.output.height; inner += block.strip) {
        const outEnd = output + (inner - 1) * block.output.rowBytes;
        const nextInput = input + Math.max(0, block.stride * (inner - 1)) * block.input.rowBytes;
        expect(outEnd, `${block.name} ${inner}`).toBeLessThanOrEqual(nextInput);
      }
    });
  }
});
