import { zipSync } from "fflate";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { GlamError } from "../../src/glam/problem.ts";
import {
  floats,
  legacyCheckpoint,
  op,
  type Piece,
  pickle,
  stateDict,
  storage,
  tensor,
  zipCheckpoint,
} from "../../test/support/pickles.ts";
import { type Checkpoint, readCheckpoint } from "./read-checkpoint.ts";

// The unpickler warns of integers above 2^53, which hostile files are full of.
beforeAll(() => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

const six = floats(1, 2, 3, 4, 5, 6);

/** Both formats around the same pickle with one storage "0". */
const formats: [string, (value: Piece, bytes?: Uint8Array, count?: number) => Uint8Array][] = [
  ["zip", (value, bytes = six) => zipCheckpoint(value, { 0: bytes })],
  ["legacy", (value, bytes = six, count = 6) => legacyCheckpoint(value, { 0: { bytes, count } })],
];

const plain = (checkpoint: Checkpoint) =>
  Object.fromEntries([...checkpoint].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]));

function problemOf(file: Uint8Array): GlamError {
  try {
    readCheckpoint(file);
  } catch (error) {
    if (error instanceof GlamError && error.code === "checkpoint-unreadable") return error;
    throw error;
  }
  throw new Error("the file was read");
}

describe.each(formats)("%s format", (_, save) => {
  test("reads tensors that share a storage, with offset and strides", () => {
    const shared = storage("0", 6);
    const file = save(
      stateDict({
        whole: tensor(shared, 0, [2, 3], [3, 1]),
        transposed: tensor(shared, 0, [3, 2], [1, 3]),
        column: tensor(shared, 2, [2], [3]),
        scalar: tensor(shared, 5, [], []),
        empty: tensor(shared, 0, [0, 4], [4, 1]),
      }),
    );
    expect(plain(readCheckpoint(file))).toEqual({
      whole: { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] },
      transposed: { shape: [3, 2], data: [1, 4, 2, 5, 3, 6] },
      column: { shape: [2], data: [3, 6] },
      scalar: { shape: [], data: [6] },
      empty: { shape: [0, 4], data: [] },
    });
  });

  test.each([
    ["DoubleStorage", new Float64Array([0.1, -2.5]), [Math.fround(0.1), -2.5]],
    ["HalfStorage", new Uint16Array([0x3c00, 0xc500, 0x0001, 0x7c00]), [1, -5, 2 ** -24, Number.POSITIVE_INFINITY]],
    ["BFloat16Storage", new Uint16Array([0x3f80, 0xc0a0]), [1, -5]],
    ["LongStorage", new BigInt64Array([7n, -3n]), [7, -3]],
    ["IntStorage", new Int32Array([7, -3]), [7, -3]],
    ["BoolStorage", new Uint8Array([0, 1]), [0, 1]],
  ])("reads %s as float32", (type, values, expected) => {
    const size = values.length;
    const file = save(
      stateDict({ x: tensor(storage("0", size, type), 0, [size], [1]) }),
      new Uint8Array(values.buffer),
      size,
    );
    expect(plain(readCheckpoint(file)).x.data).toEqual(expected);
  });

  test("unwraps a state_dict, parameters and a DataParallel prefix", () => {
    const weight = tensor(storage("0", 6), 0, [6], [1]);
    const parameter = op.reduce(op.global("torch._utils", "_rebuild_parameter"), weight, op.true, op.none);
    const file = save(
      op.dict([op.text("epoch"), op.int(3)], [op.text("state_dict"), stateDict({ "module.w": parameter })]),
    );
    expect(plain(readCheckpoint(file))).toEqual({ w: { shape: [6], data: [1, 2, 3, 4, 5, 6] } });
  });

  test("reads expanded tensors, whose elements repeat", () => {
    const file = save(
      stateDict({ w: tensor(storage("0", 6), 1, [2, 3], [1, 0]), one: tensor(storage("0", 6), 5, [4], [0]) }),
    );
    expect(plain(readCheckpoint(file))).toEqual({
      w: { shape: [2, 3], data: [2, 2, 2, 3, 3, 3] },
      one: { shape: [4], data: [6, 6, 6, 6] },
    });
  });

  test.each([
    ["_orig_mod.a.w", "a.w"],
    ["module._orig_mod.a.w", "a.w"],
    ["_orig_mod.module.a.w", "a.w"],
    ["a._orig_mod.w", "a.w"],
    ["model.a.w", "a.w"],
    ["model.module.a.w", "a.w"],
    ["a.model.w", "a.model.w"],
    ["models.w", "models.w"],
  ])("%s is called %s", (name, plain) => {
    const file = save(stateDict({ [name]: tensor(storage("0", 6), 0, [6], [1]) }));
    expect([...readCheckpoint(file).keys()]).toEqual([plain]);
  });

  test("passes over numbers and words beside the tensors, not over two tensors of one name", () => {
    const w = tensor(storage("0", 6), 0, [6], [1]);
    const notes = { epoch: op.int(3), best: op.true, note: op.text("last") };
    expect([...readCheckpoint(save(stateDict({ ...notes, w }))).keys()]).toEqual(["w"]);
    expect(problemOf(save(stateDict({ w, "model.w": w }))).message).toContain('"w"');
    problemOf(save(stateDict(notes)));
    expect(problemOf(save(stateDict({ w, optimizer: op.dict() }))).message).toContain('"optimizer"');
  });

  test.each(["state_dict", "model_state_dict", "model"])("unwraps %s", (key) => {
    const w = tensor(storage("0", 6), 0, [6], [1]);
    const file = save(op.dict([op.text("epoch"), op.int(3)], [op.text(key), stateDict({ w })]));
    expect([...readCheckpoint(file).keys()]).toEqual(["w"]);
  });

  test("keeps the tensors of an OrderedDict with attributes", () => {
    const dict = [
      ...op.reduce(op.global("collections", "OrderedDict")),
      0x28,
      ...op.text("w"),
      ...tensor(storage("0", 6), 0, [6], [1]),
      0x75,
    ];
    const metadata = op.dict([op.text("_metadata"), op.reduce(op.global("collections", "OrderedDict"))]);
    expect([...readCheckpoint(save(op.build(dict, metadata))).keys()]).toEqual(["w"]);
  });

  test.each([
    ["posix.system", op.reduce(op.global("posix", "system"), op.text("echo harm"))],
    ["builtins.eval", op.reduce(op.global("builtins", "eval"), op.text("1"))],
    ["os.system", op.instance("os", "system", op.text("echo harm"))],
    ["torch.nn.Linear", op.reduce(op.global("torch.nn", "Linear"))],
    ["torch.load", op.reduce(op.global("torch", "load"), op.text("x"))],
    ["collections.constructor", op.reduce(op.global("collections", "constructor"))],
  ])("refuses the global %s by name", (name, value) => {
    expect(problemOf(save(stateDict({ w: value }))).message).toContain(`"${name}"`);
  });

  test.each([
    ["an offset behind the end", tensor(storage("0", 6), 6, [1], [1])],
    ["a shape that is too large", tensor(storage("0", 6), 0, [7], [1])],
    ["strides that leave the storage", tensor(storage("0", 6), 0, [2, 3], [4, 1])],
    ["an enormous shape", tensor(storage("0", 6), 0, [2 ** 40, 2 ** 40], [0, 0])],
    ["elements that repeat too often", tensor(storage("0", 6), 0, [2 ** 23], [0])],
    ["a dictionary among the tensors", op.dict([op.text("x"), tensor(storage("0", 6), 0, [6], [1])])],
    ["a negative stride", tensor(storage("0", 6), 5, [6], [-1])],
    ["a negative size", tensor(storage("0", 6), 0, [-1], [1])],
    [
      "a shape that is text",
      op.reduce(
        op.global("torch._utils", "_rebuild_tensor_v2"),
        storage("0", 6),
        op.int(0),
        op.text("6"),
        op.text("1"),
      ),
    ],
    ["a storage larger than the file", tensor(storage("0", 2 ** 45), 0, [2 ** 45], [1])],
    ["a storage of a negative size", tensor(storage("0", -6), 0, [1], [1])],
    ["a tensor on something else", tensor(op.text("0"), 0, [1], [1])],
    ["a persistent id that is no storage", op.persistent(op.tuple(op.text("module"), op.text("x")))],
    ["a value that is no tensor", op.text("weights")],
    ["a call of something that is no function", op.reduce(op.text("x"))],
  ])("refuses %s", (_, value) => {
    problemOf(save(stateDict({ w: value })));
  });

  test("refuses a pickle that is not a dictionary", () => {
    problemOf(save(op.list(op.int(1))));
  });

  test("attributes set by a pickle reach nothing outside of it", () => {
    const hostile = op.dict([op.text("__proto__"), op.dict([op.text("polluted"), op.true])]);
    problemOf(save(stateDict({ w: op.build(op.global("collections", "OrderedDict"), hostile) })));
    problemOf(save(stateDict({ w: op.build(op.global("torch", "FloatStorage"), hostile) })));
    expect("polluted" in {}).toBe(false);
    expect("polluted" in Function.prototype).toBe(false);
  });

  test("refuses every truncation of a file, and survives every flipped byte", () => {
    const file = save(stateDict({ a: tensor(storage("0", 6), 0, [2, 3], [3, 1]) }));
    for (let length = 0; length < file.length; length++) problemOf(file.slice(0, length));
    for (let at = 0; at < file.length; at++) {
      const flipped = file.slice();
      flipped[at] ^= 0xff;
      try {
        readCheckpoint(flipped);
      } catch (error) {
        expect(error).toBeInstanceOf(GlamError);
      }
    }
  });
});

