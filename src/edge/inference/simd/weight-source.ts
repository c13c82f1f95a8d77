/**
 * @module
 * Carries packed weights from the bundle's file into the arena, a few kilobytes at a time: the file stays where it was
 * loaded, and the arena never holds more than what the next product needs.
 */
import { GlamError } from "../../../glam/problem.ts";
import type { Kernels } from "./kernels.ts";
import type { PackedTensor, PackedWeights } from "./weights-file.ts";

/** Reads tensors into one arena. */
export type WeightSource = {
  /** Copies a whole f32 tensor. */
  copy(name: string, to: number): void;
  /**
   * Brings block `index` of `count` elements as f32.
   * @param to address; without it the scratch of this source, overwritten by the next call
   * @returns where the block is
   */
  expand(name: string, index: number, count: number, to?: number): number;
  /** Copies block `index` of `count` int8 elements as they are. */
  copyInt8(name: string, index: number, count: number, to: number): void;
};

/** Bytes of scratch for blocks of up to `count` elements. */
export const weightScratchBytes = (count: number): number => Math.ceil(count / 16) * 96;

/** @throws {GlamError} model-damaged when the file has not exactly the tensors of `lengths` */
export function checkTensors({ tensors }: PackedWeights, lengths: Map<string, number>): void {
  for (const [name, length] of lengths) {
    const found = tensors.get(name);
    if (found?.length !== length || (!name.endsWith(".weight") && !(found instanceof Float32Array))) {
      throw new GlamError("model-damaged", `The weights file has no ${name} of ${length} elements.`);
    }
  }
  if (tensors.size !== lengths.size) {
    throw new GlamError("model-damaged", "The weights file has tensors that the spec does not ask for.");
  }
}

/**
 * @param scratch address of `weightScratchBytes(largest block)` bytes
 */
export function weightSource(
  { tensors }: PackedWeights,
  memory: WebAssembly.Memory,
  kernels: Kernels,
  scratch: number,
): WeightSource {
  const floats = new Float32Array(memory.buffer);
  const bytes = new Int8Array(memory.buffer);
  const words = new Int16Array(memory.buffer);
  const tensor = (name: string): PackedTensor => {
    const found = tensors.get(name);
    if (!found) throw new GlamError("model-damaged", `The weights file has no ${name}.`);
    return found;
  };
  return {
    copy(name, to) {
      floats.set(tensor(name), to / 4);
    },
    copyInt8(name, index, count, to) {
      const all = tensor(name);
      if (!(all instanceof Int8Array)) throw new GlamError("internal-error", `${name} is not int8.`);
      bytes.set(all.subarray(index * count, (index + 1) * count), to);
    },
    expand(name, index, count, to = scratch) {
      const all = tensor(name);
      const part = all.subarray(index * count, (index + 1) * count);
      // Integers go behind the f32 part of the scratch.
      const raw = scratch + Math.ceil(count / 16) * 64;
      if (part instanceof Int8Array) {
        bytes.set(part, raw);
        kernels.int8ToFloat(raw, count, to);
      } else if (part instanceof Int16Array) {
        words.set(part, raw / 2);
        kernels.int16ToFloat(raw, count, to);
      } else {
        floats.set(part, to / 4);
      }
      return to;
    },
  };
}
