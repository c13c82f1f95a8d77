import { deflateSync } from "node:zlib";
import { encode } from "fast-png";
import { encode as encodeColourJpeg } from "jpeg-js";
import { describe, expect, it } from "vitest";
import { tiffOrientation, withOrientation } from "../../../test/support/exif.ts";
import { pngFile, tileFile, tileSize } from "../../../test/support/tiles.ts";
import { decodeJpeg as decodeTileJpeg } from "../../codecs/jpeg/decode-jpeg.ts";
import { turned } from "../../codecs/orientation.ts";
import { encodeTile } from "../client/encode.ts";
import { decodeGreyImage } from "./index.ts";

const height = 6;
const width = 5;
const grey8 = Uint8Array.from({ length: height * width }, (_, i) => (i * 37) % 256);
const grey16 = Uint16Array.from(grey8, (v) => v * 251);
const text = (s: string) => new TextEncoder().encode(s);
const join2 = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** The same grey in all colour channels, alpha at the end where there is one. */
function channelsOf<T extends Uint8Array | Uint16Array>(grey: T, channels: number, alpha: number): T {
  const out =
    grey instanceof Uint8Array ? new Uint8Array(grey.length * channels) : new Uint16Array(grey.length * channels);
  grey.forEach((value, i) => {
    for (let c = 0; c < channels; c++) out[i * channels + c] = channels % 2 === 0 && c === channels - 1 ? alpha : value;
  });
  return out as T;
}

const png = (data: Uint8Array | Uint16Array, channels: number) =>
  encode({ height, width, data, channels, depth: data instanceof Uint8Array ? 8 : 16 });

/** CRC-32 of a PNG chunk. */
function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(text(type), 4);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc(out.subarray(4, 8 + data.length)));
  return out;
}

/** Rewrites the header of a PNG, with a right checksum. */
function withHeader(file: Uint8Array, change: (header: DataView) => void): Uint8Array {
  const data = file.slice(16, 29);
  change(new DataView(data.buffer));
  return join2(file.subarray(0, 8), chunk("IHDR", data), file.subarray(33));
}

const refuses = (bytes: Uint8Array, detail: RegExp) =>
  expect(() => decodeGreyImage(bytes)).toThrow(
    expect.objectContaining({ code: "image-unreadable", message: expect.stringMatching(detail) }),
  );

