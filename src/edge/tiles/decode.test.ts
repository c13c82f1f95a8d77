import { expect, test } from "vitest";
import { png, pngChunk, pngFile, problemOf, tileFile, tileSize } from "../../../test/support/tiles.ts";
import { decodeTile, inspectTile } from "./decode.ts";

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
  for (const read of [decodeTile, inspectTile]) {
    expect(problemOf(() => read(bytes, mediaType, small, "tile-0-0", { maxBytes: bytes === jpeg ? 1e6 : 100 }))).toBe(
      code,
    );
  }
});

test.each([
  ["a PNG", grey, "image/png", small],
  ["a JPEG", jpeg, "image/jpeg", tileSize],
])(
  "an inspection of %s finds wrong sizes and missing ends, and lets only what is inside pass",
  (_, bytes, type, size) => {
    const inspect = (file: Uint8Array, expected = size) =>
      problemOf(() => inspectTile(file, type, expected, "tile-0-0"));
    expect(inspect(bytes)).toBeUndefined();
    expect(inspect(bytes, { height: size.width, width: size.height })).toBe("tile-wrong-size");
    for (const length of [8, 20, bytes.length >> 1, bytes.length - 2]) {
      expect(inspect(bytes.subarray(0, length))).toBe("tile-damaged");
    }
  },
);

test("pixels that cannot be inflated show when they are decoded", () => {
  const broken = pngFile({ ...small, bits: 8 }, [pngChunk("IDAT", Uint8Array.of(0x78, 0x9c, 0xff))]);
  expect(problemOf(() => inspectTile(broken, "image/png", small, "tile-0-0"))).toBeUndefined();
  expect(problemOf(() => decodeTile(broken, "image/png", small, "tile-0-0"))).toBe("tile-damaged");
});

test.each([
  ["", /without a Content-Type/],
  ["image/jpg", /image\/jpg, which is registered as image\/jpeg/],
  ["application/octet-stream", /application\/octet-stream/],
  ["Jane Doe", /something else/],
])("a tile declared as %j: the error says what was seen", (type, message) => {
  expect(() => decodeTile(grey, type, small, "tile-0-0")).toThrow(
    expect.objectContaining({ code: "unsupported-media-type", message: expect.stringMatching(message) }),
  );
});

test("bytes that lie inside a larger buffer", () => {
  const outer = new Uint8Array(grey.length + 11);
  outer.set(grey, 5);
  const tile = decodeTile(outer.subarray(5, 5 + grey.length), "image/png", small, "tile-0-0");
  expect([...tile.pixels]).toEqual([1, 2, 3, 4, 5, 6]);
});
