/**
 * @module
 * What judges a canvas: this machine, or a service.
 */
import type { Segmentation, SegmentationRequest } from "../../src/contract/index.ts";
import type { Manifest } from "../../src/contract/manifest.ts";
import { type Connection, loadModel, type PreparedCanvas, segmentCanvas } from "../../src/device/client/index.ts";
import { answerContext, segmentationAnswer } from "../../src/edge/api/answer.ts";
import { manifestHash } from "../../src/edge/models/manifest-hash.ts";
import { checkBackground } from "../../src/edge/tiles/background.ts";
import { unlikeTraining } from "../../src/glam/looks/unlike-training.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { readBundle } from "../bundle/bundle.ts";
import { openPipeline } from "../engine/open-pipeline.ts";

/** What is asked of a canvas. */
export type CanvasQuestion = Pick<SegmentationRequest, "view" | "regions" | "threshold" | "minAreaMm2" | "outputs">;

export type Segmenter = {
  spec: Spec;
  /** Of the model; see {@link Segmentation}. */
  model: Segmentation["model"];
  /** @throws GlamError, ConnectionError */
  segment(prepared: PreparedCanvas, question: CanvasQuestion): Promise<Segmentation>;
};

/** A bundle's folder, or a service and the model that it should use. */
export type SegmenterPlace = { folder: string } | ({ name?: string | undefined } & Pick<Connection, "url" | "apiKey">);

/**
 * The model that a segmenter of this place will use, before one is opened.
 * @throws as {@link openSegmenter}
 */
export async function modelOf(place: SegmenterPlace): Promise<Segmentation["model"]> {
  if ("folder" in place) return bundleModel((await readBundle(place.folder)).manifest);
  return (await serviceSegmenter(place, place.name)).model;
}

const bundleModel = async (manifest: Manifest): Promise<Segmentation["model"]> => ({
  name: manifest.name,
  version: manifest.version,
  sha256: await manifestHash(manifest),
});

/** @throws GlamError `model-not-found`, `model-damaged`, what a service refuses; ConnectionError */
export const openSegmenter = (place: SegmenterPlace): Promise<Segmenter> =>
  "folder" in place ? localSegmenter(place.folder) : serviceSegmenter(place, place.name);

/** The Worker's algorithm in this thread: its answer to the same canvas, to the last digit. One canvas at a time. */
async function localSegmenter(folder: string): Promise<Segmenter> {
  const bundle = await readBundle(folder);
  const { manifest } = bundle;
  const pipeline = await openPipeline(bundle);
  const model = await bundleModel(manifest);
  return {
    spec: manifest.spec,
    model,
    async segment({ canvas, pixelSpacing }, question) {
      const warnings = [...checkBackground(canvas), ...unlikeTraining(canvas, manifest.looks)];
      const result = await pipeline.run(canvas, question.regions);
      const request = { ...question, ...(pixelSpacing === undefined ? {} : { pixelSpacing }) };
      return segmentationAnswer(result, answerContext(manifest, { model, request, canvas, tiles: 1, warnings }));
    },
  };
}

async function serviceSegmenter(connection: Connection, name: string | undefined): Promise<Segmenter> {
  const { sha256, manifest } = await loadModel(connection, name);
  return {
    spec: manifest.spec,
    model: { name: manifest.name, version: manifest.version, sha256 },
    // PNG loses nothing, so the answer is the one that would be computed here. A run is no plain promise.
    segment: (prepared, question) =>
      segmentCanvas(prepared, { ...question, model: manifest.name }, { ...connection, encoding: "png" }).then(
        (answer) => answer,
      ),
  };
}
