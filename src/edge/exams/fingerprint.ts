/**
 * @module
 * Tells whether a key comes with the body that it came with first.
 */
import { sha256Hex } from "../../bytes/hex.ts";

/** @param id of the exam: without it nobody can try bodies until one fits */
export const fingerprintOf = (id: string, body: string): Promise<string> =>
  sha256Hex(new TextEncoder().encode(`${id}\n${body}`));
