/**
 * @module
 * The steps of preprocessing in words.
 */
import type { PreprocessWarning } from "../../src/device/preprocess/index.ts";
import type { PreparedInfo, SourceInfo } from "../worker/protocol.ts";

/** One sentence of steps. */
export function describePreparation(prepared: PreparedInfo, source: SourceInfo): string {
  const { crop, mirrored, scale, pixelSpacing, filmBackground } = prepared;
  const steps = [
    ...(filmBackground ? ["background removed"] : []),
    ...(crop.width < source.width || crop.height < source.height ? [`cropped to ${crop.width} × ${crop.height}`] : []),
    ...(mirrored ? ["mirrored"] : []),
    ...(Math.abs(scale - 1) > 1e-6 ? [`scaled by ${scale.toFixed(2)}`] : []),
    `${prepared.bits} bits`,
    ...(pixelSpacing === undefined ? [] : [`${pixelSpacing.toFixed(3)} mm a pixel`]),
  ];
  const text = steps.join(", ");
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** A warning in words. */
export function warningWords({ code, detail }: PreprocessWarning): string {
  switch (code) {
    case "pixel-spacing-unknown":
      return "The pixel spacing is unknown, so the image is scaled by its height. Enter it if you know it: lesions of the wrong size are missed.";
    case "film-background-removed":
      return "The background was not black; everything outside the breast was removed. Check that the model input shows the whole breast and nothing else.";
    case "breast-outside-window":
      return `The breast is larger than what the model sees. ${detail}`;
  }
}
