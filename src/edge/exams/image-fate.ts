/**
 * @module
 * What became of one image, small enough to be read without its answer.
 */
import type { Problem } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import type { Scores } from "../../glam/saliency.ts";
import { problemDocument } from "../api/problem-document.ts";

/** Scores of the answer, or why there is none. */
export type ImageFate = { scores: Scores } | { problem: Problem };

/** Of an image whose tries were cut off too often. */
export const interruptedFate = (): ImageFate => ({
  problem: problemDocument(
    new GlamError("exam-interrupted", "Each time that the image was computed, the process that did it was stopped."),
  ),
});
