/**
 * @module
 * Modality and VOI lookup tables (PS3.3 C.11.1 and C.11.2).
 */
import { type Attributes, rawValue, words } from "../attributes.ts";
import { unreadable } from "../problems.ts";

/** Maps `first`, `first + 1`, ... to `values`; inputs beyond either end take the value at that end. */
export type LookupTable = { first: number; values: Uint16Array; bits: number };

/**
 * @param item the item of a Modality or VOI LUT Sequence
 * @param signed whether inputs of the table can be negative
 * @throws GlamError `dicom-unreadable`
 */
export function readLookupTable(item: Attributes, signed: boolean): LookupTable {
  const [length, , bits] = words(item, "x00283002");
  const first = words(item, "x00283002", signed)[1];
  const data = rawValue(item, "x00283006");
  if (length === undefined || bits === undefined || data === undefined || bits < 1 || bits > 16) {
    throw unreadable("A lookup table of the DICOM file is incomplete.");
  }
  const entries = length === 0 ? 65536 : length;
  // Tables of 8 bits come as bytes or as words.
  const values =
    bits <= 8 && data.length < 2 * entries ? Uint16Array.from(data) : Uint16Array.from(words(item, "x00283006"));
  if (values.length < entries) throw unreadable("A lookup table of the DICOM file is shorter than it says.");
  return { first, values: values.subarray(0, entries), bits };
}

/** As {@link isDecreasing}, of as much of a table's data as there is. */
export function dataDecrease(item: Attributes): boolean {
  const bits = words(item, "x00283002")[2];
  const raw = rawValue(item, "x00283006") ?? new Uint8Array(0);
  const data =
    bits !== undefined && bits <= 8 && raw.length < 2 * words(item, "x00283002")[0] ? raw : words(item, "x00283006");
  return data.length > 1 && data[data.length - 1] < data[0];
}

/** The table's value for an input. */
export function lookUp({ first, values }: LookupTable, input: number): number {
  return values[Math.min(values.length - 1, Math.max(0, Math.round(input) - first))];
}

/** Whether large inputs become small values: the table turns a negative into a positive. */
export const isDecreasing = ({ values }: LookupTable): boolean => values[values.length - 1] < values[0];
