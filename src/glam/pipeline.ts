/**
 * @module
 * The steps in order: standardise, global network, scores, regions, crops in parallel, merge. Yields what is known as
 * soon as it is known.
 */
import type { Arithmetic, Canvas, ClassMaps, GlobalNetwork, Region, SegmentCrop } from "./contracts.ts";
import { cutCrop } from "./crop.ts";
import { type FusedMap, fuseMaps } from "./fused-map.ts";
import { GlamError } from "./problem.ts";
import { chooseRegions } from "./regions.ts";
import { fuseSaliency, imageScores, type Scores, topKMean } from "./saliency.ts";
import { localMapSide, type Spec } from "./spec.ts";
import { measureStandardisation } from "./standardise.ts";

/** Used for a network without its own. */
const plainArithmetic: Arithmetic = { measureStandardisation, topKMean };

/** What became of one region. */
export type RegionOutcome = { region: Region } & (
  | { status: "complete"; side: number; data: Float32Array; localMaximum: Scores }
  | { status: "failed"; problem: GlamError }
);

/** The global network's result for the whole image. */
export type GlobalResult = {
  scores: Scores;
  /** S, `[2, h, w]`, probability. */
  saliency: ClassMaps;
  regions: Region[];
  /** Classes whose saliency is the same everywhere; they did not count in the choice of regions. */
  constantClasses: (0 | 1)[];
};

/** Everything; outcomes in rank order. */
export type SegmentationResult = GlobalResult & {
  outcomes: RegionOutcome[];
  /** The fused map at canvas size, probability. */
  fused: FusedMap;
};

/** One step of {@link segment}. */
export type SegmentEvent =
  | ({ type: "global" } & GlobalResult)
  | { type: "region"; outcome: RegionOutcome }
  | ({ type: "result" } & SegmentationResult);

/** Networks and limits of one run. */
export type SegmentOptions = {
  spec: Spec;
  globalNetwork: GlobalNetwork;
  segmentCrop: SegmentCrop;
  /** K; at least 1. */
  regions: number;
  /** Told when all crops are cut: the canvas's pixels are not read after that. */
  canvasDone?: () => void;
  /** Aborted when the answer is not wanted: the run then throws the signal's reason. */
  signal?: AbortSignal;
};

/**
 * Segments one preprocessed canvas. A failed crop only makes its region `failed`; a problem before the
 * regions are chosen is thrown.
 * @throws GlamError constant-image when all pixels are the same, canvas-mismatch when the canvas is not the spec's
 */
export async function* segment(canvas: Canvas, options: SegmentOptions): AsyncGenerator<SegmentEvent, void, void> {
  const { spec } = options;
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  try {
    signal.throwIfAborted();
    const { globalNetwork } = options;
    const { measureStandardisation, topKMean } = globalNetwork.arithmetic ?? plainArithmetic;
    const standardisation = checkedStandardisation(canvas, spec, measureStandardisation);
    const maps = await globalNetwork.run({ pixels: canvas.pixels, standardisation });
    signal.throwIfAborted();
    const saliency = fuseSaliency(maps, spec);
    const choice = chooseRegions(saliency, spec, options.regions);
    const global: GlobalResult = { scores: imageScores(maps, spec, topKMean), saliency, ...choice };
    yield { type: "global", ...global };

    const pending = new Map(
      choice.regions.map((region) => {
        const crop = cutCrop(canvas, region, standardisation);
        return [region.rank, runCrop(region, () => options.segmentCrop(crop, signal), spec)];
      }),
    );
    options.canvasDone?.();
    const outcomes: RegionOutcome[] = [];
    while (pending.size > 0) {
      const outcome = await Promise.race(pending.values());
      pending.delete(outcome.region.rank);
      signal.throwIfAborted();
      outcomes[outcome.region.rank] = outcome;
      yield { type: "region", outcome };
    }
    const locals = outcomes.filter((outcome) => outcome.status === "complete");
    yield { type: "result", ...global, outcomes, fused: fuseMaps(saliency, locals, spec) };
  } finally {
    abort.abort(new GlamError("aborted", "The segmentation was given up."));
  }
}

/** The canvas's mean and std, once it is known to fit the spec and not to be constant. */
function checkedStandardisation(canvas: Canvas, spec: Spec, measure: Arithmetic["measureStandardisation"]) {
  const { height, width } = spec.canvas;
  if (canvas.height !== height || canvas.width !== width || canvas.pixels.length !== height * width) {
    throw new GlamError(
      "canvas-mismatch",
      `The canvas is ${canvas.height} x ${canvas.width} pixels; the model works on ${height} x ${width}.`,
    );
  }
  const standardisation = measure(canvas);
  if (standardisation.std === 0) {
    throw new GlamError("constant-image", "Every pixel has the same grey level, so there is nothing to look at.");
  }
  return standardisation;
}

/** Runs one crop and turns whatever happens into an outcome. */
async function runCrop(region: Region, run: () => Promise<Float32Array>, spec: Spec): Promise<RegionOutcome> {
  const side = localMapSide(spec);
  try {
    const data = await run();
    if (data.length !== 2 * side * side) {
      throw new GlamError(
        "crop-failed",
        `The local network answered ${data.length} values, not 2 x ${side} x ${side}.`,
      );
    }
    const maximum = (c: number) =>
      data.subarray(c * side * side, (c + 1) * side * side).reduce((a, b) => Math.max(a, b));
    return { region, status: "complete", side, data, localMaximum: { benign: maximum(0), malignant: maximum(1) } };
  } catch (error) {
    const problem =
      error instanceof GlamError
        ? error
        : new GlamError("crop-failed", "The crop could not be segmented.", { cause: error });
    return { region, status: "failed", problem };
  }
}
