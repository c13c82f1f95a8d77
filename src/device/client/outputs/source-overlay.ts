/**
 * @module
 * The source image with the marked areas in colour, pixel by pixel on its own grid.
 */
import { encode } from "fast-png";
import type { Segmentation } from "../../../contract/answer.ts";
import { outlinedLevels } from "../../../glam/outlined-levels.ts";
import { GlamError } from "../../../glam/problem.ts";
import type { GreyImage, Preprocessed } from "../../preprocess/index.ts";
import { erode } from "../../preprocess/morphology.ts";
import { decodeMap, mapToSource } from "../maps.ts";
import { levelOutlining } from "./level-outlining.ts";

export type OverlayOptions = {
  /** Default: the threshold of the answer's contours. */
  threshold?: number | undefined;
  /** Grey values that become black and white. Default: 0 and the brightest pixel. */
  window?: { low: number; high: number } | undefined;
  /** 0 to 1, default 0.25. The outline is drawn always. */
  opacity?: number | undefined;
};

const CLASSES = ["benign", "malignant"] as const;

/** Red, green, blue; malignant is drawn over benign. */
const COLOURS = { benign: [60, 190, 255], malignant: [255, 95, 40] } as const;

/** The outline is the outermost pixels of an area: one pixel wide for each of these pixels of the image's longer side. */
const PIXELS_PER_LINE = 1000;

/**
 * @param answer with the output `maps`
 * @returns a PNG file, 8 bits RGB, `[image.height, image.width]`
 * @throws GlamError `invalid-request` when the answer has no maps or no threshold is known
 * @example await writeFile("overlay.png", sourceOverlay(image, answer, preprocessed));
 */
export function sourceOverlay(
  image: GreyImage,
  answer: Pick<Segmentation, "saliency" | "contours" | "disclaimer">,
  preprocessed: Pick<Preprocessed, "canvas" | "toCanvas">,
  options: OverlayOptions = {},
): Uint8Array<ArrayBuffer> {
  const { height, width } = image;
  const threshold = options.threshold ?? answer.contours?.threshold;
  if (answer.saliency === undefined || threshold === undefined) {
    throw new GlamError("invalid-request", "An overlay needs an answer with maps, and a threshold.", { at: "outputs" });
  }
  const outlining = levelOutlining(answer.contours, threshold);
  const rgb = paintGrey(image, options.window);
  const line = Math.max(1, Math.round(Math.max(height, width) / PIXELS_PER_LINE));
  for (const name of CLASSES) {
    const outlined = outlinedLevels(decodeMap(answer.saliency[name]), preprocessed.canvas, outlining);
    const data = mapToSource(outlined, preprocessed, image).map((level) => Number(level >= outlining.low));
    const inside = erode({ height, width, data }, line, "ignored").data;
    const [red, green, blue] = COLOURS[name];
    for (let i = 0; i < data.length; i++) {
      if (data[i] === 0) continue;
      const share = inside[i] === 1 ? (options.opacity ?? 0.25) : 1;
      rgb[3 * i] += (red - rgb[3 * i]) * share;
      rgb[3 * i + 1] += (green - rgb[3 * i + 1]) * share;
      rgb[3 * i + 2] += (blue - rgb[3 * i + 2]) * share;
    }
  }
  return new Uint8Array(
    encode({ height, width, data: rgb, channels: 3, depth: 8, text: { Disclaimer: answer.disclaimer } }),
  );
}

/** Grey as RGB, `[height, width, 3]`. */
function paintGrey({ pixels }: GreyImage, window: OverlayOptions["window"]): Uint8Array {
  const low = window?.low ?? 0;
  let brightest = 1;
  for (const pixel of pixels) if (pixel > brightest) brightest = pixel;
  const high = window?.high ?? brightest;
  const rgb = new Uint8Array(3 * pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const grey = Math.min(255, Math.max(0, (255 * (pixels[i] - low)) / Math.max(1, high - low)));
    rgb.fill(grey, 3 * i, 3 * i + 3);
  }
  return rgb;
}
