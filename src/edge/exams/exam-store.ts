/**
 * @module
 * What an exam's object stores: the record, sealed values, answers in pieces, webhooks that are to be sent.
 */
import type { ObjectStorage } from "cloudflare:workers";
import { deletePieces, readPieces, writePieces } from "../uploads/pieces.ts";
import type { ExamOpening, ExamRecord, StoredExam } from "./protocol.ts";
import type { Hook } from "./webhooks.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const RECORD = "record";
const HOOK = "hook:";

const two = (image: number): string => String(image).padStart(2, "0");
const fateKey = (image: number): string => `fate:${two(image)}`;
const answerPrefix = (image: number): string => `answer:${two(image)}:`;

/** See {@link createExamStore}. */
export type ExamStore = ReturnType<typeof createExamStore>;

/** The storage of one exam, by what it is for. */
export function createExamStore(storage: ObjectStorage) {
  const { kv } = storage;
  const sealed = (name: "caller" | "service" | "plan" | "webhook"): Bytes | undefined => kv.get<Bytes>(name);

  /** Everything but the record and webhooks. */
  const dropContents = (images: number): void => {
    for (const name of ["caller", "service", "plan", "webhook"]) kv.delete(name);
    for (let image = 0; image < images; image++) {
      kv.delete(fateKey(image));
      deletePieces(storage, answerPrefix(image));
    }
  };

  return {
    sealed,
    record: (): ExamRecord | undefined => kv.get<ExamRecord>(RECORD),
    write: (record: ExamRecord): void => kv.put(RECORD, record),
    create(record: ExamRecord, { caller, service, plan, webhook }: ExamOpening): void {
      storage.transactionSync(() => {
        for (const [name, value] of Object.entries({ caller, service, plan, webhook })) if (value) kv.put(name, value);
        kv.put(RECORD, record);
      });
    },
    /** The exam for a caller. */
    read(record: ExamRecord): StoredExam {
      const fates = record.images.map((_, image) => kv.get<Bytes>(fateKey(image)));
      const [caller, plan] = [sealed("caller"), sealed("plan")];
      return { record, fates, ...(caller && { caller }), ...(plan && { plan }) };
    },
    hasAnswer: (image: number): boolean => kv.get(`${answerPrefix(image)}000`) !== undefined,
    answer: (image: number): Bytes => readPieces(storage, answerPrefix(image)),
    /** An image's fate, and its answer if there is one, with the record that says so. */
    settle(record: ExamRecord, image: number, fate: Bytes | undefined, answer: Bytes | undefined): void {
      storage.transactionSync(() => {
        if (fate) kv.put(fateKey(image), fate);
        if (answer) {
          deletePieces(storage, answerPrefix(image));
          writePieces(storage, answerPrefix(image), answer);
        }
        kv.put(RECORD, record);
      });
    },
    /** The last answer is there: from now on only the caller opens anything. */
    finish(record: ExamRecord, hook: Hook | undefined): void {
      storage.transactionSync(() => {
        kv.delete("service");
        if (hook) kv.put(HOOK + hook.id, hook);
        kv.put(RECORD, { ...record, finished: true });
      });
    },
    /** Nothing of the exam is left but a record that says nothing of it, or not even that. */
    clear(images: number, record: ExamRecord | undefined, hook: Hook | undefined): void {
      storage.transactionSync(() => {
        dropContents(images);
        if (hook) kv.put(HOOK + hook.id, hook);
        if (record) kv.put(RECORD, record);
        else kv.delete(RECORD);
      });
    },
    hooks: (): Hook[] => Array.from(kv.list<Hook>({ prefix: HOOK }), ([, hook]) => hook),
    putHook: (hook: Hook): void => kv.put(HOOK + hook.id, hook),
    dropHook: (id: string): void => void kv.delete(HOOK + id),
  };
}
