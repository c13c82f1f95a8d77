/**
 * @module
 * Bytes encrypted before they are stored: AES-GCM with 256 bits. Each sealed value says what it is, so that one cannot be
 * put in the place of another.
 */
import { concatenate } from "../../bytes/concatenate.ts";
import { hex } from "../../bytes/hex.ts";

const IV_BYTES = 12;
const encoder = new TextEncoder();

/** See {@link sealWith}; `label` says what the bytes are. */
export type Seal = {
  seal(bytes: Uint8Array<ArrayBuffer>, label: string): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws DOMException when the bytes were not sealed with this key and label */
  open(sealed: Uint8Array<ArrayBuffer>, label: string): Promise<Uint8Array<ArrayBuffer>>;
};

/** What keys are for. */
export const sealing: AesKeyGenParams = { name: "AES-GCM", length: 256 };

/** @example const { seal, open } = sealWith(key); await open(await seal(bytes, "answer"), "answer"); */
export function sealWith(key: CryptoKey): Seal {
  const algorithm = (iv: Uint8Array<ArrayBuffer>, label: string) => ({
    name: "AES-GCM",
    iv,
    additionalData: encoder.encode(label),
  });
  return {
    async seal(bytes, label) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      return concatenate([iv, new Uint8Array(await crypto.subtle.encrypt(algorithm(iv, label), key, bytes))]);
    },
    async open(sealed, label) {
      const iv = sealed.subarray(0, IV_BYTES);
      return new Uint8Array(await crypto.subtle.decrypt(algorithm(iv, label), key, sealed.subarray(IV_BYTES)));
    },
  };
}

/** Name and key of an object, derived from one secret; see {@link deriveFrom}. */
export type Derivation = {
  /** 256 bits in hex. */
  name(purpose: string): Promise<string>;
  seal(purpose: string): Promise<Seal>;
};

/**
 * HKDF with SHA-256.
 * @param secret at least 192 random bits
 * @param salt need not be secret
 */
export async function deriveFrom(secret: Uint8Array<ArrayBuffer>, salt: string): Promise<Derivation> {
  const root = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits", "deriveKey"]);
  const derivation = (purpose: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: encoder.encode(salt),
    info: encoder.encode(purpose),
  });
  return {
    name: async (purpose) => hex(new Uint8Array(await crypto.subtle.deriveBits(derivation(purpose), root, 256))),
    seal: async (purpose) =>
      sealWith(await crypto.subtle.deriveKey(derivation(purpose), root, sealing, false, ["encrypt", "decrypt"])),
  };
}
