/**
 * @module
 * Seeded random numbers. Every use takes its own stream, so that drawing more of one thing does not shift another.
 */

/** A generator of one stream. */
export type Random = {
  /** 32 random bits as an unsigned integer. */
  bits(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** True with probability p. */
  chance(p: number): boolean;
  /** About normal: mean 0, standard deviation 1, |value| < 3.5. */
  normal(): number;
};

/** 32-bit finaliser with full avalanche (lowbias32 constants). */
export function mix32(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hash of a seed (an integer up to 2^53) and the name of a stream: 32 bits. */
export function streamSeed(seed: number, stream: string): number {
  let h = mix32(seed >>> 0) ^ mix32(Math.floor(seed / 0x100000000) + 0x9e3779b9);
  for (let i = 0; i < stream.length; i++) h = mix32(h ^ Math.imul(stream.charCodeAt(i) + 1, 0x01000193));
  return h >>> 0;
}

const BYTE_SUM_SCALE = 1 / Math.sqrt((4 * (256 * 256 - 1)) / 12);

/** Sum of four bytes, centred and scaled: about normal with mean 0 and standard deviation 1. */
export const normalOfBits = (bits: number): number =>
  ((bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - 510) * BYTE_SUM_SCALE;

/** The sfc32 generator, seeded from `seed` and `stream`. */
export function createRandom(seed: number, stream: string): Random {
  let a = streamSeed(seed, stream) | 0;
  let b = mix32(a + 0x9e3779b9) | 0;
  let c = mix32(b + 0x85ebca6b) | 0;
  let counter = 1;
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const uniform = (low: number, high: number) => low + (high - low) * (bits() / 0x100000000);
  return {
    bits,
    uniform,
    below: (n) => Math.floor((bits() / 0x100000000) * n),
    chance: (p) => bits() / 0x100000000 < p,
    normal: () => normalOfBits(bits()),
  };
}
