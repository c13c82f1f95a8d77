/**
 * @module
 * The compiled kernels of `wasm/` as typed functions over one linear memory. All addresses and steps are bytes; what each
 * kernel does is said where it is written (wasm/assembly), what it must compute where its reference is: wasm/reference, and
 * src/glam for the steps around the networks.
 */

/** First byte that kernels leave to their caller: their own constants and scratch lie below. */
export const arenaStart = 65536;

/** Bytes of a page of linear memory. */
export const pageBytes = 65536;

/** Where the rows of an input map are: row r of plane c at `base + r * rowBytes + c * planeBytes`. */
type Input = [base: number, rowBytes: number, planeBytes: number, low: number, high: number, top: number, zero: number];

/** Where a strip of output goes, and what is added to it (`residual` 0: nothing). */
type Output = [
  out: number,
  outRow: number,
  residual: number,
  residualRow: number,
  planeBytes: number,
  rows: number,
  cols: number,
  relu: boolean,
];

type WinogradInput = (
  ...args: [...Input, planes: number, tileRows: number, tileCols: number, v: number, step: number]
) => void;
type Stride2Input = (
  ...args: [...Input, planes: number, tileRows: number, tileCols: number, columns: number, v: number, step: number]
) => void;
type WinogradOutput = (
  ...args: [
    m: number,
    step: number,
    planes: number,
    tileRows: number,
    tileCols: number,
    stride: number,
    affine: number,
    ...Output,
  ]
) => void;
type WinogradWeightRow = (
  ...args: [taps: number, count: number, g0: number, g1: number, g2: number, u: number, step: number]
) => void;
type WinogradWeights = (taps: number, count: number, u: number, step: number) => void;

/** Exports of a kernel module. */
export type Kernels = {
  gemmBatch(
    ...args: [
      a: number,
      aStep: number,
      b: number,
      bStep: number,
      bChunk: number,
      bBlock: number,
      m: number,
      mStep: number,
      count: number,
      panels: number,
      blocks: number,
      k: number,
    ]
  ): void;
  gemmBatchInt16(
    ...args: [
      a: number,
      aStep: number,
      b: number,
      bStep: number,
      m: number,
      mStep: number,
      count: number,
      panels: number,
      blocks: number,
      chunks: number,
    ]
  ): void;
  winograd6InputInt16: WinogradInput;
  winograd6WeightRowInt16(...args: [taps: number, g0: number, g1: number, g2: number, u: number, step: number]): void;
  winograd6WeightRowFloat(...args: [taps: number, g0: number, g1: number, g2: number, u: number, step: number]): void;
  winograd4Input: WinogradInput;
  winograd4Output: WinogradOutput;
  winograd4Weights: WinogradWeights;
  winograd4WeightRow: WinogradWeightRow;
  winograd6Input: WinogradInput;
  winograd6Output: WinogradOutput;
  winograd6Weights: WinogradWeights;
  winograd6WeightRow: WinogradWeightRow;
  winograd6Stride2Input: Stride2Input;
  winograd6Stride2InputInt16: Stride2Input;
  winograd6Stride2WeightRowInt16(
    ...args: [taps: number, channels: number, g0: number, g1: number, phaseBytes: number, u: number, step: number]
  ): void;
  winograd6Stride2Output: WinogradOutput;
  winograd6Stride2WeightRow(
    ...args: [
      taps: number,
      channels: number,
      g0: number,
      g1: number,
      block: number,
      blocks: number,
      u: number,
      step: number,
    ]
  ): void;
  im2col(
    ...args: [...Input, planes: number, kernel: number, stride: number, rows: number, cols: number, a: number]
  ): void;
  pointwiseInputInt16(...args: [...Input, planes: number, stride: number, rows: number, cols: number, a: number]): void;
  pointwiseWeightsInt16(from: number, to: number): void;
  gemmOutput(...args: [m: number, planes: number, stride: number, affine: number, ...Output]): void;
  conv7x7(
    ...args: [
      base: number,
      rowBytes: number,
      low: number,
      high: number,
      top: number,
      zero: number,
      weights: number,
      blocks: number,
      affine: number,
      out: number,
      outRow: number,
      outPlane: number,
      rows: number,
      cols: number,
      relu: boolean,
    ]
  ): void;
  maxPool(
    ...args: [
      base: number,
      rowBytes: number,
      planeBytes: number,
      height: number,
      width: number,
      pad: number,
      planes: number,
      out: number,
      outRow: number,
      outPlane: number,
      top: number,
      rows: number,
      cols: number,
    ]
  ): void;
  scaleBiasRelu(
    ...args: [
      x: number,
      out: number,
      rowBytes: number,
      planeBytes: number,
      planes: number,
      rows: number,
      cols: number,
      affine: number,
    ]
  ): void;
  classLogits(
    ...args: [
      x: number,
      planeBytes: number,
      planes: number,
      cols: number,
      weights: number,
      classes: number,
      out: number,
      classBytes: number,
    ]
  ): void;
  repeatColumns(base: number, lines: number, lineBytes: number, from: number, to: number): void;
  clearMargins(base: number, lines: number, stride: number, cols: number): void;
  clearTail(a: number, step: number, positions: number, groups: number, tiles: number): void;
  int16ToFloat(from: number, count: number, to: number): void;
  int8ToFloat(from: number, count: number, to: number): void;
  u8ToFloat(from: number, count: number, to: number): void;
  u16ToFloat(from: number, count: number, to: number): void;
  standardise(at: number, count: number, mean: number, divisor: number): void;
  countLevels8(from: number, count: number, counts: number): void;
  countLevels16(from: number, count: number, counts: number): void;
  resizeNearest(
    ...args: [
      from: number,
      maps: number,
      height: number,
      width: number,
      to: number,
      outHeight: number,
      outWidth: number,
    ]
  ): void;
  topKMean(values: number, count: number, k: number, keys: number): number;
};

/** Binds the kernels to a memory. Synchronous: the module is compiled already. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const abort = (): never => {
    throw new Error("A kernel aborted.");
  };
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
  const { heapBase } = instance.exports;
  if (!(heapBase instanceof WebAssembly.Global) || heapBase.value > arenaStart) {
    throw new Error("The kernels need more scratch than the arena leaves them.");
  }
  return instance.exports as unknown as Kernels;
}
