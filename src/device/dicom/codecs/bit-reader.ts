/**
 * @module
 * Huffman codes and bits of a JPEG scan (ITU-T T.81, annexes C and F).
 */
import type { HuffmanCodes } from "../../../codecs/jpeg/huffman-codes.ts";
import { unreadable } from "../problems.ts";

/** Length and symbol, `length << 8 | symbol`, of the code that begins a 16-bit word; 0 where none does. */
export type HuffmanTable = Uint16Array;

/** @throws GlamError `dicom-unreadable` when the lengths are those of no prefix code */
export function huffmanTable({ counts, symbols }: HuffmanCodes): HuffmanTable {
  const table = new Uint16Array(65536);
  let [start, next] = [0, 0];
  for (let bits = 1; bits <= 16; bits++) {
    const span = 2 ** (16 - bits);
    for (let k = 0; k < counts[bits - 1]; k++, start += span) {
      if (start + span > 65536) throw unreadable("A Huffman table of the JPEG stream is damaged.");
      table.fill((bits << 8) | symbols[next++], start, start + span);
    }
  }
  return table;
}

/** Reads one restart interval. Throws GlamError `dicom-unreadable` when it ends too early. */
export type BitReader = { symbol(table: HuffmanTable): number; difference(category: number): number };

/** @param bytes entropy-coded data without stuffed bytes */
export function createBitReader(bytes: Uint8Array): BitReader {
  let position = 0;
  let pending = 0;
  let count = 0;

  /** The next 16 bits; beyond the end there are ones, which `skip` refuses to pass. */
  function peek(): number {
    while (count < 16) {
      pending = ((pending << 8) | (position < bytes.length ? bytes[position] : 0xff)) & 0xffffff;
      position++;
      count += 8;
    }
    return (pending >> (count - 16)) & 0xffff;
  }

  function skip(bits: number): void {
    count -= bits;
    if (8 * position - count > 8 * bytes.length) throw unreadable("The JPEG stream ends before the image does.");
  }

  function symbol(table: HuffmanTable): number {
    const entry = table[peek()];
    if (entry === 0) throw unreadable("The JPEG stream is damaged: there is no such Huffman code.");
    skip(entry >> 8);
    return entry & 255;
  }

  /** A difference of `category` bits (T.81 F.2.2.1); category 16 has no bits and means 32768. */
  function difference(category: number): number {
    if (category === 0) return 0;
    if (category === 16) return 32768;
    const value = peek() >> (16 - category);
    skip(category);
    return value < 2 ** (category - 1) ? value - 2 ** category + 1 : value;
  }

  return { symbol, difference };
}
