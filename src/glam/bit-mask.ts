/**
 * @module
 * A binary image in bits.
 */

/** Pixels of a binary image, all 0 at first. */
export type BitMask = { get(x: number, y: number): boolean; set(x: number, y: number): void };

/** @example createBitMask(2944, 1920) // 0.7 MB */
export function createBitMask(height: number, width: number): BitMask {
  const bits = new Uint32Array(Math.ceil((height * width) / 32));
  return {
    /** Outside of the image every pixel is 0. */
    get(x, y) {
      if (x < 0 || y < 0 || x >= width || y >= height) return false;
      const i = y * width + x;
      return ((bits[i >>> 5] >>> (i & 31)) & 1) === 1;
    },
    set(x, y) {
      const i = y * width + x;
      bits[i >>> 5] |= 1 << (i & 31);
    },
  };
}
