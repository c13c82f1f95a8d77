/**
 * @module
 * One file of a run, from the disk to its line in the journal.
 */
import { join } from "node:path";
import { sha256Hex } from "../../src/bytes/hex.ts";
import { isDicom } from "../../src/device/dicom/index.ts";
import { isImageFile } from "../../src/device/images/index.ts";
import type { FileThreads } from "../files/file-threads.ts";
import { type FileFailure, type FileQuestion, failureOf, NOBODY } from "../files/segment-file.ts";
import { readBytes } from "../segment/read-source.ts";
import type { Entry, Result } from "./entry.ts";
import type { BatchItem } from "./find-files.ts";
import type { Journal } from "./journal.ts";
import { writeWhole } from "./out-folder.ts";
import { outputFile } from "./output-file.ts";

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

/** What every file of a run is settled with. */
export type Tools = { journal: Journal; threads: FileThreads; out: string; question: FileQuestion };

/** What became of a file; `entry` where the journal does not keep it. */
export type Settled = { entry?: Entry; status: string; fresh: boolean };

/**
 * Reads a file and, unless the journal has its result, segments it, writes what was asked for, and keeps the result.
 * @throws ServiceGone, and what the system says of an out folder that cannot be written to
 */
export async function settleFile(item: BatchItem, tools: Tools): Promise<Settled> {
  const { file, path, facts, claimed, problem } = item;
  const failed = (failure: FileFailure): Settled => ({
    entry: { file, of: "", result: { identity: NOBODY, ...failure } },
    status: failure.status,
    fresh: false,
  });
  if (problem !== undefined) return failed({ status: "failed", fault: "file", ...problem });
  const read = await readBytes(path).catch((error: unknown) => failed(failureOf(error)));
  if ("status" in read) return read;
  const of = `${read.length} ${await sha256Hex(read)} ${JSON.stringify(facts)}`;
  const known = tools.journal.statusOf(file, of);
  if (known !== undefined) return { status: known, fresh: false };
  const isImage = claimed || isDicom(read) || isImageFile(read);
  const result = isImage ? await resultOf(item, read, tools) : ({ status: "ignored" } as const);
  const { status } = result;
  const entry = { file, of, result };
  if (result.status === "failed" && result.fault !== "file") return { entry, status, fresh: true };
  await tools.journal.append(entry);
  return { status, fresh: true };
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
