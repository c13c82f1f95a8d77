/**
 * @module
 * What a Segmentation object says of one class.
 */
import type { Segmentation } from "../../../contract/answer.ts";
import type { Laterality } from "../header/view.ts";
import { type Code, codeItem } from "../write/code.ts";
import { type DataSet, dataSet } from "../write/data-set.ts";

/** The two classes in the order of their segments. */
export const CLASSES = ["benign", "malignant"] as const;

export type ClassName = (typeof CLASSES)[number];

export type SegmentOptions = {
  number: number;
  name: ClassName;
  model: Segmentation["model"];
  /** Each area reaches it somewhere. */
  threshold: number;
  /** Each pixel of an area reaches it. */
  lowThreshold: number;
  failedRegions: number;
  laterality: Laterality | undefined;
  trackingUid: string;
};

/** The property is a lesion for both: a network's class is not a histology. */
const CATEGORY: Code = ["49755003", "SCT", "Morphologically Abnormal Structure"];
const PROPERTY: Code = ["52988006", "SCT", "Lesion"];
const BREAST: Code = ["76752008", "SCT", "Breast"];
const SIDES: Record<Laterality, Code> = { L: ["7771000", "SCT", "Left"], R: ["24028007", "SCT", "Right"] };

/** CIELab of the classes' colours (sky blue, orange), scaled to 16 bits (PS3.3 C.10.7.1.1). */
const COLOURS: Record<ClassName, number[]> = { benign: [47771, 29352, 22115], malignant: [40180, 47938, 48369] };

/** LO values have 64 characters. */
const LONG_STRING = 64;

/** An item of SegmentSequence (PS3.3 C.8.20.2). */
export function segmentItem(options: SegmentOptions): DataSet {
  const { number, name, model, threshold, lowThreshold, failedRegions, laterality, trackingUid } = options;
  const partial = failedRegions === 0 ? "" : ` Incomplete: ${failedRegions} region(s) could not be looked at closely.`;
  const description =
    `Areas whose saliency for the class "${name}" is at least ${lowThreshold} and somewhere reaches ${threshold}. ` +
    `Output of a network that is not calibrated; no diagnosis. Research use only. Not a medical device.${partial}`;
  const algorithm = `${model.name} ${model.version}`.slice(0, LONG_STRING);
  return dataSet(
    [0x00620004, "US", [number]],
    [0x00620005, "LO", name],
    [0x00620006, "ST", description],
    [0x00620008, "CS", "AUTOMATIC"],
    [0x00620009, "LO", algorithm],
    [0x00620007, "SQ", [algorithmItem(options)]],
    [0x00620003, "SQ", [codeItem(CATEGORY)]],
    [0x0062000f, "SQ", [codeItem(PROPERTY)]],
    [0x0062000d, "US", COLOURS[name]],
    [0x00620020, "UT", `GLAM ${name}`],
    [0x00620021, "UI", trackingUid],
    [0x00082218, "SQ", [breastItem(laterality)]],
  );
}

/** Algorithm Identification Macro (PS3.3 table 10-19). */
function algorithmItem({ model, threshold, lowThreshold }: SegmentOptions): DataSet {
  return dataSet(
    [0x0066002f, "SQ", [codeItem(["123110", "DCM", "Artificial Intelligence"])]],
    [0x00660036, "LO", model.name.slice(0, LONG_STRING)],
    [0x00660031, "LO", model.version.slice(0, LONG_STRING)],
    [0x00660032, "LT", `manifest sha256 ${model.sha256}; threshold ${threshold}; low threshold ${lowThreshold}`],
    [0x00240202, "LO", "glam-edge"],
  );
}

const breastItem = (laterality: Laterality | undefined): DataSet =>
  laterality === undefined ? codeItem(BREAST) : codeItem(BREAST, [0x00082220, "SQ", [codeItem(SIDES[laterality])]]);
