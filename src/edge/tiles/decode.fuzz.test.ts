import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { png, pngChunk, pngFile, problemOf, tileFile, tileSize } from "../../../test/support/tiles.ts";
import { decodeTile } from "./decode.ts";

/** mulberry32: a small seeded generator, so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One to eight edits: a byte changed, a run removed, doubled or overwritten, a marker put in, or the end cut. */
function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  let out = [...bytes];
  const below = (n: number) => Math.floor(random() * n);
  for (let edits = 1 + below(8); edits > 0; edits--) {
    const at = 2 + below(out.length - 2);
    const length = below(24);
    switch (below(6)) {
      case 0:
        out[at] = below(256);
        break;
      case 1:
        out.splice(at, length);
        break;
      case 2:
        out.splice(at, 0, ...out.slice(at, at + length));
        break;
      case 3:
        out = out.map((byte, i) => (i >= at && i < at + length ? below(256) : byte));
        break;
      case 4:
        out.splice(at, 2, 0xff, 0xc0 + below(64));
        break;
      default:
        out = out.slice(0, at + 1);
    }
    if (out.length < 16) return Uint8Array.from(out);
  }
  return Uint8Array.from(out);
}

const noise = Uint16Array.from({ length: 37 * 45 }, (_, i) => Math.imul(i, 2654435761) >>> 20);
const filtered = new Uint8Array(46 * 37).map((_, i) => (i % 46 === 0 ? (i / 46) % 5 : i));
const seeds: [string, string, Uint8Array][] = [
  ...["grey.jpg", "progressive.jpg", "restart-7-blocks.jpg", "colour-444.jpg"].map(
    (name): [string, string, Uint8Array] => [name, "image/jpeg", tileFile(name)],
  ),
  ["16-bit PNG", "image/png", png({ ...tileSize, data: noise, channels: 1, depth: 16 })],
  ["PNG of all filters", "image/png", pngFile({ ...tileSize, bits: 8 }, [pngChunk("IDAT", deflateSync(filtered))])],
];

test.each(seeds)(
  "a damaged %s is a tile of the right size or a GlamError, never anything else",
  (_, mediaType, bytes) => {
    const random = generator(20260711);
    const codes = new Map<string | undefined, number>();
    for (let round = 0; round < 700; round++) {
      const damaged = mutate(bytes, random);
      const code = problemOf(() => {
        const tile = decodeTile(damaged, mediaType, tileSize, "tile-0-0");
        expect(tile.pixels.length).toBe(tileSize.height * tileSize.width);
        expect(tile.pixels.BYTES_PER_ELEMENT * 8).toBe(tile.bits);
      });
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(codes.get("tile-damaged")).toBeGreaterThan(50);
  },
);

/** Checksums are recomputed, so that the damage reaches the inflater and the row filters. */
test("a PNG whose damage hides behind right checksums", () => {
  const random = generator(7);
  const stream = deflateSync(filtered);
  for (let round = 0; round < 700; round++) {
    const file = pngFile({ ...tileSize, bits: 8 }, [pngChunk("IDAT", mutate(stream, random))]);
    const code = problemOf(() =>
      expect(decodeTile(file, "image/png", tileSize, "tile-0-0").pixels.length).toBe(37 * 45),
    );
    expect(code ?? "tile-damaged").toBe("tile-damaged");
  }
});