describe("zip format", () => {
  const good = stateDict({ w: tensor(storage("0", 6), 0, [6], [1]) });

  test("refuses an archive that unpacks to far more than its size", () => {
    const bomb = zipSync({ "glam/data.pkl": pickle(good), "glam/data/0": new Uint8Array(50e6) }, { level: 9 });
    expect(problemOf(bomb).message).toMatch(/unpacks to more than/);
  });

  test("refuses an archive without the pickle or the storage", () => {
    problemOf(zipSync({ "glam/version": Uint8Array.of(51) }));
    expect(problemOf(zipCheckpoint(good, {})).message).toContain("should hold 24 bytes and has 0");
  });

  test("refuses big-endian storages", () => {
    const files = {
      "glam/data.pkl": pickle(good),
      "glam/data/0": six,
      "glam/byteorder": new TextEncoder().encode("big"),
    };
    expect(problemOf(zipSync(files)).message).toContain("big-endian");
  });
});

describe("legacy format", () => {
  test("reads a view of a storage, as PyTorch 1.1 saves it", () => {
    const view = op.tuple(op.text("0v"), op.int(2), op.int(3));
    const value = stateDict({ w: tensor(storage("0", 6, "FloatStorage", view), 1, [2], [1]) });
    expect(plain(readCheckpoint(legacyCheckpoint(value, { 0: { bytes: six, count: 6 } }))).w.data).toEqual([4, 5]);
  });

  test.each([
    ["a view outside of its storage", storage("0", 6, "FloatStorage", op.tuple(op.text("v"), op.int(4), op.int(3))), 6],
    ["a count that differs from the pickle's", storage("0", 6), 5],
    ["a negative count", storage("0", 6), -1],
  ])("refuses %s", (_, of, count) => {
    problemOf(legacyCheckpoint(stateDict({ w: tensor(of, 0, [1], [1]) }), { 0: { bytes: six, count } }));
  });

  test("refuses a big-endian file, unknown keys and two opinions on one storage", () => {
    const one = stateDict({ w: tensor(storage("0", 6), 0, [1], [1]) });
    expect(problemOf(legacyCheckpoint(one, { 0: { bytes: six, count: 6 } }, false)).message).toContain("little-endian");
    problemOf(legacyCheckpoint(one, { 1: { bytes: six, count: 6 } }));
    const two = stateDict({ a: tensor(storage("0", 6), 0, [1], [1]), b: tensor(storage("0", 3), 0, [1], [1]) });
    expect(problemOf(legacyCheckpoint(two, { 0: { bytes: six, count: 6 } })).message).toContain("disagree");
  });
});

test("a file of another kind is named as such", () => {
  expect(problemOf(new TextEncoder().encode("weights: none")).message).toContain("torch.save");
  problemOf(new Uint8Array());
});
