/**
 * @module
 * What the Worker and the Durable Objects of exams say to each other. Whatever the caller sent is sealed in it; failures
 * travel as values.
 */
import type { ExamState } from "../../contract/exam.ts";
import type { ExamWatcher, Namespace } from "../uploads/protocol.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How far one image is; times in milliseconds since the epoch. */
export type ImageProgress = {
  state: "receiving" | "queued" | "running" | "complete" | "partial" | "failed";
  /** How often computing has begun; counted before it does. */
  tries: number;
  /** Tries that ended with a failure, and those that ended without a word. */
  failures: number;
  interruptions: number;
  /** Not computed before. */
  dueAt: number;
  /** Bytes of its answer as it is stored; 0 without one. */
  answerBytes: number;
};

/** What an exam's object knows openly: nothing that the caller sent. */
export type ExamRecord = {
  /** Name of the object. */
  object: string;
  reference: string;
  /** Tells one body from another, and nothing else. */
  fingerprint: string;
  state: ExamState;
  /** Nothing is left to do: uploads are gone, the service has no key, the webhook is made. */
  finished: boolean;
  /** When it ends, unless something happens before; and when at the latest. */
  expiresAt: number;
  endsAt: number;
  ttlMs: number;
  images: ImageProgress[];
  /** While tiles are missing: when the uploads are asked again, and how long after the last time. */
  lookAt: number;
  lookMs: number;
};

/** Everything that a new exam is told. */
export type ExamOpening = Pick<ExamRecord, "object" | "reference" | "fingerprint" | "endsAt" | "ttlMs"> & {
  images: number;
  /** The exam's key, sealed for the caller and for the service; see `exam-keys.ts`. */
  caller: Bytes;
  service: Bytes;
  /** An {@link ExamPlan}, sealed with the exam's key. */
  plan: Bytes;
  /** Address of the webhook, sealed for the service. */
  webhook?: Bytes;
};

/** What the exam is about: it is sealed wherever it is stored. */
export type ExamPlan = {
  /** Hash of the API key that opened it. */
  owner: string;
  images: {
    view: "L-CC" | "L-MLO" | "R-CC" | "R-MLO";
    upload: string;
    /** Number of tiles that must come. */
    expected: number;
    limits: { maxTileBytes: number; maxBytes: number };
  }[];
};

/** An exam as its object keeps it; `fates` are sealed `ImageFate`s. An exam that expired has no keys any more. */
export type StoredExam = {
  record: ExamRecord;
  caller?: Bytes;
  plan?: Bytes;
  fates: (Bytes | undefined)[];
};

/** Why an exam does not do what it was asked. */
export type ExamRefusal = { refused: "exam-not-found" | "idempotency-key-reused" };

/** The methods of `ExamSession`. */
export type ExamSessionStub = ExamWatcher & {
  /** Opens the exam; again with the same fingerprint, it stays as it is. */
  open(opening: ExamOpening): Promise<StoredExam | ExamRefusal>;
  read(): Promise<StoredExam | ExamRefusal>;
  /** The sealed text of an image's answer; empty without one. */
  answer(image: number): Promise<Bytes | ExamRefusal>;
  /** Deletes everything; a webhook that is on its way is still delivered. */
  remove(): Promise<{ removed: true } | ExamRefusal>;
};

/** The binding that exams need beside those of uploads; see wrangler.toml. */
export type ExamBindings = { EXAMS?: Namespace<ExamSessionStub> };

/** The counter of exams is another object of the class that counts uploads. */
export const examCounterName = "open-exams";
