/**
 * @module
 * What the service says of an exam and of its result, checked as far as the client uses it.
 */
import type { Exam, ExamResultImage } from "../../contract/exam.ts";
import { asSegmentation, isProblem, notTheService } from "./answer-check.ts";
import { isUploadId } from "./kept-upload.ts";

/** Only what the client needs of it. */
export type ExamStanding = Pick<Exam, "id" | "state" | "progress"> & {
  images: Pick<Exam["images"][number], "view" | "upload" | "state">[];
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** @throws ConnectionError `unexpected-answer` */
export function asExam(value: unknown): ExamStanding {
  const { id, state, progress, images } = Object(value) as Partial<ExamStanding>;
  const known = isUploadId(id) && typeof state === "string" && isObject(progress) && Array.isArray(images);
  if (!known || !images.every((image) => isObject(image) && isUploadId(image.upload))) throw notTheService();
  return { id, state, progress, images };
}

/** @throws ConnectionError `unexpected-answer` */
export function asExamImages(value: unknown): ExamResultImage[] {
  const { images } = Object(value) as { images?: unknown };
  if (!Array.isArray(images)) throw notTheService();
  return images.map((image: unknown) => {
    const { view, status, answer, problem } = Object(image) as ExamResultImage;
    if (answer !== undefined) return { view, status, answer: asSegmentation(answer) };
    if (!isProblem(problem)) throw notTheService();
    return { view, status, problem };
  });
}
