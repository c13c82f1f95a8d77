/**
 * @module
 * The page's side of preprocessing in a worker: the main thread stays free.
 */
import { GlamError } from "../../../glam/problem.ts";
import type { Spec } from "../../../glam/spec.ts";
import type { GreyImage, Preprocessed, PreprocessOptions } from "../../preprocess/index.ts";
import { mapping } from "../../preprocess/mapping.ts";
import { abortReason } from "../within.ts";
import type { Port, Reply, Task } from "./messages.ts";

/**
 * Makes a canvas of pixels, or of a PNG, JPEG or PGM file's bytes, somewhere else.
 * @throws GlamError as `decodeGreyImage` and `preprocess` do, or the signal's reason
 */
export type Preprocessor = (
  image: GreyImage | Uint8Array,
  spec: Spec,
  options: PreprocessOptions,
  signal?: AbortSignal,
) => Promise<Preprocessed>;

/** A `Worker`, or a `MessagePort` that was started. */
export type PreprocessingWorker = Port & {
  addEventListener(type: "error", listener: (event: Event) => void): void;
};

/** The caller that waits for a task; `left` removes its listener. */
type Waiting = { resolve(done: Preprocessed): void; reject(error: unknown): void; left(): void };

/**
 * @param worker runs `servePreprocessing(self)`; it can do other work as well, and serves any number of runs, one after the other
 * @example
 * const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
 * const run = segment(file, { url, view: "L-CC", preprocess: preprocessInWorker(worker) });
 */
export function preprocessInWorker(worker: PreprocessingWorker): Preprocessor {
  const waiting = new Map<number, Waiting>();
  let tasks = 0;

  const settle = (task: number): Waiting | undefined => {
    const found = waiting.get(task);
    waiting.delete(task);
    found?.left();
    return found;
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    const caller = settle(data?.glamTask);
    if (caller === undefined) return;
    if ("done" in data) caller.resolve(restore(data.done, data.width));
    else caller.reject(errorOf(data.failed));
  });
  worker.addEventListener("error", () => {
    const detail = "The worker that preprocesses could not be started, or broke. Check its address and the console.";
    for (const task of [...waiting.keys()]) settle(task)?.reject(new GlamError("internal-error", detail));
  });

  return (image, spec, options, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) throw abortReason(signal);
      const glamTask = ++tasks;
      const abort = () => settle(glamTask)?.reject(signal && abortReason(signal));
      waiting.set(glamTask, { resolve, reject, left: () => signal?.removeEventListener("abort", abort) });
      signal?.addEventListener("abort", abort);
      const task: Task = { glamTask, image, spec, options: cloneable(options) };
      worker.postMessage(task, { transfer: [] });
    });
}

/** Callers give all their options, functions and signals among them. */
const cloneable = ({ view, chestWall, pixelSpacing, background }: PreprocessOptions): PreprocessOptions => ({
  view,
  ...(chestWall === undefined ? {} : { chestWall }),
  ...(pixelSpacing === undefined ? {} : { pixelSpacing }),
  ...(background === undefined ? {} : { background }),
});

function restore(done: Omit<Preprocessed, "toSource" | "toCanvas">, width: number): Preprocessed {
  const { scale, mirrored, steps } = done;
  return { ...done, ...mapping({ width, mirrored, scale, box: steps.scaledCrop, window: steps.window }) };
}

const errorOf = ({ code, message, at }: Extract<Reply, { failed: unknown }>["failed"]): Error =>
  code === undefined ? new Error(message) : new GlamError(code, message, at === undefined ? {} : { at });
