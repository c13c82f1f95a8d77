/**
 * @module
 * All warnings of an image, in words: of its file, of its preparation, of the answer.
 */
import type { Slot } from "../state/exam.ts";
import { describeFailure } from "./failures.ts";
import { warningWords } from "./preparation.ts";

export function slotWarnings({ source, prepared, answer, stage, failure, regions }: Slot): string[] {
  const missing = regions.filter(({ status }) => status === "failed").length;
  return [
    ...(stage === "failed" && failure ? [`${describeFailure(failure).title}.`] : []),
    ...(source?.notes ?? []),
    ...(prepared?.warnings.map(warningWords) ?? []),
    ...(answer?.warnings.map(({ detail }) => detail) ?? []),
    ...(missing > 0 ? [`${missing} regions could not be looked at closely.`] : []),
  ];
}
