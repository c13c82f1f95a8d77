/**
 * @module
 * `glam evaluate`: how good a model is, measured through the shipped pipeline.
 */
import { Command, InvalidArgumentError, Option } from "commander";
import { GlamError } from "../../src/glam/problem.ts";
import { type ImageKind, imageKinds } from "../../src/glam/score-calibration.ts";
import { readBundle, readManifest } from "../bundle/bundle.ts";
import type { Judged } from "../evaluate/figures.ts";
import { inProcess } from "../evaluate/methods.ts";
import { type PhantomSet, phantomCases, phantomSets, TEST_COUNT } from "../evaluate/phantom-cases.ts";
import { judgeAll, type RunOptions, report } from "../evaluate/run.ts";
import type { TestCase } from "../evaluate/test-case.ts";
import { drawWorst, type WorstOptions, worstOf } from "../evaluate/worst.ts";
import { openFilmSource } from "../films/film-source.ts";
import { type Part, parts } from "../films/parts.ts";
import { unlikeRows } from "../unlike/evaluate.ts";
import { tableLines } from "../unlike/report.ts";

type Options = RunOptions & { worst?: number; pictures: string };
type PhantomOptions = Options & { set: PhantomSet; count: number };
type FilmOptions = Options & { data: string[]; workers: number; called: string; kinds?: ImageKind[]; part?: Part };

