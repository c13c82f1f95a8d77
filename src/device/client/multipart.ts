/**
 * @module
 * A multipart form as bytes (RFC 7578). Not a FormData: React Native cannot make a Blob of bytes, and here their number is
 * known before they are sent.
 */
import { concatenate } from "../../bytes/concatenate.ts";

/** One part; the name and the type are ASCII without quotes. */
export type FormPart = { name: string; type: string; bytes: Uint8Array };

/** A body and the content type that names its boundary. */
export type Form = { body: Uint8Array<ArrayBuffer>; type: string };

/** @example multipartForm([{ name: "tile-0-0", type: "image/png", bytes }]) */
export function multipartForm(parts: readonly FormPart[]): Form {
  // 100 random bits do not occur in a compressed tile.
  const boundary = `glam-${Array.from({ length: 4 }, randomDigits).join("")}`;
  const body = concatenate([
    ...parts.flatMap(({ name, type, bytes }) => [
      ascii(`--${boundary}\r\ncontent-disposition: form-data; ${naming(name, type)}\r\ncontent-type: ${type}\r\n\r\n`),
      bytes,
      ascii("\r\n"),
    ]),
    ascii(`--${boundary}--\r\n`),
  ]);
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}

/** Readers take a part without a file name for text. */
const naming = (name: string, type: string): string =>
  type.startsWith("image/") ? `name="${name}"; filename="${name}"` : `name="${name}"`;

/** JSON as ASCII: what is beyond is escaped, so that no TextEncoder is needed. */
export const jsonBytes = (value: unknown): Uint8Array<ArrayBuffer> =>
  ascii(
    JSON.stringify(value).replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );

const ascii = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const randomDigits = (): string => Math.random().toString(36).slice(2, 8).padEnd(6, "0");
