import { afterEach, beforeEach, expect, test } from "vitest";
import { capMemory, type MemoryCap } from "./memory-cap.ts";

const page = 65536;
const RealMemory = WebAssembly.Memory;
let cap: MemoryCap;

beforeEach(() => {
  cap = capMemory(20 * page + 1);
});
afterEach(() => cap.remove());

test("a memory made under the cap cannot grow beyond it, and the refusal is noted", () => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
  expect(cap.memory()).toBe(memory);
  expect(memory.grow(4)).toBe(16);
  expect(cap.growthRefused()).toBe(false);
  expect(() => memory.grow(1)).toThrow(RangeError);
  expect(cap.growthRefused()).toBe(true);
  expect(memory.buffer.byteLength).toBe(20 * page);
});

test("a later growth that succeeds takes the note back", () => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
  expect(() => memory.grow(5)).toThrow(RangeError);
  memory.grow(4);
  expect(cap.growthRefused()).toBe(false);
});

test("a cap below what the module starts with is refused by the engine", () => {
  expect(() => new WebAssembly.Memory({ initial: 21, maximum: 65536 })).toThrow(RangeError);
});

test("a smaller maximum is kept, and an empty memory is let through", () => {
  expect(new WebAssembly.Memory({ initial: 0, maximum: 0 }).buffer.byteLength).toBe(0);
  expect(cap.memory()).toBeUndefined();
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
  expect(() => memory.grow(2)).toThrow(RangeError);
});

test("after remove new memories are free, and the capped one is still capped", () => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
  cap.remove();
  expect(WebAssembly.Memory).toBe(RealMemory);
  expect(new WebAssembly.Memory({ initial: 1 }).grow(30)).toBe(1);
  expect(() => memory.grow(5)).toThrow(RangeError);
});
