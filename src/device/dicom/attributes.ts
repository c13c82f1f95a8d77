/**
 * @module
 * Values of a data set by tag. Absent, empty and malformed values, all of which occur in real files, are `undefined`.
 */

/** Where an element's value lies; of sequences, the items. What dicom-parser finds is one. */
export type StoredElement = {
  length: number;
  dataOffset: number;
  items?: readonly { dataSet?: { elements: Readonly<Record<string, StoredElement>> } }[];
};

/** A data set, or an item of a sequence. `bytes` is what the elements' offsets count in. */
export type Attributes = {
  bytes: Uint8Array;
  littleEndian: boolean;
  elements: Readonly<Record<string, StoredElement>>;
};

/** A tag as dicom-parser writes it, e.g. `x00280010`. */
export type Tag = `x${string}`;

/** The value's bytes as they are in the file. */
export function rawValue({ bytes, elements }: Attributes, tag: Tag): Uint8Array | undefined {
  const element = elements[tag];
  if (element === undefined || element.items !== undefined || element.length === 0xffffffff) return undefined;
  return bytes.subarray(element.dataOffset, element.dataOffset + element.length);
}

/** Values of a string attribute, split at backslashes, without padding; bytes are taken for Latin letters. */
export function strings(attributes: Attributes, tag: Tag): string[] {
  const raw = rawValue(attributes, tag);
  if (raw === undefined || raw.length === 0 || raw.length > 4096) return [];
  return String.fromCharCode(...raw)
    .split("\\")
    .map((value) => value.replaceAll("\0", "").trim());
}

/** The first value of a string attribute, unless it is empty. */
export const string = (attributes: Attributes, tag: Tag): string | undefined =>
  strings(attributes, tag)[0] || undefined;

/** Values of VR DS or IS; those that are no numbers are NaN. */
export const decimals = (attributes: Attributes, tag: Tag): number[] =>
  strings(attributes, tag).map((value) => (value === "" ? Number.NaN : Number(value)));

/** The first value of VR DS or IS. */
export function decimal(attributes: Attributes, tag: Tag): number | undefined {
  const value = decimals(attributes, tag)[0];
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

/** Values of VR US, or of SS when `signed`. */
export function words(attributes: Attributes, tag: Tag, signed = false): number[] {
  const raw = rawValue(attributes, tag);
  if (raw === undefined) return [];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const { littleEndian } = attributes;
  return Array.from({ length: raw.length >> 1 }, (_, i) =>
    signed ? view.getInt16(2 * i, littleEndian) : view.getUint16(2 * i, littleEndian),
  );
}

/** The first value of VR US, or of SS when `signed`. */
export const word = (attributes: Attributes, tag: Tag, signed = false): number | undefined =>
  words(attributes, tag, signed)[0];

/** The items of a sequence. */
export function items(attributes: Attributes, tag: Tag): Attributes[] {
  const found = attributes.elements[tag]?.items ?? [];
  return found.map(({ dataSet }) => ({ ...attributes, elements: dataSet?.elements ?? {} }));
}
