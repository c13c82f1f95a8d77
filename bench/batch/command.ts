/**
 * @module
 * `npm run bench -- batch`: images a second of `glam batch` against the typed client, in turns, and memory over a run.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startBareWorker } from "../../test/support/bare-worker.ts";
import { median } from "../statistics.ts";
import { writeArchive } from "./archive.ts";
import { type BatchRun, runBatchCommand, runClient } from "./runs.ts";

/** Rows of memory that are printed. */
const ROWS = 10;

export type BatchBenchOptions = { images: number; rounds: number; broken: number; kill: boolean; json: boolean };

/** Prints images a second of both ways, their ratio, memory, and with `kill` whether a killed run ends in the same tables. */
export async function benchBatch({ images, rounds, broken, kill, json }: BatchBenchOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "glam-bench-batch-"));
  try {
    const archive = await writeArchive(join(folder, "archive"), images, broken);
    console.log(`${images} DICOM files of 1536 x 1024 pixels, ${broken} of them broken`);
    const batch = (out: string, killAt?: number) => runBatchCommand(archive.folder, join(folder, out), [], killAt);
    const found = kill ? await killedTwice(batch, folder, images) : await compare(batch, archive.files, rounds);
    if (json) console.log(JSON.stringify(found));
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Batch = (out: string, killAt?: number) => Promise<BatchRun>;

async function compare(batch: Batch, files: readonly string[], rounds: number) {
  const models = fileURLToPath(new URL("../../models", import.meta.url));
  const worker = await startBareWorker({ FANOUT: "inline" }, { models });
  try {
    // What compiles on first use does so before the clock runs.
    await runClient(files.slice(0, 8), worker.url);
    const rates: { client: number[]; batch: number[] } = { client: [], batch: [] };
    for (let round = 0; round < rounds; round++) {
      rates.client.push(files.length / (await runClient(files, worker.url)));
      const run = await batch(`out${round}`);
      rates.batch.push(files.length / run.seconds);
      console.log(
        `round ${round + 1}: client ${rates.client.at(-1)?.toFixed(2)}, batch ${rates.batch.at(-1)?.toFixed(2)} images a second`,
      );
      printMemory(run);
    }
    const ratio = median(rates.batch.map((rate, i) => rate / rates.client[i]));
    console.log(`glam batch, its start included, is ${ratio.toFixed(2)} times as fast as the client, four at once`);
    return { ...rates, ratio };
  } finally {
    await worker.stop();
  }
}

async function killedTwice(batch: Batch, folder: string, images: number) {
  const whole = await batch("whole");
  console.log(`undisturbed: ${(images / whole.seconds).toFixed(2)} images a second, exit code ${whole.code}`);
  printMemory(whole);
  await batch("killed", Math.floor(images / 3));
  await batch("killed", Math.floor((2 * images) / 3));
  const last = await batch("killed");
  const read = (out: string, name: string) => readFile(join(folder, out, name), "utf8");
  const same: Record<string, boolean> = {};
  for (const name of ["results.csv", "exams.csv", "results.jsonl"]) {
    same[name] = (await read("whole", name)) === (await read("killed", name));
    console.log(`${name} of the run that was killed twice is ${same[name] ? "the same" : "ANOTHER ONE"}`);
  }
  const failed = (await read("whole", "results.csv")).split("\n").filter((row) => row.includes(",failed,")).length;
  console.log(`${failed} rows say failed; exit code ${last.code}`);
  return { same, failed, codes: [whole.code, last.code], memory: whole.memory };
}

function printMemory({ memory }: BatchRun): void {
  const step = Math.max(1, Math.floor(memory.length / ROWS));
  const rows = memory.filter((_, i) => i % step === step - 1);
  console.log(`  ${rows.map(({ files, residentMiB }) => `${files} files: ${residentMiB.toFixed(0)} MiB`).join(", ")}`);
}
