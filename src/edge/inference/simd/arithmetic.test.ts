import { describe, expect, test } from "vitest";
import { readSpec } from "../../../../test/support/specs.ts";
import { loadKernelModule } from "../../../../tools/engine/load-module.ts";
import { noise, variants } from "../../../../wasm/test-arena.ts";
import { topKMean } from "../../../glam/saliency.ts";
import { measureStandardisation } from "../../../glam/standardise.ts";
import { createArena } from "./arena.ts";
import { createArithmetic, planArithmetic } from "./arithmetic.ts";
import { globalShape } from "./network-shape.ts";
import { planNetwork } from "./plan.ts";

const released = readSpec("glam-2944x1920");

describe.each(variants)("the core's arithmetic by the %s module, to the last bit", async (variant) => {
  const plan = planArithmetic(globalShape(released));
  const arena = createArena(await loadKernelModule(variant), plan.bytes);
  const arithmetic = createArithmetic(arena, plan);

  test.each([1, 2, 65535, 65536, 65537, 200_001])("mean and std of %i pixels", (length) => {
    const values = noise(length, length).map((value, i) => (i % 500 < 200 ? 0 : Math.abs(value)));
    const deep = Uint16Array.from(values, (value) => value * 60_000);
    // A view that does not begin at the start of its buffer.
    const shallow = new Uint8Array(length + 3).subarray(3);
    shallow.set(values.map((value) => value * 255));
    for (const pixels of [deep, shallow, deep]) {
      expect(arithmetic.measureStandardisation({ pixels })).toEqual(measureStandardisation({ pixels }));
    }
  });

  test("a constant image has std 0", () => {
    expect(arithmetic.measureStandardisation({ pixels: new Uint16Array(99_999).fill(4095) })).toEqual({
      mean: 4095,
      std: 0,
    });
  });

  test("top-k mean of whole maps, whatever the arena holds", () => {
    const map = noise(184 * 120, 2);
    for (const k of [1, 662, map.length]) expect(arithmetic.topKMean(map, k)).toBe(topKMean(map, k));
    expect(() => arithmetic.topKMean(new Float32Array(184 * 120 + 1), 1)).toThrow(RangeError);
  });

  test("stays in the memory that was planned", () => {
    expect(arena.bytes()).toBe(plan.bytes);
  });
});

test("the global network's plan has room for it", () => {
  for (const spec of ["glam-tiny", "glam-1536x1024", "glam-2944x1920"].map(readSpec)) {
    const shape = globalShape(spec);
    expect(planArithmetic(shape).bytes).toBeLessThanOrEqual(planNetwork(shape).bytes);
  }
});
