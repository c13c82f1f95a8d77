/**
 * @module
 * A small DICOM writer for tests: any of the uncompressed transfer syntaxes, or fragments that a test has compressed.
 */
import { deflateRawSync } from "node:zlib";

/** Strings are joined with backslashes by the caller; numbers are US or SS; items make a sequence. */
export type TestValue = string | number[] | Uint8Array | TestElements[];

/** Tag in hexadecimal, e.g. `00280010` -> VR and value. */
export type TestElements = Record<string, [vr: string, value: TestValue]>;

export const uids = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  bigEndian: "1.2.840.10008.1.2.2",
  rle: "1.2.840.10008.1.2.5",
  jpeg: "1.2.840.10008.1.2.4.50",
  jpegExtended: "1.2.840.10008.1.2.4.51",
  jpegLossless: "1.2.840.10008.1.2.4.57",
  jpegLosslessFirstOrder: "1.2.840.10008.1.2.4.70",
  jpegLs: "1.2.840.10008.1.2.4.80",
  jpegLsNear: "1.2.840.10008.1.2.4.81",
  jpeg2000: "1.2.840.10008.1.2.4.90",
  jpeg2000Lossy: "1.2.840.10008.1.2.4.91",
} as const;

const LONG = ["OB", "OW", "SQ", "UN", "UT"];
const UNDEFINED_LENGTH = 0xffffffff;

type Style = { implicit: boolean; little: boolean };

/**
 * A Part 10 file.
 * @param fragments compressed pixel data, instead of an element 7fe00010
 */
export function dicomFile(elements: TestElements, syntax: string, fragments?: Uint8Array[]): Uint8Array {
  const style = { implicit: syntax === uids.implicit, little: syntax !== uids.bigEndian };
  const plain = { implicit: false, little: true };
  const meta = dataSet(
    {
      "00020001": ["OB", Uint8Array.of(0, 1)],
      "00020002": ["UI", (elements["00080016"]?.[1] as string) ?? ""],
      "00020003": ["UI", (elements["00080018"]?.[1] as string) ?? ""],
      "00020010": ["UI", syntax],
      "00020012": ["UI", "2.25.123456789"],
    },
    plain,
  );
  const length = element("00020000", "UL", Uint8Array.from(number(meta.length, 4, true)), plain);
  const parts = [...dataSet(elements, style)];
  if (fragments !== undefined) {
    parts.push(...tag("7fe00010", true), ...text("OB"), 0, 0, ...number(UNDEFINED_LENGTH, 4, true));
    for (const fragment of [new Uint8Array(0), ...fragments]) {
      parts.push(...tag("fffee000", true), ...number(fragment.length + (fragment.length & 1), 4, true));
      for (const byte of fragment) parts.push(byte);
      if (fragment.length & 1) parts.push(0);
    }
    parts.push(...tag("fffee0dd", true), 0, 0, 0, 0);
  }
  const body = syntax === uids.deflated ? deflateRawSync(Uint8Array.from(parts)) : parts;
  return Uint8Array.from([...new Uint8Array(128), ...text("DICM"), ...length, ...meta, ...body]);
}

function dataSet(elements: TestElements, style: Style): number[] {
  const out: number[] = [];
  for (const key of Object.keys(elements).sort()) {
    for (const byte of element(key, elements[key][0], elements[key][1], style)) out.push(byte);
  }
  return out;
}

function element(key: string, vr: string, value: TestValue, style: Style): number[] {
  const bytes = encode(vr, value, style);
  if (bytes.length & 1) bytes.push(vr === "UI" || vr === "OB" ? 0 : 32);
  const { little } = style;
  const head = style.implicit
    ? number(bytes.length, 4, little)
    : LONG.includes(vr)
      ? [...text(vr), 0, 0, ...number(bytes.length, 4, little)]
      : [...text(vr), ...number(bytes.length, 2, little)];
  return tag(key, little).concat(head, bytes);
}

function encode(vr: string, value: TestValue, style: Style): number[] {
  if (typeof value === "string") return text(value);
  if (value instanceof Uint8Array) {
    const bytes = Array.from(value);
    if (vr !== "OW" || style.little) return bytes;
    return bytes.map((_, i) => bytes[i ^ 1] ?? 0);
  }
  const out: number[] = [];
  for (const part of value) {
    if (typeof part === "number") out.push(...number(part, vr === "UL" ? 4 : 2, style.little));
    else {
      const item = dataSet(part, style);
      out.push(...tag("fffee000", style.little), ...number(item.length, 4, style.little), ...item);
    }
  }
  return out;
}

const text = (value: string): number[] => Array.from(value, (c) => c.charCodeAt(0));
const tag = (key: string, little: boolean): number[] => [
  ...number(Number.parseInt(key.slice(0, 4), 16), 2, little),
  ...number(Number.parseInt(key.slice(4), 16), 2, little),
];

function number(value: number, bytes: number, little: boolean): number[] {
  const low = Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255);
  return little ? low : low.reverse();
}
