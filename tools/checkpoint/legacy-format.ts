/**
 * @module
 * The stream format of `torch.save` before PyTorch 1.6: five pickles in a row (magic number, protocol, system, the object,
 * storage keys), then the raw storages in the order of the keys, each behind its element count (int64).
 */
import { GlamError } from "../../src/glam/problem.ts";
import type { Storage } from "./tensor-view.ts";
import { type StorageReference, unpickle } from "./unpickle.ts";

/** The first pickle, byte by byte: PROTO 2, LONG1 of 10 bytes 0x1950a86a20f9469cfc6c, STOP. */
const magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** @returns whether the file starts like a legacy checkpoint */
export const isLegacyFormat = (file: Uint8Array): boolean => magic.every((byte, i) => file[i] === byte);

const unreadable = (detail: string): GlamError => new GlamError("checkpoint-unreadable", detail);

const noStorages = (): never => {
  throw unreadable("The checkpoint's header refers to a storage.");
};

/** Finds the raw storages behind the pickles: key -> bytes. */
function rawStorages(file: Uint8Array, start: number, keys: unknown, declared: Map<string, StorageReference>) {
  if (!Array.isArray(keys)) throw unreadable("The list of storage keys is not a list.");
  const found = new Map<string, Uint8Array>();
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = start;
  for (const key of keys) {
    const reference = declared.get(key);
    if (!reference) throw unreadable("The list of storage keys names a storage that no tensor uses.");
    if (at + 8 > file.length) throw unreadable("The checkpoint ends before its last storage.");
    const size = Number(view.getBigInt64(at, true));
    if (size !== reference.size) throw unreadable(`A storage of ${reference.size} elements is stored with ${size}.`);
    const end = at + 8 + size * reference.type.bytes;
    if (end > file.length) throw unreadable("The checkpoint ends before its last storage.");
    found.set(key, file.subarray(at + 8, end));
    at = end;
  }
  return found;
}

/**
 * @param file the whole checkpoint
 * @returns the pickled object; tensors are `TensorView`s
 * @throws {GlamError} checkpoint-unreadable
 */
export function readLegacyFormat(file: Uint8Array): unknown {
  const protocol = unpickle(file, magic.length, noStorages);
  if (protocol.value !== 1001) throw unreadable("The checkpoint's protocol is not 1001.");
  const system = unpickle(file, protocol.end, noStorages);
  if (!(system.value instanceof Map) || system.value.get("little_endian") !== true) {
    throw unreadable("The checkpoint was not written on a little-endian machine.");
  }
  const declared = new Map<string, StorageReference>();
  // Filled after the object's pickle, which only says which storages there will be.
  let raw = new Map<string, Uint8Array>();
  const storage = (reference: StorageReference): Storage => {
    const { type, key, view } = reference;
    const known = declared.get(key);
    if (known && (known.type !== type || known.size !== reference.size)) {
      throw unreadable("Two tensors disagree on the size or type of a storage.");
    }
    declared.set(key, reference);
    const [first, size] = view ? [view.offset, view.size] : [0, reference.size];
    if (first + size > reference.size) throw unreadable("A view reaches outside its storage.");
    const bytes = () => {
      const all = raw.get(key);
      if (!all) throw unreadable("A tensor's storage is not in the file.");
      return all.subarray(first * type.bytes, (first + size) * type.bytes);
    };
    return { type, size, bytes };
  };
  const object = unpickle(file, system.end, storage);
  const keys = unpickle(file, object.end, noStorages);
  raw = rawStorages(file, keys.end, keys.value, declared);
  return object.value;
}
