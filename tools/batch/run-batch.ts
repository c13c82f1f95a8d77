/**
 * @module
 * An archive through a segmenter: every file once, its result in the journal, then tables of all of them.
 */
import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { parallel } from "../../src/device/client/parallel.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { openFileThreads } from "../files/file-threads.ts";
import type { FileQuestion } from "../files/segment-file.ts";
import { modelOf, type SegmenterPlace } from "../files/segmenter.ts";
import { version } from "../version.ts";
import type { Entry } from "./entry.ts";
import { type BatchItem, findFiles, JOURNAL } from "./find-files.ts";
import { type Journal, openJournal } from "./journal.ts";
import { occupy } from "./out-folder.ts";
import { readBatchList } from "./read-list.ts";
import { settleFile } from "./settle-file.ts";
import { type Counts, writeTables } from "./write-tables.ts";

export type BatchRequest = {
  /** Folder of the archive. */
  folder: string;
  out: string;
  /** A list of files; `manifest.csv` of the folder where it is there, else every file counts. */
  list?: string | undefined;
  place: SegmenterPlace;
  question: FileQuestion;
  /** Threads. */
  workers: number;
  /** Told after every file; `fresh`: it was computed now. */
  progress: (step: { done: number; of: number; fresh: boolean; failed: boolean }) => void;
};

/** Files that are read ahead of the threads. */
const AHEAD = 2;

/**
 * Goes on where an earlier run of the same folder stopped. A file that is broken, or cannot be computed, does not end it.
 * @throws GlamError `invalid-request` when there is nothing to do, or the out folder is of another run; `model-not-found`,
 * `model-damaged`; what keeps a service from being asked, after which another run goes on
 */
export async function runBatch(request: BatchRequest): Promise<Counts> {
  const { out, place, question } = request;
  await checkFolders(request);
  const model = await modelOf(place);
  const leave = await occupy(out).catch(unwritable);
  try {
    const through = "folder" in place ? "here" : "service";
    const journal = await openJournal(join(out, JOURNAL), { journal: 1, version, through, model, question });
    try {
      // The journal is there, so that a search of the archive passes the out folder over.
      const items = await itemsOf(request);
      if (items.length === 0) throw new GlamError("invalid-request", "There are no files there.");
      const unkept = await segmentAll(items, journal, request);
      const resultOf = async (item: BatchItem) => unkept.get(item.file) ?? (await journal.read(item.file));
      return await writeTables(out, items, resultOf, question.outputs.includes("overlay"));
    } finally {
      await journal.close();
    }
  } catch (error) {
    return unwritable(error);
  } finally {
    await leave();
  }
}

/** What the system says of a folder holds names, which only the folder itself may hold. */
function unwritable(error: unknown): never {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
  throw new GlamError("invalid-request", `The out folder cannot be written to (${error.code}).`);
}

async function checkFolders({ folder, out }: BatchRequest): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new GlamError("invalid-request", "There is no such folder of images.");
  // Also by a link: a journal there would keep every later run from seeing images.
  if ((await realpath(folder)) === (await realpath(out).catch(() => undefined))) {
    throw new GlamError("invalid-request", "The out folder must be another one than that of the images.");
  }
}

async function itemsOf({ folder, list }: BatchRequest): Promise<BatchItem[]> {
  if (list !== undefined) return readBatchList(list);
  const beside = join(folder, "manifest.csv");
  const isThere = await stat(beside).catch(() => undefined);
  return isThere ? readBatchList(beside) : findFiles(folder);
}

/** @returns entries that the journal does not keep, because another try may end otherwise */
async function segmentAll(
  items: readonly BatchItem[],
  journal: Journal,
  { out, place, question, workers, progress }: BatchRequest,
): Promise<Map<string, Entry>> {
  const unkept = new Map<string, Entry>();
  const threads = openFileThreads(place, workers);
  let done = 0;
  try {
    const work = (item: BatchItem) => settleFile(item, { journal, threads, out, question });
    for await (const { entry, status, fresh } of parallel(items, workers + AHEAD, work)) {
      if (entry !== undefined) unkept.set(entry.file, entry);
      progress({ done: ++done, of: items.length, fresh, failed: status === "failed" });
    }
    return unkept;
  } finally {
    await threads.close();
  }
}
