import { expect, test } from "vitest";
import { emitOnnx } from "./emit.ts";
import type { Convolution, Network } from "./network.ts";
import { observe } from "./observe.ts";
import { calibrate, quantisable, quantise } from "./quantise.ts";
import { openModel } from "./session.ts";

const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step + step));

const convolution = (input: string, output: string, inChannels: number, outChannels: number): Convolution => ({
  op: "conv",
  input,
  output,
  weight: wave(outChannels * inChannels * 9, 0.731).map((w) => w / Math.sqrt(inChannels * 4)),
  bias: wave(outChannels, 0.4),
  outChannels,
  inChannels,
  kernel: 3,
  stride: 1,
  pad: 1,
  relu: true,
});

/** A residual block between a narrow stem and a sum, as both networks have it. */
const network: Network = {
  name: "test",
  input: { name: "x", channels: 1, height: 12, width: 10 },
  outputs: ["y"],
  layers: [
    convolution("x", "stem", 1, 8),
    convolution("stem", "a", 8, 8),
    { ...convolution("a", "b", 8, 8), relu: false },
    { op: "add", inputs: ["b", "stem"], output: "y", relu: true },
  ],
};

const images = [wave(120, 0.3), wave(120, 0.5), wave(120, 1.1)];

async function outputs(model: Uint8Array, image: Float32Array): Promise<Float32Array> {
  const open = await openModel(model, [1, 1, 12, 10]);
  const y = (await open.run(image)).get("y") ?? new Float32Array();
  await open.release();
  return y;
}

test("only wide 3x3 convolutions are quantised", () => {
  expect(quantisable(network, 8).map(({ output }) => output)).toEqual(["a", "b"]);
  expect(quantisable(network, 9)).toEqual([]);
});

test("observations are those of the tensors' own values", async () => {
  const values: Float32Array[] = [];
  const open = await openModel(emitOnnx(network, { extraOutputs: ["b"] }), [1, 1, 12, 10], false);
  for (const image of images) values.push((await open.run(image)).get("b") ?? new Float32Array());
  await open.release();
  const all = values.flatMap((data) => [...data]);
  const seen = (await observe(network, ["b"], images)).get("b");
  expect(seen?.minimum).toBe(Math.min(...all));
  expect(seen?.maximum).toBe(Math.max(...all));
  const channel = values.flatMap((data) => [...data.subarray(120, 240)]);
  expect(seen?.channelMeans[1]).toBeCloseTo(channel.reduce((sum, value) => sum + value, 0) / channel.length, 6);
});

test("the quantised network runs on bytes and stays within a few steps of float32", async () => {
  const quantisation = quantise(await calibrate(network, images, 8));
  const model = emitOnnx(network, { quantisation });
  const text = new TextDecoder("latin1").decode(model);
  expect(text.match(/QLinearConv/g)).toHaveLength(1);
  expect(text.match(/ConvInteger/g)).toHaveLength(1);
  expect(text.match(/\bQuantizeLinear/g)?.length).toBe(1);
  const unseen = wave(120, 0.77);
  const [exact, rounded] = [await outputs(emitOnnx(network), unseen), await outputs(model, unseen)];
  const range = Math.max(...exact);
  const errors = exact.map((value, i) => Math.abs(value - rounded[i])).sort();
  expect(errors[Math.floor(errors.length * 0.99)]).toBeLessThan(0.02 * range);
  expect(errors[errors.length - 1]).toBeGreaterThan(0);
});

test("kept layers stay float32: keeping all of them changes nothing", async () => {
  const calibration = await calibrate(network, images, 8);
  expect([...quantise(calibration, new Set(["a"])).convolutions.keys()]).toEqual(["b"]);
  const none = quantise(calibration, new Set(["a", "b"]));
  expect(emitOnnx(network, { quantisation: none })).toEqual(emitOnnx(network));
});
