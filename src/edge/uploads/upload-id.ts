/**
 * @module
 * Identifiers of uploads and exams: random bits and a proof that this deployment made them. An identifier without the proof
 * never reaches an object, so an invented one creates nothing.
 */

const RANDOM_BYTES = 24;
const PROOF_BYTES = 12;
/** Length of an identifier: base64url without padding. */
export const ID_LENGTH = ((RANDOM_BYTES + PROOF_BYTES) / 3) * 4;

/** Makes and checks identifiers; see {@link createUploadIds}. */
export type UploadIds = {
  make(): Promise<string>;
  /** The identifier that belongs to a text, the same in every isolate; whoever lacks the secret does not guess it. */
  derive(text: string): Promise<string>;
  /** Whether an identifier was made with the same key. */
  isOurs(id: string): Promise<boolean>;
};

/**
 * @param secret of the deployment, the same in all its isolates
 * @example const ids = await createUploadIds(secret); await ids.isOurs(await ids.make()); // true
 */
export async function createUploadIds(secret: Uint8Array<ArrayBuffer>): Promise<UploadIds> {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const withProof = async (random: Uint8Array<ArrayBuffer>): Promise<string> => {
    const proof = new Uint8Array(await crypto.subtle.sign("HMAC", key, random));
    return base64url([...random, ...proof.subarray(0, PROOF_BYTES)]);
  };
  return {
    make: () => withProof(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))),
    async derive(text) {
      const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`derived: ${text}`)));
      return withProof(bytes.slice(0, RANDOM_BYTES));
    },
    async isOurs(id) {
      if (id.length !== ID_LENGTH || !/^[A-Za-z0-9_-]+$/.test(id)) return false;
      const bytes = Uint8Array.from(atob(id.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
      const expected = await withProof(bytes.slice(0, RANDOM_BYTES));
      let difference = 0;
      for (let i = 0; i < ID_LENGTH; i++) difference |= id.charCodeAt(i) ^ expected.charCodeAt(i);
      return difference === 0;
    },
  };
}

/** Base64 that an address can hold; the number of bytes is a multiple of 3. */
const base64url = (bytes: number[]): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
