/**
 * @module
 * Tiles are encrypted before they are stored, with a key that only the upload's identifier and the API key that opened it
 * give, and neither is stored: the object is named by another derivation of both. So an identifier finds nothing under
 * another API key, and backups of a deleted upload cannot be read.
 */

import { deriveFrom } from "./seal.ts";

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
  const derived = await deriveFrom(new TextEncoder().encode(id), owner);
  const { seal, open } = await derived.seal("tiles");
  const place = (row: number, col: number): string => `${row}-${col}`;
  return {
    objectName: await derived.name("object name"),
    seal: (bytes, row, col) => seal(bytes, place(row, col)),
    open: (sealed, row, col) => open(sealed, place(row, col)),
  };
}
