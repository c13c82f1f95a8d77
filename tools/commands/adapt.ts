/**
 * @module
 * `glam adapt`: a model bundle with batch-norm statistics of a site's own images.
 */
import { existsSync } from "node:fs";
import { Command, Option } from "commander";
import type { Canvas } from "../../src/glam/contracts.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { type View, views } from "../../src/glam/view.ts";
import { adaptable, adaptModel } from "../adapt/adapt-model.ts";
import { adaptedBundle } from "../adapt/adapted-bundle.ts";
import { assertUsable, compareOnPhantoms, comparisonLines, lossesBeyond } from "../adapt/compare.ts";
import { BATCH, type Notes, type SiteImages, siteImages } from "../adapt/site-images.ts";
import { readBundle, writeBundle } from "../bundle/bundle.ts";
import { addToIndex } from "../bundle/model-index.ts";
import { type Part, parts } from "../films/parts.ts";
import { bundleName } from "./manifest-options.ts";
import { between } from "./number-option.ts";

type AdaptOptions = {
  model: string;
  images: string;
  out: string;
  name?: string;
  count: number;
  view?: View;
  pixelSpacing?: number;
  part?: Part;
  phantoms: number;
  bound: number;
  workers: number;
};

/** Fewer images than a batch are refused; fewer than these are warned of. */
const ENOUGH = 25;

/** A loss on phantoms that gives a warning. */
const NOTABLE = 0.1;

const say = (line: string) => process.stderr.write(`${line}\n`);
const print = (line: string) => process.stdout.write(`${line}\n`);

/** The `adapt` command, to be added to the program. */
export function adaptCommand(): Command {
  return new Command("adapt")
    .summary("fit a model to a site's images, without labels")
    .description(
      "Estimates the batch-norm statistics of the global network on a site's own images, compares the result with the original " +
        "on phantoms, and writes a new bundle for the SIMD engine. The original is not changed.",
    )
    .requiredOption("--images <dir>", "DICOM, or grey PNG, JPEG or PGM; or a set of `glam films dataset`")
    .requiredOption("--out <dir>", "folder of the new bundle; it must not exist")
    .option("--model <dir>", "folder of the model's bundle", "models/glam-1536x1024")
    .option("--name <name>", "name of the new model (default: that of the --out folder)")
    .option("--count <n>", "largest number of images, spread over the folder", between(BATCH, 10_000, true), 100)
    .addOption(new Option("--view <view>", "of all images; DICOM files say it themselves").choices(views))
    .option("--pixel-spacing <mm>", "from one pixel to the next; DICOM files say it", between(0.001, 10, false))
    .addOption(new Option("--part <name>", "only the women of this part of a packed set").choices(parts))
    .option("--phantoms <n>", "phantoms for the comparison with the original", between(1, 1000, true), 40)
    .option(
      "--bound <loss>",
      "if AUC or pointing on the phantoms falls by more, nothing is written",
      between(0, 1, false),
      0.4,
    )
    .option("--workers <n>", "threads that read images", between(1, 64, true), 2)
    .action(run);
}

async function run({ model, images, out, name, count, phantoms, bound, ...options }: AdaptOptions): Promise<void> {
  const original = await readBundle(model);
  adaptable(original);
  const { spec } = original.manifest;
  const called = bundleName({ name, out }, spec);
  if (existsSync(out)) {
    const detail = "The folder of the new bundle exists already; give another one with --out.";
    throw new GlamError("invalid-request", detail, { at: "out" });
  }
  const site = await siteImages({ folder: images, spec, count, ...options });
  assertEnough(site.chosen, "There are", site);
  const started = performance.now();
  let used = 0;
  const adapted = await adaptModel(
    original,
    watched(site, (batch) => {
      used += batch;
    }),
  );
  assertEnough(used, "There could be read", site);
  for (const line of noteLines("left out", site.leftOut)) say(line);
  for (const line of noteLines("warning", site.warnings)) say(line);
  if (used < ENOUGH) say(`warning: statistics of ${used} images are rough; ${ENOUGH} or more are better`);
  say(`comparing with the original on ${phantoms} phantoms`);
  const comparison = await compareOnPhantoms(original, adapted, phantoms, (done) => {
    if (done % 20 === 0) say(`${done} of ${2 * phantoms} phantoms, ${duration(started)}`);
  });
  for (const line of comparisonLines(comparison)) print(line);
  assertUsable(comparison, bound);
  const losses = lossesBeyond(comparison, NOTABLE);
  if (losses)
    say(`warning: worse than the original on phantoms (${losses}): measure it on labelled images before it is used`);
  await writeBundle(out, adaptedBundle(original, { name: called, images: used, adapted, comparison }));
  print(
    `wrote ${out}: ${original.manifest.name} with batch-norm statistics of ${used} images, in ${duration(started)}`,
  );
  print(
    "calibration, operating points and measured quality were the original's and are left out; the threshold is kept",
  );
  if (await addToIndex(out)) print("added to index.json beside it, so the Worker here serves it");
}

/** @throws GlamError `invalid-request`, with why images were left out */
function assertEnough(images: number, there: string, { leftOut }: SiteImages): void {
  if (images >= BATCH) return;
  const why = noteLines("left out", leftOut).map((line) => `; ${line}`);
  const detail = `${there} ${images} images, and at least ${BATCH} are needed${why.join("")}.`;
  throw new GlamError("invalid-request", detail, { at: "images" });
}

/** The site's batches, with a line of progress after each. */
async function* watched(site: SiteImages, count: (images: number) => void): AsyncGenerator<Canvas[]> {
  const started = performance.now();
  let done = 0;
  for await (const batch of site.batches()) {
    yield batch;
    count(batch.length);
    done += batch.length;
    const left = ((performance.now() - started) / done) * (site.chosen - done);
    say(`${done} of ${site.chosen} images, ${duration(started)}; about ${(left / 1000).toFixed(0)} s left`);
  }
}

const duration = (started: number): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;

const noteLines = (what: string, notes: Notes): string[] =>
  [...notes].map(([code, { images, detail }]) => `${what}: ${images} images, ${code}${detail ? `: ${detail}` : ""}`);
