/**
 * @module
 * A PyTorch checkpoint file -> flat names and float32 tensors.
 */
import { GlamError } from "../../src/glam/problem.ts";
import { isLegacyFormat, readLegacyFormat } from "./legacy-format.ts";
import { type Tensor, TensorView } from "./tensor-view.ts";
import { quoted } from "./unpickle.ts";
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

/** Keys under which training loops keep the state_dict. */
const wrappers = ["state_dict", "model_state_dict", "model"];

/** Unwraps `{"state_dict": {...}, ...}`, as training loops save it. */
function stateDict(object: unknown): Map<unknown, unknown> {
  if (!(object instanceof Map)) throw unreadable("The checkpoint holds no state_dict.");
  const wrapped = wrappers.map((key) => object.get(key)).find((value) => value instanceof Map);
  return wrapped instanceof Map ? wrapped : object;
}

/**
 * A tensor's name without what DataParallel (`module.`), torch.compile (`_orig_mod.`, at any level) and Lightning (`model.`)
 * put before it.
 */
const plainName = (name: string): string =>
  name.replaceAll(/(^|\.)_orig_mod\./g, "$1").replace(/^(?:(?:module|model)\.)+/, "");

/** Numbers and strings beside the tensors, such as an epoch. */
const isNote = (value: unknown): boolean => value === null || !["object", "function"].includes(typeof value);

const unreadable = (detail: string) => new GlamError("checkpoint-unreadable", detail);

/**
 * Reads a state_dict saved by any PyTorch; names are those of the model, whatever wrapped it when it was saved.
 * @param file the whole file
 * @throws {GlamError} checkpoint-unreadable
 * @example const checkpoint = readCheckpoint(await readFile("glam.pt"));
 */
export function readCheckpoint(file: Uint8Array): Checkpoint {
  const checkpoint: Checkpoint = new Map();
  let elements = 0;
  for (const [key, value] of stateDict(readObject(file))) {
    if (isNote(value)) continue;
    if (typeof key !== "string") throw unreadable("The state_dict holds something that has no name.");
    if (!(value instanceof TensorView)) throw unreadable(`The entry ${quoted(key)} of the state_dict is no tensor.`);
    const name = plainName(key);
    if (checkpoint.has(name)) throw unreadable(`Two tensors are called ${quoted(name)}, one of them behind a prefix.`);
    elements += value.length;
    if (elements > maxElements) throw unreadable(`The tensors have more than ${maxElements} elements.`);
    checkpoint.set(name, value.read());
  }
  if (checkpoint.size === 0) throw unreadable("The checkpoint holds no tensors.");
  return checkpoint;
}
