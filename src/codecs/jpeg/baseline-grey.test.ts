import { expect, test } from "vitest";
import { tileFile } from "../../../test/support/tiles.ts";
import { encodeGreyJpeg } from "../../device/client/grey-jpeg.ts";
import { GlamError } from "../../glam/problem.ts";
import { createRandom } from "../../phantom/random.ts";
import { decodeBaselineGrey } from "./baseline-grey.ts";
import { decodeRgb } from "./decode-jpeg.ts";
import { type Jpeg, readJpeg } from "./read-jpeg.ts";

const read = (bytes: Uint8Array): Jpeg => readJpeg(bytes, undefined, () => {});

/** What jpeg-js makes of it. */
const reference = (jpeg: Jpeg): Uint8Array => decodeRgb(jpeg, undefined).filter((_, i) => i % 3 === 0);

/** Background, smooth tissue, noise and hard edges, so that blocks have from no to 63 coefficients. */
function picture(height: number, width: number, seed: number): Uint8Array {
  const random = createRandom(seed, "picture");
  return Uint8Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    if (x > 0.7 * width) return 0;
    const smooth = 120 + 80 * Math.sin(y / 9) * Math.cos(x / 13);
    return y < height / 2
      ? smooth
      : x < width / 3
        ? 255 * (random.uniform(0, 1) < 0.5 ? 0 : 1)
        : smooth * random.uniform(0, 1);
  });
}

test.each([
  [1, 1, 90],
  [8, 8, 100],
  [7, 17, 50],
  [64, 72, 1],
  [100, 99, 100],
  [33, 256, 75],
])("%i x %i pixels of quality %i are those of jpeg-js to the last bit", (height, width, quality) => {
  for (let seed = 1; seed <= 3; seed++) {
    const jpeg = read(encodeGreyJpeg({ height, width, pixels: picture(height, width, seed) }, quality));
    const pixels = decodeBaselineGrey(jpeg);
    expect(pixels).toBeDefined();
    expect(pixels).toEqual(reference(jpeg));
  }
});

test("a file of libjpeg is read, other kinds are left to jpeg-js", () => {
  const grey = read(tileFile("grey.jpg"));
  expect(decodeBaselineGrey(grey)).toEqual(reference(grey));
  for (const name of ["progressive.jpg", "restart-7-blocks.jpg", "restart-1-row.jpg", "colour-444.jpg"]) {
    expect(decodeBaselineGrey(read(tileFile(name)))).toBeUndefined();
  }
});

test("a damaged file is never read as another image than jpeg-js reads", () => {
  const random = createRandom(7, "damage");
  const below = (n: number) => Math.floor(random.uniform(0, 1) * n);
  const counts = { same: 0, left: 0 };
  for (let i = 0; i < 1500; i++) {
    const bytes = encodeGreyJpeg({ height: 24, width: 40, pixels: picture(24, 40, i) }, 30 + below(70));
    for (let edits = 1 + below(3); edits > 0; edits--) {
      const at = 20 + below(bytes.length - 22);
      bytes[at] = below(3) === 0 ? 255 - below(2) : below(256);
    }
    let jpeg: Jpeg;
    try {
      jpeg = read(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(GlamError);
      continue;
    }
    const pixels = decodeBaselineGrey(jpeg);
    if (pixels === undefined) counts.left++;
    else {
      expect(pixels).toEqual(reference(jpeg));
      counts.same++;
    }
  }
  expect(counts.same).toBeGreaterThan(100);
  expect(counts.left).toBeGreaterThan(100);
});

test("a scan that ends early is left to jpeg-js", () => {
  const bytes = encodeGreyJpeg({ height: 64, width: 64, pixels: picture(64, 64, 1) }, 90);
  const cut = Uint8Array.from([...bytes.subarray(0, bytes.length - 40), 0xff, 0xd9]);
  expect(decodeBaselineGrey(read(cut))).toBeUndefined();
  expect(() => reference(read(cut))).toThrow(GlamError);
});
