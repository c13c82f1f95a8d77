/**
 * @module
 * The outcome of an image: refused by preprocessing or by the service, warned of, or accepted.
 */
import { decodeJpeg } from "../../src/codecs/jpeg/decode-jpeg.ts";
import { encodeTile } from "../../src/device/client/encode.ts";
import { preprocess } from "../../src/device/preprocess/index.ts";
import { checkBackground } from "../../src/edge/tiles/background.ts";
import type { Canvas } from "../../src/glam/contracts.ts";
import { measureLooks } from "../../src/glam/looks/measure.ts";
import { distance, type TrainingLooks } from "../../src/glam/looks/unlike-training.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { createRandom } from "../../src/phantom/random.ts";
import type { UnlikeKind } from "./kinds.ts";
import { imageOf, rasterOf } from "./raster.ts";

export type Outcome = "refused" | "warned" | "taken";

/**
 * Derives an image from a canvas and sends it the way of a file of 8 bits: preprocessing, JPEG, the service's own checks, the statistics.
 * @param seed the same seed makes the same image
 */
export function judgeDerived(
  { name, derive }: UnlikeKind,
  view: Canvas,
  seed: number,
  spec: Spec,
  training: TrainingLooks,
): Outcome {
  const image = imageOf(derive(rasterOf(view), createRandom(seed, name)));
  try {
    const prepared = preprocess(image, spec, { view: "L-MLO", pixelSpacing: spec.pixelSpacing });
    const canvas = sent(prepared.canvas);
    checkBackground(canvas);
    const unlike = distance(measureLooks(canvas), training.bounds) > training.threshold;
    return unlike ? "warned" : "taken";
  } catch (error) {
    if (error instanceof GlamError) return "refused";
    throw error;
  }
}

/** What the service gets of a canvas of 8 bits, as the client sends it by default. */
const sent = (canvas: Canvas): Canvas => ({
  ...canvas,
  pixels: decodeJpeg(encodeTile(canvas, "jpeg").bytes, canvas, "image").pixels,
});
