/**
 * @module
 * One view from a file's pixels to the canvas that the networks see; the steps are in docs/preprocessing.md.
 */
import type { Box, Canvas } from "../../glam/contracts.ts";
import type { Size, Spec } from "../../glam/spec.ts";
import { projectionOf } from "../../glam/view.ts";
import { cleanBackground } from "./background.ts";
import { checkImage } from "./check-image.ts";
import { findChestWall } from "./chest-wall.ts";
import { cropBreast } from "./crop-breast.ts";
import { mapping } from "./mapping.ts";
import type { Mask } from "./morphology.ts";
import { placeWindow } from "./place-window.ts";
import { resample } from "./resample.ts";
import { chooseScale } from "./scale.ts";
import type { GreyImage, Point, Preprocessed, PreprocessOptions, PreprocessWarning } from "./types.ts";

/** The canvas may leave out this share of the breast before a warning says so. */
const LEFT_OUT = 0.02;

/**
 * Cleans the background, finds the chest wall, mirrors, resamples to the spec's pixel spacing, crops, places the window.
 * @throws GlamError `image-unreadable`, `image-too-small`, `constant-image`, `breast-not-found`, `orientation-unclear`,
 * `invalid-request` (a pixel spacing that is not a positive number)
 * @example const { canvas, toSource } = preprocess(image, spec, { view: "R-MLO", pixelSpacing: 0.2 });
 */
export function preprocess(image: GreyImage, spec: Spec, options: PreprocessOptions): Preprocessed {
  checkImage(image);
  const { scale, warnings } = chooseScale(image, spec, options.pixelSpacing);
  const cleaned = cleanBackground(image, options.background ?? "auto");
  if (cleaned.background === "film") warnings.push(filmWarning());
  const wanted = options.chestWall ?? "auto";
  const projection = projectionOf(options.view);
  const chestWall = wanted === "auto" ? findChestWall(cleaned.outline, projection) : wanted;
  const mirrored = chestWall === "right";
  const scaled = resample(mirrored ? mirror(cleaned.image) : cleaned.image, scale);
  const foreground = foregroundOf(scaled);
  const { box, rightmost } = cropBreast(foreground, spec.preprocess);
  const crop = cutMask(foreground, box);
  const window = placeWindow(crop, spec.canvas, rightmost, projection);
  const canvas = cutCanvas(scaled, box, window, spec.canvas);
  const leftOut = 1 - count(foregroundOf(canvas).data) / count(crop.data);
  if (leftOut > LEFT_OUT) warnings.push(outsideWarning(leftOut));

  return {
    canvas,
    bits: image.bits,
    mirrored,
    scale,
    pixelSpacing: options.pixelSpacing === undefined ? undefined : options.pixelSpacing / scale,
    steps: {
      background: cleaned.background,
      chestWall,
      ...(cleaned.film === undefined ? {} : { film: cleaned.film }),
      crop: toSourceBox(box, scale, mirrored, image),
      scaledCrop: box,
      rightmost,
      window,
    },
    warnings,
    ...mapping({ width: image.width, mirrored, scale, box, window }),
  };
}

/** Left and right exchanged, in a new image. */
function mirror(image: GreyImage): GreyImage {
  const pixels = image.pixels.slice();
  for (let start = 0; start < pixels.length; start += image.width) {
    pixels.subarray(start, start + image.width).reverse();
  }
  return { ...image, pixels };
}

function foregroundOf({ height, width, pixels }: Canvas): Mask {
  const data = new Uint8Array(pixels.length);
  for (let i = 0; i < data.length; i++) if (pixels[i] > 0) data[i] = 1;
  return { height, width, data };
}

function cutMask({ width, data }: Mask, box: Box): Mask {
  const out = new Uint8Array(box.height * box.width);
  for (let y = 0; y < box.height; y++) {
    const from = (box.top + y) * width + box.left;
    out.set(data.subarray(from, from + box.width), y * box.width);
  }
  return { height: box.height, width: box.width, data: out };
}

/** The part of the crop that the window holds, padded with 0. */
function cutCanvas({ bits, pixels, width }: GreyImage, box: Box, window: Point, size: Size): Canvas {
  const out = bits === 8 ? new Uint8Array(size.height * size.width) : new Uint16Array(size.height * size.width);
  const columns = Math.min(size.width, box.width - window.col);
  for (let y = Math.max(0, -window.row); y < size.height && y + window.row < box.height; y++) {
    const from = (box.top + window.row + y) * width + box.left + window.col;
    out.set(pixels.subarray(from, from + columns), y * size.width);
  }
  return { ...size, pixels: out };
}

function toSourceBox(box: Box, scale: number, mirrored: boolean, { height, width }: Size): Box {
  const top = Math.floor(box.top / scale);
  const bottom = Math.min(height, Math.ceil((box.top + box.height) / scale));
  const first = Math.floor(box.left / scale);
  const last = Math.min(width, Math.ceil((box.left + box.width) / scale));
  return { top, left: mirrored ? width - last : first, height: bottom - top, width: last - first };
}

function count(data: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i];
  return sum;
}

const filmWarning = (): PreprocessWarning => ({
  code: "film-background-removed",
  detail: "The background is not 0: everything outside the breast that was found was set to 0. Check the picture.",
});

const outsideWarning = (share: number): PreprocessWarning => ({
  code: "breast-outside-window",
  detail: `${(100 * share).toFixed(0)} % of the breast lie outside the canvas.`,
});
