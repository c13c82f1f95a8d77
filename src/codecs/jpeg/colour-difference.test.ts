import { encode } from "jpeg-js";
import { expect, test } from "vitest";
import { tileFile } from "../../../test/support/tiles.ts";
import { hasColour } from "./colour-difference.ts";
import { decodeRgb } from "./decode-jpeg.ts";
import { readJpeg } from "./read-jpeg.ts";

const read = (bytes: Uint8Array) => readJpeg(bytes, undefined, () => {});
const [height, width] = [40, 56];

/** A grey ramp as a colour JPEG, and some pixels of it in another colour. */
function picture(coloured: (i: number) => boolean, by = 60): Uint8Array {
  const data = new Uint8Array(4 * height * width);
  for (let i = 0; i < height * width; i++) {
    const grey = 60 + ((i * 3) % 90);
    data.set([grey + (coloured(i) ? by : 0), grey, grey, 255], 4 * i);
  }
  return new Uint8Array(encode({ height, width, data }, 90).data);
}

test("a grey picture has none, one with a coloured corner has", () => {
  expect(hasColour(read(picture(() => false)))).toBe(false);
  expect(hasColour(read(picture(() => true)))).toBe(true);
  expect(hasColour(read(picture((i) => i >= (height - 8) * width && i % width >= width - 8)))).toBe(true);
});

test("what it calls coloured is coloured when decoded", () => {
  for (const by of [0, 1, 2, 3, 5, 9]) {
    const jpeg = read(picture((i) => i % width > 40, by));
    const rgb = decodeRgb(jpeg, undefined);
    const isGrey = rgb.every((value, i) => value === rgb[i - (i % 3)]);
    if (isGrey) expect(hasColour(jpeg)).toBe(false);
  }
});

test.each(["colour-420.jpg", "colour-444.jpg", "colour-444-progressive.jpg"])("%s has colours", (name) => {
  expect(hasColour(read(tileFile(name)))).toBe(true);
});

test("damaged data are no matter of its", () => {
  const bytes = picture(() => false);
  const scan = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);
  for (let cut = scan + 14; cut < bytes.length - 2; cut += 9) {
    expect(hasColour(read(Uint8Array.from([...bytes.subarray(0, cut), 0xff, 0xd9])))).toBe(false);
  }
});
