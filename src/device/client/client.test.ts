import { decode as decodePng } from "fast-png";
import jpeg from "jpeg-js";
import { describe, expect, test } from "vitest";
import type { Canvas } from "../../glam/contracts.ts";
import { encodeTile } from "./encode.ts";
import { encodeGreyJpeg } from "./grey-jpeg.ts";
import { cutTiles } from "./tiles.ts";

/** Smooth waves with a sharp edge and some noise. */
const picture = (height: number, width: number): Uint8Array =>
  Uint8Array.from({ length: height * width }, (_, i) => {
    const y = Math.floor(i / width);
    const x = i % width;
    return x > width * 0.7 ? 0 : 120 + 80 * Math.sin(x / 9) * Math.cos(y / 7) + ((i * 7919) % 13);
  });

describe("encodeGreyJpeg", () => {
  test.each([
    [64, 48],
    [1, 1],
    [7, 9],
    [17, 8],
    [129, 250],
  ])("%i x %i decodes to nearly the same pixels, with one component", (height, width) => {
    const pixels = picture(height, width);
    const file = encodeGreyJpeg({ height, width, pixels }, 95);
    const decoded = jpeg.decode(file, { tolerantDecoding: false, formatAsRGBA: false });
    expect([decoded.height, decoded.width]).toEqual([height, width]);
    const grey =
      decoded.data.length === height * width ? [...decoded.data] : [...decoded.data].filter((_, i) => i % 3 === 0);
    const meanSquare = grey.reduce((sum, v, i) => sum + (v - pixels[i]) ** 2, 0) / grey.length;
    expect(10 * Math.log10(255 ** 2 / meanSquare)).toBeGreaterThan(38);
    const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
    expect(file[frame + 9]).toBe(1);
  });

  test("keeps a background of 0 at 0 and gets smaller with quality", () => {
    const pixels = new Uint8Array(64 * 64);
    expect(jpeg.decode(encodeGreyJpeg({ height: 64, width: 64, pixels }, 95)).data[0]).toBe(0);
    const noisy = {
      height: 64,
      width: 64,
      pixels: Uint8Array.from({ length: 4096 }, (_, i) => (i * 2654435761) >>> 24),
    };
    const sizes = [100, 95, 50, 10, 1].map((quality) => encodeGreyJpeg(noisy, quality).length);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });
});

describe("cutTiles and encodeTile", () => {
  const canvas: Canvas = {
    height: 5,
    width: 7,
    pixels: Uint16Array.from({ length: 35 }, (_, i) => (i % 7 < 4 ? i * 1000 : 0)),
  };

  test("covers the canvas, ends at its edge, and leaves out what is blank", () => {
    const all = cutTiles(canvas, { height: 3, width: 4 }, { skipBlank: false });
    expect(all.map(({ row, col, height, width }) => [row, col, height, width])).toEqual([
      [0, 0, 3, 4],
      [0, 1, 3, 3],
      [1, 0, 2, 4],
      [1, 1, 2, 3],
    ]);
    expect(cutTiles(canvas, { height: 3, width: 4 }, { skipBlank: true }).map(({ col }) => col)).toEqual([0, 0]);
  });

  test("PNG keeps 16 bits, JPEG refuses them", () => {
    const [tile] = cutTiles(canvas, { height: 5, width: 7 }, { skipBlank: true });
    const { bytes, type } = encodeTile(tile, "png");
    expect(type).toBe("image/png");
    expect(decodePng(bytes)).toMatchObject({ depth: 16, channels: 1, data: canvas.pixels });
    expect(() => encodeTile(tile, "jpeg")).toThrow(expect.objectContaining({ code: "tile-bit-depth" }));
  });
});
