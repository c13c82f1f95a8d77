/**
 * @module
 * The distribution of absolute differences between probabilities, without keeping them all.
 */

const bins = 10_000;

/** Absolute differences from 0 to 1; percentiles are good to 1e-4, the maximum is exact. */
export class ErrorDistribution {
  private readonly counts = new Float64Array(bins + 1);
  private total = 0;
  maximum = 0;

  /** Adds the differences of two arrays of the same length. @returns this */
  add(a: Float32Array, b: Float32Array): this {
    if (a.length !== b.length) throw new RangeError(`${a.length} values against ${b.length}`);
    for (let i = 0; i < a.length; i++) {
      const difference = Math.abs(a[i] - b[i]);
      // A NaN must show up as the largest error, never disappear.
      const known = Number.isNaN(difference) ? 1 : Math.min(1, difference);
      this.counts[Math.ceil(known * bins)] += 1;
      if (known > this.maximum) this.maximum = known;
    }
    this.total += a.length;
    return this;
  }

  /**
   * @param part 0 to 1
   * @returns the smallest difference (rounded up to a bin) that `part` of all values do not exceed; 0 without values
   */
  percentile(part: number): number {
    let seen = 0;
    for (let bin = 0; bin <= bins; bin++) {
      seen += this.counts[bin];
      if (seen >= part * this.total) return Math.min(bin / bins, this.maximum);
    }
    return this.maximum;
  }
}
