/**
 * @module
 * Pictures of the phantoms with the smallest Dice. Films are never drawn, so that no picture of a patient is shared by mistake.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest } from "../../src/contract/manifest.ts";
import { traceContours } from "../../src/glam/contours.ts";
import { rowsOf } from "../../src/glam/fused-map.ts";
import { drawOverlay } from "../overlay/overlay.ts";
import type { Judged } from "./figures.ts";
import { GLAM, type Method } from "./methods.ts";
import { diceAt, nearestThreshold } from "./overlap.ts";
import type { ByteMap } from "./peaks.ts";
import { kinds, type TestCase, unionOf } from "./test-case.ts";

/** Indices of the images with the smallest Dice of any class they have, worst first. */
export function worstOf(judged: readonly Judged[], threshold: number, count: number): number[] {
  const index = nearestThreshold(threshold);
  return judged
    .map(({ methods }, i) => {
      const overlaps = Object.values(methods.get(GLAM)?.overlap ?? {});
      return { i, dice: Math.min(...overlaps.map((overlap) => diceAt(overlap, index))) };
    })
    .filter(({ dice }) => Number.isFinite(dice))
    .sort((a, b) => a.dice - b.dice)
    .slice(0, count)
    .map(({ i }) => i);
}

/** Writes `worst-1.png`, ... with truth, regions, saliency and contours. */
export async function drawWorst(
  cases: readonly TestCase[],
  method: Method,
  { name, version, threshold, hysteresis }: Manifest,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, test] of cases.entries()) {
    const output = (await method.run(test)).get(GLAM);
    if (!output) throw new TypeError("The method has no answer of the model.");
    const contours = ({ height, width, data }: ByteMap) =>
      traceContours(rowsOf({ height, width, data: Float32Array.from(data, (grey) => grey / 255) }, 0), {
        threshold,
        low: threshold * hysteresis,
      });
    const [benign, malignant] = kinds.map((kind) => output.maps[kind]);
    const picture = drawOverlay({
      canvas: test.canvas,
      mirrored: false,
      scores: output.scores,
      regions: (output.regions ?? []).map((box, rank) => ({ rank, box, status: "complete" })),
      saliency: { benign: benign.data, malignant: malignant.data },
      contours: { benign: contours(benign), malignant: contours(malignant) },
      threshold,
      truth: { benign: unionOf(test, "benign"), malignant: unionOf(test, "malignant") },
      caption: `phantom ${test.patient}, ${test.view}, model ${name} ${version}`,
    });
    await writeFile(join(folder, `worst-${i + 1}.png`), picture);
  }
}
