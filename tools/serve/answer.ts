/**
 * @module
 * Outcomes of the files of one form as what is answered: JSON of views and exam, a picture, or a DICOM Segmentation.
 */

import type { SourceContours } from "../../src/device/client/index.ts";
import { problemDocument } from "../../src/edge/api/problem-document.ts";
import { examScores, type JudgedImage, type ViewMeans } from "../../src/glam/exam-scores.ts";
import { GlamError, type ProblemCode, problems } from "../../src/glam/problem.ts";
import type { FileFailure, FileOutcome } from "../files/segment-file.ts";
import type { OutputKind } from "../segment/make-output.ts";

/** What a caller may ask for, by its media type. */
export const OUTPUT_OF: Record<string, OutputKind> = {
  "application/json": "contours",
  "image/png": "overlay",
  "application/dicom": "dicom-seg",
};

/** Seconds after which a service that could not be reached is asked again. */
const LATER = 5;

/** Why there is no answer to a file, as the service would say it; a service that cannot be reached is `busy`. */
export function problemOf({ code, detail, fault }: FileFailure): GlamError {
  if (Object.hasOwn(problems, code)) return new GlamError(code as ProblemCode, detail);
  return new GlamError(fault === "service" ? "busy" : "internal-error", detail, { retryAfter: LATER });
}

/** The one output that was made. @throws GlamError what kept it from being made */
export function madeOf(outcome: FileOutcome): Uint8Array<ArrayBuffer> {
  if (outcome.status !== "answered") throw problemOf(outcome);
  const [made] = outcome.made;
  if (made === undefined) {
    throw new GlamError("invalid-request", "A DICOM Segmentation needs a DICOM file, to which it refers.", {
      at: "accept",
    });
  }
  return made.bytes;
}

/**
 * Views in the order of the form, then means over them by breast and woman.
 * @throws GlamError the first file's problem when no file was judged, `invalid-request` for files of several patients
 */
export function filesAnswer(outcomes: readonly FileOutcome[]) {
  const patients = new Set(outcomes.map(({ identity }) => identity.patient).filter((name) => name !== ""));
  if (patients.size > 1) {
    throw new GlamError("invalid-request", "The files are of several patients; send those of one at a time.");
  }
  const [first] = outcomes;
  if (outcomes.every(({ status }) => status !== "answered") && first?.status !== "answered" && first !== undefined) {
    throw problemOf(first);
  }
  const { left, right, patient } = examScores(outcomes.flatMap(imageOf));
  return {
    disclaimer: "Research use only. Not a medical device.",
    views: outcomes.map(viewAnswer),
    breasts: { left: meansOrNull(left), right: meansOrNull(right) },
    patient: meansOrNull(patient),
  };
}

function imageOf(outcome: FileOutcome): JudgedImage[] {
  if (outcome.status === "answered") return [{ view: outcome.answer.view, scores: outcome.answer.scores }];
  return outcome.view === undefined ? [] : [{ view: outcome.view, scores: undefined }];
}

const meansOrNull = (means: ViewMeans | undefined) => (means ? { ...means, calibrated: false as const } : null);

/** One view; its outlines are in the file's own pixels. */
function viewAnswer(outcome: FileOutcome) {
  if (outcome.status !== "answered") {
    return { status: outcome.status, view: outcome.view ?? null, problem: problemDocument(problemOf(outcome)) };
  }
  const { answer, identity, made } = outcome;
  const { kind: _, version: __, ...contours } = JSON.parse(new TextDecoder().decode(made[0]?.bytes)) as SourceContours;
  return {
    ...contours,
    warnings: answer.warnings,
    uids: { study: identity.study, series: identity.series, sopInstance: identity.image },
  };
}
