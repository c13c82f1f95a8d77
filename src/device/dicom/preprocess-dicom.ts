/**
 * @module
 * Preprocessing with what the header knows.
 */
import { GlamError } from "../../glam/problem.ts";
import type { Spec } from "../../glam/spec.ts";
import { type Preprocessed, type PreprocessOptions, preprocess } from "../preprocess/index.ts";
import type { DicomMammogram } from "./read-dicom.ts";

/** Options that are not given come from the header. */
export type PreprocessDicomOptions = Partial<PreprocessOptions>;

/**
 * The chest wall is found in the pixels, because archives flip images without changing PatientOrientation; where the pixels
 * are ambiguous, the header decides.
 * @throws GlamError `invalid-request` when neither header nor options say the view, and what {@link preprocess} throws
 */
export function preprocessDicom(
  mammogram: DicomMammogram,
  spec: Spec,
  options: PreprocessDicomOptions = {},
): Preprocessed {
  const view = options.view ?? mammogram.view;
  if (view === undefined) {
    throw new GlamError(
      "invalid-request",
      "The DICOM header does not say the view; say it (L-CC, L-MLO, R-CC or R-MLO).",
      {
        at: "view",
      },
    );
  }
  const pixelSpacing = options.pixelSpacing ?? mammogram.pixelSpacing;
  const known = { ...options, view, ...(pixelSpacing === undefined ? {} : { pixelSpacing }) };
  const { chestWall } = mammogram;
  try {
    return preprocess(mammogram.image, spec, known);
  } catch (error) {
    const unclear = error instanceof GlamError && error.code === "orientation-unclear";
    if (!unclear || chestWall === undefined || (options.chestWall ?? "auto") !== "auto") throw error;
    return preprocess(mammogram.image, spec, { ...known, chestWall });
  }
}
