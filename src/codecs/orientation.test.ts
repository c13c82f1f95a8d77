import { expect, test } from "vitest";
import { letters, tiffOrientation } from "../../test/support/exif.ts";
import { type Orientation, readOrientation, turned } from "./orientation.ts";

/** What `ImageOps.exif_transpose` of Pillow makes of rows abc, def. */
const shown: Record<Orientation, string> = {
  1: "abc/def",
  2: "cba/fed",
  3: "fed/cba",
  4: "def/abc",
  5: "ad/be/cf",
  6: "da/eb/fc",
  7: "fc/eb/da",
  8: "cf/be/ad",
};

test.each(Object.entries(shown))("orientation %s shows %s", (orientation, rows) => {
  for (const Words of [Uint8Array, Uint16Array]) {
    const pixels = Words.from(letters("abcdef"));
    const image = turned({ height: 2, width: 3, pixels }, Number(orientation) as Orientation);
    const lines = Array.from({ length: image.height }, (_, y) =>
      String.fromCharCode(...image.pixels.subarray(y * image.width, (y + 1) * image.width)),
    );
    expect(lines.join("/")).toBe(rows);
    expect(image.pixels).toBeInstanceOf(Words);
  }
});

test.each([true, false])(
  "is read in either byte order, behind other entries, as BYTE, SHORT or LONG, signed or not",
  (little) => {
    for (const type of [1, 3, 4, 6, 8, 9]) {
      for (let value = 1; value <= 8; value++)
        expect(readOrientation(tiffOrientation(value, { little, type }))).toBe(value);
    }
  },
);

test("what is damaged, missing or no orientation is upright", () => {
  const sound = tiffOrientation(6);
  for (let length = 0; length < sound.length - 4; length++) expect(readOrientation(sound.subarray(0, length))).toBe(1);
  for (const value of [0, 9, 255]) expect(readOrientation(tiffOrientation(value))).toBe(1);
  expect(readOrientation(tiffOrientation(6, { type: 2 }))).toBe(1);
  expect(readOrientation(tiffOrientation(6, { tag: 0x0113 }))).toBe(1);
  expect(readOrientation(tiffOrientation(6, { directory: 0xfffffff0 }))).toBe(1);
});
