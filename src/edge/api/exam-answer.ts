/**
 * @module
 * An exam as its object keeps it to what the API answers.
 */
import type { Exam, ExamResultImage, MeanScoresAnswer } from "../../contract/index.ts";
import { examScores, type ViewMeans } from "../../glam/exam-scores.ts";
import { isDone } from "../exams/exam-record.ts";
import type { ExamSessions, ReadExam } from "../exams/exam-sessions.ts";
import type { UploadSessions } from "../uploads/upload-sessions.ts";
import { disclaimer } from "./answer.ts";

/** How far an exam is. While tiles come, its uploads are asked what is there. */
export async function examAnswer({ id, record, images, fates }: ReadExam, uploads: UploadSessions): Promise<Exam> {
  const { reference, state } = record;
  const answered = images.map(async ({ view, upload, expected, limits }, i): Promise<Exam["images"][number]> => {
    const image = record.images[i];
    const { state, tries } = image;
    const missing =
      state === "receiving" ? ((await uploads.state(upload).catch(() => undefined))?.missing ?? expected) : 0;
    const tiles = { expected, received: expected - missing };
    // What failed may be tried again: it is told when it is settled.
    const fate = isDone(image) ? fates[i] : undefined;
    return { view, upload, limits, state, tiles, tries, ...fate };
  });
  const progress = {
    images: images.length,
    received: record.images.filter((image) => image.state !== "receiving").length,
    done: record.images.filter(isDone).length,
  };
  return {
    id,
    reference,
    state,
    expiresAt: new Date(record.expiresAt).toISOString(),
    endsAt: new Date(record.endsAt).toISOString(),
    progress,
    images: await Promise.all(answered),
    ...summary({ images, fates, record }),
  };
}

/**
 * The result, piece by piece: one image's answer is in memory at a time, as it was stored.
 * @returns the text of an `ExamResult`, UTF-8
 */
export async function* examResult(
  exam: ReadExam,
  exams: ExamSessions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { id, record, images, fates } = exam;
  const encoder = new TextEncoder();
  const { reference, state } = record;
  const head = JSON.stringify({ id, reference, state, disclaimer, ...summary(exam) });
  yield encoder.encode(`${head.slice(0, -1)},"images":[`);
  for (const [i, { view }] of images.entries()) {
    const fate = fates[i];
    const told = {
      view,
      status: statusOf(exam, i),
      ...(fate && "problem" in fate ? fate : {}),
    } satisfies ExamResultImage;
    const answer = await exams.answer(id, i);
    const text = JSON.stringify(told);
    yield encoder.encode(`${i === 0 ? "" : ","}${answer.length > 0 ? `${text.slice(0, -1)},"answer":` : text}`);
    if (answer.length > 0) {
      yield answer;
      yield encoder.encode("}");
    }
  }
  yield encoder.encode("]}");
}

function statusOf({ record }: ReadExam, image: number): ExamResultImage["status"] {
  const { state } = record.images[image];
  return state === "complete" || state === "partial" ? state : "failed";
}

/** Means over the images that are settled; those still under way do not count yet, and have not failed either. */
function summary({ images, fates, record }: Omit<ReadExam, "id">): Pick<Exam, "breasts" | "patient"> {
  const judged = images.flatMap(({ view }, i) => {
    const fate = fates[i];
    if (!isDone(record.images[i])) return [];
    return [{ view, scores: fate && "scores" in fate ? fate.scores : undefined }];
  });
  const { left, right, patient } = examScores(judged);
  return { breasts: { left: told(left), right: told(right) }, patient: told(patient) };
}

const told = (scores: ViewMeans | undefined): MeanScoresAnswer | null =>
  scores ? { ...scores, calibrated: false } : null;
