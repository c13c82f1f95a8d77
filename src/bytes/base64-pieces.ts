/**
 * @module
 * Base64 in pieces: one text of a whole file, a character at a time, takes many times the file's memory.
 */

/** A multiple of 3, so that only the last piece is padded, and few enough arguments for a call. */
const PIECE = 24 * 1024;

/** @param parts bytes of one file, in order */
export function base64(parts: readonly Uint8Array[]): string {
  const texts: string[] = [];
  let rest = new Uint8Array(0);
  for (const part of parts) {
    const bytes = new Uint8Array(rest.length + part.length);
    bytes.set(rest);
    bytes.set(part, rest.length);
    const whole = bytes.length - (bytes.length % 3);
    for (let at = 0; at < whole; at += PIECE) texts.push(text(bytes.subarray(at, Math.min(at + PIECE, whole))));
    rest = bytes.slice(whole);
  }
  texts.push(text(rest));
  return texts.join("");
}

const text = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
