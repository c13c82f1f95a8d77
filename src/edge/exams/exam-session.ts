/**
 * @module
 * One exam: a Durable Object that waits for the tiles of its uploads, computes image by image when its alarm wakes it, and
 * keeps the answers until they are fetched or too old. Whatever is done is stored before the next thing begins, so a process
 * that is killed goes on where it was.
 */
import { DurableObject, type ObjectContext, type ObjectStorage } from "cloudflare:workers";
import { type Deadline, startDeadline } from "../api/deadline.ts";
import { type Env, isolateServices } from "../isolate.ts";
import { createSealedStore } from "../uploads/create-sealed-store.ts";
import type { SealedStore } from "../uploads/sealed-store.ts";
import { computeImage, orPartial, type Tickets } from "./compute-image.ts";
import { deliverHooks } from "./deliver-hooks.ts";
import { jsonBytes } from "./exam-keys.ts";
import { afterInterruption, isFinished, looked, nextImage, openRecord, wakeAt, withImage } from "./exam-record.ts";
import { createExamStore, type ExamStore } from "./exam-store.ts";
import { missingTiles, type OpenedExam, removeUploads } from "./exam-uploads.ts";
import { interruptedFate } from "./image-fate.ts";
import {
  type ExamOpening,
  type ExamRecord,
  type ExamRefusal,
  type ExamSessionStub,
  examCounterName,
  type StoredExam,
} from "./protocol.ts";
import { unsealExam } from "./service-access.ts";
import { makeHook } from "./webhooks.ts";

const notFound: ExamRefusal = { refused: "exam-not-found" };

/** See {@link ExamSessionStub} for the methods. */
export class ExamSession extends DurableObject<Env> implements ExamSessionStub {
  readonly #storage: ObjectStorage;
  readonly #bytes: SealedStore;
  readonly #store: ExamStore;
  /** The run of an image in this instance. */
  #run: Deadline | undefined;
  readonly #tickets: Tickets = {};

