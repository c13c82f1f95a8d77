/**
 * @module
 * What the user can do, as functions over the exam.
 */

import type { View } from "../../src/phantom/index.ts";
import { openSampleImage } from "../samples/open-image.ts";
import { type Sample, viewOfSample } from "../samples/sample.ts";
import { type Ask, CallFailed } from "../worker/connection.ts";
import type { Failure } from "../worker/protocol.ts";
import { type Display, type Exam, emptyExam, MAX_SLOTS, type Slot, withSlot } from "./exam.ts";
import { isExamJob, runExam, takesOneByOne } from "./run-exam.ts";
import { runSlot } from "./run-slot.ts";
import { type Decision, decide, openMismatch } from "./same-exam.ts";
import { defaultManifest } from "./service.ts";
import { createStore, type Store } from "./store.ts";
import { viewOfName } from "./view-of-name.ts";

/** Segmentations of one exam that run at once; the service queues the rest. */
const AT_ONCE = 2;

export const failureOf = (error: unknown): Failure =>
  error instanceof CallFailed
    ? error.failure
    : { code: "internal-error", detail: "Something unexpected went wrong in this page." };

export type Session = ReturnType<typeof createSession>;

/** @param ask the page's worker */
export function createSession(ask: Ask, store: Store<Exam> = createStore(emptyExam)) {
  let lastSlot = 0;
  /** Name and version of the model that images are prepared for. */
  let model: string | undefined;
  const change = (id: number, part: Partial<Slot> | ((slot: Slot) => Partial<Slot>)) =>
    store.update((exam) => withSlot(exam, id, typeof part === "function" ? part : () => part));
  const find = (id: number) => store.get().slots.find((slot) => slot.id === id);
  /** Until the service says otherwise. */
  let offersExams = true;
  const announce = (announcement: string) => store.update((exam) => ({ ...exam, announcement }));
  const fail = (id: number, error: unknown) => {
    const failure = failureOf(error);
    // The note that appears is an alert, which screen readers say by themselves.
    change(id, { stage: "failed", failure });
  };

  /** What a segmentation ended with. @returns its code */
  function stop(id: number, error: unknown): Failure["code"] {
    const { code } = failureOf(error);
    if (code === "aborted") {
      change(id, {
        stage: "ready",
        progress: undefined,
        regions: [],
        maps: undefined,
        scores: undefined,
        calibratedScores: undefined,
      });
      announce("Cancelled.");
      return code;
    }
    fail(id, error);
    if (code === "unauthorized" || code === "forbidden") {
      store.update((exam) => ({ ...exam, service: { state: "key-needed", refused: code === "forbidden" } }));
    }
    return code;
  }

  async function connect(): Promise<void> {
    store.update((exam) => ({ ...exam, service: { state: "connecting" } }));
    try {
      const known = model;
      const manifest = await defaultManifest(store.get().apiKey);
      store.update((exam) => ({
        ...exam,
        service: { state: "ready", manifest },
        display: { ...exam.display, threshold: manifest.threshold },
      }));
      model = `${manifest.name} ${manifest.version}`;
      // Images that were prepared for the same model keep their results.
      for (const { id, source, prepared } of store.get().slots) {
        if (source && (!prepared || model !== known)) void prepare(id);
      }
    } catch (error) {
      const failure = failureOf(error);
      const keyNeeded = failure.code === "unauthorized" || failure.code === "forbidden";
      store.update((exam) => ({
        ...exam,
        service: keyNeeded
          ? { state: "key-needed", refused: failure.code === "forbidden" }
          : { state: "failed", failure },
      }));
    }
  }

  /** Makes room for one image; undefined when there is none. */
  function addSlot(name: string, view?: View, sample?: string): number | undefined {
    if (store.get().slots.length >= MAX_SLOTS) return undefined;
    lastSlot += 1;
    const slot: Slot = {
      id: lastSlot,
      name,
      stage: "reading",
      spacing: "",
      regions: [],
      ...(view ? { view } : {}),
      ...(sample ? { sample } : {}),
    };
    store.update((exam) => ({ ...exam, slots: [...exam.slots, slot], active: slot.id }));
    return slot.id;
  }

  /** Preprocesses an image, once everything that it takes is known. */
  async function prepare(id: number): Promise<void> {
    const slot = find(id);
    const { service } = store.get();
    if (!slot?.source || service.state !== "ready") return;
    if (slot.view === undefined) return change(id, { stage: "view-needed" });
    const { spec } = service.manifest;
    const pixelSpacing = readSpacing(slot.spacing);
    change(id, {
      stage: "preparing",
      regions: [],
      prepared: undefined,
      failure: undefined,
      maps: undefined,
      answer: undefined,
      scores: undefined,
      calibratedScores: undefined,
      progress: undefined,
      window: undefined,
    });
    try {
      const prepared = await ask("prepare", {
        slot: id,
        spec,
        view: slot.view,
        ...(pixelSpacing === undefined ? {} : { pixelSpacing }),
      });
      change(id, { stage: "ready", prepared });
      announce(`${slot.view} is prepared. ${prepared.warnings.length > 0 ? "It has warnings." : ""}`);
    } catch (error) {
      fail(id, error);
    }
  }

  async function addFile(file: File): Promise<void> {
    const named = viewOfName(file.name);
    const id = addSlot(file.name, named);
    if (id === undefined) return announce(`Four images are the most. Remove one first.`);
    try {
      const bytes = await file.arrayBuffer();
      const source = await ask("read", { slot: id, bytes }, { transfer: [bytes] });
      // It may have been removed while it was read.
      if (find(id) === undefined) return void ask("release", { slot: id });
      change(id, {
        source,
        spacing: source.pixelSpacing === undefined ? "" : String(source.pixelSpacing),
        ...(source.view ? { view: source.view, viewFrom: "file" } : named ? { view: named, viewFrom: "name" } : {}),
      });
      await prepare(id);
    } catch (error) {
      fail(id, error);
    }
  }

  return {
    store,
    connect,
    announce,

    /** Reads files one after the other, because a phone has memory for one at a time. */
    async addFiles(files: Iterable<File>): Promise<void> {
      for (const file of files) await addFile(file);
    },

    /** Replaces what is there by a sample. */
    async openSample(sample: Sample): Promise<void> {
      const { service, slots } = store.get();
      if (service.state !== "ready") return;
      for (const { id } of slots) this.remove(id);
      const { canvas } = service.manifest.spec;
      const added = sample.images.map((image) => {
        const view = viewOfSample(image);
        return { image, view, id: addSlot(`${sample.title}, ${view}`, view, sample.id) };
      });
      for (const { image, view, id } of added) {
        if (id === undefined) continue;
        try {
          const source = await openSampleImage(ask, id, image, canvas);
          const spacing = String(Number((source.pixelSpacing ?? 0).toPrecision(4)));
          change(id, { source, view, viewFrom: "sample", spacing });
          await prepare(id);
        } catch (error) {
          fail(id, error);
        }
      }
    },

    setKey(apiKey: string): Promise<void> {
      store.update((exam) => ({ ...exam, apiKey }));
      return connect();
    },

    setView(id: number, view: View): Promise<void> {
      change(id, { view, viewFrom: "user" });
      return prepare(id);
    },

    /** @param spacing as typed, mm */
    setSpacing(id: number, spacing: string): Promise<void> {
      change(id, { spacing });
      return prepare(id);
    },

    remove(id: number): void {
      void ask("release", { slot: id });
      store.update((exam) => {
        const slots = exam.slots.filter((slot) => slot.id !== id);
        return { ...exam, slots, active: exam.active === id ? slots[0]?.id : exam.active, single: false };
      });
    },

    /** Removes all images but these. */
    keepOnly(ids: readonly number[]): void {
      for (const { id } of store.get().slots) if (!ids.includes(id)) this.remove(id);
      announce(ids.length === 1 ? "One image is left." : `${ids.length} images are left.`);
    },

    /** What images that are not of one examination count as. */
    decide(as: Decision["as"]): void {
      store.update((exam) => ({ ...exam, decision: decide(exam.slots, as) }));
      announce(as === "one" ? "They count as one examination." : "Each image stands for itself.");
    },

    /** Segments every image that is ready, unless there is something to decide first. */
    async segment(): Promise<void> {
      const { service, apiKey, slots } = store.get();
      if (service.state !== "ready" || openMismatch(store.get())) return;
      const waiting = slots.filter(({ stage, prepared }) => prepared && (stage === "ready" || stage === "failed"));
      const run = { ask, manifest: service.manifest, apiKey, announce };
      if (offersExams && isExamJob(store.get(), waiting)) {
        try {
          return await runExam({ ...run, slots: waiting, change });
        } catch (error) {
          const { code } = failureOf(error);
          if (code === "exams-unavailable") offersExams = false;
          if (!takesOneByOne(code)) {
            for (const { id } of waiting) if (find(id)?.stage === "running") stop(id, error);
            return;
          }
          for (const { id } of waiting) change(id, { stage: "ready", progress: undefined });
        }
      }
      const one = async () => {
        for (let slot = waiting.shift(); slot; slot = waiting.shift()) {
          const { id } = slot;
          if (find(id)?.prepared === undefined) continue;
          try {
            await runSlot({ ...run, slot, change: (part) => change(id, part) });
          } catch (error) {
            if (find(id) && stop(id, error) === "aborted") waiting.length = 0;
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, one));
    },

    cancel(): void {
      for (const { id, stage } of store.get().slots) if (stage === "running") void ask("cancel", { slot: id });
    },

    /** @returns the file's bytes @throws CallFailed */
    dicomSegmentation: (id: number) => ask("dicomSegmentation", { slot: id, threshold: store.get().display.threshold }),

    activate: (id: number) => store.update((exam) => (exam.active === id ? exam : { ...exam, active: id })),
    setSingle: (single: boolean) => store.update((exam) => ({ ...exam, single })),
    setDisplay: (part: Partial<Display>) =>
      store.update((exam) => ({ ...exam, display: { ...exam.display, ...part } })),
    setWindow: (id: number, window: Slot["window"]) => change(id, { window }),
    showRegion: (slot: number, rank: number) =>
      store.update((exam) => ({ ...exam, active: slot, focus: { slot, rank } })),
  };
}

/** Millimetres out of what was typed; undefined when it is no spacing. */
export function readSpacing(text: string): number | undefined {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() !== "" && value >= 0.001 && value <= 10 ? value : undefined;
}
