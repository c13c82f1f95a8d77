/**
 * @module
 * A small RGB picture to draw on: pixels, boxes, polylines and text.
 */
import { readFileSync } from "node:fs";
import { decode, encode } from "fast-png";

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Glyphs of ASCII 32 to 126 side by side, DejaVu Sans Mono Bold at 16 px (Bitstream Vera licence). */
const font = decode(readFileSync(new URL("./font.png", import.meta.url)));
const GLYPHS = 95;

/** Width and height of one character in pixels. */
export const character = { width: font.width / GLYPHS, height: font.height };

/** RGB pixels, `[height, width, 3]`; whatever is drawn outside is cut off. */
export class Picture {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;

  constructor(height: number, width: number) {
    this.height = height;
    this.width = width;
    this.data = new Uint8Array(height * width * 3);
  }

  /** Mixes `colour` into the pixel; `opacity` 1 replaces it. */
  blend(x: number, y: number, [r, g, b]: Colour, opacity = 1): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const i = (y * this.width + x) * 3;
    this.data[i] += (r - this.data[i]) * opacity;
    this.data[i + 1] += (g - this.data[i + 1]) * opacity;
    this.data[i + 2] += (b - this.data[i + 2]) * opacity;
  }

  /** A filled rectangle. */
  fill(left: number, top: number, width: number, height: number, colour: Colour, opacity = 1): void {
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) this.blend(x, y, colour, opacity);
  }

  /** A straight horizontal, vertical or slanted line, `thickness` pixels wide. */
  line(x0: number, y0: number, x1: number, y1: number, colour: Colour, thickness = 2): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    const offset = Math.floor(thickness / 2);
    for (let i = 0; i <= steps; i++) {
      const x = Math.round(x0 + ((x1 - x0) * i) / steps) - offset;
      const y = Math.round(y0 + ((y1 - y0) * i) / steps) - offset;
      this.fill(x, y, thickness, thickness, colour);
    }
  }

  /** The outline of a rectangle. */
  box(left: number, top: number, width: number, height: number, colour: Colour, thickness = 2): void {
    this.line(left, top, left + width, top, colour, thickness);
    this.line(left, top + height, left + width, top + height, colour, thickness);
    this.line(left, top, left, top + height, colour, thickness);
    this.line(left + width, top, left + width, top + height, colour, thickness);
  }

  /** ASCII text with its top left corner at (left, top); other characters become `?`. */
  text(left: number, top: number, text: string, colour: Colour): void {
    [...text].forEach((char, n) => {
      const code = char.charCodeAt(0);
      const glyph = code >= 32 && code < 127 ? code - 32 : 31;
      for (let y = 0; y < character.height; y++) {
        for (let x = 0; x < character.width; x++) {
          const alpha = font.data[(y * font.width + glyph * character.width + x) * font.channels];
          if (alpha > 0) this.blend(left + n * character.width + x, top + y, colour, alpha / 255);
        }
      }
    });
  }

  /** PNG file bytes. */
  encode(): Uint8Array {
    return encode({ width: this.width, height: this.height, data: this.data, channels: 3, depth: 8 });
  }
}