/** The `evaluate` command, to be added to the program. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("measure a model's scores and maps, with 95 % intervals")
    .addCommand(
      shared(new Command("phantoms"), "http")
        .description("on phantoms outside all training sets, against their exact masks")
        .addOption(new Option("--set <name>", "which seeds").choices(Object.keys(phantomSets)).default("test"))
        .option("--count <n>", "how many", whole(1, 100_000), TEST_COUNT)
        .action(evaluatePhantoms),
    )
    .addCommand(
      shared(new Command("films"), "pipeline")
        .description(
          "on real mammograms with labels, packed by `glam films dataset` or as they lie; figures for all, then by source, scanner, view and density",
        )
        .requiredOption(
          "--data <path...>",
          "folders of packed sets; labels.csv or another list of films, or a folder with one",
        )
        .option("--workers <n>", "threads that load films of lists", whole(1, 64), 2)
        .addOption(new Option("--part <name>", "only the women of this part").choices(parts))
        .option("--called <words>", "what the manifest calls these images", "films")
        .addOption(
          new Option(
            "--kinds <kind...>",
            "kinds of these images; the page shows calibrated scores for these kinds only",
          ).choices(imageKinds),
        )
        .action(evaluateFilms),
    )
    .addCommand(
      new Command("unlike")
        .summary("how often images get the warning `unlike-training`")
        .description(
          "Judges valid images outside the training set, each source by the statistics of another one alone, and derived images: photographs, negatives, slices, " +
            "magnified views, other parts of the body, noise.",
        )
        .requiredOption(
          "--data <dir...>",
          "packed sets; in sets with parts, the women of validation and test are judged",
        )
        .option("--model <dir>", "folder of the model's bundle", "models/glam-1536x1024")
        .option("--count <n>", "images of each derived kind", whole(1, 10_000), 60)
        .action(evaluateUnlike),
    );
}

function shared(command: Command, through: RunOptions["through"]): Command {
  return command
    .option("--model <dir>", "folder of the model's bundle", "models/glam-1536x1024")
    .addOption(
      new Option("--through <what>", "http: the Worker, started here; pipeline: the same code in this process, faster")
        .choices(["http", "pipeline"])
        .default(through),
    )
    .option("--regions <k>", "regions that are looked at closely (default: the model's)", whole(1, 16))
    .option("--threshold <p>", "where the model's maps are cut (default: the manifest's)", Number)
    .option(
      "--choose-threshold",
      "choose the threshold with the largest Dice, in the middle of near ties; for validation data only",
    )
    .option("--operating-points", "choose the threshold by false outlines; for validation data only")
    .option(
      "--choose-hysteresis",
      "choose how far below the threshold outlines reach, by Dice at the threshold; for validation data only",
    )
    .option("--min-area", "choose the smallest area of an outline, at the threshold; for validation data only")
    .option("--calibrate", "fit a calibration of the model's scores on these images; for validation data only")
    .option("--record", "write the figures, or instead what the options above chose, into the model's manifest")
    .option("--rounds <n>", "draws of the bootstrap", whole(10, 100_000), 1000)
    .option(
      "--worst <n>",
      "draw the n images with the smallest Dice; of films only shape, maps and outlines",
      whole(1, 100),
    )
    .option("--pictures <dir>", "where these pictures go", "out")
    .option("--json", "print one object as the last line");
}

async function evaluatePhantoms(options: PhantomOptions): Promise<void> {
  const { spec } = (await readBundle(options.model)).manifest;
  const first = phantomSets[options.set];
  const judged = await judgeAll(phantomCases(spec, first, options.count), options, options.count);
  await worstPictures(judged, options, "phantom", (worst) =>
    worst.flatMap((i) => [...phantomCases(spec, first + i, 1)]),
  );
  const images = `phantoms of the ${options.set} set`;
  await report(judged, options, {
    title: `Phantoms, ${options.set} set`,
    images,
    prefix: "phantoms",
    imageKinds: ["phantom"],
  });
}

async function evaluateUnlike({ data, model, count }: { data: string[]; model: string; count: number }): Promise<void> {
  const { name, version, spec, looks } = await readManifest(model);
  if (looks === undefined) {
    throw new GlamError("invalid-request", "The model's manifest has no statistics; `glam films looks` writes them.");
  }
  const rows = await unlikeRows(data, count, { spec, training: looks }, ({ images }) => {
    process.stderr.write(`${images}\n`);
  });
  process.stdout.write(`${name} ${version}, statistics of ${looks.fittedOn}\n\n${tableLines(rows).join("\n")}\n`);
}

async function evaluateFilms(options: FilmOptions): Promise<void> {
  const { spec } = (await readBundle(options.model)).manifest;
  const { part } = options;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const opening = options.data.map((path) => openFilmSource(path, spec, { part, workers: options.workers, say }));
  const sources = await Promise.all(opening);
  const count = sources.reduce((sum, source) => sum + source.count, 0);
  const cases = async function* () {
    for (const source of sources) yield* source.cases();
  };
  const judged = await judgeAll(cases(), options, count);
  await worstPictures(judged, options, "film", (worst) => chosen(cases(), worst));
  const title = options.part === undefined ? options.called : `${options.called}, ${options.part}`;
  const prefix = options.called.replaceAll(/[^A-Za-z0-9]+/g, "-");
  await report(judged, options, { title, images: title, prefix, imageKinds: options.kinds });
}

/** Draws the images with the smallest Dice, if that was asked for. */
async function worstPictures(
  judged: readonly Judged[],
  { worst, pictures, model, threshold, regions }: Options,
  kind: WorstOptions["kind"],
  casesOf: (worst: readonly number[]) => Iterable<TestCase> | AsyncIterable<TestCase>,
): Promise<void> {
  if (worst === undefined) return;
  const bundle = await readBundle(model);
  const { manifest } = bundle;
  const method = await inProcess(bundle, regions);
  try {
    const indices = worstOf(judged, threshold ?? manifest.threshold, worst);
    await drawWorst(casesOf(indices), { method, manifest, kind, folder: pictures });
  } finally {
    await method.release();
  }
}

/** The cases with these numbers, in their order in the set. */
async function* chosen(cases: AsyncIterable<TestCase>, wanted: readonly number[]): AsyncGenerator<TestCase> {
  let i = 0;
  for await (const test of cases) {
    if (wanted.includes(i)) yield test;
    if (++i > Math.max(...wanted)) return;
  }
}

/** A parser of whole numbers in a range. */
function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}
