/**
 * @module
 * The zip format of `torch.save` (PyTorch 1.6 and later): `<name>/data.pkl` and one file per storage in `<name>/data/`.
 */
import { unzipSync } from "fflate";
import { GlamError } from "../../src/glam/problem.ts";
import type { Storage } from "./tensor-view.ts";
import { type StorageReference, unpickle } from "./unpickle.ts";

/** torch.save stores without compression, so an archive that unpacks to much more than its size is not a checkpoint. */
const maxExpansion = 4;

function entries(file: Uint8Array): Map<string, Uint8Array> {
  let unpacked = 0;
  try {
    const found = unzipSync(file, {
      filter: ({ name, originalSize }) => {
        unpacked += originalSize;
        if (unpacked > file.length * maxExpansion) {
          throw new GlamError(
            "checkpoint-unreadable",
            `The archive unpacks to more than ${maxExpansion} times its ${file.length} bytes.`,
          );
        }
        return !name.endsWith("/");
      },
    });
    return new Map(Object.entries(found));
  } catch (error) {
    if (error instanceof GlamError) throw error;
    throw new GlamError("checkpoint-unreadable", "The zip archive is truncated or damaged.", { cause: error });
  }
}

/**
 * @param file the whole checkpoint
 * @returns the pickled object; tensors are `TensorView`s
 * @throws {GlamError} checkpoint-unreadable
 */
export function readZipFormat(file: Uint8Array): unknown {
  const files = entries(file);
  const pickles = [...files.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const pickle = pickles.length === 1 ? files.get(pickles[0]) : undefined;
  if (!pickle)
    throw new GlamError("checkpoint-unreadable", "The zip archive has no data.pkl: torch.save did not write it.");
  const folder = pickles[0].slice(0, -"data.pkl".length);
  const order = files.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order).trim() !== "little") {
    throw new GlamError("checkpoint-unreadable", "The checkpoint was written on a big-endian machine.");
  }
  const storage = ({ type, key, size }: StorageReference): Storage => {
    const bytes = files.get(`${folder}data/${key}`);
    if (!bytes || bytes.length !== size * type.bytes) {
      throw new GlamError(
        "checkpoint-unreadable",
        `Storage ${JSON.stringify(key.slice(0, 40))} should hold ${size * type.bytes} bytes and has ${bytes?.length ?? 0}.`,
      );
    }
    return { type, size, bytes: () => bytes };
  };
  return unpickle(pickle, 0, storage).value;
}
