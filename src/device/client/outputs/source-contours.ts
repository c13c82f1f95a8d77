/**
 * @module
 * The answer's outlines as a JSON document on the grid of the source image.
 */
import type { Segmentation } from "../../../contract/answer.ts";
import type { Ring } from "../../../glam/contours.ts";
import { GlamError } from "../../../glam/problem.ts";
import type { Size } from "../../../glam/spec.ts";
import type { Preprocessed } from "../../preprocess/index.ts";
import { ringToSource } from "../maps.ts";

/** The outline of one connected area. */
export type SourceContour = {
  /** Enclosed pixels of the source, holes taken out; a fraction where the canvas has another scale. */
  areaPixels: number;
  /** Null when the pixel spacing is not known. */
  areaMm2: number | null;
  /**
   * Closed rings of `[x, y]` corners, the outer one first, then holes, as in GeoJSON; pixel (0, 0) of the source reaches from 0 to 1,
   * y points down.
   */
  rings: Ring[];
};

/** What is written as `contours.json`. */
export type SourceContours = {
  kind: "glam-edge contours";
  version: 1;
  disclaimer: Segmentation["disclaimer"];
  model: Segmentation["model"];
  view: Segmentation["view"];
  status: Segmentation["status"];
  failedRegions: number[];
  scores: Segmentation["scores"];
  /** Only of a model that carries a calibration. */
  calibratedScores?: Segmentation["calibratedScores"];
  threshold: number;
  /** The grid that the rings lie on. */
  source: Size;
  benign: SourceContour[];
  malignant: SourceContour[];
};

type Answer = Pick<
  Segmentation,
  "disclaimer" | "model" | "view" | "status" | "failedRegions" | "scores" | "calibratedScores" | "contours"
>;

/** Corners are rounded to hundredths of a pixel. */
const STEPS = 100;

/**
 * @param answer with the output `contours`
 * @throws GlamError `invalid-request` when the answer has no contours
 * @example await writeFile("contours.json", JSON.stringify(sourceContours(answer, preprocessed, image)));
 */
export function sourceContours(
  answer: Answer,
  mapping: Pick<Preprocessed, "toSource" | "toCanvas" | "mirrored">,
  { height, width }: Size,
): SourceContours {
  const { contours } = answer;
  if (contours === undefined) {
    throw new GlamError("invalid-request", "The answer has no contours: ask for them.", { at: "outputs" });
  }
  const all = (name: "benign" | "malignant") =>
    contours[name].map(({ rings, areaMm2 }): SourceContour => {
      const mapped = rings.map((ring) =>
        ringToSource(ring, mapping).map(([x, y]): [number, number] => [round(x), round(y)]),
      );
      return { areaPixels: round(mapped.reduce((sum, ring) => sum + signedArea(ring), 0)), areaMm2, rings: mapped };
    });
  return {
    kind: "glam-edge contours",
    version: 1,
    disclaimer: answer.disclaimer,
    model: answer.model,
    view: answer.view,
    status: answer.status,
    failedRegions: answer.failedRegions,
    scores: answer.scores,
    ...(answer.calibratedScores ? { calibratedScores: answer.calibratedScores } : {}),
    threshold: contours.threshold,
    source: { height, width },
    benign: all("benign"),
    malignant: all("malignant"),
  };
}

const round = (value: number): number => Math.round(value * STEPS) / STEPS;

/** Positive for outer rings, which run clockwise on the screen, negative for holes. */
function signedArea(ring: Ring): number {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return twice / 2;
}
