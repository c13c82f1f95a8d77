/**
 * @module
 * Binary PGM files (P5), as the MIAS database is distributed: 8 bits, or up to 16 bits, high byte first.
 */
import type { GreyImage } from "../preprocess/index.ts";
import { checkSize, unreadable } from "./unreadable.ts";

/** Magic, width, height and largest value, apart by white space and comments; one white space ends the header. */
const HEADER = /^P5(?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)\s/;

/** Longest header that is looked for, in bytes. */
const HEADER_BYTES = 4096;

/** @throws GlamError `image-unreadable` */
export function decodePgmFile(bytes: Uint8Array): GreyImage {
  const match = HEADER.exec(String.fromCharCode(...bytes.subarray(0, HEADER_BYTES)));
  if (match === null) throw unreadable("The PGM header is damaged.");
  const [width, height, largest] = match.slice(1).map(Number);
  checkSize(height, width);
  if (largest < 1 || largest > 65535) throw unreadable(`The PGM's largest value is ${largest}; 1 to 65535 are legal.`);
  const wide = largest > 255;
  const length = height * width * (wide ? 2 : 1);
  // What follows is another image of the same file, or a stray line end.
  const data = bytes.subarray(match[0].length, match[0].length + length);
  if (data.length < length) throw unreadable("The PGM holds fewer pixels than its header says.");
  const pixels = wide ? new Uint16Array(height * width) : Uint8Array.from(data);
  if (wide) for (let i = 0; i < pixels.length; i++) pixels[i] = (data[2 * i] << 8) | data[2 * i + 1];
  if (pixels.some((pixel) => pixel > largest)) throw unreadable("A pixel of the PGM is above its largest value.");
  return { height, width, bits: wide ? 32 - Math.clz32(largest) : 8, pixels };
}
