import { describe, expect, test } from "vitest";
import { readSpec } from "../../../test/support/specs.ts";
import { type BandChoice, chooseBands } from "./choose-bands.ts";

const choice: BandChoice = {
  spec: readSpec("glam-2944x1920"),
  runtime: "simd",
  transport: { name: "durable-object", targets: 8 },
  crops: 1,
  most: 4,
};
const whole = [[0, 128]];

describe("chooseBands", () => {
  test("one large crop is shared by as many places as are allowed", () => {
    expect(chooseBands(choice)).toHaveLength(4);
    expect(chooseBands({ ...choice, most: 6 })).toHaveLength(6);
    expect(chooseBands({ ...choice, transport: { name: "https", targets: 2 } })).toHaveLength(2);
  });

  test("crops of one request share the places", () => {
    expect([1, 2, 3, 4, 6, 16].map((crops) => chooseBands({ ...choice, crops }).length)).toEqual([4, 3, 2, 1, 1, 1]);
  });

  test.each([
    ["the deployment says so", { most: 1 }],
    ["places share one thread", { transport: { name: "service-binding", targets: 8 } as const }],
    ["there is one place", { transport: { name: "https", targets: 1 } as const }],
    ["the runtime computes whole maps only", { runtime: "ort" as const }],
  ])("a crop stays whole where %s", (_, change) => {
    expect(chooseBands({ ...choice, ...change })).toEqual(whole);
  });

  test("a small network's crop stays whole", () => {
    expect(chooseBands({ ...choice, spec: readSpec("glam-1536x1024") })).toHaveLength(1);
  });
});
