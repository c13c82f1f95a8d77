/**
 * @module
 * API keys: `Authorization: Bearer <key>` or `X-API-Key: <key>`.
 */

import { hex } from "../../bytes/hex.ts";
import { GlamError } from "../../glam/problem.ts";

const encoder = new TextEncoder();

/** SHA-256 of a text. */
const digest = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));

/** Whether two digests are equal, in a time that does not depend on where they differ. */
function sameDigest(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/** The key that a request carries. */
function presentedKey(headers: Headers): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "");
  return bearer?.[1] ?? headers.get("x-api-key") ?? undefined;
}

/**
 * Checks a request's key against the accepted ones; hashes are compared, so neither length nor content shows in the time.
 * @returns the key's hash in hex, for rate limits
 * @throws GlamError `unauthorized` without a key, `forbidden` with one that is not accepted
 */
export async function checkKey(headers: Headers, accepted: readonly string[]): Promise<string> {
  const key = presentedKey(headers);
  if (key === undefined) {
    throw new GlamError("unauthorized", "Send an API key in the header `Authorization: Bearer <key>`.");
  }
  const hash = await digest(key);
  let known = false;
  for (const candidate of await Promise.all(accepted.map(digest))) known = sameDigest(hash, candidate) || known;
  if (!known) throw new GlamError("forbidden", "The API key is not accepted here.");
  return hex(hash);
}
