/**
 * @module
 * The files that `glam segment` writes of an answer.
 */
import { writeFile } from "node:fs/promises";
import type { Segmentation } from "../../src/contract/index.ts";
import { sourceContours, sourceOverlay } from "../../src/device/client/index.ts";
import { writeSegmentation } from "../../src/device/dicom/index.ts";
import type { Preprocessed } from "../../src/device/preprocess/index.ts";
import type { SourceFile } from "./read-source.ts";
import { overlayOf } from "./report.ts";

/** Where to write what; missing ones are not written. */
export type OutputFiles = { out?: string; overlay?: string; contours?: string; dicomSeg?: string };

export type OutputParts = {
  answer: Segmentation;
  source: SourceFile;
  prepared: Pick<Preprocessed, "canvas" | "mirrored" | "toSource" | "toCanvas">;
};

/** @returns a line for each file that was written */
export async function writeOutputs(files: OutputFiles, { answer, source, prepared }: OutputParts): Promise<string[]> {
  const { image, dicom } = source;
  const written: string[] = [];
  const write = async (what: string, file: string | undefined, make: () => Uint8Array | string) => {
    if (file === undefined) return;
    await writeFile(file, make());
    written.push(`${what} written to ${file}`);
  };
  await write("picture", files.out, () => overlayOf(answer, prepared.canvas, prepared));
  await write("overlay", files.overlay, () => sourceOverlay(image, answer, prepared, { window: dicom?.window }));
  await write("contours", files.contours, () => JSON.stringify(sourceContours(answer, prepared, image)));
  if (dicom !== undefined) {
    const input = { source: dicom.source, answer, preprocessed: prepared };
    await write("DICOM Segmentation", files.dicomSeg, () => writeSegmentation(input));
  }
  return written;
}
