/**
 * @module
 * An answer as one line of JSON, with the warnings of reading and preprocessing and the input's name. These are added on this
 * machine after the answer and not sent.
 */
import { basename } from "node:path";
import type { Segmentation, Warning } from "../../src/contract/index.ts";
import type { SourceFile } from "./read-source.ts";

/** Of which file an answer is. */
export type Input = {
  /** The file's name without its folder. */
  file: string;
  /** SOPInstanceUID of a DICOM file that has one. */
  sopInstanceUid?: string;
};

/** @param noticed warnings of reading and preprocessing, which come before those of the service */
export function reportJson(
  answer: Segmentation,
  { file, dicom }: Pick<SourceFile, "dicom"> & { file: string },
  noticed: readonly Warning[],
): Segmentation & { input: Input } {
  const sopInstanceUid = dicom?.source.sopInstanceUid;
  const input = { file: basename(file), ...(sopInstanceUid === undefined ? {} : { sopInstanceUid }) };
  return { ...answer, input, warnings: [...noticed, ...answer.warnings] };
}
