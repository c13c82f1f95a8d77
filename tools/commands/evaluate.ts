/**
 * @module
 * `glam evaluate`: how good a model is, measured through the pipeline that ships.
 */
import { Command, InvalidArgumentError, Option } from "commander";
import { GlamError } from "../../src/glam/problem.ts";
import type { ScoreCalibration } from "../../src/glam/score-calibration.ts";
import { readBundle } from "../bundle/bundle.ts";
import { openBaselines, readBaselines } from "../evaluate/baselines.ts";
import { bestThreshold, type Judged } from "../evaluate/figures.ts";
import { filmCases, type LeftOut, readFilmLabels } from "../evaluate/film-cases.ts";
import { fitScoreCalibration } from "../evaluate/fit-calibration.ts";
import { readFolds } from "../evaluate/folds.ts";
import { judge } from "../evaluate/judge.ts";
import { COARSE, coarseInProcess, GLAM, inProcess, type Method, overHttp } from "../evaluate/methods.ts";
import { thresholds } from "../evaluate/overlap.ts";
import { type PhantomSet, phantomCases, phantomSets, TEST_COUNT } from "../evaluate/phantom-cases.ts";
import { qualityOf, recordInManifest, recordThresholds } from "../evaluate/record.ts";
import { makeReport, reportJson } from "../evaluate/report.ts";
import { reportLines } from "../evaluate/table.ts";
import { kinds, type TestCase } from "../evaluate/test-case.ts";
import { drawWorst, worstOf } from "../evaluate/worst.ts";
import { type LocalWorker, startLocalWorker } from "../local-worker.ts";

type Options = {
  model: string;
  through: "http" | "pipeline";
  regions?: number;
  baselines: boolean;
  threshold?: number;
  chooseThreshold?: boolean;
  calibrate?: boolean;
  record?: boolean;
  rounds: number;
  json?: boolean;
};

type PhantomOptions = Options & { set: PhantomSet; count: number; worst?: number; pictures: string };
type FilmOptions = Options & {
  data: string;
  called: string;
  pixelSpacing: number;
  view: "L-MLO" | "L-CC";
  folds?: string[];
};

const say = (line: string) => process.stderr.write(`${line}\n`);

