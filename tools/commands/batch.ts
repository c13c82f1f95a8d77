/**
 * @module
 * `glam batch`: an archive of mammograms, here or through a service, as tables, outlines and pictures.
 */
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { GlamError } from "../../src/glam/problem.ts";
import { showProgress } from "../batch/progress.ts";
import { runBatch } from "../batch/run-batch.ts";
import type { Counts } from "../batch/write-tables.ts";
import { type OutputKind, outputKinds } from "../segment/make-output.ts";
import { between } from "./number-option.ts";
import { type PlaceOptions, placeOf } from "./place-options.ts";

type BatchOptions = PlaceOptions & {
  out: string;
  list?: string;
  workers?: number;
  regions?: number;
  threshold?: number;
  minArea?: number;
  overlays?: boolean;
  contours?: boolean;
  dicomSeg?: boolean;
};

/** Threads that prepare and wait for a service. */
const SENDERS = 4;

/** Exit code of a run that had files it could not judge. */
const SOME_FAILED = 3;

/** The `batch` command, to be added to the program. */
export function batchCommand(): Command {
  return new Command("batch")
    .summary("segment an archive: tables of scores by view and exam")
    .description(
      "Segments every mammogram below a folder, here or with a service. A second run goes on where one stopped. Exit code 0: every file was judged or " +
        "is of a kind that the model does not know; 3: some are broken, see results.csv; 1: the run could not begin, or not go on.",
    )
    .argument("<dir>", "folder of DICOM, PNG, JPEG or PGM files, in any folders below")
    .requiredOption(
      "--out <dir>",
      "folder for results.csv, exams.csv, results.jsonl and the journal; it holds patient data",
    )
    .option("--list <file>", "labels.csv that names files, views and patients (default: manifest.csv in the folder)")
    .option("--url <url>", "base address of a running service that computes; only grey tiles leave the machine")
    .option("--api-key <key>", "key for services that ask for one")
    .option("--model <dir>", "folder of a model bundle to compute with here (default: the model that ships)")
    .option("--workers <n>", "threads (default: processor cores; at least 4 with --url)", between(1, 64, true))
    .option("--regions <k>", "how many regions to look at closely (default: the model's)", between(1, 16, true))
    .option("--threshold <p>", "where contours are drawn (default: the model's)", between(0, 1, false))
    .option("--min-area <mm2>", "smaller contours are left out (default: the model's)", between(0, 10_000, false))
    .option("--overlays", "draw the marked areas over each image, and write index.html, which shows them all")
    .option("--contours", "write the contours of each file, in its own pixels, as JSON")
    .option("--dicom-seg", "write a DICOM Segmentation object of each DICOM file")
    .action(run);
}

async function run(folder: string, options: BatchOptions): Promise<void> {
  const { out, list, regions, threshold, minArea: minAreaMm2 } = options;
  const place = await placeOf(options);
  const wanted: Record<OutputKind, boolean | undefined> = {
    overlay: options.overlays,
    contours: options.contours,
    "dicom-seg": options.dicomSeg,
  };
  const outputs = outputKinds.filter((kind) => wanted[kind]);
  const counts = await runBatch({
    folder,
    out,
    list,
    place,
    question: { outputs, regions, threshold, minAreaMm2 },
    workers:
      options.workers ?? ("folder" in place ? availableParallelism() : Math.max(SENDERS, availableParallelism())),
    progress: showProgress(process.stderr),
  });
  for (const line of summary(counts)) process.stdout.write(`${line}\n`);
  const judged = (counts.statuses.get("complete") ?? 0) + (counts.statuses.get("partial") ?? 0);
  if ((counts.statuses.get("failed") ?? 0) > 0) process.exitCode = SOME_FAILED;
  else if (judged === 0) throw new GlamError("invalid-request", "There is no mammogram there that can be judged.");
}

/** What became of the files; names are in results.csv alone. */
function summary({ statuses, codes, exams }: Counts): string[] {
  const of = (status: string) => statuses.get(status) ?? 0;
  const judged = of("complete") + of("partial");
  return [
    `${judged} views of ${exams} exams judged, ${of("partial")} of them with regions that failed`,
    `${of("failed")} failed, ${of("skipped")} of other kinds, ${of("ignored")} no images: results.csv has the first two`,
    ...[...codes].sort().map(([code, count]) => `${code}: ${count}`),
  ];
}
