import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-web/wasm";
import { expect, test } from "vitest";
import { readSpec } from "../../../../test/support/specs.ts";
import { randomCheckpoint } from "../../../../tools/checkpoint/random-checkpoint.ts";
import { emitOnnx } from "../../../../tools/onnx/emit.ts";
import { globalNetwork } from "../../../../tools/onnx/global-network.ts";
import { createGuard } from "./guard.ts";
import { capMemory } from "./memory-cap.ts";
import { ortNetworks } from "./networks.ts";

/** In a file of its own: this ORT cannot be used afterwards. */
test("when ORT writes over its own data all the same, every answer afterwards is refused", async () => {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "fatal";
  const cap = capMemory(20 * 2 ** 20);
  // Told that there is room, it does not look.
  const runtime = ortNetworks({ ort, guard: createGuard(cap), headroom: () => Number.POSITIVE_INFINITY });
  const [tiny, compact] = [readSpec("glam-tiny"), readSpec("glam-1536x1024")];
  // Weights that fit, and an input that does not.
  const slim = { ...compact, global: { ...compact.global, widths: [8, 16, 32, 64, 128] } };
  const file = await readFile(new URL("../../../../test/fixtures/models/glam-tiny/global.onnx", import.meta.url));
  const small = await runtime.globalNetwork(new Uint8Array(file), tiny);
  const image = new Float32Array(tiny.canvas.height * tiny.canvas.width).fill(1);
  await small.run(image);
  const large = await runtime.globalNetwork(emitOnnx(globalNetwork(randomCheckpoint(slim, 1), slim)), slim);
  const input = new Float32Array(slim.canvas.height * slim.canvas.width).fill(1);
  await expect(large.run(input)).rejects.toMatchObject({ code: "out-of-memory" });
  await expect(small.run(image)).rejects.toMatchObject({ code: "out-of-memory" });
  await expect(runtime.globalNetwork(new Uint8Array(file), tiny)).rejects.toMatchObject({ code: "out-of-memory" });
  cap.remove();
});
