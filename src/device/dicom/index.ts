/**
 * @module
 * DICOM for `glam-edge/dicom`: mammograms in, Segmentation objects out. Runs in browsers, Node and Workers; nothing is sent.
 */
export type { DicomSpacing, SpacingSource } from "./header/geometry.ts";
export { type DicomIdentity, readIdentity } from "./header/identity.ts";
export type { DicomSource } from "./header/source.ts";
export type { Laterality } from "./header/view.ts";
export type { DicomWarning, DicomWarningCode } from "./header/warning.ts";
export { isDicom } from "./is-dicom.ts";
export type { Grey } from "./pixels/grey-scale.ts";
export { type PreprocessDicomOptions, preprocessDicom } from "./preprocess-dicom.ts";
export { type DicomMammogram, type ReadDicomOptions, readDicom } from "./read-dicom.ts";
export { type SegmentationInput, writeSegmentation } from "./segmentation/write-segmentation.ts";
