/**
 * @module
 * The files that `glam segment` writes of an answer.
 */
import { writeFile } from "node:fs/promises";
import { makeOutput, type OutputParts } from "./make-output.ts";
import { overlayOf } from "./report.ts";

/** Where to write what; missing ones are not written. */
export type OutputFiles = { out?: string; overlay?: string; contours?: string; dicomSeg?: string };

/** @returns a line for each file that was written */
export async function writeOutputs(files: OutputFiles, parts: OutputParts): Promise<string[]> {
  const { answer, source, prepared } = parts;
  const written: string[] = [];
  const write = async (what: string, file: string | undefined, make: () => Uint8Array | string) => {
    if (file === undefined) return;
    await writeFile(file, make());
    written.push(`${what} written to ${file}`);
  };
  await write("picture", files.out, () => overlayOf(answer, prepared.canvas, prepared));
  await write("overlay", files.overlay, () => makeOutput("overlay", parts));
  await write("contours", files.contours, () => makeOutput("contours", parts));
  if (source.dicom !== undefined) {
    await write("DICOM Segmentation", files.dicomSeg, () => makeOutput("dicom-seg", parts));
  }
  return written;
}
