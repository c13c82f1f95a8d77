/**
 * @module
 * What an exam's object stores: the record, sealed values, keys of the answers' bytes, webhooks that are to be sent.
 */
import type { ObjectStorage } from "cloudflare:workers";
import type { SealedStore } from "../uploads/sealed-store.ts";
import type { ExamOpening, ExamRecord, StoredExam } from "./protocol.ts";
import type { Hook } from "./webhooks.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const RECORD = "record";
const HOOK = "hook:";

const two = (image: number): string => String(image).padStart(2, "0");
const fateKey = (image: number): string => `fate:${two(image)}`;
const answerKey = (image: number): string => `answer:${two(image)}`;

/** See {@link createExamStore}. */
export type ExamStore = ReturnType<typeof createExamStore>;

/** The storage of one exam, by what it is for. @param bytes holds the answers */
export function createExamStore(storage: ObjectStorage, bytes: SealedStore) {
  const { kv } = storage;
  const sealed = (name: "caller" | "service" | "plan" | "webhook"): Bytes | undefined => kv.get<Bytes>(name);

  const dropAnswer = (image: number): void => {
    const key = kv.get<string>(answerKey(image));
    if (key !== undefined) bytes.drop(key);
    kv.delete(answerKey(image));
  };

  /** Everything but the record and webhooks. */
  const dropContents = (images: number): void => {
    for (const name of ["caller", "service", "plan", "webhook"]) kv.delete(name);
    for (let image = 0; image < images; image++) {
      kv.delete(fateKey(image));
      dropAnswer(image);
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
    hasAnswer: (image: number): boolean => kv.get(answerKey(image)) !== undefined,
    /** Undefined where there is none. @throws GlamError `busy` */
    async answer(image: number): Promise<Bytes | undefined> {
      const key = kv.get<string>(answerKey(image));
      return key === undefined ? undefined : bytes.get(key);
    },
    /**
     * Stores the bytes of an answer, then asks for the record that says so.
     * @param settled calls `settle` with the key, or says that nobody wants the answer
     * @throws GlamError `busy`
     */
    putAnswer: (sealed: Bytes, settled: (key: string) => boolean): Promise<void> =>
      bytes.put(sealed, (key) => {
        if (!settled(key)) bytes.drop(key);
      }),
    /** An image's fate, and the key of its answer if there is one, with the record that says so. */
    settle(record: ExamRecord, image: number, fate: Bytes | undefined, answer: string | undefined): void {
      storage.transactionSync(() => {
        if (fate) kv.put(fateKey(image), fate);
        if (answer !== undefined) {
          dropAnswer(image);
          kv.put(answerKey(image), answer);
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
