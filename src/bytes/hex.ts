/**
 * @module
 * Bytes as text, and the SHA-256 of bytes as text.
 */

/** @example hex(Uint8Array.of(1, 255)); // "01ff" */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @returns SHA-256 in hex, by the runtime's own `crypto.subtle` */
export const sha256Hex = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
