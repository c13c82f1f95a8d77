/**
 * @module
 * Binary frames to bits (PS3.5 section 8.2): one stream, the first pixel in the lowest bit; a frame may begin inside a byte.
 */

/**
 * @param frames each 0 or 1, `[height, width]` row-major
 * @returns an even number of bytes
 */
export function packFrames(frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const total = frames.reduce((sum, { length }) => sum + length, 0);
  const out = new Uint8Array(2 * Math.ceil(total / 16));
  let bit = 0;
  for (const frame of frames) {
    for (const value of frame) {
      if (value !== 0) out[bit >> 3] |= 1 << (bit & 7);
      bit++;
    }
  }
  return out;
}
