/**
 * @module
 * Pictures of the images with the smallest Dice. Of a film only the shape of the breast is drawn, under the same maps and
 * outlines, so that no picture of a patient is shared by mistake.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest } from "../../src/contract/manifest.ts";
import { traceContours } from "../../src/glam/contours.ts";
import type { Canvas } from "../../src/glam/contracts.ts";
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

/** How grey the shape of a breast is, of 255. */
const SHAPE = 56;

/** The canvas without its tissue: one grey level where the breast is. */
function shapeOf({ height, width, pixels }: Canvas): Canvas {
  return { height, width, pixels: Uint8Array.from(pixels, (pixel) => (pixel > 0 ? SHAPE : 0)) };
}

/** What is drawn, and where to. */
export type WorstOptions = { method: Method; manifest: Manifest; kind: "phantom" | "film"; folder: string };

/** Writes `worst-1.png`, ... with truth, regions, saliency and contours. */
export async function drawWorst(
  cases: Iterable<TestCase> | AsyncIterable<TestCase>,
  { method, manifest: { name, version, threshold, hysteresis }, kind, folder }: WorstOptions,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  let count = 0;
  for await (const test of cases) {
    const output = (await method.run(test)).get(GLAM);
    if (!output) throw new TypeError("The method has no answer of the model.");
    const contours = ({ height, width, data }: ByteMap) =>
      traceContours(rowsOf({ height, width, data: Float32Array.from(data, (grey) => grey / 255) }, 0), {
        threshold,
        low: threshold * hysteresis,
      });
    const [benign, malignant] = kinds.map((kind) => output.maps[kind]);
    const picture = drawOverlay({
      ...(kind === "film" ? { canvas: shapeOf(test.canvas), white: 255 } : { canvas: test.canvas }),
      mirrored: false,
      scores: output.scores,
      regions: (output.regions ?? []).map((box, rank) => ({ rank, box, status: "complete" })),
      saliency: { benign: benign.data, malignant: malignant.data },
      contours: { benign: contours(benign), malignant: contours(malignant) },
      threshold,
      truth: { benign: unionOf(test, "benign"), malignant: unionOf(test, "malignant") },
      caption: `${kind === "film" ? "film" : `phantom ${test.patient}`}, ${test.view}, model ${name} ${version}`,
    });
    await writeFile(join(folder, `worst-${++count}.png`), picture);
  }
}
