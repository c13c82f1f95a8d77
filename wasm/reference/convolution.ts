/**
 * @module
 * The plain reference of the convolution kernels, in float64.
 */

/** A map `[channels, height, width]`. */
export type PlainMap = { channels: number; height: number; width: number; data: Float32Array };

/** A convolution with zero padding, a gain and a bias per output channel. */
export type PlainConvolution = {
  /** `[outputs, inputs, kernel, kernel]` */
  weight: ArrayLike<number>;
  gain: ArrayLike<number>;
  bias: ArrayLike<number>;
  outputs: number;
  kernel: number;
  stride: number;
  pad: number;
  relu: boolean;
};

/** @param residual `[outputs, height', width']`, added before the ReLU */
export function convolution(map: PlainMap, conv: PlainConvolution, residual?: Float32Array): PlainMap {
  const { kernel, stride, pad } = conv;
  const height = Math.floor((map.height + 2 * pad - kernel) / stride) + 1;
  const width = Math.floor((map.width + 2 * pad - kernel) / stride) + 1;
  const data = new Float32Array(conv.outputs * height * width);
  const input = (c: number, y: number, x: number) =>
    y < 0 || x < 0 || y >= map.height || x >= map.width ? 0 : map.data[(c * map.height + y) * map.width + x];
  let at = 0;
  for (let o = 0; o < conv.outputs; o++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        let sum = 0;
        for (let c = 0; c < map.channels; c++) {
          for (let ky = 0; ky < kernel; ky++) {
            for (let kx = 0; kx < kernel; kx++) {
              const weight = conv.weight[((o * map.channels + c) * kernel + ky) * kernel + kx];
              sum += weight * input(c, y * stride + ky - pad, x * stride + kx - pad);
            }
          }
        }
        const value = sum * conv.gain[o] + conv.bias[o] + (residual ? residual[at] : 0);
        data[at] = conv.relu ? Math.max(0, value) : value;
      }
    }
  }
  return { channels: conv.outputs, height, width, data };
}
