/**
 * @module
 * The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a text in quotes (RFC 9651), or without, as many
 * clients send it. A short one could be guessed, and in a deployment without API keys it is all that an exam is found by.
 */
import { GlamError } from "../../glam/problem.ts";

/**
 * @returns the key without its quotes
 * @throws GlamError `idempotency-key-invalid`
 * @example readIdempotencyKey('"8e03978e-40d5-43e8-bc93-6894a57f9324"');
 */
export function readIdempotencyKey(header: string | undefined): string {
  const text = header?.trim() ?? "";
  const key = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, "$1") ?? text;
  if (/^[\x21-\x7e]{16,255}$/.test(key)) return key;
  const detail =
    "Send the header `Idempotency-Key` with 16 to 255 visible ASCII characters, made at random once for each exam (a UUID).";
  throw new GlamError("idempotency-key-invalid", detail, { at: "idempotency-key" });
}
