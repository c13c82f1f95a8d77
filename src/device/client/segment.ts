/**
 * @module
 * One mammogram through the service: preprocessed here, cut, sent, judged there.
 */
import type { Segmentation } from "../../contract/answer.ts";
import type { ModelDetail } from "../../contract/service.ts";
import { GlamError } from "../../glam/problem.ts";
import { decodeGreyImage } from "../images/index.ts";
import { type GreyImage, type Preprocessed, type PreprocessOptions, preprocess } from "../preprocess/index.ts";
import { loadModelPatiently } from "./model.ts";
import { RETRIES } from "./retry.ts";
import { createRun, type Run } from "./run.ts";
import { type CanvasRequest, canvasEvents, type SendOptions } from "./segment-canvas.ts";
import type { SendEvent } from "./send.ts";
import { pause } from "./within.ts";
import type { Preprocessor } from "./worker/preprocess-in-worker.ts";

/** Pixels, or a PNG, JPEG or PGM file as a Blob or as bytes. */
export type SourceImage = GreyImage | Blob | Uint8Array | ArrayBuffer;

/** What is asked, and how; `pixelSpacing` is that of the source image in mm. */
export type SegmentOptions = PreprocessOptions &
  Omit<CanvasRequest, "model"> &
  SendOptions & {
    /** Name of the model, or what `loadModel` gave, which saves two calls; the service's default model otherwise. */
    model?: string | ModelDetail | undefined;
    /** Where the canvas is made, e.g. {@link preprocessInWorker}; on this thread when left out. */
    preprocess?: Preprocessor | undefined;
  };

/** The answer, in canvas pixels, and how the canvas came out of the source image. */
export type SegmentResult = { answer: Segmentation; preprocessed: Preprocessed; model: ModelDetail };

/** Everything that a run tells, in this order; `retry` anywhere, after which events of the sending may come again. */
export type SegmentEvent =
  | { event: "preprocessed"; data: { preprocessed: Preprocessed; model: ModelDetail } }
  | SendEvent
  | { event: "result"; data: SegmentResult };

/**
 * Preprocesses, cuts and encodes tiles, leaves out blank ones, sends them, and tells what is known as soon as it is known. Nothing
 * but grey pixels of the canvas and the fields of the request leave the device.
 *
 * The run throws GlamError (ProblemError when the service said so), ConnectionError, or the signal's reason.
 * @example
 * const { answer } = await segment(file, { url: "https://glam.example", view: "L-MLO", pixelSpacing: 0.07 });
 * @example
 * for await (const { event, data } of segment(file, options)) if (event === "global") show(data.saliency);
 */
export const segment = (image: SourceImage, options: SegmentOptions): Run<SegmentEvent, SegmentResult> =>
  createRun(segmentEvents(image, options));

/** As {@link segment}, as a plain generator. */
export async function* segmentEvents(
  image: SourceImage,
  options: SegmentOptions,
): AsyncGenerator<SegmentEvent, SegmentResult, void> {
  const { view, regions, threshold, minAreaMm2, outputs, signal, retries = RETRIES } = options;
  const prepare = await openImage(image, options.preprocess);
  const model =
    typeof options.model === "object" ? options.model : yield* loadModelPatiently(options, options.model, retries);
  const preprocessed = await prepare(model, options, signal);
  yield { event: "preprocessed", data: { preprocessed, model } };
  const request = { view, model: model.manifest.name, regions, threshold, minAreaMm2, outputs };
  const answer = yield* canvasEvents(preprocessed, request, options);
  const result = { answer, preprocessed, model };
  yield { event: "result", data: result };
  return result;
}

/** Makes the canvas of an image. @throws GlamError, or the signal's reason */
export type PrepareImage = (
  model: ModelDetail,
  options: PreprocessOptions,
  signal: AbortSignal | undefined,
) => Promise<Preprocessed>;

/** @throws GlamError `image-unreadable` */
export async function openImage(image: SourceImage, preprocess: Preprocessor | undefined): Promise<PrepareImage> {
  const source = await sourceOf(image);
  const preprocessor = preprocess ?? onThisThread(source);
  return async ({ manifest }, options, signal) => {
    await pause(0, signal);
    return preprocessor(source, manifest.spec, options, signal);
  };
}

/** Decodes at once, so that a file that cannot be read is refused before anything is asked. @throws GlamError `image-unreadable` */
function onThisThread(source: GreyImage | Uint8Array): Preprocessor {
  const pixels = source instanceof Uint8Array ? decodeGreyImage(source) : source;
  return async (_, spec, options) => preprocess(pixels, spec, options);
}

/** Pixels, or the bytes of a file. @throws GlamError `image-unreadable` */
async function sourceOf(image: SourceImage): Promise<GreyImage | Uint8Array> {
  if (image instanceof Uint8Array) return image;
  if (image instanceof ArrayBuffer) return new Uint8Array(image);
  if ("pixels" in image) return image;
  if (typeof image.arrayBuffer !== "function") {
    throw new GlamError("image-unreadable", "The Blob cannot be read in this runtime; pass its bytes instead.");
  }
  return new Uint8Array(await image.arrayBuffer());
}