/** The `evaluate` command, to be added to the program. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("measure a model's scores and maps, with 95 % intervals, against baselines")
    .addCommand(
      shared(new Command("phantoms"), "http")
        .description("on phantoms that no training has seen, against their exact masks")
        .addOption(new Option("--set <name>", "which seeds").choices(Object.keys(phantomSets)).default("test"))
        .option("--count <n>", "how many", whole(1, 100_000), TEST_COUNT)
        .option("--worst <n>", "draw so many of the images with the smallest Dice", whole(1, 100))
        .option("--pictures <dir>", "where they go", "out")
        .action(evaluatePhantoms),
    )
    .addCommand(
      shared(new Command("films"), "pipeline")
        .description("on real films: PNG files and a labels.csv like that of mini-MIAS, against its circles")
        .requiredOption("--data <dir>", "folder of the films and labels.csv")
        .option("--pixel-spacing <mm>", "millimetres from one pixel of the films to the next", Number, 0.2)
        .option("--called <words>", "what a calibration says that it was fitted on", "films")
        .addOption(new Option("--view <view>", "projection of the films").choices(["L-MLO", "L-CC"]).default("L-MLO"))
        .option(
          "--folds <dir...>",
          "cross-validation: runs of `train_films.py --fold`, each with its bundle in `model/`, judged on the films it left out",
        )
        .action(evaluateFilms),
    );
}

function shared(command: Command, through: Options["through"]): Command {
  return command
    .option("--model <dir>", "folder of the model's bundle", "models/glam-1536x1024")
    .addOption(
      new Option("--through <what>", "http: the Worker, started here; pipeline: the same code in this process, faster")
        .choices(["http", "pipeline"])
        .default(through),
    )
    .option("--regions <k>", "regions that are looked at closely (default: the model's)", whole(1, 16))
    .option("--no-baselines", "leave out the networks of evaluation/")
    .option("--threshold <p>", "where the model's maps are cut (default: the manifest's)", Number)
    .option(
      "--choose-threshold",
      "cut every method's maps where its Dice is largest, in the middle of what is alike; for validation data only",
    )
    .option("--calibrate", "fit a calibration of the model's scores on these images; for validation data only")
    .option(
      "--record",
      "keep the figures, and a calibration, in the model's manifest; of validation phantoms the thresholds instead of the figures",
    )
    .option("--rounds <n>", "draws of the bootstrap", whole(10, 100_000), 1000)
    .option("--json", "print one object as the last line");
}

async function evaluatePhantoms(options: PhantomOptions): Promise<void> {
  const bundle = await readBundle(options.model);
  const { spec, threshold } = bundle.manifest;
  const first = phantomSets[options.set];
  const judged = await judgeAll(phantomCases(spec, first, options.count), options, options.count);
  if (options.worst !== undefined) {
    const worst = worstOf(judged, options.threshold ?? threshold, options.worst);
    const method = await inProcess(bundle, options.regions);
    await drawWorst(
      worst.flatMap((i) => [...phantomCases(spec, first + i, 1)]),
      method,
      bundle.manifest,
      options.pictures,
    );
    await method.release();
  }
  const validation = options.set === "validation";
  await print(judged, options, {
    title: `Phantoms, ${options.set} set`,
    images: `phantoms of the ${options.set} set`,
    prefix: "phantoms",
    validation,
  });
}

async function evaluateFilms(options: FilmOptions): Promise<void> {
  const { manifest } = await readBundle(options.model);
  const rows = await readFilmLabels(options.data);
  const leftOut: LeftOut = { offBreast: 0, unplaced: 0 };
  const judged: Judged[] = [];
  if (options.folds === undefined) {
    judged.push(...(await judgeAll(filmCases(rows.entries(), manifest.spec, options, leftOut), options, rows.length)));
  } else {
    for (const { model, films } of await readFolds(options.folds, rows)) {
      say(`${model}: ${films.length} films that it has not seen`);
      const cases = filmCases(films, manifest.spec, options, leftOut);
      judged.push(...(await judgeAll(cases, { ...options, model }, films.length)));
    }
  }
  say(
    `${leftOut.offBreast} circles lie off the breast; ${leftOut.unplaced} films do not count where places are judged, ` +
      "because a circle of theirs is missing or off the breast",
  );
  const title = options.folds === undefined ? "Films" : `Films, ${options.folds.length}-fold cross-validation`;
  await print(judged, options, { title, images: options.called, prefix: "films", validation: false });
}

async function judgeAll(
  cases: Iterable<TestCase> | AsyncIterable<TestCase>,
  options: Options,
  count: number,
): Promise<Judged[]> {
  const bundle = await readBundle(options.model);
  const regions = options.regions ?? bundle.manifest.spec.regions;
  const methods: Method[] = options.baselines ? await openBaselines(await readBaselines()) : [];
  let worker: LocalWorker | undefined;
  try {
    if (options.through === "http") {
      methods.push(await coarseInProcess(bundle, regions));
      worker = await startLocalWorker({ model: options.model, vars: { FANOUT: "inline" } });
      methods.push(overHttp(worker.url, regions));
    } else methods.push(await inProcess(bundle, regions));
    return await judge(cases, methods, (done) => {
      if (done % 20 === 0 || done === count) say(`${done} of ${count} images`);
    });
  } finally {
    await worker?.stop();
    for (const method of methods) await method.release();
  }
}

async function print(
  judged: readonly Judged[],
  options: Options,
  { title, images, prefix, validation }: { title: string; images: string; prefix: string; validation: boolean },
): Promise<void> {
  const { manifest } = await readBundle(options.model);
  const baselines = options.baselines ? await readBaselines() : { coarseThresholds: {}, networks: [] };
  const chosen = new Map<string, number>();
  const withMasks: string[] = [];
  for (const { methods } of baselines.networks) {
    for (const [name, method] of Object.entries(methods)) {
      chosen.set(name, method.threshold);
      if (method.withMasks) withMasks.push(name);
    }
  }
  chosen.set(COARSE, baselines.coarseThresholds[manifest.name] ?? manifest.threshold);
  chosen.set(GLAM, options.threshold ?? manifest.threshold);
  if (options.chooseThreshold) {
    for (const method of chosen.keys()) {
      const best = thresholds[bestThreshold(judged, method, thresholds.length)];
      process.stdout.write(`best threshold of ${method}: ${best}\n`);
      chosen.set(method, best);
    }
  }
  const { fitted, failure } = options.calibrate ? calibrate(judged, images) : {};
  const scoreCalibration = fitted ?? manifest.scoreCalibration;
  const report = makeReport(judged, { thresholds: chosen, withMasks, rounds: options.rounds, scoreCalibration });
  const { name, version } = manifest;
  for (const line of reportLines(report, `${title}, ${name} ${version}, cut at ${report.threshold}`)) {
    process.stdout.write(`${line}\n`);
  }
  if (options.record && validation) {
    await recordInManifest(options.model, { threshold: report.threshold, scoreCalibration: fitted });
    await recordThresholds(await readBaselines(), name, chosen);
  } else if (options.record) {
    await recordInManifest(options.model, { quality: qualityOf(report, prefix), prefix, scoreCalibration: fitted });
  }
  if (options.json) process.stdout.write(`${reportJson(report)}\n`);
  if (failure) throw failure;
}

/** The calibration, printed; or why there is none, to be thrown once everything else is printed and kept. */
function calibrate(judged: readonly Judged[], images: string): { fitted?: ScoreCalibration; failure?: GlamError } {
  try {
    const fitted = fitScoreCalibration(judged, images);
    for (const kind of kinds) {
      const { temperature, bias } = fitted[kind];
      process.stdout.write(`calibration of ${kind}: temperature ${temperature}, bias ${bias}\n`);
    }
    return { fitted };
  } catch (error) {
    if (error instanceof GlamError) return { failure: error };
    throw error;
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
