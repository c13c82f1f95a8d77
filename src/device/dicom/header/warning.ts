/**
 * @module
 * What a reader of DICOM should know and that is no error.
 */

/** Stable codes. */
export type DicomWarningCode =
  | "modality-not-mg"
  | "presentation-intent-unknown"
  | "breast-implant"
  | "partial-view"
  | "synthetic-image"
  | "view-unusual"
  | "view-unknown"
  | "orientation-unusual"
  | "burned-in-annotation"
  | "lossy-compression";

export type DicomWarning = { code: DicomWarningCode; detail: string };
