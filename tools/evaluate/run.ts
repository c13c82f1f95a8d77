/**
 * @module
 * A run of `glam evaluate`: images through the model, then what is printed and kept.
 */
import { GlamError } from "../../src/glam/problem.ts";
import type { ImageKind, ScoreCalibration } from "../../src/glam/score-calibration.ts";
import { readBundle } from "../bundle/bundle.ts";
import { type LocalWorker, startLocalWorker } from "../local-worker.ts";
import { bestThreshold, type Judged } from "./figures.ts";
import { fitScoreCalibration } from "./fit-calibration.ts";
import { groupLines } from "./groups.ts";
import { judge } from "./judge.ts";
import { COARSE, coarseInProcess, GLAM, inProcess, type Method, overHttp } from "./methods.ts";
import { operatingPoints } from "./operating-points.ts";
import { bestShare, smallestAreas } from "./outlines.ts";
import { thresholds } from "./overlap.ts";
import { qualityOf, recordInManifest } from "./record.ts";
import { makeReport, reportJson } from "./report.ts";
import { reportLines } from "./table.ts";
import { kinds, type TestCase } from "./test-case.ts";

export type RunOptions = {
  /** Folder of the bundle. */
  model: string;
  through: "http" | "pipeline";
  regions?: number;
  threshold?: number;
  chooseThreshold?: boolean;
  operatingPoints?: boolean;
  chooseHysteresis?: boolean;
  minArea?: boolean;
  calibrate?: boolean;
  record?: boolean;
  rounds: number;
  json?: boolean;
};

const say = (line: string) => process.stderr.write(`${line}\n`);
const print = (line: string) => process.stdout.write(`${line}\n`);

/** Every image through the model, over HTTP or in this process; the coarse map alone beside it. */
export async function judgeAll(
  cases: Iterable<TestCase> | AsyncIterable<TestCase>,
  options: RunOptions,
  count: number,
): Promise<Judged[]> {
  const bundle = await readBundle(options.model);
  const regions = options.regions ?? bundle.manifest.spec.regions;
  const methods: Method[] = [];
  let worker: LocalWorker | undefined;
  try {
    if (options.through === "http") {
      methods.push(await coarseInProcess(bundle, regions));
      worker = await startLocalWorker({ model: options.model, vars: { FANOUT: "inline" } });
      methods.push(overHttp(worker.url, regions));
    } else methods.push(await inProcess(bundle, regions));
    const progress = (done: number) => {
      if (done % 20 === 0 || done === count) say(`${done} of ${count} images`);
    };
    const { threshold, hysteresis } = bundle.manifest;
    const cut = { threshold: options.threshold ?? threshold, hysteresis };
    return await judge(cases, methods, progress, cut, Boolean(options.minArea || options.chooseHysteresis));
  } finally {
    await worker?.stop();
    for (const method of methods) await method.release();
  }
}

/** Names of the judged images: the title, words for the manifest, and the prefix of figures there. */
export type Named = { title: string; images: string; prefix: string; imageKinds?: readonly ImageKind[] | undefined };

/** Prints the tables; writes what was asked for into the manifest. @throws GlamError when there is nothing to fit a calibration to */
export async function report(
  judged: readonly Judged[],
  options: RunOptions,
  { title, images, prefix, imageKinds }: Named,
) {
  const { manifest } = await readBundle(options.model);
  const points = options.operatingPoints ? operatingPoints(judged, images) : undefined;
  const best = (method: string) => thresholds[bestThreshold(judged, method, thresholds.length)];
  for (const method of [GLAM, COARSE]) print(`best threshold of the ${method} map on these images: ${best(method)}`);
  const cut = options.threshold ?? points?.threshold ?? (options.chooseThreshold ? best(GLAM) : manifest.threshold);
  const { fitted, failure } = options.calibrate ? calibrate(judged, images, imageKinds) : {};
  const scoreCalibration = fitted ?? manifest.scoreCalibration;
  const made = makeReport(judged, {
    threshold: cut,
    best: { fused: best(GLAM), coarse: best(COARSE) },
    rounds: options.rounds,
    scoreCalibration,
  });
  const { name, version } = manifest;
  for (const line of reportLines(made, `${title}, ${name} ${version}, cut at ${made.threshold}`)) print(line);
  for (const point of points?.table.malignant ?? []) {
    print(
      `operating point: threshold ${point.threshold}, sensitivity ${point.sensitivity}, false marks an image ${point.falseMarks}`,
    );
  }
  const shares = options.chooseHysteresis ? bestShare(judged) : undefined;
  for (const { share, benign, malignant } of shares?.rows ?? []) {
    print(
      `outlines down to ${share} of the threshold: Dice benign ${benign.toFixed(3)}, malignant ${malignant.toFixed(3)}`,
    );
  }
  if (shares) print(`chosen: ${shares.chosen}`);
  const areas = options.minArea ? smallestAreas(judged) : undefined;
  for (const { mm2, outlines, outlined, falselyOutlined } of areas?.rows ?? []) {
    print(
      `smallest area ${mm2} mm2: ${outlines.toFixed(2)} outlines an image, ${outlined.toFixed(3)} of images with a malignant ` +
        `lesion have it outlined, ${falselyOutlined.toFixed(3)} of the others have an outline`,
    );
  }
  if (areas) print(`chosen: ${areas.chosen} mm2`);
  for (const line of groupLines(judged, cut)) print(line);
  if (options.record) {
    const choosing =
      options.chooseThreshold ||
      options.operatingPoints ||
      options.chooseHysteresis ||
      options.minArea ||
      options.calibrate;
    const quality = choosing ? {} : qualityOf(made, prefix);
    const threshold = options.chooseThreshold || options.operatingPoints ? { threshold: cut } : {};
    await recordInManifest(options.model, {
      ...(choosing ? {} : { quality, prefix }),
      ...threshold,
      scoreCalibration: fitted,
      operatingPoints: points?.table,
      hysteresis: shares?.chosen,
      minAreaMm2: areas?.chosen,
    });
  }
  if (options.json) print(reportJson(made));
  if (failure) throw failure;
}

/** The calibration, printed; or the error, to be thrown after everything else is printed and written. */
function calibrate(
  judged: readonly Judged[],
  images: string,
  imageKinds?: readonly ImageKind[],
): { fitted?: ScoreCalibration; failure?: GlamError } {
  try {
    const fitted = fitScoreCalibration(judged, images, imageKinds);
    for (const kind of kinds) {
      const { temperature, bias } = fitted[kind];
      print(`calibration of ${kind}: temperature ${temperature}, bias ${bias}`);
    }
    return { fitted };
  } catch (error) {
    if (error instanceof GlamError) return { failure: error };
    throw error;
  }
}