describe("png", () => {
  it.each([1, 2, 3, 4])("reads 8 and 16 bits in %i channels of the same grey", (channels) => {
    expect(decodeGreyImage(png(channelsOf(grey8, channels, 255), channels))).toEqual({
      height,
      width,
      bits: 8,
      pixels: grey8,
    });
    expect(decodeGreyImage(png(channelsOf(grey16, channels, 65535), channels))).toEqual({
      height,
      width,
      bits: 16,
      pixels: grey16,
    });
  });

  /** Grey 8-bit pixels as palette indices. */
  const palette = (colours: Uint8Array) => {
    const indexed = withHeader(png(grey8, 1), (header) => header.setUint8(9, 3));
    return join2(indexed.subarray(0, 33), chunk("PLTE", colours), indexed.subarray(33));
  };

  it("reads a grey palette and refuses a coloured one", () => {
    const inverse = Uint8Array.from({ length: 768 }, (_, i) => 255 - Math.floor(i / 3));
    expect(decodeGreyImage(palette(inverse)).pixels).toEqual(grey8.map((v) => 255 - v));
    refuses(palette(inverse.map((v, i) => (i === grey8[7] * 3 ? v ^ 1 : v))), /colours/);
  });

  it("reads true colour by its own samples, whatever palette it suggests", () => {
    const inverse = Uint8Array.from({ length: 768 }, (_, i) => 255 - Math.floor(i / 3));
    for (const channels of [1, 2, 3, 4]) {
      const file = png(channelsOf(grey8, channels, 255), channels);
      const suggested = join2(file.subarray(0, 33), chunk("PLTE", inverse), file.subarray(33));
      expect(decodeGreyImage(suggested).pixels).toEqual(grey8);
    }
  });

  it("reads palettes of fewer bits, refuses those that are missing, damaged or transparent", () => {
    const rows = Uint8Array.of(0, 0b00011011, 0, 0b11100100);
    const indexed = (...more: Uint8Array[]) =>
      pngFile({ height: 2, width: 4, bits: 2, colourType: 3 }, [...more, chunk("IDAT", deflateSync(rows))]);
    const colours = chunk("PLTE", Uint8Array.from([0, 0, 0, 50, 50, 50, 90, 90, 90, 200, 200, 200]));
    expect(Array.from(decodeGreyImage(indexed(colours)).pixels)).toEqual([0, 50, 90, 200, 200, 90, 50, 0]);
    const opaque = chunk("tRNS", Uint8Array.of(255, 255));
    expect(decodeGreyImage(indexed(colours, opaque)).pixels[3]).toBe(200);
    refuses(indexed(colours, chunk("tRNS", Uint8Array.of(255, 254))), /transparent/);
    refuses(indexed(), /palette/);
    refuses(indexed(chunk("PLTE", new Uint8Array(4))), /palette/);
    refuses(indexed(chunk("PLTE", new Uint8Array(15))), /palette/);
    refuses(indexed(chunk("PLTE", new Uint8Array(6))), /damaged/);
  });

  it("reads Adam7", () => {
    const rows = Uint8Array.of(0, 7, 7, 7);
    const file = pngFile({ height: 1, width: 1, bits: 8, colourType: 2, interlace: 1 }, [
      chunk("IDAT", deflateSync(rows)),
    ]);
    expect(decodeGreyImage(file)).toEqual({ height: 1, width: 1, bits: 8, pixels: Uint8Array.of(7) });
    refuses(pngFile({ height: 1, width: 1, bits: 2, colourType: 3, interlace: 1 }, []), /interlaced/);
  });

  it("turns what Exif says is to be turned", () => {
    const file = png(grey16, 1);
    const exif = chunk("eXIf", tiffOrientation(6));
    const image = decodeGreyImage(join2(file.subarray(0, 33), exif, file.subarray(33)));
    expect(image).toEqual(turned({ height, width, bits: 16, pixels: grey16 }, 6));
  });

  it("refuses colour and transparency", () => {
    const coloured = channelsOf(grey8, 3, 0);
    coloured[4] ^= 1;
    refuses(png(coloured, 3), /colours/);
    refuses(png(channelsOf(grey8, 2, 254), 2), /transparent/);
    refuses(png(channelsOf(grey16, 4, 65534), 4), /transparent/);
    const file = png(grey8, 1);
    refuses(join2(file.subarray(0, 33), chunk("tRNS", Uint8Array.of(0, 3)), file.subarray(33)), /transparent/);
  });

  it("refuses what is truncated, too large or of another length than it says", () => {
    const file = png(grey8, 1);
    refuses(file.subarray(0, file.length - 20), /damaged/);
    const huge = withHeader(file, (header) => {
      header.setUint32(0, 60000);
      header.setUint32(4, 60000);
    });
    refuses(huge, /60000 x 60000/);
    refuses(
      withHeader(file, (header) => header.setUint32(4, height + 1)),
      /inflate to/,
    );
    refuses(
      withHeader(file, (header) => header.setUint32(4, height - 1)),
      /inflate to/,
    );
    refuses(
      withHeader(file, (header) => header.setUint8(8, 4)),
      /4 bits/,
    );
    const flipped = file.slice();
    flipped[file.length - 18] ^= 255;
    refuses(flipped, /damaged/);
  });
});

