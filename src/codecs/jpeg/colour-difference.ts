/**
 * @module
 * Whether a JPEG in brightness and two colour differences has colours, by the means of its blocks (DC coefficients): found in a
 * pass over the coded data that stores nothing, before a decoder has all components in memory.
 */
import type { Component } from "./frame.ts";
import { type HuffmanCodes, readHuffmanCodes } from "./huffman-codes.ts";
import type { Jpeg } from "./read-jpeg.ts";
import { unitsOf } from "./restarts.ts";
import { marker } from "./segments.ts";

/** Coded data from one restart to the next; throws RangeError where they end. */
type Bits = {
  symbol(codes: HuffmanCodes): number;
  difference(size: number): number;
  skip(count: number): void;
  restart(): void;
};

/** What a scan's blocks belong to: factors, tables, quantiser of the mean. */
type Part = {
  component: Component;
  colour: boolean;
  blocks: number;
  dc: HuffmanCodes;
  ac: HuffmanCodes | undefined;
  quantiser: number;
};

/**
 * Whether the mean of a block is off grey by half a level or more, so that one of its pixels is coloured.
 * @returns false where no block is, and for damaged data, which the decoder reports
 */
export function hasColour(jpeg: Jpeg): boolean {
  const { frame, parts } = jpeg;
  const codes = new Map<number, HuffmanCodes>();
  const quantisers = new Map<number, number>();
  const quantiserOf = parts.find((part) => part[1] >= marker.sof0 && part[1] <= marker.sof2);
  let interval = 0;
  for (const part of parts.slice(1, -1)) {
    const payload = part.subarray(4, 2 + ((part[2] << 8) | part[3]));
    if (part[1] === marker.dht) readHuffmanCodes(payload, codes);
    else if (part[1] === marker.dqt) readQuantisers(payload, quantisers);
    else if (part[1] === marker.dri) interval = (payload[0] << 8) | payload[1];
    if (part[1] !== marker.sos) continue;
    const [count] = payload;
    const [first, , approximation] = payload.subarray(1 + 2 * count);
    // Later scans of a progressive file refine what the first one of each component says.
    if (first !== 0 || approximation >> 4 !== 0) continue;
    const chosen = Array.from({ length: count }, (_, i) => {
      const index = frame.components.findIndex(({ id }) => id === payload[1 + 2 * i]);
      const tables = payload[2 + 2 * i];
      const component = frame.components[index];
      const { h, v } = component;
      const dc = codes.get(tables >> 4);
      const ac = frame.progressive ? undefined : codes.get(16 | (tables & 15));
      const quantiser = (quantisers.get(quantiserOf?.[12 + 3 * index] ?? -1) ?? 0) * 2 ** (approximation & 15);
      return dc && { component, colour: index > 0, blocks: count === 1 ? 1 : h * v, dc, ac, quantiser };
    });
    const whole = chosen.filter((part) => part !== undefined);
    const units = unitsOf(frame, { components: whole.map(({ component }) => component), interval });
    const bits = readBits(part, 4 + payload.length);
    if (whole.length === count && walk(whole, units, interval, bits)) return true;
  }
  return false;
}

function walk(parts: Part[], units: number, interval: number, bits: Bits): boolean {
  const means = parts.map(() => 0);
  try {
    for (let unit = 0; unit < units; unit++) {
      if (interval > 0 && unit > 0 && unit % interval === 0) {
        bits.restart();
        means.fill(0);
      }
      for (const [i, { blocks, dc, ac, colour, quantiser }] of parts.entries()) {
        for (let block = 0; block < blocks; block++) {
          means[i] += bits.difference(bits.symbol(dc));
          if (colour && Math.abs(means[i] * quantiser) >= 4) return true;
          if (ac) skipRest(bits, ac);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return false;
}

/** The other 63 coefficients of a block (T.81 F.2.2.2). */
function skipRest(bits: Bits, ac: HuffmanCodes): void {
  for (let k = 1; k < 64; k++) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    if (size === 0 && symbol !== 0xf0) return;
    bits.skip(size);
    k += symbol >> 4;
  }
}

function readBits(data: Uint8Array, start: number): Bits {
  let [at, byte, left] = [start, 0, 0];

  function bit(): number {
    if (left === 0) {
      byte = data[at++];
      if (byte === 0xff && data[at++] !== 0) throw new RangeError("a marker");
      if (byte === undefined) throw new RangeError("the end");
      left = 8;
    }
    left--;
    return (byte >> left) & 1;
  }

  function symbol({ counts, symbols }: HuffmanCodes): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 0; length < 16; length++) {
      code |= bit();
      if (code - first < counts[length]) return symbols[index + code - first];
      index += counts[length];
      first = (first + counts[length]) << 1;
      code <<= 1;
    }
    throw new RangeError("no such code");
  }

  function difference(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = 2 * value + bit();
    return size > 0 && value < 2 ** (size - 1) ? value - 2 ** size + 1 : value;
  }

  function skip(count: number): void {
    for (let i = 0; i < count; i++) bit();
  }

  function restart(): void {
    left = 0;
    if (data[at] !== 0xff || data[at + 1] < marker.rst0 || data[at + 1] > marker.rst7)
      throw new RangeError("no restart");
    at += 2;
  }

  return { symbol, difference, skip, restart };
}

/** DQT: the first value of each table, which is that of the mean. */
function readQuantisers(payload: Uint8Array, quantisers: Map<number, number>): void {
  for (let at = 0; at < payload.length; ) {
    const wide = payload[at] >> 4 === 1;
    quantisers.set(payload[at] & 15, wide ? (payload[at + 1] << 8) | payload[at + 2] : payload[at + 1]);
    at += wide ? 129 : 65;
  }
}
