/**
 * @module
 * Exact masks of a phantom data set, for the one baseline that may learn from masks: the U-Net that shows what is possible.
 */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { GlamError } from "../../src/glam/problem.ts";
import { classMask, GENERATOR_VERSION } from "../../src/phantom/index.ts";
import { drawPhantom, lesionsOf, type SampleRequest, sampleRequests } from "../dataset/phantom-sample.ts";
import { kinds } from "./test-case.ts";

/** Cells are squares of so many pixels. */
export const CELL = 4;

const schema = z.strictObject({
  count: z.int(),
  height: z.int(),
  width: z.int(),
  seed: z.int(),
  generator: z.literal(GENERATOR_VERSION),
  lesionsEach: z.int().optional(),
});

/**
 * Writes `upper-bound-masks.u8`, `[count, 2, height / 4, width / 4]`, share of a cell that is lesion times 255.
 * @param set folder of `glam phantom dataset`; the phantoms are drawn again from its seeds
 * @param out another folder, so that no training that reads `set` can come across masks
 * @throws GlamError `invalid-request` when both are the same folder, or the set is none of phantoms as this generator draws them (of
 *   lesions as in films, or of films, there are no exact masks)
 */
export async function writeMaskSet(set: string, out: string, count: number, report: (line: string) => void) {
  if (join(set) === join(out)) {
    throw new GlamError("invalid-request", "Masks may not lie in the folder of a training set; give another one.");
  }
  const { data: description } = schema.safeParse(JSON.parse(await readFile(join(set, "dataset.json"), "utf8")));
  if (description === undefined) {
    throw new GlamError(
      "invalid-request",
      "Exact masks exist only of phantoms that this version of the generator draws.",
    );
  }
  await mkdir(out, { recursive: true });
  const file = await open(join(out, "masks.part"), "w");
  try {
    for (const request of sampleRequests({ ...description, count: Math.min(count, description.count) })) {
      await file.appendFile(masksOf(request));
      if ((request.index + 1) % 100 === 0) report(`masks of ${request.index + 1}`);
    }
  } finally {
    await file.close();
  }
  await rename(join(out, "masks.part"), join(out, "upper-bound-masks.u8"));
}

function masksOf(request: SampleRequest): Uint8Array {
  const { height, width } = request;
  const lesions = lesionsOf(request);
  const [rows, cols] = [height / CELL, width / CELL];
  const out = new Uint8Array(2 * rows * cols);
  if (lesions?.length === 0) return out;
  const phantom = drawPhantom(request, lesions);
  kinds.forEach((kind, c) => {
    const sums = new Uint16Array(rows * cols);
    classMask(phantom, kind).forEach((value, i) => {
      sums[Math.floor(Math.floor(i / width) / CELL) * cols + Math.floor((i % width) / CELL)] += value;
    });
    out.set(
      sums.map((sum) => Math.round((255 * sum) / CELL ** 2)),
      c * rows * cols,
    );
  });
  return out;
}
