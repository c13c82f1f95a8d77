/**
 * @module
 * Results of the algorithm to what the API answers.
 */

import type {
  ContourAnswer,
  ModelReference,
  RegionAnswer,
  Segmentation,
  SegmentationRequest,
  Warning,
} from "../../contract/index.ts";
import type { Manifest } from "../../contract/manifest.ts";
import { type Contour, traceContours } from "../../glam/contours.ts";
import type { Canvas } from "../../glam/contracts.ts";
import { pixelsOfArea } from "../../glam/outlining.ts";
import type { GlobalResult, RegionOutcome, SegmentationResult } from "../../glam/pipeline.ts";
import { calibrateScores, type ScoreCalibration } from "../../glam/score-calibration.ts";
import type { Spec } from "../../glam/spec.ts";
import { probabilityMap } from "./probability-map.ts";
import { problemDocument } from "./problem-document.ts";

export const disclaimer = "Research use only. Not a medical device.";

const outsideIsCoarse =
  "a later region overwrites an earlier one. Outside the regions and in a failed one the map is the coarse saliency.";

const fusionDescriptions: Record<Spec["fusion"], string> = {
  "published-mean":
    "saliency = (local map + coarse saliency) / 2, where the local map is 0 outside every region and a later region " +
    "overwrites an earlier one. So outside the regions the map is half of the coarse saliency, and one threshold does " +
    "not mean the same inside and outside of them. A failed region counts as outside.",
  "weighted-mean": `saliency = (local map + 2 * coarse saliency) / 3; ${outsideIsCoarse}`,
};

/** Scores with the statement that they are not calibrated, and calibrated ones where the bundle says how. */
export const scoresAnswer = (
  { scores }: Pick<GlobalResult, "scores">,
  calibration: ScoreCalibration | undefined,
): Pick<Segmentation, "scores" | "calibratedScores"> => ({
  scores: { ...scores, calibrated: false },
  ...(calibration
    ? { calibratedScores: { ...calibrateScores(scores, calibration), fittedOn: calibration.fittedOn } }
    : {}),
});

/** Warnings of the global stage. */
export const saliencyWarnings = ({ constantClasses }: GlobalResult): Warning[] =>
  constantClasses.map((c) => ({
    code: "constant-saliency",
    detail: `The coarse ${c === 0 ? "benign" : "malignant"} saliency is the same everywhere; it did not count in choosing regions.`,
  }));

export function regionAnswer(outcome: RegionOutcome): RegionAnswer {
  const { rank, box } = outcome.region;
  return outcome.status === "complete"
    ? { rank, box, status: "complete", localMaximum: outcome.localMaximum }
    : { rank, box, status: "failed", problem: problemDocument(outcome.problem) };
}

/** What is known of a request before anything is computed. */
export type AnswerContext = {
  id: string;
  model: ModelReference;
  request: SegmentationRequest;
  threshold: number;
  /** Share of the threshold that an outline reaches down to. */
  hysteresis: number;
  minAreaMm2: number;
  /** Side of a canvas pixel of the model, mm: for areas where the request does not say its own. */
  specSpacing: number;
  scoreCalibration: ScoreCalibration | undefined;
  fusion: Spec["fusion"];
  canvas: { height: number; width: number };
  bits: 8 | 16;
  tiles: number;
  warnings: Warning[];
};

/** What a request and its model's manifest say, for {@link segmentationAnswer}; the answer gets a random identifier. */
export function answerContext(
  { spec, ...manifest }: Manifest,
  {
    model,
    request,
    canvas,
    tiles,
    warnings,
  }: Pick<AnswerContext, "model" | "request" | "tiles" | "warnings"> & {
    canvas: Canvas;
  },
): AnswerContext {
  return {
    id: crypto.randomUUID(),
    model,
    request,
    threshold: request.threshold ?? manifest.threshold,
    hysteresis: manifest.hysteresis,
    minAreaMm2: request.minAreaMm2 ?? manifest.minAreaMm2,
    specSpacing: spec.pixelSpacing,
    scoreCalibration: manifest.scoreCalibration,
    fusion: spec.fusion,
    canvas: { height: canvas.height, width: canvas.width },
    bits: canvas.pixels instanceof Uint8Array ? 8 : 16,
    tiles,
    warnings,
  };
}

/** The whole answer. */
export function segmentationAnswer(result: SegmentationResult, context: AnswerContext): Segmentation {
  const { request, threshold, hysteresis, minAreaMm2, specSpacing, scoreCalibration, fusion, warnings, ...known } =
    context;
  const minAreaPixels = pixelsOfArea(minAreaMm2, request.pixelSpacing ?? specSpacing);
  const lowThreshold = threshold * hysteresis;
  const outlining = { threshold, low: lowThreshold, leastPixels: minAreaPixels };
  const outlines = (row: 0 | 1) =>
    contours(traceContours(result.fused.classRows(row), outlining), request.pixelSpacing);
  const failedRegions = result.outcomes.filter(({ status }) => status === "failed").map(({ region }) => region.rank);
  return {
    ...known,
    status: failedRegions.length === 0 ? "complete" : "partial",
    failedRegions,
    disclaimer,
    view: request.view,
    ...scoresAnswer(result, scoreCalibration),
    regions: result.outcomes.map(regionAnswer),
    fusion: { kind: fusion, description: fusionDescriptions[fusion] },
    ...(request.outputs.includes("maps")
      ? {
          saliency: {
            benign: probabilityMap(result.fused.classRows(0)),
            malignant: probabilityMap(result.fused.classRows(1)),
          },
        }
      : {}),
    ...(request.outputs.includes("contours")
      ? {
          contours: {
            threshold,
            lowThreshold,
            minAreaMm2,
            minAreaPixels,
            benign: outlines(0),
            malignant: outlines(1),
          },
        }
      : {}),
    warnings: [...warnings, ...saliencyWarnings(result)],
  };
}

/** Outlines as the API says them. */
function contours(found: readonly Contour[], spacing: number | undefined): ContourAnswer[] {
  return found.map(({ areaPixels, box, rings }) => ({
    areaPixels,
    areaMm2: spacing === undefined ? null : areaPixels * spacing ** 2,
    box,
    rings,
  }));
}
