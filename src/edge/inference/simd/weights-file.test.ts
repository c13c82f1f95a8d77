import { expect, test } from "vitest";
import { readWeightsFile, writeWeightsFile } from "./weights-file.ts";

const tensors = new Map<string, Int8Array | Int16Array | Float32Array>([
  ["a.weight", Int8Array.of(1, -2, 3)],
  ["b.weight", Int16Array.of(-300, 300)],
  ["a.affine", Float32Array.of(0.5, -1.25)],
]);
const file = writeWeightsFile({ network: "local", tensors });
const damaged = expect.objectContaining({ code: "model-damaged" });

test("what was written is read, from any address", () => {
  expect(readWeightsFile(file)).toEqual({ network: "local", tensors });
  for (const shift of [1, 2, 4]) {
    const moved = new Uint8Array(file.length + shift);
    moved.set(file, shift);
    expect(readWeightsFile(moved.subarray(shift))).toEqual({ network: "local", tensors });
  }
});

test("equal weights give equal bytes", () => {
  expect(writeWeightsFile({ network: "local", tensors: new Map(tensors) })).toEqual(file);
});

test("a file that is cut anywhere is damaged", () => {
  for (let length = 0; length < file.length - 8; length++) {
    expect(() => readWeightsFile(file.subarray(0, length)), `${length}`).toThrow(damaged);
  }
});

test("another magic number, and a header that is not ours", () => {
  const other = file.slice();
  other[0] ^= 1;
  expect(() => readWeightsFile(other)).toThrow(damaged);
  const text = new TextDecoder().decode(file).replace('"int8"', '"int9"');
  expect(() => readWeightsFile(new TextEncoder().encode(text))).toThrow(damaged);
});
