/**
 * @module
 * Exams as the Worker sees them: the Durable Objects behind a binding, their refusals as problems, what they keep opened.
 */
import { GlamError } from "../../glam/problem.ts";
import { secretOf, takePlace } from "../uploads/counted-places.ts";
import type { Opening, UploadBindings } from "../uploads/protocol.ts";
import { reachable } from "../uploads/reachable.ts";
import type { Seal } from "../uploads/seal.ts";
import type { UploadSessionsOf } from "../uploads/upload-sessions.ts";
import { callerAccess, examSeal, jsonBytes, KEY_LABEL, makeExamKey, parseBytes, serviceSeal } from "./exam-keys.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { ImageFate } from "./image-fate.ts";
import {
  type ExamBindings,
  type ExamPlan,
  type ExamRecord,
  type ExamRefusal,
  examCounterName,
  type StoredExam,
} from "./protocol.ts";

/** One image of a new exam, and its upload, which ends with the exam. */
export type NewImage = Pick<ExamPlan["images"][number], "view"> & {
  expected: readonly (readonly [number, number])[];
  upload: Pick<Opening, "request" | "canvas" | "tile" | "limits">;
};

/** A new exam; times in milliseconds. */
export type NewExam = {
  /** The caller's, from the header. */
  key: string;
  /** The body in one way of writing it. */
  body: string;
  images: NewImage[];
  webhook: string | undefined;
  ttlMs: number;
  maxMs: number;
  /** Exams that may be open in the deployment. */
  places: number;
};

/** An exam, opened for its caller. Of one that expired nothing is known but that. */
export type ReadExam = {
  id: string;
  record: ExamRecord;
  images: ExamPlan["images"];
  fates: (ImageFate | undefined)[];
};

/** Every method throws GlamError `exam-not-found`, but `open`, and `busy` when the objects do not answer. */
export type ExamSessions = {
  /**
   * Opens an exam with its uploads; again with the same key and body, it is the same exam.
   * @throws GlamError `idempotency-key-reused`, `too-many-exams`
   */
  open(exam: NewExam): Promise<ReadExam>;
  read(id: string): Promise<ReadExam>;
  /** The text of an image's answer, JSON; empty without one. */
  answer(id: string, image: number): Promise<Uint8Array<ArrayBuffer>>;
  remove(id: string): Promise<void>;
};

/** @param owner hash of an API key; empty in a deployment without keys */
export type ExamSessionsOf = (owner: string) => ExamSessions;

const tooMany = { code: "too-many-exams", detail: "As many exams are open as may be. Try again later." } as const;

/**
 * Puts the service together.
 * @returns nothing when the deployment lacks a binding
 */
export function createExamSessions(
  { EXAMS, UPLOAD_COUNTER }: Omit<UploadBindings, "EXAMS"> & ExamBindings,
  uploadsOf: UploadSessionsOf | undefined,
): ExamSessionsOf | undefined {
  if (!EXAMS || !UPLOAD_COUNTER || !uploadsOf) return undefined;
  const deployment = secretOf(UPLOAD_COUNTER);
  const counter = () => UPLOAD_COUNTER.getByName(examCounterName);

  /** The exam's object; what is no identifier of ours does not even get one. */
  async function reach(id: string, owner: string) {
    if (!(await (await deployment()).ids.isOurs(id))) throw problemOf({ refused: "exam-not-found" });
    const access = await callerAccess(id, owner);
    return { ...access, stub: EXAMS?.getByName(access.object) ?? missing() };
  }

  return (owner) => {
    const uploads = uploadsOf(owner);

    async function open(exam: NewExam): Promise<ReadExam> {
      const { ids, secret } = await deployment();
      const id = await ids.derive(JSON.stringify(["exam", owner, exam.key]));
      const { object, seal, stub } = await reach(id, owner);
      const fingerprint = await fingerprintOf(id, exam.body);
      const images = await Promise.all(
        exam.images.map(async ({ view, expected, upload: { limits } }, i) => {
          const upload = await ids.derive(JSON.stringify(["image", id, i]));
          return { view, upload, expected: expected.length, limits };
        }),
      );
      const known = await reachable(stub.read());
      const endsAt = Date.now() + exam.maxMs;
      if ("refused" in known) await takePlace(counter(), { place: object, endsAt, places: exam.places }, tooMany);
      const key = makeExamKey();
      const service = await serviceSeal(secret, object);
      const stored = await reachable(
        stub.open({
          object,
          reference: crypto.randomUUID(),
          fingerprint,
          endsAt,
          ttlMs: exam.ttlMs,
          images: images.length,
          caller: await seal.seal(key, KEY_LABEL),
          service: await service.seal(key, KEY_LABEL),
          plan: await (await examSeal(key)).seal(jsonBytes({ owner, images } satisfies ExamPlan), "plan"),
          ...(exam.webhook === undefined
            ? {}
            : { webhook: await service.seal(new TextEncoder().encode(exam.webhook), "webhook") }),
        }),
      );
      if ("refused" in stored) throw problemOf(stored);
      const { record } = stored;
      if (record.state === "receiving") {
        // Opened again they stay as they are, so an opening that was cut off is made whole by the next try.
        await Promise.all(
          exam.images.map(({ upload, expected }, i) =>
            uploads.openFor(images[i].upload, {
              ...upload,
              ttlMs: exam.maxMs,
              endsAt: record.endsAt,
              exam: { object, expected },
            }),
          ),
        );
      }
      return opened(id, seal, stored);
    }

    return {
      open,
      async read(id) {
        const { seal, stub } = await reach(id, owner);
        const stored = await reachable(stub.read());
        if ("refused" in stored) throw problemOf(stored);
        return opened(id, seal, stored);
      },
      async answer(id, image) {
        const { seal, stub } = await reach(id, owner);
        const [stored, sealed] = await reachable(Promise.all([stub.read(), stub.answer(image)]));
        if ("refused" in stored) throw problemOf(stored);
        if ("refused" in sealed) throw problemOf(sealed);
        const own = await ownSeal(seal, stored);
        return own && sealed.length > 0 ? own.open(sealed, `answer ${image}`) : new Uint8Array();
      },
      async remove(id) {
        const { stub } = await reach(id, owner);
        const removed = await reachable(stub.remove());
        if ("refused" in removed) throw problemOf(removed);
      },
    };
  };
}

/** The seal of the exam's own key; none when the exam has expired. */
async function ownSeal(caller: Seal, { caller: sealed }: StoredExam): Promise<Seal | undefined> {
  return sealed && examSeal(await caller.open(sealed, KEY_LABEL));
}

async function opened(id: string, caller: Seal, stored: StoredExam): Promise<ReadExam> {
  const { record, plan, fates } = stored;
  const seal = await ownSeal(caller, stored);
  if (!seal || !plan) return { id, record, images: [], fates: [] };
  const { images } = parseBytes<ExamPlan>(await seal.open(plan, "plan"));
  const read = fates.map(async (fate, i) => fate && parseBytes<ImageFate>(await seal.open(fate, `fate ${i}`)));
  return { id, record, images, fates: await Promise.all(read) };
}

function problemOf({ refused }: ExamRefusal): GlamError {
  if (refused === "idempotency-key-reused") {
    return new GlamError(refused, "The key belongs to an exam with another body. Make a new key for another exam.");
  }
  return new GlamError(refused, "There is no such exam: it was deleted, has expired, or never was. Start a new one.");
}

function missing(): never {
  throw new Error("The binding EXAMS is missing.");
}
