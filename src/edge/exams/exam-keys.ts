/**
 * @module
 * Each exam has a random key. It is stored sealed twice: for the caller, with a key that only the exam's identifier and the
 * API key's hash give; and for the service, with a key of the deployment's secret, which lies in another object, so that
 * the exam goes on while nobody calls. The service's copy is deleted with the last answer.
 */
import { deriveFrom, type Seal, sealing, sealWith } from "../uploads/seal.ts";

const encoder = new TextEncoder();

/** The name of an exam's object, and the seal of the caller's copy of its key. */
export async function callerAccess(id: string, owner: string): Promise<{ object: string; seal: Seal }> {
  const derived = await deriveFrom(encoder.encode(id), owner);
  return { object: await derived.name("exam object name"), seal: await derived.seal("exam key") };
}

/** The seal of the service's copy, of one exam's object. */
export const serviceSeal = async (secret: Uint8Array<ArrayBuffer>, object: string): Promise<Seal> =>
  (await deriveFrom(secret, object)).seal("exam key of the service");

/** Says of a sealed value that it is an exam's key. */
export const KEY_LABEL = "key";

/** A new exam's key, 256 random bits. */
export const makeExamKey = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32));

/** The seal of an exam's plan, fates and answers. */
export const examSeal = async (key: Uint8Array<ArrayBuffer>): Promise<Seal> =>
  sealWith(await crypto.subtle.importKey("raw", key, sealing, false, ["encrypt", "decrypt"]));

/** A value as it is sealed, and back. */
export const jsonBytes = (value: unknown): Uint8Array<ArrayBuffer> => encoder.encode(JSON.stringify(value));
export const parseBytes = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes));
