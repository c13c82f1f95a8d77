/**
 * @module
 * Writes pickles opcode by opcode and wraps them like `torch.save`, so that tests can make checkpoints that PyTorch would not.
 */
import { zipSync } from "fflate";
import type { Checkpoint } from "../../tools/checkpoint/read-checkpoint.ts";

/** Bytes of a piece of a pickle. */
export type Piece = number[];

const text = (value: string): Piece => [...new TextEncoder().encode(value)];

const little = (value: number | bigint, bytes: number): Piece => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, BigInt(value), true);
  return [...new Uint8Array(view.buffer, 0, bytes)];
};

/** Opcodes of protocol 2. */
export const op = {
  global: (module: string, name: string): Piece => [0x63, ...text(`${module}\n${name}\n`)],
  instance: (module: string, name: string, ...values: Piece[]): Piece => [
    0x28,
    ...values.flat(),
    0x69,
    ...text(`${module}\n${name}\n`),
  ],
  text: (value: string): Piece => [0x58, ...little(text(value).length, 4), ...text(value)],
  /** LONG1, eight bytes. */
  int: (value: number | bigint): Piece => [0x8a, 8, ...little(value, 8)],
  none: [0x4e] as Piece,
  true: [0x88] as Piece,
  false: [0x89] as Piece,
  tuple: (...values: Piece[]): Piece => [0x28, ...values.flat(), 0x74],
  list: (...values: Piece[]): Piece => [0x28, ...values.flat(), 0x6c],
  dict: (...entries: [Piece, Piece][]): Piece => [0x7d, 0x28, ...entries.flat(2), 0x75],
  reduce: (callable: Piece, ...values: Piece[]): Piece => [...callable, ...op.tuple(...values), 0x52],
  build: (object: Piece, state: Piece): Piece => [...object, ...state, 0x62],
  persistent: (id: Piece): Piece => [...id, 0x51],
};

/** A whole pickle of one value. */
export const pickle = (value: Piece): Uint8Array<ArrayBuffer> => Uint8Array.from([0x80, 2, ...value, 0x2e]);

/** A storage as tensors refer to it; `size` in elements. */
export const storage = (key: string, size: number, type = "FloatStorage", view: Piece = op.none): Piece =>
  op.persistent(
    op.tuple(op.text("storage"), op.global("torch", type), op.text(key), op.text("cpu"), op.int(size), view),
  );

const ints = (values: number[]): Piece => op.tuple(...values.map((value) => op.int(value)));

/** What `torch.save` writes for a tensor. */
export const tensor = (of: Piece, offset: number, shape: number[], strides: number[]): Piece =>
  op.reduce(
    op.global("torch._utils", "_rebuild_tensor_v2"),
    of,
    op.int(offset),
    ints(shape),
    ints(strides),
    op.false,
    op.none,
  );

/** A state_dict of named values. */
export const stateDict = (entries: Record<string, Piece>): Piece =>
  op.dict(...Object.entries(entries).map(([name, value]): [Piece, Piece] => [op.text(name), value]));

const concatenate = (parts: Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** The zip format around a pickle; storages are stored without compression. */
export function zipCheckpoint(value: Piece, storages: Record<string, Uint8Array>): Uint8Array {
  const files = Object.entries(storages).map(([key, bytes]) => [`glam/data/${key}`, bytes]);
  return zipSync({ "glam/data.pkl": pickle(value), ...Object.fromEntries(files) }, { level: 0 });
}

/** The legacy stream around a pickle. @param counts element counts that the raw storages claim */
export function legacyCheckpoint(
  value: Piece,
  storages: Record<string, { bytes: Uint8Array; count: number | bigint }>,
  littleEndian = true,
): Uint8Array<ArrayBuffer> {
  const magic = Uint8Array.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]);
  const system = op.dict([op.text("little_endian"), littleEndian ? op.true : op.false]);
  return concatenate([
    magic,
    pickle(op.int(1001)),
    pickle(system),
    pickle(value),
    pickle(op.list(...Object.keys(storages).map((key) => op.text(key)))),
    ...Object.values(storages).flatMap(({ bytes, count }) => [Uint8Array.from(little(count, 8)), bytes]),
  ]);
}

/** Little-endian float32. */
export const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

/** The zip format of a state_dict with one storage per tensor. */
export function saveCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const names = [...checkpoint.keys()];
  const storages: Record<string, Uint8Array> = {};
  const entries = names.map((name, key): [string, Piece] => {
    const { shape, data } = checkpoint.get(name) ?? { shape: [0], data: new Float32Array() };
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
    storages[key] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, tensor(storage(String(key), data.length), 0, shape, strides)];
  });
  return zipCheckpoint(stateDict(Object.fromEntries(entries)), storages);
}
