/**
 * @module
 * A PyTorch checkpoint file -> flat names and float32 tensors.
 */
import { GlamError } from "../../src/glam/problem.ts";
import { isLegacyFormat, readLegacyFormat } from "./legacy-format.ts";
import { type Tensor, TensorView } from "./tensor-view.ts";
import { readZipFormat } from "./zip-format.ts";

/** A state_dict: name -> tensor, in the file's order. */
export type Checkpoint = Map<string, Tensor>;

/** Elements of all tensors together: 1 GiB of float32, ten times the released GLAM. */
const maxElements = 2 ** 28;

const isZip = (file: Uint8Array): boolean => file[0] === 0x50 && file[1] === 0x4b && file[2] === 3 && file[3] === 4;

function readObject(file: Uint8Array): unknown {
  if (isZip(file)) return readZipFormat(file);
  if (isLegacyFormat(file)) return readLegacyFormat(file);
  throw new GlamError(
    "checkpoint-unreadable",
    "The file is neither a zip nor a legacy PyTorch checkpoint; save the model's state_dict() with torch.save.",
  );
}

/** Unwraps `{"state_dict": {...}, ...}`, as training loops save it. */
function stateDict(object: unknown): Map<unknown, unknown> {
  const wrapped = object instanceof Map ? object.get("state_dict") : undefined;
  const dict = wrapped instanceof Map ? wrapped : object;
  if (dict instanceof Map) return dict;
  throw new GlamError("checkpoint-unreadable", "The checkpoint holds no state_dict.");
}

/**
 * Reads a state_dict saved by any PyTorch. `module.` before every name (DataParallel) is removed.
 * @param file the whole file
 * @throws {GlamError} checkpoint-unreadable
 * @example const checkpoint = readCheckpoint(await readFile("glam.pt"));
 */
export function readCheckpoint(file: Uint8Array): Checkpoint {
  const entries = [...stateDict(readObject(file))];
  const parallel = entries.length > 0 && entries.every(([name]) => String(name).startsWith("module."));
  const checkpoint: Checkpoint = new Map();
  let elements = 0;
  for (const [key, value] of entries) {
    if (typeof key !== "string" || !(value instanceof TensorView)) {
      throw new GlamError("checkpoint-unreadable", "The state_dict holds something that is not a named tensor.");
    }
    elements += value.length;
    if (elements > maxElements) {
      throw new GlamError("checkpoint-unreadable", `The tensors have more than ${maxElements} elements.`);
    }
    checkpoint.set(parallel ? key.slice("module.".length) : key, value.read());
  }
  return checkpoint;
}
