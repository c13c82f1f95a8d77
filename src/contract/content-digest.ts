/**
 * @module
 * The header `Content-Digest` (RFC 9530): what a body must hash to, so that one that changed on the way is never kept.
 */

import { hex, sha256Hex } from "../bytes/hex.ts";
import { GlamError } from "../glam/problem.ts";

/** `key=:base64:`, parameters allowed: the members of the header's dictionary (RFC 9651). */
const member = /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;.*)?$/;

/**
 * Reads the SHA-256 of a `Content-Digest`; digests of other kinds may stand beside it.
 * @returns the digest in hex
 * @throws GlamError `digest-invalid` when the header is missing, cannot be read, or has no SHA-256
 * @example readContentDigest("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"); // "e3b0c442..."
 */
export function readContentDigest(header: string | null, at: string): string {
  const members = (header ?? "").split(",").map((text) => member.exec(text.trim()));
  const digests = members.filter((found) => found?.[1] === "sha-256");
  // Two digests could be read in two ways.
  const base64 = members.includes(null) || digests.length !== 1 ? "" : (digests[0]?.[2] ?? "");
  if (!/^[A-Za-z0-9+/]{43}=$/.test(base64)) {
    const detail = "Send the header `Content-Digest: sha-256=:<base64 of the SHA-256 of the body>:` with every tile.";
    throw new GlamError("digest-invalid", detail, { at });
  }
  return hex(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}

/**
 * Compares a body with the digest of its header.
 * @param digest SHA-256 in hex
 * @throws GlamError `digest-mismatch`
 */
export async function checkDigest(body: Uint8Array<ArrayBuffer>, digest: string, at: string): Promise<void> {
  if ((await sha256Hex(body)) === digest) return;
  const detail = "The tile that arrived does not have the digest of its header; nothing was stored. Send it again.";
  throw new GlamError("digest-mismatch", detail, { at });
}
