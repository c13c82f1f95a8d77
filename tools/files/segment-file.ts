/**
 * @module
 * One whole file from its bytes to an answer and its outputs; a failure is an outcome too.
 */
import type { Segmentation, SegmentationRequest } from "../../src/contract/index.ts";
import { ConnectionError, ProblemError } from "../../src/device/client/index.ts";
import { preprocessDicom, readIdentity } from "../../src/device/dicom/index.ts";
import { checkReferable } from "../../src/device/dicom/segmentation/write-segmentation.ts";
import { type ChestWall, preprocess } from "../../src/device/preprocess/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { View } from "../../src/glam/view.ts";
import { makeOutput, type OutputKind } from "../segment/make-output.ts";
import { type SourceFile, sourceOf, viewOf } from "../segment/read-source.ts";
import type { Segmenter } from "./segmenter.ts";

/** Facts of a file beside its bytes; facts that are not given come from a DICOM header. */
export type FileFacts = {
  view?: View | undefined;
  /** mm from one pixel of the file to the next. */
  pixelSpacing?: number | undefined;
  chestWall?: ChestWall | undefined;
};

/** What is asked of every file of a run. */
export type FileQuestion = Pick<SegmentationRequest, "regions" | "threshold" | "minAreaMm2"> & {
  /** `dicom-seg` is made of DICOM files only. */
  outputs: readonly OutputKind[];
};

export type FileRequest = FileFacts & { bytes: Uint8Array; question: FileQuestion };

/** Whose image it is, as its DICOM header says; "" where it does not. Names and dates of birth are left out. */
export type FileIdentity = { patient: string; study: string; series: string; image: string };

/** An answer without its random identifier and its maps, with the warnings of reading and preprocessing in front. */
export type FileAnswer = Omit<Segmentation, "id" | "saliency">;

/**
 * Why there is no answer. `skipped`: a sound DICOM file of a kind that the model does not know. `fault`: whether the file is to
 * blame, the computation (another try may succeed), or a service that cannot be reached.
 */
export type FileFailure = {
  status: "skipped" | "failed";
  code: string;
  detail: string;
  fault: "file" | "computing" | "service";
};

export type FileOutcome =
  | {
      status: "answered";
      identity: FileIdentity;
      answer: FileAnswer;
      made: { kind: OutputKind; bytes: Uint8Array<ArrayBuffer> }[];
    }
  | (FileFailure & { identity: FileIdentity; view?: View });

/** Of a file whose header was not read. */
export const NOBODY: FileIdentity = { patient: "", study: "", series: "", image: "" };

/** Never throws. An unexpected failure of a decoder is `internal-error`, without anything of the file's content. */
export async function segmentFile(request: FileRequest, opened: Segmenter | Promise<Segmenter>): Promise<FileOutcome> {
  const { bytes, question } = request;
  let source: SourceFile | undefined;
  let view = request.view;
  try {
    const segmenter = await opened;
    source = await sourceOf(bytes);
    view = viewOf(source, request.view, "Say it beside the file: in a list, or in the request.");
    const { image, dicom } = source;
    const outputs = question.outputs.filter((kind) => kind !== "dicom-seg" || dicom !== undefined);
    if (dicom !== undefined && outputs.includes("dicom-seg")) checkReferable(dicom.source);
    const known = factsOf(request, view);
    const prepared =
      dicom === undefined ? preprocess(image, segmenter.spec, known) : preprocessDicom(dicom, segmenter.spec, known);
    const maps = outputs.some((kind) => kind !== "contours");
    const { regions, threshold, minAreaMm2 } = question;
    const answer = await segmenter.segment(prepared, {
      view,
      outputs: maps ? ["maps", "contours"] : ["contours"],
      ...(regions === undefined ? {} : { regions }),
      ...(threshold === undefined ? {} : { threshold }),
      ...(minAreaMm2 === undefined ? {} : { minAreaMm2 }),
    });
    const made = [];
    for (const kind of outputs) made.push({ kind, bytes: makeOutput(kind, { answer, source, prepared }) });
    const { id: _, saliency: __, ...kept } = answer;
    const warnings = [...(dicom?.warnings ?? []), ...prepared.warnings, ...answer.warnings];
    return { status: "answered", identity: identityOf(source), answer: { ...kept, warnings }, made };
  } catch (error) {
    return { ...failureOf(error), identity: identityOf(source), ...(view === undefined ? {} : { view }) };
  }
}

function factsOf({ pixelSpacing, chestWall }: FileFacts, view: View) {
  return {
    view,
    ...(pixelSpacing === undefined ? {} : { pixelSpacing }),
    ...(chestWall === undefined ? {} : { chestWall }),
  };
}

function identityOf(source: SourceFile | undefined): FileIdentity {
  if (source?.dicom === undefined) return NOBODY;
  const { patientId = "", studyUid = "" } = readIdentity(source.dicom.source);
  const { seriesUid = "", sopInstanceUid = "" } = source.dicom.source;
  return { patient: patientId, study: studyUid, series: seriesUid, image: sopInstanceUid };
}

/** Codes of DICOM files that archives hold beside mammograms that can be judged. */
const OTHER_KINDS: readonly string[] = ["dicom-not-supported", "dicom-for-processing", "dicom-view-not-supported"];

/** Statuses with which a service refuses every request for now. */
const NOT_NOW = [401, 403, 429, 503];

/** What an error means for the file it came from. */
export function failureOf(error: unknown): FileFailure {
  if (error instanceof ConnectionError) {
    return { status: "failed", code: error.code, detail: error.message, fault: "service" };
  }
  if (!(error instanceof GlamError)) {
    const detail = "Something unexpected went wrong with this file.";
    return { status: "failed", code: "internal-error", detail, fault: "computing" };
  }
  const { code, message: detail, status } = error;
  if (OTHER_KINDS.includes(code)) return { status: "skipped", code, detail, fault: "file" };
  const turnedAway = error instanceof ProblemError && (NOT_NOW.includes(status) || code === "model-not-found");
  return { status: "failed", code, detail, fault: turnedAway ? "service" : status >= 500 ? "computing" : "file" };
}
