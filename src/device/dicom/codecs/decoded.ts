/**
 * @module
 * What the readers of compressed frames give.
 */

/**
 * Samples `[height, width]` row-major; `precision` is the bits of a sample by the stream's own header. Negative samples of a
 * signed stream are two's complement of the array's word.
 */
export type Decoded = { samples: Uint8Array | Uint16Array; precision: number; signed: boolean };
