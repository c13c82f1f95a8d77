/**
 * @module
 * A tensor as PyTorch stores it: a window with offset and strides on a storage that other tensors may share. Everything a
 * file says about it is checked before a byte is read.
 */
import { GlamError } from "../../src/glam/problem.ts";
import type { ScalarType } from "./scalar-type.ts";

/** The elements of tensors; `bytes` is found after the pickle was read (legacy) or before (zip). */
export type Storage = {
  readonly type: ScalarType;
  /** Elements. */
  readonly size: number;
  /** @returns `size * type.bytes` little-endian bytes */
  readonly bytes: () => Uint8Array;
};

/** A plain tensor: row-major float32 values. int64 counters lose precision above 2^24. */
export type Tensor = { shape: number[]; data: Float32Array };

/** No GLAM tensor has more dimensions; more strides would only make the reader loop. */
const maxDimensions = 8;

/** Elements of a tensor that repeats some; a small file must not become a large one. */
const maxRepeated = 2 ** 22;

const counts = (value: unknown): number[] | undefined =>
  Array.isArray(value) && value.length <= maxDimensions && value.every((n) => Number.isSafeInteger(n) && n >= 0)
    ? value
    : undefined;

const isStorage = (value: unknown): value is Storage =>
  typeof value === "object" && value !== null && "type" in value && "size" in value && "bytes" in value;

export class TensorView {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: number[];
  readonly strides: number[];

  private constructor(storage: Storage, offset: number, shape: number[], strides: number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  /** @throws {GlamError} checkpoint-unreadable when the tensor reaches outside its storage or repeats too many elements */
  static of(storage: unknown, offset: unknown, shape: unknown, strides: unknown): TensorView {
    const sizes = counts(shape);
    const steps = counts(strides);
    if (!isStorage(storage) || !sizes || !steps || sizes.length !== steps.length || !counts([offset])) {
      throw new GlamError("checkpoint-unreadable", "A tensor's storage, offset, shape or strides are not numbers.");
    }
    const view = new TensorView(storage, offset as number, sizes, steps);
    const last = sizes.reduce((at, size, axis) => at + (size - 1) * steps[axis], view.offset);
    // A tensor that `expand` made repeats elements, by a stride of 0.
    if (view.length > 0 && last < storage.size && view.length > Math.max(storage.size, maxRepeated)) {
      throw new GlamError(
        "checkpoint-unreadable",
        `A tensor of shape [${sizes.join(", ")}] repeats a storage of ${storage.size} elements too often.`,
      );
    }
    if (view.length > 0 && last >= storage.size) {
      throw new GlamError(
        "checkpoint-unreadable",
        `A tensor of shape [${sizes.join(", ")}] reaches outside its storage of ${storage.size} elements.`,
      );
    }
    return view;
  }

  /** Number of elements. */
  get length(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** Copies the elements out, row-major. */
  read(): Tensor {
    const { type } = this.storage;
    const bytes = this.storage.bytes();
    const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const data = new Float32Array(this.length);
    const index = new Array<number>(this.shape.length).fill(0);
    let at = this.offset;
    for (let i = 0; i < data.length; i++) {
      data[i] = type.read(source, at * type.bytes);
      for (let axis = index.length - 1; axis >= 0; axis--) {
        at += this.strides[axis];
        index[axis] += 1;
        if (index[axis] < this.shape[axis]) break;
        at -= this.strides[axis] * this.shape[axis];
        index[axis] = 0;
      }
    }
    return { shape: [...this.shape], data };
  }
}
