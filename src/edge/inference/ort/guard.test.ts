import { expect, test } from "vitest";
import { GlamError } from "../../../glam/problem.ts";
import { createGuard } from "./guard.ts";

/** A guard over a small real memory. */
function setUp(growthRefused = false) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return { memory, guard: createGuard({ memory: () => memory, growthRefused: () => growthRefused }) };
}
const failing = (error: unknown) => () => Promise.reject(error);
const badAlloc = new Error("failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc");

test("results pass through", async () => {
  expect(await setUp().guard("run", async () => 42)).toBe(42);
});

test.each([
  ["run", badAlloc, "out-of-memory"],
  ["load", new Error("Can't create a session. failed to allocate a buffer of size 24000000."), "out-of-memory"],
  ["run", new RangeError("Array buffer allocation failed"), "out-of-memory"],
  [
    "load",
    new Error("ERROR_CODE: 7, ERROR_MESSAGE: Failed to load model because protobuf parsing failed."),
    "model-damaged",
  ],
  ["run", new Error("ERROR_CODE: 2, ERROR_MESSAGE: Got invalid dimensions"), "internal-error"],
  ["load", new GlamError("model-damaged", "The network has no s1."), "model-damaged"],
] as const)("a %s that fails with %s is %s, and the runtime works on", async (step, error, code) => {
  const { guard } = setUp();
  await expect(guard(step, failing(error))).rejects.toMatchObject({ name: "GlamError", code });
  expect(await guard("run", async () => 1)).toBe(1);
});

test("the message of ORT stays in the cause", async () => {
  const error: unknown = await setUp()
    .guard("run", failing(badAlloc))
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ cause: badAlloc, message: expect.not.stringContaining("ERROR_CODE") });
});

test("a trap breaks the runtime for good, with the same answer every time", async () => {
  const { guard } = setUp(true);
  const first = guard("run", failing(new WebAssembly.RuntimeError("memory access out of bounds")));
  await expect(first).rejects.toMatchObject({ code: "out-of-memory", retryAfter: 60 });
  const error = await first.catch((caught: unknown) => caught);
  await expect(guard("run", async () => 1)).rejects.toBe(error);
  await expect(guard("load", async () => 1)).rejects.toBe(error);
});

test("a trap without a refused growth is no matter of memory", async () => {
  const trap = failing(new WebAssembly.RuntimeError("unreachable"));
  await expect(setUp().guard("run", trap)).rejects.toMatchObject({ code: "internal-error" });
});

test("an input written to address 0 is noticed although the run answers, and its answer is withheld", async () => {
  const { memory, guard } = setUp(true);
  const answer = guard("run", async () => {
    new Float32Array(memory.buffer)[0] = -0.7;
    return "wrong";
  });
  await expect(answer).rejects.toMatchObject({ code: "out-of-memory" });
  await expect(guard("run", async () => 1)).rejects.toMatchObject({ code: "out-of-memory" });
});
