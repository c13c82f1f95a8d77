/**
 * @module
 * Channel means and variances as PyTorch's BatchNorm2d takes them in training.
 */
import type { Statistics } from "./refold.ts";

/** Of one batch: `variance` is what the batch is normalised with, `unbiased` what its running variance is made of. */
export type BatchStatistics = Statistics & { unbiased: Float64Array };

/**
 * In float64, the mean first: maps whose mean is far from 0 lose nothing.
 * @param maps of each image, `[channels, height * width]`
 */
export function batchStatistics(maps: readonly Float32Array[], channels: number): BatchStatistics {
  const area = maps[0].length / channels;
  const count = maps.length * area;
  const mean = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (const map of maps) for (let i = c * area; i < (c + 1) * area; i++) sum += map[i];
    const centre = sum / count;
    let square = 0;
    for (const map of maps) for (let i = c * area; i < (c + 1) * area; i++) square += (map[i] - centre) ** 2;
    mean[c] = centre;
    squares[c] = square;
  }
  return { mean, variance: squares.map((sum) => sum / count), unbiased: squares.map((sum) => sum / (count - 1)) };
}

/** Running statistics with `momentum=None`: the mean over batches, every batch alike. */
export class RunningStatistics {
  private readonly mean: Float64Array;
  private readonly variance: Float64Array;
  private batches = 0;

  constructor(channels: number) {
    this.mean = new Float64Array(channels);
    this.variance = new Float64Array(channels);
  }

  add({ mean, unbiased }: BatchStatistics): void {
    this.batches++;
    for (let c = 0; c < mean.length; c++) {
      this.mean[c] += (mean[c] - this.mean[c]) / this.batches;
      this.variance[c] += (unbiased[c] - this.variance[c]) / this.batches;
    }
  }

  /** @returns the means so far; zeros without a batch */
  result(): Statistics {
    return { mean: this.mean.slice(), variance: this.variance.slice() };
  }
}
