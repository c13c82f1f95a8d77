/**
 * @module
 * Unpickles what `torch.save` writes and nothing else: every global that a state_dict does not need is refused by name,
 * so a checkpoint can never run anything.
 */
import { BufferReader, Parser } from "pickleparser";
import { GlamError } from "../../src/glam/problem.ts";
import { isScalarType, type ScalarType, scalarTypeOfStorage } from "./scalar-type.ts";
import { TensorView } from "./tensor-view.ts";

/** What a pickle says about a storage: `("storage", type, key, location, size[, view])`, size in elements. */
export type StorageReference = {
  type: ScalarType;
  key: string;
  size: number;
  /** Legacy files only: this storage is elements `[offset, offset + size)` of the storage `key`. */
  view: { key: string; offset: number; size: number } | undefined;
};

/** The object in a pickle and the offset just behind its STOP opcode. */
export type Unpickled = { value: unknown; end: number };

/** Shortens a file's text for a message. */
export const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);

const orderedDict = (items?: unknown): Map<unknown, unknown> => {
  if (items === undefined) return new Map();
  if (!Array.isArray(items) || !items.every(Array.isArray)) throw new TypeError("OrderedDict of something else");
  return new Map(items.map(([key, value]) => [key, value]));
};

const rebuildTensor = (storage: unknown, offset: unknown, shape: unknown, strides: unknown): TensorView =>
  TensorView.of(storage, offset, shape, strides);

const rebuildParameter = (tensor: unknown): unknown => tensor;

type Callable = (...values: unknown[]) => unknown;

/** Frozen, because a hostile pickle may try to set attributes on what it names. */
const functions = new Map<string, Callable>(
  Object.entries<Callable>({
    "collections.OrderedDict": orderedDict,
    "torch._utils._rebuild_tensor": rebuildTensor,
    "torch._utils._rebuild_tensor_v2": rebuildTensor,
    "torch._utils._rebuild_parameter": rebuildParameter,
  }).map(([name, rebuild]) => [name, Object.freeze(rebuild)]),
);

function resolveGlobal(module: string, name: string): Callable {
  const path = `${module}.${name}`;
  // A storage class is data here; the parser's types only know callables.
  const known = module === "torch" ? scalarTypeOfStorage(name) : functions.get(path);
  if (known === undefined) {
    throw new GlamError(
      "checkpoint-unreadable",
      `The pickle names the global ${quoted(path)}; a state_dict needs only tensors, storages and OrderedDict.`,
    );
  }
  return known as Callable;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** @throws {TypeError} when the id is not one of a storage */
export function storageReference(id: unknown): StorageReference {
  if (!Array.isArray(id)) throw new TypeError("a persistent id that is not a tuple");
  const [kind, type, key, , size, view] = id as unknown[];
  if (kind !== "storage" || !isScalarType(type) || typeof key !== "string" || !isCount(size)) {
    throw new TypeError("a persistent id that is not a storage");
  }
  if (view === null || view === undefined) return { type, key, size, view: undefined };
  if (!Array.isArray(view)) throw new TypeError("a storage view that is not a tuple");
  const [viewKey, offset, viewSize] = view as unknown[];
  if (typeof viewKey !== "string" || !isCount(offset) || !isCount(viewSize))
    throw new TypeError("a damaged storage view");
  return { type, key, size, view: { key: viewKey, offset, size: viewSize } };
}

/**
 * Reads one pickle.
 * @param bytes a file; the pickle starts at `start` and may be followed by anything
 * @param resolveStorage turns a persistent id into what tensors are built on
 * @throws {GlamError} checkpoint-unreadable
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  resolveStorage: (reference: StorageReference) => object,
): Unpickled {
  const reader = new BufferReader(bytes.subarray(start));
  const parser = new Parser({
    nameResolver: { resolve: resolveGlobal },
    persistentResolver: { resolve: (id: unknown) => resolveStorage(storageReference(id)) },
    unpicklingTypeOfDictionary: "Map",
  });
  try {
    const value: unknown = parser.read(reader);
    return { value, end: start + reader.position };
  } catch (error) {
    if (error instanceof GlamError) throw error;
    const reason = error instanceof Error ? error.message : "unknown";
    throw new GlamError("checkpoint-unreadable", `The pickle cannot be read: ${quoted(reason)}.`, { cause: error });
  }
}
