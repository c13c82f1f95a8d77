/**
 * @module
 * The answer as a DICOM Segmentation object: binary, one segment a class, on the grid of the source image. Made where the source
 * is; the service never sees its header.
 */
import type { Segmentation } from "../../../contract/answer.ts";
import { outlinedLevels } from "../../../glam/outlined-levels.ts";
import { GlamError } from "../../../glam/problem.ts";
import { decodeMap, mapToSource } from "../../client/maps.ts";
import { levelOutlining } from "../../client/outputs/level-outlining.ts";
import type { Preprocessed } from "../../preprocess/index.ts";
import type { DicomSource } from "../header/source.ts";
import { unreadable } from "../problems.ts";
import { codeItem } from "../write/code.ts";
import { type DataSet, dataSet } from "../write/data-set.ts";
import { encodePart10 } from "../write/part10.ts";
import { createUid } from "../write/uid.ts";
import { packFrames } from "./pack-bits.ts";
import { CLASSES, segmentItem } from "./segment-item.ts";

const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";
const DISCLAIMER = "Research use only. Not a medical device.";

export type SegmentationInput = {
  /** Of the DICOM file that was segmented. */
  source: DicomSource;
  /** With the output `maps`. */
  answer: Pick<Segmentation, "model" | "saliency" | "contours" | "failedRegions" | "canvas">;
  /** How the canvas came from the source. */
  preprocessed: Pick<Preprocessed, "canvas" | "toCanvas">;
  /** Default: the threshold of the answer's contours. What its contours leave out is left out. */
  threshold?: number;
  /** When it was made. Default: now. */
  date?: Date;
};

/**
 * Both classes always have a segment and a frame; the frame is empty where nothing reaches the threshold.
 * @returns a DICOM file
 * @throws GlamError `dicom-unreadable` when the source lacks what a Segmentation must refer to, `invalid-request` when the answer
 * has no maps or no threshold is known
 * @example const bytes = writeSegmentation({ source, answer, preprocessed });
 */
export function writeSegmentation(input: SegmentationInput): Uint8Array<ArrayBuffer> {
  const { source, answer, preprocessed, date = new Date() } = input;
  const threshold = input.threshold ?? answer.contours?.threshold;
  if (answer.saliency === undefined || threshold === undefined) {
    throw new GlamError("invalid-request", "A Segmentation needs an answer with maps, and a threshold.", {
      at: "outputs",
    });
  }
  const { saliency } = answer;
  const outlining = levelOutlining(answer.contours, threshold);
  const frames = CLASSES.map((name) => {
    const outlined = outlinedLevels(decodeMap(saliency[name]), answer.canvas, outlining);
    const levels = mapToSource(outlined, preprocessed, source);
    return levels.map((level) => Number(level >= outlining.low));
  });
  const sopInstanceUid = createUid();
  const segments = CLASSES.map((name, i) =>
    segmentItem({
      number: i + 1,
      name,
      model: answer.model,
      threshold,
      lowThreshold: Number((outlining.low / 255).toFixed(6)),
      failedRegions: answer.failedRegions.length,
      laterality: source.laterality,
      trackingUid: createUid(),
    }),
  );
  const parts: DataSet[] = [
    copied(source),
    seriesAndEquipment(answer.model, date),
    references(source, sopInstanceUid),
    image(source, frames.length),
    dataSet([0x00620002, "SQ", segments], [0x7fe00010, "OB", packFrames(frames)]),
    functionalGroups(source, frames.length),
  ];
  return encodePart10(new Map(parts.flatMap((part) => [...part])), SEGMENTATION_STORAGE, sopInstanceUid);
}

/** Type 2 attributes that a source may lack, then what it has, as it is. */
function copied({ copied: attributes }: DicomSource): DataSet {
  const empty = dataSet(
    [0x00080020, "DA", ""],
    [0x00080030, "TM", ""],
    [0x00080050, "SH", ""],
    [0x00080090, "PN", ""],
    [0x00100010, "PN", ""],
    [0x00100020, "LO", ""],
    [0x00100030, "DA", ""],
    [0x00100040, "CS", ""],
    [0x00200010, "SH", ""],
    [0x00200020, "CS", ""],
  );
  return new Map([...empty, ...attributes.map(({ tag, vr, value }) => [tag, [vr, value] as const] as const)]);
}

function seriesAndEquipment({ name, version, sha256 }: Segmentation["model"], date: Date): DataSet {
  const iso = date.toISOString();
  return dataSet(
    [0x00080023, "DA", iso.slice(0, 10).replaceAll("-", "")],
    [0x00080033, "TM", iso.slice(11, 19).replaceAll(":", "")],
    [0x00080060, "CS", "SEG"],
    [0x00080070, "LO", "glam-edge"],
    [0x0008103e, "LO", "GLAM lesions. Research use only. Not a medical device."],
    [0x00081090, "LO", "glam-edge"],
    // DeviceSerialNumber: the hash of the model.
    [0x00181000, "LO", sha256],
    [0x00181020, "LO", `${name} ${version}`.slice(0, 64)],
    [0x0020000e, "UI", createUid()],
    [0x00200011, "IS", "1"],
    [0x00200013, "IS", "1"],
    [0x00700080, "CS", "RESEARCH USE"],
    [0x00700081, "LO", DISCLAIMER],
    [0x00700084, "PN", ""],
  );
}

