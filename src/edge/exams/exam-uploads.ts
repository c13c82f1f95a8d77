/**
 * @module
 * An exam's uploads, seen by the exam.
 */
import { GlamError } from "../../glam/problem.ts";
import type { Seal } from "../uploads/seal.ts";
import type { UploadSessions } from "../uploads/upload-sessions.ts";
import type { ExamPlan, ExamRecord } from "./protocol.ts";

/** An exam while the service has its key. */
export type OpenedExam = Pick<ExamRecord, "object" | "reference"> & {
  images: ExamPlan["images"];
  seal: Seal;
  /** Uploads of whoever opened the exam. */
  sessions: UploadSessions;
};

/** How many tiles each image lacks; undefined of an image that is past that, or whose upload does not say. */
export const missingTiles = ({ images, sessions }: OpenedExam, record: ExamRecord): Promise<(number | undefined)[]> =>
  Promise.all(
    images.map(async ({ upload }, image) => {
      if (record.images[image].state !== "receiving") return undefined;
      const state = await sessions.state(upload).catch(() => undefined);
      return state?.missing;
    }),
  );

/** Deletes an upload that may be gone already. @throws GlamError `busy` */
export async function removeUpload({ object, images, sessions }: OpenedExam, image: number): Promise<void> {
  try {
    await sessions.remove(images[image].upload, { exam: object });
  } catch (error) {
    if (!(error instanceof GlamError && error.code === "upload-not-found")) throw error;
  }
}

/** The same for all of them. */
export const removeUploads = async (exam: OpenedExam): Promise<void> => {
  await Promise.all(exam.images.map((_, image) => removeUpload(exam, image)));
};
