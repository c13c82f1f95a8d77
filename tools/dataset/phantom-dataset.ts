/**
 * @module
 * Writes a data set: `images.u8` (raw bytes, N x H x W), `codes.u8` (N x H/4 x W/4, which cells hold a lesion), `labels.csv` and
 * `dataset.json`. An interrupted run resumes at the first missing image.
 */
import { mkdir, open, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GlamError } from "../../src/glam/problem.ts";
import { GENERATOR_VERSION } from "../../src/phantom/index.ts";
import { inOrder } from "./ordered-threads.ts";
import { CELL, drawSample, type Sample, type SampleSeries, sampleRequests } from "./phantom-sample.ts";

export type DatasetRequest = SampleSeries & {
  /** Folder; made when missing. */
  out: string;
  /** Threads besides this one; 1 draws in this thread. */
  workers: number;
  report: (line: string) => void;
};

const HEADER = "index,patient,view,benign,malignant\n";

/**
 * Writes or completes the data set. Image i is in `images.u8` and `codes.u8` before its row is in `labels.csv`.
 * @throws GlamError `invalid-request` when the folder holds a data set with other parameters
 */
export async function writeDataset(request: DatasetRequest): Promise<void> {
  const { out, height, width, count, report } = request;
  await mkdir(out, { recursive: true });
  await writeDescription(request);
  const done = await alignFiles(out, height * width);
  if (done > 0) report(`${done} of ${count} are there already`);
  const images = await open(join(out, "images.u8"), "a");
  const codes = await open(join(out, "codes.u8"), "a");
  const labels = await open(join(out, "labels.csv"), "a");
  const started = performance.now();
  try {
    for await (const sample of samples(request, done)) {
      await images.appendFile(sample.pixels);
      await codes.appendFile(sample.codes);
      await labels.appendFile(`${sample.index},${sample.seed},${sample.view},${sample.benign},${sample.malignant}\n`);
      const written = sample.index + 1;
      if (written % 50 === 0 || written === count) {
        const each = (performance.now() - started) / 1000 / (written - done);
        report(`${written} of ${count}, ${each.toFixed(2)} s each`);
      }
    }
  } finally {
    await images.close();
    await codes.close();
    await labels.close();
  }
}

/** Writes `dataset.json`, or checks that the one there describes the same images. */
async function writeDescription({ out, count, height, width, seed }: DatasetRequest): Promise<void> {
  const path = join(out, "dataset.json");
  const wanted = { height, width, seed, generator: GENERATOR_VERSION };
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text !== undefined) {
    const { count: _, ...there } = JSON.parse(text) as Record<string, unknown>;
    if (JSON.stringify(there) !== JSON.stringify(wanted)) {
      throw new GlamError("invalid-request", "The folder holds a data set of another size, seed or generator version.");
    }
  }
  await writeFile(path, `${JSON.stringify({ ...wanted, count }, undefined, 2)}\n`);
}

/** Cuts the files to the samples that are complete in all of them. */
async function alignFiles(out: string, pixels: number): Promise<number> {
  const sizes = { "images.u8": pixels, "codes.u8": pixels / CELL ** 2 };
  const labelPath = join(out, "labels.csv");
  const text = await readFile(labelPath, "utf8").catch(() => "");
  // What follows the last line end is an unfinished row.
  const rows = text.split("\n").slice(1, -1);
  let done = rows.length;
  for (const [name, each] of Object.entries(sizes)) {
    const bytes = await stat(join(out, name)).then(
      ({ size }) => size,
      () => 0,
    );
    done = Math.min(done, Math.floor(bytes / each));
  }
  for (const [name, each] of Object.entries(sizes)) {
    await truncate(join(out, name), done * each).catch(() => {});
  }
  const kept = [HEADER, ...rows.slice(0, done).map((row) => `${row}\n`)].join("");
  if (kept !== text) await writeFile(labelPath, kept);
  return done;
}

/** The samples from `first` on, in order. */
function samples(request: DatasetRequest, first: number): AsyncGenerator<Sample> {
  const url = new URL("./phantom-worker.ts", import.meta.url);
  return inOrder(drawSample, url, request.workers, sampleRequests(request, first));
}