  constructor(ctx: ObjectContext, env: Env) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#bytes = createSealedStore(ctx, env.SEALED_BUCKET);
    this.#store = createExamStore(ctx.storage, this.#bytes);
  }

  async open(opening: ExamOpening): Promise<StoredExam | ExamRefusal> {
    const known = await this.#current();
    if (known && known.fingerprint !== opening.fingerprint) return { refused: "idempotency-key-reused" };
    if (known) return this.#store.read(known);
    const record = openRecord(opening, Date.now());
    this.#store.create(record, opening);
    await this.#arm();
    return this.#store.read(record);
  }

  async read(): Promise<StoredExam | ExamRefusal> {
    const record = await this.#current();
    if (!record) return notFound;
    // Should the platform have lost an alarm, whoever asks sets it again.
    if (!this.#run && (await this.#storage.getAlarm()) === null) await this.#arm();
    return this.#store.read(record);
  }

  async answer(image: number): Promise<Uint8Array<ArrayBuffer> | ExamRefusal> {
    if (!(await this.#current())) return notFound;
    const sealed = await this.#store.answer(image);
    return this.#store.record() ? (sealed ?? new Uint8Array()) : notFound;
  }

  async remove(): Promise<{ removed: true } | ExamRefusal> {
    const record = await this.#current();
    if (!record) return notFound;
    await this.#end(record);
    await this.#arm();
    return { removed: true };
  }

  async arrived(): Promise<void> {
    const record = this.#store.record();
    if (record?.state !== "receiving") return;
    this.#store.write({ ...record, lookAt: Date.now() });
    await this.#arm();
  }

  /** Does the next thing; an error of it is never thrown, because the platform wakes an object that fails a few times only. */
  override async alarm(): Promise<void> {
    try {
      await this.#bytes.sweep();
      const record = await this.#current();
      if (record?.state === "receiving") await this.#look(record);
      const ready = this.#store.record();
      if (ready && !ready.finished && ready.state !== "receiving") await this.#compute(ready);
      await deliverHooks(this.env, this.#store);
    } catch (error) {
      isolateServices(this.env).log(JSON.stringify({ code: "exam-alarm", error: (error as Error)?.constructor?.name }));
      await this.#storage.setAlarm(Date.now() + 5_000);
      return;
    }
    await this.#arm();
  }

  /** The exam if there is one and its time has not come; ends it otherwise. */
  async #current(): Promise<ExamRecord | undefined> {
    const record = this.#store.record();
    if (record === undefined || Date.now() < record.expiresAt) return record;
    await this.#end(record, record.state === "expired" ? undefined : "expired");
    await this.#arm();
    return this.#store.record();
  }

  /**
   * Deletes what the exam holds, and gives its place back, which ends by itself should the counter not be there.
   * @param last leaves this word for as long as the exam was to be kept
   */
  async #end(record: ExamRecord, last?: "expired"): Promise<void> {
    this.#run?.abort();
    try {
      if (!record.finished) await removeUploads(await unsealExam(this.env, this.#store, record));
    } catch (error) {
      // A caller who deletes is told to ask again. Nobody waits for an exam that expires, and its uploads end by themselves.
      if (last === undefined && Date.now() < record.expiresAt) throw error;
    }
    const current = this.#store.record();
    if (current?.reference !== record.reference || (last && current.state === last)) return;
    const now = Date.now();
    const url = this.#store.sealed("webhook");
    const hook = last && url && makeHook({ object: record.object, reference: record.reference, state: last, url }, now);
    const left = last && { ...record, state: last, finished: true, images: [], expiresAt: now + record.ttlMs };
    this.#store.clear(record.images.length, left, hook);
    await this.#arm();
    await this.#bytes.sweep();
    await this.env.UPLOAD_COUNTER?.getByName(examCounterName)
      .release(record.object)
      .catch(() => {});
  }

  /** Asks the uploads what is still missing. */
  async #look(record: ExamRecord): Promise<void> {
    const missing = await missingTiles(await unsealExam(this.env, this.#store, record), record);
    const current = this.#store.record();
    if (current?.reference !== record.reference) return;
    const whole = current.images.flatMap(({ state }, i) => (state === "receiving" && missing[i] === 0 ? [i] : []));
    const now = Date.now();
    const next = whole.reduce((known, i) => withImage(known, i, { state: "queued" }, now), current);
    this.#store.write(looked(next, whole.length > 0, now));
  }

  /** Computes the image whose turn it is, if one is due. */
  async #compute(record: ExamRecord): Promise<void> {
    // One alarm comes after the other; should two overlap, the first one is at it.
    if (this.#run) return;
    const exam = await unsealExam(this.env, this.#store, record);
    const now = Date.now();
    // Nothing runs when an alarm begins: a run that is not over was killed.
    const left = record.images.findIndex(({ state }) => state === "running");
    if (left >= 0) await this.#interrupted(exam, left);
    const current = this.#store.record();
    const image = current?.reference === exam.reference ? nextImage(current, now) : undefined;
    if (image !== undefined) {
      const services = isolateServices(this.env);
      const deadline = startDeadline(services.settings.DEADLINE_MS);
      const [store, flush, tickets] = [this.#store, () => this.#storage.sync(), this.#tickets];
      this.#run = deadline;
      try {
        await computeImage({ exam, image, store, flush, services, deadline, tickets });
      } finally {
        this.#run = undefined;
        deadline.clear();
      }
    }
    await this.#finish(exam);
  }

  /** A try ended without a word. */
  async #interrupted(exam: OpenedExam, image: number): Promise<void> {
    const sealed = await exam.seal.seal(jsonBytes(interruptedFate()), `fate ${image}`);
    const record = this.#store.record();
    if (record?.reference !== exam.reference) return;
    const now = Date.now();
    const change = afterInterruption(record.images[image], now);
    const answered = this.#store.hasAnswer(image);
    const fate = change.state === "failed" && !answered ? sealed : undefined;
    this.#store.settle(withImage(record, image, answered ? orPartial(change) : change, now), image, fate, undefined);
  }

  /** When the last image is done: the uploads go, the service's key goes, the webhook is made. */
  async #finish(exam: OpenedExam): Promise<void> {
    const done = this.#store.record();
    if (done?.reference !== exam.reference || done.finished || !isFinished(done.state)) return;
    await removeUploads(exam);
    const record = this.#store.record();
    if (record?.reference !== exam.reference) return;
    const { object, reference, state } = record;
    const url = this.#store.sealed("webhook");
    this.#store.finish(record, url && makeHook({ object, reference, state, url }, Date.now()));
  }

  /** Wakes the object when there is something to do; with nothing left, nothing stays. */
  async #arm(): Promise<void> {
    const record = this.#store.record();
    const hooks = this.#store.hooks().map(({ due }) => due);
    const rest = this.#bytes.due();
    const wake = wakeAt(record, rest === undefined ? hooks : [...hooks, rest]);
    if (wake !== undefined) return this.#storage.setAlarm(Math.max(wake, Date.now()));
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
  }
}
