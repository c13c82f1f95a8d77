import { inflateSync } from "node:zlib";
import { unzlibSync } from "fflate";
import { expect, test } from "vitest";
import { createRandom } from "../../phantom/random.ts";
import { deflateRuns } from "./deflate-runs.ts";
import { huffmanLengths } from "./huffman-lengths.ts";

/** What two readers of zlib streams make of it; the first one checks its sum. */
function inflated(stream: Uint8Array): Buffer {
  const bytes = inflateSync(stream);
  expect(bytes.equals(unzlibSync(stream))).toBe(true);
  return bytes;
}

test("runs of every length come back, and a long one takes few bytes", () => {
  const deflater = deflateRuns();
  const parts: Buffer[] = [];
  for (let length = 0; length < 1100; length++) {
    deflater.run(length & 255, length);
    parts.push(Buffer.alloc(length, length & 255));
  }
  expect(inflated(deflater.finish()).equals(Buffer.concat(parts))).toBe(true);

  const long = deflateRuns();
  long.run(7, 1_000_000);
  const stream = long.finish();
  expect(inflated(stream).equals(Buffer.alloc(1_000_000, 7))).toBe(true);
  expect(stream.length).toBeLessThan(1100);
});

test("nothing, noise over several blocks, and mixtures come back", () => {
  expect(inflated(deflateRuns().finish()).length).toBe(0);
  const random = createRandom(3, "deflate");
  for (let i = 0; i < 60; i++) {
    const deflater = deflateRuns();
    const skew = random.uniform(0.2, 30);
    const bytes = Buffer.from(
      Array.from({ length: i * 1500 }, () => Math.floor(255.99 * random.uniform(0, 1) ** skew)),
    );
    const cut = Math.floor(bytes.length / 3);
    deflater.bytes(bytes.subarray(0, cut));
    deflater.run(5, i);
    deflater.bytes(bytes.subarray(cut));
    const whole = Buffer.concat([bytes.subarray(0, cut), Buffer.alloc(i, 5), bytes.subarray(cut)]);
    expect(inflated(deflater.finish()).equals(whole), `mixture ${i}`).toBe(true);
  }
});

test("no word is longer than allowed, and lengths make a whole code", () => {
  const fibonacci = [1, 1];
  while (fibonacci.length < 40) fibonacci.push(fibonacci[fibonacci.length - 1] + fibonacci[fibonacci.length - 2]);
  for (const [counts, most] of [
    [fibonacci, 15],
    [fibonacci.slice(0, 19), 7],
    [[0, 3, 0, 1], 7],
  ] as const) {
    const lengths = huffmanLengths(counts, most);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(most);
    const share = [...lengths].reduce((sum, length) => sum + (length > 0 ? 2 ** -length : 0), 0);
    expect(share).toBe(1);
    expect([...lengths].map((length) => length > 0)).toEqual(counts.map((count) => count > 0));
  }
  expect([...huffmanLengths([0, 9], 7)]).toEqual([0, 1]);
});
