import { deflateSync } from "node:zlib";
import { decode as fastPng } from "fast-png";
import { expect, test } from "vitest";
import { pngChunk, pngFile } from "../../../test/support/tiles.ts";
import { decodeSamples } from "./decode-png.ts";
import { readPng } from "./read-png.ts";

/** Bytes that look like filtered rows of any kind: each row has the next filter. */
function rows(height: number, bytes: number): Uint8Array {
  let state = 7 * height + bytes;
  return Uint8Array.from({ length: height * (bytes + 1) }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return i % (bytes + 1) === 0 ? Math.floor(i / (bytes + 1)) % 5 : state >>> 24;
  });
}

test.each([
  [0, 1],
  [2, 3],
  [4, 2],
  [6, 4],
])("every filter of colour type %i is undone as fast-png undoes it", (colourType, channels) => {
  for (const bits of [8, 16]) {
    for (const [height, width] of [
      [1, 1],
      [11, 1],
      [12, 7],
      [31, 18],
    ]) {
      const data = rows(height, (width * channels * bits) / 8);
      const file = pngFile({ height, width, bits, colourType }, [pngChunk("IDAT", deflateSync(data))]);
      const samples = decodeSamples(
        readPng(file, undefined, () => {}),
        undefined,
      );
      expect(Array.from(samples)).toEqual(Array.from(fastPng(file).data));
    }
  }
});
