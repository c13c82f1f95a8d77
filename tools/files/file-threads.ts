/**
 * @module
 * Threads that segment whole files, each one file at a time; requests wait until one is free.
 */
import { startThread, type Thread } from "../dataset/thread.ts";
import { type FileOutcome, type FileRequest, NOBODY } from "./segment-file.ts";
import type { SegmenterPlace } from "./segmenter.ts";

export type FileThreads = {
  /** The request's bytes may be transferred. Never throws because of a file, even one that kills a thread. */
  segment(request: FileRequest): Promise<FileOutcome>;
  /** Ends all threads; what is under way fails. */
  close(): Promise<void>;
};

const DIED: FileOutcome = {
  status: "failed",
  identity: NOBODY,
  code: "internal-error",
  detail: "The thread that computed ended before it answered.",
  fault: "computing",
};

/**
 * Threads start with the first request that needs them. One that dies, e.g. for lack of memory, is replaced.
 * @param most threads at once, 1 or more
 */
export function openFileThreads(place: SegmenterPlace, most: number): FileThreads {
  const url = new URL("./file-thread.ts", import.meta.url);
  const all = new Set<Thread<FileRequest, FileOutcome>>();
  const free: Thread<FileRequest, FileOutcome>[] = [];
  const waiting: (() => void)[] = [];

  async function take(): Promise<Thread<FileRequest, FileOutcome>> {
    for (;;) {
      const thread = free.pop() ?? (all.size < most ? startThread<FileRequest, FileOutcome>(url, place) : undefined);
      if (thread !== undefined) {
        all.add(thread);
        return thread;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  return {
    async segment(request) {
      const thread = await take();
      try {
        const outcome = await thread.ask(request, transferable(request.bytes));
        free.push(thread);
        return outcome;
      } catch {
        all.delete(thread);
        return DIED;
      } finally {
        waiting.shift()?.();
      }
    },
    close: async () => {
      await Promise.all([...all].map((thread) => thread.terminate()));
    },
  };
}

/** The buffer of bytes that fill it; a part of a larger buffer is copied instead. */
const transferable = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
