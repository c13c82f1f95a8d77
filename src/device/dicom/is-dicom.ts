/**
 * @module
 * DICOM files by their first bytes.
 */

/** Bytes before the letters DICM. */
export const PREAMBLE = 128;

/** Whether the bytes are a DICOM Part 10 file: 128 bytes of anything, then `DICM`. */
export function isDicom(bytes: Uint8Array): boolean {
  return [0x44, 0x49, 0x43, 0x4d].every((byte, i) => bytes[PREAMBLE + i] === byte);
}
