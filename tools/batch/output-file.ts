/**
 * @module
 * Where the outputs of a file go: below the out folder as the file lies below its own.
 */
import type { OutputKind } from "../segment/make-output.ts";

const ENDINGS: Record<OutputKind, string> = {
  overlay: "overlay.png",
  contours: "contours.json",
  "dicom-seg": "seg.dcm",
};

/** @returns a path below the out folder, with slashes */
export const outputFile = (file: string, kind: OutputKind): string => `views/${file}.${ENDINGS[kind]}`;
