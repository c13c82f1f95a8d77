/**
 * @module
 * Tiles are encrypted before they are stored, with a key that only the upload's identifier and the API key that opened it
 * give, and neither is stored: the object is named by another derivation of both. So an identifier finds nothing under
 * another API key, and backups of a deleted upload cannot be read.
 */

import { concatenate } from "../../bytes/concatenate.ts";
import { hex } from "../../bytes/hex.ts";

const IV_BYTES = 12;
const encoder = new TextEncoder();

/** Seals and opens the tiles of one upload; see {@link deriveSeal}. */
export type TileSeal = {
  /** Name of the upload's object. */
  objectName: string;
  seal(bytes: Uint8Array<ArrayBuffer>, row: number, col: number): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws DOMException when the bytes were not sealed with this identifier and owner, and for this place */
  open(sealed: Uint8Array<ArrayBuffer>, row: number, col: number): Promise<Uint8Array<ArrayBuffer>>;
};

/**
 * Derives name and key (HKDF with SHA-256, AES-GCM with 256 bits); the identifier has 192 random bits.
 * @param owner hash of the API key that opened the upload; empty where there are no keys
 * @example const { objectName, seal } = await deriveSeal(id, owner);
 */
export async function deriveSeal(id: string, owner: string): Promise<TileSeal> {
  const root = await crypto.subtle.importKey("raw", encoder.encode(id), "HKDF", false, ["deriveBits", "deriveKey"]);
  const derivation = (purpose: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: encoder.encode(owner),
    info: encoder.encode(purpose),
  });
  const name = new Uint8Array(await crypto.subtle.deriveBits(derivation("object name"), root, 256));
  const aes = { name: "AES-GCM", length: 256 };
  const key = await crypto.subtle.deriveKey(derivation("tiles"), root, aes, false, ["encrypt", "decrypt"]);
  const algorithm = (iv: Uint8Array<ArrayBuffer>, row: number, col: number) => ({
    name: "AES-GCM",
    iv,
    additionalData: encoder.encode(`${row}-${col}`),
  });
  return {
    objectName: hex(name),
    async seal(bytes, row, col) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      return concatenate([iv, new Uint8Array(await crypto.subtle.encrypt(algorithm(iv, row, col), key, bytes))]);
    },
    async open(sealed, row, col) {
      const iv = sealed.subarray(0, IV_BYTES);
      return new Uint8Array(await crypto.subtle.decrypt(algorithm(iv, row, col), key, sealed.subarray(IV_BYTES)));
    },
  };
}
