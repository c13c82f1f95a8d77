import { expect, test } from "vitest";
import { emitOnnx } from "./emit.ts";
import type { Convolution, Layer, Network } from "./network.ts";
import { openModel } from "./session.ts";

const channels = 2;

const network = (layers: Layer[], height: number, width: number): Network => ({
  name: "test",
  input: { name: "x", channels, height, width },
  outputs: ["y"],
  layers,
});

const wave = (length: number, step = 0.7) => Float32Array.from({ length }, (_, i) => Math.sin(i * step));

async function run(net: Network, x: Float32Array): Promise<Float32Array> {
  const { height, width } = net.input;
  const model = await openModel(emitOnnx(net), [1, channels, height, width]);
  const y = (await model.run(x)).get("y") ?? new Float32Array();
  await model.release();
  return y;
}

const convolution = (overrides: Partial<Convolution>): Convolution => ({
  op: "conv",
  input: "x",
  output: "y",
  weight: wave(3 * channels * 9, 1.3),
  bias: wave(3, 2),
  outChannels: 3,
  inChannels: channels,
  kernel: 3,
  stride: 1,
  pad: 1,
  relu: false,
  ...overrides,
});

/** Every output value by its definition. */
function naiveConvolution(c: Convolution, x: Float32Array, height: number, width: number): number[] {
  const size = (n: number) => Math.floor((n + 2 * c.pad - c.kernel) / c.stride) + 1;
  const y: number[] = [];
  for (let o = 0; o < c.outChannels; o++) {
    for (let row = 0; row < size(height); row++) {
      for (let col = 0; col < size(width); col++) {
        let sum = c.bias[o];
        for (let i = 0; i < c.inChannels; i++) {
          for (let ky = 0; ky < c.kernel; ky++) {
            for (let kx = 0; kx < c.kernel; kx++) {
              const sy = row * c.stride + ky - c.pad;
              const sx = col * c.stride + kx - c.pad;
              if (sy < 0 || sx < 0 || sy >= height || sx >= width) continue;
              sum +=
                x[(i * height + sy) * width + sx] * c.weight[((o * c.inChannels + i) * c.kernel + ky) * c.kernel + kx];
            }
          }
        }
        y.push(c.relu ? Math.max(0, sum) : sum);
      }
    }
  }
  return y;
}

const expectClose = (found: Float32Array, expected: number[]) => {
  expect(found.length).toBe(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i])))).toBeLessThan(1e-5);
};

test.each([
  ["3x3", {}],
  ["3x3 stride 2 with ReLU", { stride: 2, relu: true }],
  ["1x1 stride 2", { kernel: 1, pad: 0, stride: 2, weight: wave(6) }],
  ["7x7 stride 2", { kernel: 7, pad: 3, stride: 2, weight: wave(3 * 2 * 49) }],
])("convolution %s", async (_, overrides) => {
  const layer = convolution(overrides);
  const x = wave(2 * 9 * 7);
  expectClose(await run(network([layer], 9, 7), x), naiveConvolution(layer, x, 9, 7));
});

test("scale, shift and ReLU; sum", async () => {
  const scale = Float32Array.of(2, -3);
  const shift = Float32Array.of(0.1, 0.2);
  const x = wave(2 * 5 * 4);
  const layers: Layer[] = [
    { op: "affine", input: "x", output: "a", scale, shift, relu: true },
    { op: "add", inputs: ["a", "x"], output: "y", relu: false },
  ];
  const expected = [...x].map((value, i) => Math.max(0, value * scale[i < 20 ? 0 : 1] + shift[i < 20 ? 0 : 1]) + value);
  expectClose(await run(network(layers, 5, 4), x), expected);
});

test.each([0, 1])("maximum over 3x3, stride 2, padding %i", async (pad) => {
  const [height, width] = [8, 7];
  const x = wave(2 * height * width).map((value) => value - 2);
  const size = (n: number) => Math.floor((n + 2 * pad - 3) / 2) + 1;
  const expected: number[] = [];
  for (let c = 0; c < 2; c++) {
    for (let row = 0; row < size(height); row++) {
      for (let col = 0; col < size(width); col++) {
        let max = Number.NEGATIVE_INFINITY;
        for (let sy = Math.max(0, row * 2 - pad); sy <= Math.min(height - 1, row * 2 - pad + 2); sy++) {
          for (let sx = Math.max(0, col * 2 - pad); sx <= Math.min(width - 1, col * 2 - pad + 2); sx++) {
            max = Math.max(max, x[(c * height + sy) * width + sx]);
          }
        }
        expected.push(max);
      }
    }
  }
  expectClose(await run(network([{ op: "maxpool", input: "x", output: "y", pad }], height, width), x), expected);
});

test.each([
  [2, 3, 8, 6],
  [3, 5, 8, 7],
  [6, 7, 10, 23],
  [23, 15, 92, 60],
])("nearest resize from %i x %i to %i x %i takes floor(i * in / out)", async (h, w, height, width) => {
  const x = wave(2 * h * w);
  const layers: Layer[] = [{ op: "nearest", input: "x", output: "y", height, width }];
  const expected: number[] = [];
  for (let c = 0; c < 2; c++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++)
        expected.push(x[(c * h + Math.floor((i * h) / height)) * w + Math.floor((j * w) / width)]);
    }
  }
  expectClose(await run(network(layers, h, w), x), expected);
});

test("a network gives the same bytes every time", () => {
  const net = network([convolution({})], 9, 7);
  expect(emitOnnx(net)).toEqual(emitOnnx(net));
});