/**
 * Whether a Segmentation can refer to a source, before the answer is there.
 * @throws GlamError `dicom-unreadable` when the source does not name itself, its series and its study
 */
export function checkReferable(source: Pick<DicomSource, "studyUid" | "seriesUid" | "sopClassUid" | "sopInstanceUid">) {
  const { studyUid, seriesUid, sopClassUid, sopInstanceUid } = source;
  if (studyUid === undefined || seriesUid === undefined) {
    throw unreadable("The source image does not name its study and series; no Segmentation can refer to it.");
  }
  if (sopClassUid === undefined || sopInstanceUid === undefined) {
    throw unreadable("The source image does not name itself; no Segmentation can refer to it.");
  }
  return { studyUid, seriesUid, sopClassUid, sopInstanceUid };
}

/** The source image, its series, study and frame of reference. @throws GlamError `dicom-unreadable` */
function references(source: DicomSource, sopInstanceUid: string): DataSet {
  const { frameOfReferenceUid } = source;
  const { studyUid, seriesUid } = checkReferable(source);
  const series = dataSet([0x0020000e, "UI", seriesUid], [0x0008114a, "SQ", [reference(source)]]);
  return new Map([
    ...dataSet(
      [0x00080016, "UI", SEGMENTATION_STORAGE],
      [0x00080018, "UI", sopInstanceUid],
      [0x00081115, "SQ", [series]],
      [0x0020000d, "UI", studyUid],
    ),
    ...(frameOfReferenceUid === undefined
      ? []
      : dataSet([0x00200052, "UI", frameOfReferenceUid], [0x00201040, "LO", ""])),
  ]);
}

function reference(source: DicomSource, ...more: Parameters<typeof dataSet>): DataSet {
  const { sopClassUid, sopInstanceUid } = checkReferable(source);
  return dataSet([0x00081150, "UI", sopClassUid], [0x00081155, "UI", sopInstanceUid], ...more);
}

function image({ height, width }: DicomSource, frames: number): DataSet {
  return dataSet(
    [0x00080008, "CS", "DERIVED\\PRIMARY"],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280008, "IS", String(frames)],
    [0x00280010, "US", [height]],
    [0x00280011, "US", [width]],
    [0x00280100, "US", [1]],
    [0x00280101, "US", [1]],
    [0x00280102, "US", [0]],
    [0x00280103, "US", [0]],
    [0x00280301, "CS", "NO"],
    [0x00282110, "CS", "00"],
    [0x00620001, "CS", "BINARY"],
  );
}

/**
 * A mammogram is a projection and has no plane in space, so the frames are tied to the source by derivation: same rows, same
 * columns, spatial locations preserved.
 */
function functionalGroups(source: DicomSource, frames: number): DataSet {
  const organization = createUid();
  const sourceImage = reference(
    source,
    [0x0028135a, "CS", "YES"],
    [0x0040a170, "SQ", [codeItem(["121322", "DCM", "Source image for image processing operation"])]],
  );
  const derivation = dataSet(
    [0x00082112, "SQ", [sourceImage]],
    [0x00089215, "SQ", [codeItem(["113076", "DCM", "Segmentation"])]],
  );
  const spacing = source.spacing?.map((mm) => decimalString(mm)).join("\\");
  const frameItems = Array.from({ length: frames }, (_, i) =>
    dataSet(
      [0x00089124, "SQ", [derivation]],
      [0x00209111, "SQ", [dataSet([0x00209157, "UL", [i + 1]])]],
      [0x0062000a, "SQ", [dataSet([0x0062000b, "US", [i + 1]])]],
    ),
  );
  // In a frame of reference PixelMeasures would claim a plane with a thickness; the source tells the spacing there.
  const shared =
    spacing === undefined || source.frameOfReferenceUid !== undefined
      ? dataSet()
      : dataSet([0x00289110, "SQ", [dataSet([0x00280030, "DS", spacing])]]);
  return dataSet(
    [0x00209221, "SQ", [dataSet([0x00209164, "UI", organization])]],
    [
      0x00209222,
      "SQ",
      [
        dataSet(
          [0x00209164, "UI", organization],
          [0x00209165, "AT", tagValue(0x0062000b)],
          [0x00209167, "AT", tagValue(0x0062000a)],
          [0x00209421, "LO", "Segment"],
        ),
      ],
    ],
    [0x52009229, "SQ", [shared]],
    [0x52009230, "SQ", frameItems],
  );
}

/** A tag as a value of VR AT. */
const tagValue = (tag: number): Uint8Array =>
  Uint8Array.of((tag >> 16) & 255, (tag >> 24) & 255, tag & 255, (tag >> 8) & 255);

/** VR DS has 16 characters. */
const decimalString = (value: number): string => String(Number(value.toPrecision(10)));
