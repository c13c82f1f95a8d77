import { expect, test } from "vitest";
import { png, problemOf, tileFile, tileSize } from "../../test/support/tiles.ts";
import { decodeTile } from "./decode.ts";

const jpeg = tileFile("grey.jpg");
const grey = png({ height: 2, width: 3, data: Uint8Array.from([1, 2, 3, 4, 5, 6]), channels: 1, depth: 8 });
const small = { height: 2, width: 3 };

test("reads by the declared media type, whatever its case and parameters", () => {
  expect([...decodeTile(grey, "IMAGE/PNG; foo=bar", small, "tile-0-0").pixels]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(decodeTile(jpeg, "image/jpeg", tileSize, "tile-0-0").bits).toBe(8);
});

test.each([
  ["another media type", grey, "image/webp", "unsupported-media-type"],
  ["no media type", grey, "", "unsupported-media-type"],
  ["a PNG declared as JPEG", grey, "image/jpeg", "unsupported-media-type"],
  ["a JPEG declared as PNG", jpeg, "image/png", "unsupported-media-type"],
  ["something else", Uint8Array.from([0x47, 0x49, 0x46, 0x38, 0x39]), "image/png", "tile-damaged"],
  ["nothing", new Uint8Array(0), "image/jpeg", "tile-damaged"],
  ["too many bytes", new Uint8Array(101), "image/png", "tile-too-large"],
])("%s", (_, bytes, mediaType, code) => {
  expect(
    problemOf(() => decodeTile(bytes, mediaType, small, "tile-0-0", { maxBytes: bytes === jpeg ? 1e6 : 100 })),
  ).toBe(code);
});

test("bytes that lie inside a larger buffer", () => {
  const outer = new Uint8Array(grey.length + 11);
  outer.set(grey, 5);
  const tile = decodeTile(outer.subarray(5, 5 + grey.length), "image/png", small, "tile-0-0");
  expect([...tile.pixels]).toEqual([1, 2, 3, 4, 5, 6]);
});
