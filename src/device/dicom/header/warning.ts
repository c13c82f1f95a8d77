/**
 * @module
 * Warnings of reading DICOM.
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