describe("jpeg", () => {
  const smooth = Uint8Array.from({ length: 256 }, (_, i) => 40 + (i % 16) * 5 + Math.floor(i / 16) * 4);
  const grey = encodeTile({ height: 16, width: 16, pixels: smooth }, "jpeg").bytes;

  it("reads one grey component, and three that are grey", () => {
    const one = decodeGreyImage(grey);
    expect(one).toMatchObject({ height: 16, width: 16, bits: 8 });
    expect(Math.max(...one.pixels.map((v, i) => Math.abs(v - smooth[i])))).toBeLessThan(4);
    const data = new Uint8Array(1024).map((_, i) => (i % 4 === 3 ? 255 : smooth[i >> 2]));
    const three = decodeGreyImage(new Uint8Array(encodeColourJpeg({ height: 16, width: 16, data }, 95).data));
    expect(Math.max(...three.pixels.map((v, i) => Math.abs(v - smooth[i])))).toBeLessThan(4);
  });

  it("reads restart intervals, sampling factors and progressive files as the tile reader does", () => {
    for (const name of ["progressive.jpg", "restart-7-blocks.jpg", "restart-1-row.jpg", "sampled-2x2.jpg"]) {
      expect(decodeGreyImage(tileFile(name)).pixels).toEqual(
        decodeTileJpeg(tileFile(name), tileSize, "tile-0-0").pixels,
      );
    }
  });

  it("turns what Exif says is to be turned", () => {
    const upright = decodeGreyImage(tileFile("grey.jpg"));
    for (const orientation of [2, 3, 4, 5, 6, 7, 8] as const) {
      expect(decodeGreyImage(withOrientation(tileFile("grey.jpg"), orientation))).toEqual(turned(upright, orientation));
    }
  });

  it("refuses by its header what would take too much memory or is no grey", () => {
    const colour = tileFile("colour-420.jpg").slice();
    const frame = colour.findIndex((byte, i) => byte === 0xff && colour[i + 1] === 0xc0);
    colour.set([0x1f, 0x40, 0x1f, 0x40], frame + 5);
    const before = process.memoryUsage().arrayBuffers;
    refuses(colour, /8000 x 8000.*grey/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
    refuses(tileFile("cmyk.jpg"), /4 colour components/);
    refuses(tileFile("arithmetic.jpg"), /arithmetic/);
    const deep = tileFile("grey.jpg").slice();
    deep[deep.findIndex((byte, i) => byte === 0xff && deep[i + 1] === 0xc0) + 4] = 12;
    refuses(deep, /12 bits/);
  });

  it("refuses colour, truncation and sizes beyond the cap", () => {
    const data = new Uint8Array(1024).map((_, i) => (i % 4 === 0 ? 255 : 20));
    refuses(new Uint8Array(encodeColourJpeg({ height: 16, width: 16, data }, 95).data), /colours/);
    refuses(grey.subarray(0, grey.length - 30), /damaged/);
    const huge = grey.slice();
    const frame = huge.findIndex((byte, i) => byte === 0xff && huge[i + 1] === 0xc0);
    huge.fill(0xea, frame + 5, frame + 9);
    refuses(huge, /60138 x 60138/);
  });
});

describe("pgm", () => {
  it("reads 8 bits and the bits that the largest value needs", () => {
    const eight = join2(text(`P5\n# a comment\n${width} ${height}\n255\n`), grey8);
    expect(decodeGreyImage(eight)).toEqual({ height, width, bits: 8, pixels: grey8 });
    const twelve = grey8.map((v) => v & 15);
    const words = Uint8Array.from([...grey8].flatMap((v, i) => [twelve[i], v]));
    expect(decodeGreyImage(join2(text(`P5 ${width} ${height} 4095\n`), words))).toEqual({
      height,
      width,
      bits: 12,
      pixels: Uint16Array.from(grey8, (v, i) => twelve[i] * 256 + v),
    });
  });

  it("refuses what is truncated, damaged or too large", () => {
    refuses(join2(text(`P5\n${width} ${height}\n255\n`), grey8.subarray(1)), /fewer pixels/);
    refuses(text("P5\nfive 6\n255\n"), /header/);
    refuses(text("P5\n60000 60000\n255\n"), /60000/);
    refuses(join2(text(`P5\n${width} ${height}\n70000\n`), grey8, grey8), /70000/);
    refuses(join2(text(`P5\n${width} ${height}\n99\n`), grey8), /largest/);
  });
});
