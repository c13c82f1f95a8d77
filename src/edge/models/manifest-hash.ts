/**
 * @module
 * One hash that stands for a whole bundle: the manifest holds the hashes of all files.
 */
import { sha256Hex } from "../../bytes/hex.ts";
import type { Manifest } from "../../contract/manifest.ts";

/**
 * SHA-256 in hex of the validated manifest as compact JSON, keys in the schema's order: the same for the same bundle
 * however `model.json` is formatted.
 */
export async function manifestHash(manifest: Manifest): Promise<string> {
  return sha256Hex(new TextEncoder().encode(JSON.stringify(manifest)));
}
