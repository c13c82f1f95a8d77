import { describe, expect, it } from "vitest";
import { atan2, cos, exp, sin, smoothstep } from "./portable-math.ts";

describe("portable mathematics", () => {
  it("agrees with the engine's own functions", () => {
    for (let x = -30; x <= 30; x += 0.173) {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-12);
      expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(1e-9);
      expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(1e-9);
      expect(Math.abs(atan2(sin(x), cos(x)) - Math.atan2(Math.sin(x), Math.cos(x)))).toBeLessThan(2e-5);
    }
    expect(atan2(0, 0)).toBe(0);
  });

  it("steps from 0 to 1", () => {
    expect([smoothstep(1, 3, 0), smoothstep(1, 3, 2), smoothstep(1, 3, 9)]).toEqual([0, 0.5, 1]);
  });
});
