/**
 * @module
 * Data sets to bytes, explicit little endian (PS3.5 section 7). Covers what one kind of object needs; dcmjs would
 * add a megabyte to the client.
 */
import { concatenate } from "../../../bytes/concatenate.ts";

/** Text of the VRs that are text; numbers of US, UL, FD; bytes as they are; items of SQ. */
export type Value = string | readonly number[] | Uint8Array | readonly DataSet[];

/** Tag as a number, e.g. 0x00280010, to VR and value; order does not matter. */
export type DataSet = ReadonlyMap<number, readonly [vr: string, value: Value]>;

/** A data set from tag, VR and value in turn. */
export const dataSet = (...elements: (readonly [tag: number, vr: string, value: Value])[]): DataSet =>
  new Map(elements.map(([tag, vr, value]) => [tag, [vr, value] as const]));

/** VRs whose length has four bytes. */
const LONG_VRS = ["OB", "OW", "SQ", "UN", "UT"];

/** VRs that are filled up with a zero byte; all others take a space. */
const ZERO_PADDED = ["UI", "OB", "UN"];

/** Elements in ascending order. @throws TypeError for text outside ISO 8859-1, which the caller must encode itself */
export function encodeDataSet(elements: DataSet): Uint8Array<ArrayBuffer> {
  const tags = [...elements.keys()].sort((a, b) => a - b);
  return concatenate(
    tags.flatMap((tag) => {
      const [vr, value] = elements.get(tag) ?? ["UN", ""];
      const bytes = encodeValue(vr, value);
      const odd = bytes.length % 2 === 1;
      const head = elementHead(tag, vr, bytes.length + Number(odd));
      return odd ? [head, bytes, Uint8Array.of(ZERO_PADDED.includes(vr) ? 0 : 32)] : [head, bytes];
    }),
  );
}

function elementHead(tag: number, vr: string, length: number): Uint8Array {
  const long = LONG_VRS.includes(vr);
  const head = new DataView(new ArrayBuffer(long ? 12 : 8));
  setTag(head, tag);
  head.setUint8(4, vr.charCodeAt(0));
  head.setUint8(5, vr.charCodeAt(1));
  if (long) head.setUint32(8, length, true);
  else if (length < 65536) head.setUint16(6, length, true);
  else throw new TypeError("A value is too long for its VR.");
  return new Uint8Array(head.buffer);
}

function encodeValue(vr: string, value: Value): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return latin(value);
  const numbers = value.filter((part): part is number => typeof part === "number");
  if (numbers.length === 0) return concatenate(value.flatMap((part) => (part instanceof Map ? encodeItem(part) : [])));
  const size = vr === "US" ? 2 : vr === "UL" ? 4 : 8;
  const view = new DataView(new ArrayBuffer(size * numbers.length));
  numbers.forEach((number, i) => {
    if (size === 2) view.setUint16(2 * i, number, true);
    else if (size === 4) view.setUint32(4 * i, number, true);
    else view.setFloat64(8 * i, number, true);
  });
  return new Uint8Array(view.buffer);
}

function encodeItem(item: DataSet): Uint8Array[] {
  const bytes = encodeDataSet(item);
  const head = new DataView(new ArrayBuffer(8));
  setTag(head, 0xfffee000);
  head.setUint32(4, bytes.length, true);
  return [new Uint8Array(head.buffer), bytes];
}

function setTag(view: DataView, tag: number): void {
  view.setUint16(0, Math.floor(tag / 0x10000), true);
  view.setUint16(2, tag % 0x10000, true);
}

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code > 255) throw new TypeError("The text has letters beyond ISO 8859-1.");
    return code;
  });
}
