/**
 * @module
 * An archive through a segmenter: every file once, its result in the journal, then tables of all of them.
 */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { sha256Hex } from "../../src/bytes/hex.ts";
import { parallel } from "../../src/device/client/parallel.ts";
import { isDicom } from "../../src/device/dicom/index.ts";
import { isImageFile } from "../../src/device/images/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { type FileThreads, openFileThreads } from "../files/file-threads.ts";
import { type FileFailure, type FileQuestion, failureOf, NOBODY } from "../files/segment-file.ts";
import { modelOf, type SegmenterPlace } from "../files/segmenter.ts";
import { readBytes } from "../segment/read-source.ts";
import type { Entry, Result } from "./entry.ts";
import { type BatchItem, findFiles, JOURNAL } from "./find-files.ts";
import { type Journal, openJournal } from "./journal.ts";
import { occupy, writeWhole } from "./out-folder.ts";
import { outputFile } from "./output-file.ts";
import { readBatchList } from "./read-list.ts";
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

/** The service cannot be asked now; what is in the journal stays. */
export class ServiceGone extends Error {
  override readonly name = "ServiceGone";
  /** Of a problem or of a failed connection. */
  readonly code: string;

  constructor({ code, detail }: { code: string; detail: string }) {
    super(`${detail} Run the same command again to go on.`);
    this.code = code;
  }
}

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
    const journal = await openJournal(join(out, JOURNAL), { journal: 1, through, model, question });
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
  if (resolve(folder) === resolve(out)) {
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
    const work = (item: BatchItem) => settle(item, { journal, threads, out, question });
    for await (const { entry, fresh, keep } of parallel(items, workers + AHEAD, work)) {
      if (entry !== undefined && !keep) unkept.set(entry.file, entry);
      const failed = entry?.result.status === "failed";
      progress({ done: ++done, of: items.length, fresh, failed });
    }
    return unkept;
  } finally {
    await threads.close();
  }
}

type Tools = { journal: Journal; threads: FileThreads; out: string; question: FileQuestion };

/** One file's entry; none when the journal has it already. */
async function settle(item: BatchItem, tools: Tools): Promise<{ entry?: Entry; fresh: boolean; keep: boolean }> {
  const { file, path, facts, claimed, problem } = item;
  const failed = (failure: FileFailure) => ({
    entry: { file, of: "", result: { identity: NOBODY, ...failure } },
    fresh: false,
    keep: false,
  });
  if (problem !== undefined) return failed({ status: "failed", fault: "file", ...problem });
  const read = await readBytes(path).catch((error: unknown) => failed(failureOf(error)));
  if ("entry" in read) return read;
  const of = `${read.length} ${await sha256Hex(read)} ${JSON.stringify(facts)}`;
  if (tools.journal.has(file, of)) return { fresh: false, keep: true };
  const isImage = claimed || isDicom(read) || isImageFile(read);
  const result = isImage ? await resultOf(item, read, tools) : ({ status: "ignored" } as const);
  const entry = { file, of, result };
  const keep = result.status !== "failed" || result.fault === "file";
  if (keep) await tools.journal.append(entry);
  return { entry, fresh: true, keep };
}

async function resultOf({ file, facts }: BatchItem, bytes: Uint8Array, tools: Tools): Promise<Result> {
  const outcome = await tools.threads.segment({ bytes, question: tools.question, ...facts });
  if (outcome.status !== "answered") {
    if (outcome.fault === "service") throw new ServiceGone(outcome);
    return outcome;
  }
  const { made, ...rest } = outcome;
  for (const { kind, bytes: output } of made) await writeWhole(join(tools.out, outputFile(file, kind)), [output]);
  return { ...rest, made: made.map(({ kind }) => kind) };
}
