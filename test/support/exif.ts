/**
 * @module
 * Exif blocks and JPEG segments for tests.
 */

/** A TIFF header with two entries, the second of which is the orientation. */
export function tiffOrientation(
  value: number,
  { little = true, type = 3, tag = 0x0112, directory = 8 } = {},
): Uint8Array {
  const view = new DataView(new ArrayBuffer(38));
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, directory, little);
  view.setUint16(8, 2, little);
  const entry = (at: number, name: number, kind: number, content: number) => {
    view.setUint16(at, name, little);
    view.setUint16(at + 2, kind, little);
    view.setUint32(at + 4, 1, little);
    if (kind === 4 || kind === 9) view.setUint32(at + 8, content, little);
    else if (kind === 3 || kind === 8) view.setUint16(at + 8, content, little);
    else view.setUint8(at + 8, content);
  };
  entry(10, 0x0100, 4, 75);
  entry(22, tag, type, value);
  return new Uint8Array(view.buffer);
}

/** A segment with its marker and length. */
export const jpegSegment = (marker: number, body: Iterable<number>): number[] => {
  const bytes = [...body];
  return [0xff, marker, (bytes.length + 2) >> 8, (bytes.length + 2) & 255, ...bytes];
};

/** The bytes of a text. */
export const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** A JPEG with application segments behind its first two bytes. */
export const withSegments = (jpeg: Uint8Array, ...segments: number[][]): Uint8Array =>
  Uint8Array.from([...jpeg.subarray(0, 2), ...segments.flat(), ...jpeg.subarray(2)]);

/** A JPEG that says how it is to be turned. */
export const withOrientation = (jpeg: Uint8Array, value: number): Uint8Array =>
  withSegments(jpeg, jpegSegment(0xe1, [...letters("Exif\0\0"), ...tiffOrientation(value)]));
