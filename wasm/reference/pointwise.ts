/**
 * @module
 * The plain references of the smaller kernels.
 */
import type { PlainMap } from "./convolution.ts";

/** 3x3 stride-2 maximum, padded with -infinity. */
export function maxPool({ channels, height, width, data }: PlainMap, pad: number): PlainMap {
  const size = (n: number) => Math.floor((n + 2 * pad - 3) / 2) + 1;
  const out = { channels, height: size(height), width: size(width) };
  const pooled = new Float32Array(channels * out.height * out.width).fill(Number.NEGATIVE_INFINITY);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < out.height; y++) {
      for (let x = 0; x < out.width; x++) {
        const at = (c * out.height + y) * out.width + x;
        for (let k = 0; k < 9; k++) {
          const row = y * 2 - pad + Math.floor(k / 3);
          const col = x * 2 - pad + (k % 3);
          if (row < 0 || col < 0 || row >= height || col >= width) continue;
          pooled[at] = Math.max(pooled[at], data[(c * height + row) * width + col]);
        }
      }
    }
  }
  return { ...out, data: pooled };
}

/** relu(x * gain + bias) per channel. */
export function scaleBiasRelu(map: PlainMap, gain: ArrayLike<number>, bias: ArrayLike<number>): PlainMap {
  const area = map.height * map.width;
  const channel = (i: number) => Math.floor(i / area);
  return { ...map, data: map.data.map((value, i) => Math.max(0, value * gain[channel(i)] + bias[channel(i)])) };
}

/** 1x1 convolution to class logits; `weight` is `[classes, channels]`. */
export function classLogits({ channels, height, width, data }: PlainMap, weight: ArrayLike<number>, classes: number) {
  const area = height * width;
  const logits = new Float32Array(classes * area);
  for (let k = 0; k < classes; k++) {
    for (let i = 0; i < area; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += weight[k * channels + c] * data[c * area + i];
      logits[k * area + i] = sum;
    }
  }
  return logits;
}
