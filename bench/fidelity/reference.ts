/**
 * @module
 * The pipeline in PyTorch (`training/reference.py`), float32, one thread.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Canvas } from "../../src/glam/contracts.ts";
import { localMapSide, type Spec } from "../../src/glam/spec.ts";
import type { Reference } from "./answer.ts";
import { converse } from "./python.ts";

const answerSchema = z.object({
  scores: z.tuple([z.number(), z.number()]),
  margin: z.number(),
  regions: z.array(z.object({ top: z.int(), left: z.int() })),
});

/** An open reference. */
export type ReferencePipeline = {
  /** @param regions K */
  run(canvas: Canvas, regions: number): Promise<Reference>;
  close(): Promise<void>;
};

/** Writes raw pixels as the scripts read them. @returns the file */
export async function writeCanvas(folder: string, name: string, { pixels }: Canvas): Promise<string> {
  const path = join(folder, `${name}.raw`);
  await writeFile(path, new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  return path;
}

/**
 * @param specFile JSON of the spec
 * @param folder for files between the processes
 */
export async function openReference(
  spec: Spec,
  specFile: string,
  checkpoint: string,
  folder: string,
): Promise<ReferencePipeline> {
  const process = await converse("reference.py", ["--spec", specFile, "--checkpoint", checkpoint]);
  const cells = 2 * spec.saliency.height * spec.saliency.width;
  const localCells = 2 * localMapSide(spec) ** 2;
  const pixels = 2 * spec.canvas.height * spec.canvas.width;
  return {
    async run(canvas, regions) {
      const out = join(folder, "reference.f32");
      const request = { canvas: await writeCanvas(folder, "canvas", canvas), regions, out };
      const answer = answerSchema.parse(await process.ask(request));
      const { buffer } = Uint8Array.from(await readFile(out));
      await rm(out);
      // s1, s2, s3 come first; S holds all of them.
      let at = 3 * cells * 4;
      const next = (length: number): Float32Array => {
        const part = new Float32Array(buffer, at, length);
        at += length * 4;
        return part;
      };
      const saliency = next(cells);
      const local = answer.regions.map(() => next(localCells));
      const [benign, malignant] = answer.scores;
      return { ...answer, scores: { benign, malignant }, saliency, local, fused: next(pixels) };
    },
    close: process.close,
  };
}
