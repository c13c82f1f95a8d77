/**
 * @module
 * Error of a quantised model's answers against float32, on canvases outside its calibration.
 */
import type { Canvas, Region } from "../../src/glam/contracts.ts";
import { wholeMap } from "../../src/glam/fused-map.ts";
import { type SegmentationResult, segment } from "../../src/glam/pipeline.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { toolRuntime } from "../engine/tool-runtime.ts";
import { segmentCropsWith } from "../onnx/session.ts";
import { ErrorDistribution } from "./error-distribution.ts";
import { localInput } from "./inputs.ts";

/** Both networks of one model, each for the runtime that its format says. */
export type ModelFiles = Bundle["files"];

/** Errors over all canvases. */
export type ErrorReport = {
  canvases: number;
  /** Largest difference of an image-level score. */
  score: number;
  /** S. */
  saliency: ErrorDistribution;
  /** The largest 99th percentile of S on one canvas. */
  worstSaliency: number;
  /** Local maps of the same crops. */
  local: ErrorDistribution;
  /** The answer: fused maps, each with its own regions. */
  fused: ErrorDistribution;
  /** Canvases whose first region is the same, and at most one cell off on each axis. */
  sameFirstRegion: number;
  nearFirstRegion: number;
  /** Regions of all canvases, and how many of them the float32 model has chosen as well. */
  regions: number;
  sameRegions: number;
};

const samePlace = (a: Region, b: Region): boolean => a.box.top === b.box.top && a.box.left === b.box.left;

function withinCell(a: Region, b: Region, spec: Spec): boolean {
  const cell = { height: spec.canvas.height / spec.saliency.height, width: spec.canvas.width / spec.saliency.width };
  return (
    Math.abs(a.box.top - b.box.top) <= Math.ceil(cell.height) &&
    Math.abs(a.box.left - b.box.left) <= Math.ceil(cell.width)
  );
}

/** One model's answers; the crops that the local network saw are kept for the other. */
async function openPipeline(files: ModelFiles, spec: Spec) {
  const globalNetwork = await toolRuntime.globalNetwork(files.global, spec);
  const local = await toolRuntime.localNetwork(files.local, spec);
  const segmentCrop = segmentCropsWith(local);
  return {
    local,
    async run(canvas: Canvas) {
      const crops: Float32Array[] = [];
      let result: SegmentationResult | undefined;
      const events = segment(canvas, {
        spec,
        globalNetwork,
        regions: spec.regions,
        segmentCrop: (crop, signal) => {
          crops[crop.rank] = localInput(crop);
          return segmentCrop(crop, signal);
        },
      });
      for await (const event of events) if (event.type === "result") result = event;
      if (!result) throw new Error("the pipeline ended without a result");
      return { result, crops };
    },
    async release() {
      await globalNetwork.release();
      await local.release();
    },
  };
}

/**
 * @param reference float32
 * @param quantised the same model, quantised
 */
export async function measureError(
  reference: ModelFiles,
  quantised: ModelFiles,
  canvases: Iterable<Canvas>,
  spec: Spec,
): Promise<ErrorReport> {
  const report: ErrorReport = {
    canvases: 0,
    score: 0,
    saliency: new ErrorDistribution(),
    worstSaliency: 0,
    local: new ErrorDistribution(),
    fused: new ErrorDistribution(),
    sameFirstRegion: 0,
    nearFirstRegion: 0,
    regions: 0,
    sameRegions: 0,
  };
  const exact = await openPipeline(reference, spec);
  const rounded = await openPipeline(quantised, spec);
  for (const canvas of canvases) {
    const { result: a, crops } = await exact.run(canvas);
    const { result: b } = await rounded.run(canvas);
    report.canvases += 1;
    for (const name of spec.classes) report.score = Math.max(report.score, Math.abs(a.scores[name] - b.scores[name]));
    report.saliency.add(a.saliency.data, b.saliency.data);
    const own = new ErrorDistribution().add(a.saliency.data, b.saliency.data).percentile(0.99);
    report.worstSaliency = Math.max(report.worstSaliency, own);
    report.fused.add(wholeMap(a.fused).data, wholeMap(b.fused).data);
    if (samePlace(a.regions[0], b.regions[0])) report.sameFirstRegion += 1;
    if (withinCell(a.regions[0], b.regions[0], spec)) report.nearFirstRegion += 1;
    report.regions += a.regions.length;
    report.sameRegions += a.regions.filter((region) => b.regions.some((other) => samePlace(region, other))).length;
    for (const outcome of a.outcomes) {
      if (outcome.status === "complete") {
        report.local.add(outcome.data, await rounded.local.run(crops[outcome.region.rank]));
      }
    }
  }
  await exact.release();
  await rounded.release();
  return report;
}
