import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-web/wasm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSpec } from "../../../../test/support/specs.ts";
import { randomCheckpoint } from "../../../../tools/checkpoint/random-checkpoint.ts";
import { emitOnnx } from "../../../../tools/onnx/emit.ts";
import { globalNetwork } from "../../../../tools/onnx/global-network.ts";
import { localMapSide, type Spec } from "../../../glam/spec.ts";
import type { NetworkRuntime } from "../runtime.ts";
import { createGuard } from "./guard.ts";
import { capMemory, type MemoryCap } from "./memory-cap.ts";
import { ortNetworks } from "./networks.ts";

/** The real ORT, with 20 MiB: enough for glam-tiny, not for a canvas of 1536 x 1024. */
const limit = 20 * 2 ** 20;
const tiny = readSpec("glam-tiny");
const compact = readSpec("glam-1536x1024");
const tinyFile = async (which: "global" | "local") =>
  new Uint8Array(await readFile(new URL(`../../../../test/fixtures/models/glam-tiny/${which}.onnx`, import.meta.url)));
const image = (spec: Spec) =>
  Float32Array.from({ length: spec.canvas.height * spec.canvas.width }, (_, i) => Math.sin(i * 0.37));

let cap: MemoryCap;
let runtime: NetworkRuntime;

beforeAll(async () => {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "fatal";
  cap = capMemory(limit);
  runtime = ortNetworks({ ort, guard: createGuard(cap), headroom: cap.headroom });
  await (await runtime.globalNetwork(await tinyFile("global"), tiny)).release();
});
afterAll(() => cap.remove());

test("the global network answers s1, s2, s3 in this order", async () => {
  const network = await runtime.globalNetwork(await tinyFile("global"), tiny);
  const maps = await network.run(image(tiny));
  const session = await ort.InferenceSession.create(await tinyFile("global"));
  const direct = await session.run({ image: new ort.Tensor("float32", image(tiny), [1, 1, 128, 96]) });
  expect(maps).toEqual([direct.s1.data, direct.s2.data, direct.s3.data]);
  expect(maps[0]).not.toEqual(maps[1]);
  expect(maps.map((map) => map.length)).toEqual([96, 96, 96]);
  await Promise.all([network.release(), session.release()]);
});

test("the local network answers its map", async () => {
  const network = await runtime.localNetwork(await tinyFile("local"), tiny);
  const map = await network.run(new Float32Array(tiny.crop ** 2).fill(0.5));
  expect(map.length).toBe(2 * localMapSide(tiny) ** 2);
  expect(map.every((value) => value >= 0 && value <= 1)).toBe(true);
  await network.release();
});

test("a file that is no model, or another network's, is damaged", async () => {
  const damaged = expect.objectContaining({ code: "model-damaged" });
  await expect(runtime.globalNetwork(new Uint8Array(100).fill(7), tiny)).rejects.toEqual(damaged);
  await expect(runtime.globalNetwork(await tinyFile("local"), tiny)).rejects.toEqual(damaged);
  await expect(runtime.globalNetwork(await tinyFile("global"), compact)).rejects.toEqual(damaged);
});

test("an input of another length never reaches the runtime", async () => {
  const network = await runtime.localNetwork(await tinyFile("local"), tiny);
  await expect(network.run(new Float32Array(5))).rejects.toMatchObject({ code: "internal-error" });
  await network.release();
});

test("a network that needs more than the cap is out-of-memory, every time, and smaller ones work on", async () => {
  const small = await runtime.globalNetwork(await tinyFile("global"), tiny);
  const before = await small.run(image(tiny));
  const model = emitOnnx(globalNetwork(randomCheckpoint(compact, 1), compact));
  for (let round = 0; round < 3; round++) {
    const attempt = async () => {
      const large = await runtime.globalNetwork(model, compact);
      try {
        await large.run(image(compact));
      } finally {
        await large.release();
      }
    };
    await expect(attempt()).rejects.toMatchObject({ code: "out-of-memory", retryAfter: 60 });
  }
  expect(cap.memory()?.buffer.byteLength).toBeLessThanOrEqual(limit);
  expect(await small.run(image(tiny))).toEqual(before);
});
