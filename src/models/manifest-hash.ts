/**
 * @module
 * One hash that stands for a whole bundle: the manifest holds the hashes of all files.
 */
import type { Manifest } from "./manifest.ts";

/**
 * SHA-256 in hex of the validated manifest as compact JSON, keys in the schema's order: the same for the same bundle
 * however `model.json` is formatted.
 */
export async function manifestHash(manifest: Manifest): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
