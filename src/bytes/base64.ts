/**
 * @module
 * Base64 (RFC 4648), which not every runtime offers for bytes.
 */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Uint8Array(128);
for (let i = 0; i < 64; i++) VALUES[DIGITS.charCodeAt(i)] = i;

/** @throws TypeError when the text is no base64 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new TypeError("This is no base64.");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, at = 0; i < text.length; i += 4, at += 3) {
    const value =
      (VALUES[text.charCodeAt(i)] << 18) |
      (VALUES[text.charCodeAt(i + 1)] << 12) |
      (VALUES[text.charCodeAt(i + 2)] << 6) |
      VALUES[text.charCodeAt(i + 3)];
    bytes[at] = value >> 16;
    bytes[at + 1] = (value >> 8) & 255;
    bytes[at + 2] = value & 255;
  }
  return bytes;
}

/** @example encodeBase64(Uint8Array.of(1)); // "AQ==" */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const value = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += DIGITS[value >> 18] + DIGITS[(value >> 12) & 63];
    text +=
      (i + 1 < bytes.length ? DIGITS[(value >> 6) & 63] : "=") + (i + 2 < bytes.length ? DIGITS[value & 63] : "=");
  }
  return text;
}
