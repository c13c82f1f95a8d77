/**
 * @module
 * An answer as text and as a picture.
 */
import type { Segmentation } from "../../src/contract/index.ts";
import { decodeMap } from "../../src/device/client/index.ts";
import type { Canvas } from "../../src/glam/contracts.ts";
import { drawOverlay, type OverlayInput } from "../overlay/overlay.ts";

/** Scores, regions, contours and warnings, one a line. */
export function describeAnswer(answer: Segmentation): string[] {
  const lines = [
    `model      ${answer.model.name} ${answer.model.version}, ${answer.status}`,
    `scores     benign ${answer.scores.benign.toFixed(3)}, malignant ${answer.scores.malignant.toFixed(3)} (uncalibrated)`,
  ];
  if (answer.calibratedScores) {
    const { benign, malignant, fittedOn } = answer.calibratedScores;
    lines.push(`calibrated benign ${benign.toFixed(3)}, malignant ${malignant.toFixed(3)} (fitted on: ${fittedOn})`);
  }
  for (const region of answer.regions) {
    const { top, left, height, width } = region.box;
    const found =
      region.status === "complete"
        ? `local maximum benign ${region.localMaximum.benign.toFixed(3)}, malignant ${region.localMaximum.malignant.toFixed(3)}`
        : `FAILED: ${region.problem.code}`;
    lines.push(`region ${region.rank + 1}   rows ${top}-${top + height}, columns ${left}-${left + width}: ${found}`);
  }
  for (const name of ["benign", "malignant"] as const) {
    const contours = answer.contours?.[name] ?? [];
    const pixels = contours.reduce((sum, contour) => sum + contour.areaPixels, 0);
    const mm2 = contours.reduce((sum, contour) => sum + (contour.areaMm2 ?? 0), 0);
    const area = contours.some((contour) => contour.areaMm2 === null) || pixels === 0 ? "" : `, ${mm2.toFixed(0)} mm2`;
    lines.push(
      `${name.padEnd(10)} ${contours.length} contours at ${answer.contours?.threshold}, ${pixels} pixels${area}`,
    );
  }
  for (const warning of answer.warnings) lines.push(`warning    ${warning.code}: ${warning.detail}`);
  return [...lines, answer.disclaimer];
}

/** The overlay of an answer that has maps and contours. @returns PNG file bytes */
export function overlayOf(
  answer: Segmentation,
  canvas: Canvas,
  options: Pick<OverlayInput, "mirrored"> & Partial<Pick<OverlayInput, "truth">>,
): Uint8Array {
  const { saliency, contours } = answer;
  if (!saliency || !contours) throw new TypeError("An overlay needs the outputs maps and contours.");
  return drawOverlay({
    ...options,
    canvas,
    scores: answer.scores,
    regions: answer.regions,
    saliency: { benign: decodeMap(saliency.benign), malignant: decodeMap(saliency.malignant) },
    contours,
    threshold: contours.threshold,
    caption: `${answer.view}, model ${answer.model.name} ${answer.model.version}, answer ${answer.status}`,
  });
}
