/**
 * @module
 * A stream of zlib (RFC 1950, 1951) of runs: a byte, and how often it is repeated. What zlib calls Z_RLE, for data of which most
 * is known to repeat before it is written: a run takes a few steps, however long it is.
 */
import { huffmanLengths, huffmanWords } from "./huffman-lengths.ts";

/** Takes bytes in order. */
export type RunDeflater = {
  /** The same byte `count` times. */
  run(byte: number, count: number): void;
  /** Any bytes. */
  bytes(bytes: Uint8Array): void;
  /** @returns the whole stream */
  finish(): Uint8Array;
};

/** Symbols of a block, each with its own codes. */
const BLOCK = 16 * 1024;
/** Shortest and longest copy. */
const [LEAST, MOST] = [3, 258];
/** The symbol that ends a block, and the first of the lengths. */
const [END, FIRST_LENGTH] = [256, 257];
/** Order of the code lengths of code lengths. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Symbol, number of additional bits and their value, of each length of a copy. */
const copies = Array.from({ length: MOST + 1 }, (_, length) => {
  if (length === MOST) return { symbol: 285, extra: 0, value: 0 };
  const steps = Math.max(0, length - LEAST);
  const extra = steps < 8 ? 0 : Math.floor(Math.log2(steps)) - 2;
  return { symbol: FIRST_LENGTH + 4 * extra + (steps >> extra), extra, value: steps & ((1 << extra) - 1) };
});

const ADLER = 65521;

/** @example const deflater = deflateRuns(); deflater.run(0, 1_000_000); deflater.finish(); // 20 bytes */
export function deflateRuns(): RunDeflater {
  const bits = createBits();
  /** Bytes, and 256 + length of a copy of the byte before it. */
  const symbols = new Uint16Array(BLOCK);
  let count = 0;
  let [sum, sums] = [1, 0];
  // Deflate with a window of 32 KiB, no dictionary.
  bits.add(0x78, 8);
  bits.add(0x01, 8);

  const put = (symbol: number): void => {
    if (count === BLOCK) {
      writeBlock(bits, symbols, false);
      count = 0;
    }
    symbols[count++] = symbol;
  };

  function run(byte: number, length: number): void {
    sums = (sums + length * sum + byte * ((length * (length + 1)) / 2)) % ADLER;
    sum = (sum + byte * length) % ADLER;
    let left = length;
    if (left > 0) {
      put(byte);
      left--;
    }
    // A rest that is too short for a copy is taken from the copy before it.
    for (; left >= LEAST; ) {
      const rest = left - MOST;
      const copy = rest <= 0 ? left : rest < LEAST && rest > 0 ? MOST - LEAST : MOST;
      put(256 + copy);
      left -= copy;
    }
    for (; left > 0; left--) put(byte);
  }

  return {
    run,
    bytes(bytes) {
      for (let i = 0; i < bytes.length; ) {
        const byte = bytes[i];
        let end = i + 1;
        while (end < bytes.length && bytes[end] === byte) end++;
        run(byte, end - i);
        i = end;
      }
    },
    finish() {
      writeBlock(bits, symbols.subarray(0, count), true);
      bits.align();
      for (const half of [sums, sum]) {
        bits.add(half >> 8, 8);
        bits.add(half & 255, 8);
      }
      return bits.bytes();
    },
  };
}

/** One block with codes of its own. */
function writeBlock(bits: Bits, symbols: Uint16Array, last: boolean): void {
  const counts = new Uint32Array(286);
  for (const symbol of symbols) counts[symbol < 256 ? symbol : copies[symbol - 256].symbol]++;
  counts[END] = 1;
  const lengths = huffmanLengths(counts, 15);
  const words = huffmanWords(lengths);
  bits.add(last ? 1 : 0, 1);
  bits.add(2, 2);
  writeLengths(bits, lengths);
  for (const symbol of symbols) {
    if (symbol < 256) {
      bits.add(words[symbol], lengths[symbol]);
      continue;
    }
    const copy = copies[symbol - 256];
    bits.add(words[copy.symbol], lengths[copy.symbol]);
    bits.add(copy.value, copy.extra);
    // The only distance, 1, in a code of one bit.
    bits.add(0, 1);
  }
  bits.add(words[END], lengths[END]);
}

/** The code lengths of bytes and copies, and of the one distance, themselves in a code; runs of zeros are shortened. */
function writeLengths(bits: Bits, lengths: Uint8Array): void {
  const used = lengths.findLastIndex((length) => length > 0) + 1;
  const all = [...lengths.subarray(0, used), 1];
  const symbols: { symbol: number; value: number; extra: number }[] = [];
  for (let i = 0; i < all.length; ) {
    let end = i;
    while (end < all.length && all[end] === 0 && end - i < 138) end++;
    const zeros = end - i;
    if (zeros >= 11) symbols.push({ symbol: 18, value: zeros - 11, extra: 7 });
    else if (zeros >= 3) symbols.push({ symbol: 17, value: zeros - 3, extra: 3 });
    else symbols.push({ symbol: all[i], value: 0, extra: 0 });
    i += zeros >= 3 ? zeros : 1;
  }
  const counts = new Uint32Array(19);
  for (const { symbol } of symbols) counts[symbol]++;
  const own = huffmanLengths(counts, 7);
  const words = huffmanWords(own);
  const sent = ORDER.findLastIndex((symbol) => own[symbol] > 0) + 1;
  bits.add(used - FIRST_LENGTH, 5);
  bits.add(0, 5);
  bits.add(sent - 4, 4);
  for (const symbol of ORDER.slice(0, sent)) bits.add(own[symbol], 3);
  for (const { symbol, value, extra } of symbols) {
    bits.add(words[symbol], own[symbol]);
    bits.add(value, extra);
  }
}

/** Bits, the lowest first, in an array that grows. */
type Bits = { add(value: number, count: number): void; align(): void; bytes(): Uint8Array };

function createBits(): Bits {
  let out = new Uint8Array(4096);
  let [length, pending, held] = [0, 0, 0];
  return {
    add(value, count) {
      pending |= value << held;
      held += count;
      while (held >= 8) {
        if (length === out.length) {
          const larger = new Uint8Array(2 * length);
          larger.set(out);
          out = larger;
        }
        out[length++] = pending & 255;
        pending >>>= 8;
        held -= 8;
      }
    },
    align() {
      if (held > 0) this.add(0, 8 - held);
    },
    bytes: () => out.subarray(0, length),
  };
}
