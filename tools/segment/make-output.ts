/**
 * @module
 * An answer in the source image's own pixels: a picture, contours, a DICOM Segmentation.
 */
import type { Segmentation } from "../../src/contract/index.ts";
import { sourceContours, sourceOverlay } from "../../src/device/client/index.ts";
import { writeSegmentation } from "../../src/device/dicom/index.ts";
import type { Preprocessed } from "../../src/device/preprocess/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { SourceFile } from "./read-source.ts";

/** The kinds of output. `overlay` and `dicom-seg` need an answer with maps, `contours` one with contours. */
export const outputKinds = ["overlay", "contours", "dicom-seg"] as const;
export type OutputKind = (typeof outputKinds)[number];

/** An answer, and what it is of. */
export type OutputParts = {
  answer: Segmentation;
  source: SourceFile;
  prepared: Pick<Preprocessed, "canvas" | "mirrored" | "toSource" | "toCanvas">;
};

/**
 * @returns a PNG file, JSON, or a DICOM file
 * @throws GlamError `invalid-request` for a Segmentation of a file that is not DICOM, or an answer without what the output needs,
 * `dicom-unreadable` when the source lacks what a Segmentation must refer to
 */
export function makeOutput(kind: OutputKind, { answer, source, prepared }: OutputParts): Uint8Array<ArrayBuffer> {
  const { image, dicom } = source;
  switch (kind) {
    case "overlay":
      return sourceOverlay(image, answer, prepared, { window: dicom?.window });
    case "contours":
      return new TextEncoder().encode(JSON.stringify(sourceContours(answer, prepared, image)));
    case "dicom-seg":
      if (dicom === undefined) {
        throw new GlamError("invalid-request", "A DICOM Segmentation needs a DICOM image, to which it refers.");
      }
      return writeSegmentation({ source: dicom.source, answer, preprocessed: prepared });
  }
}
