/**
 * @module
 * `glam demo`: a phantom through the real Worker on this machine, compared with the phantom's exact masks.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command } from "commander";
import type { Segmentation } from "../../src/contract/index.ts";
import { decodeMap, loadModel, segment } from "../../src/device/client/index.ts";
import type { Preprocessed } from "../../src/device/preprocess/index.ts";
import { diceCoefficient } from "../../src/glam/dice.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { classMask, generatePhantom, type Phantom } from "../../src/phantom/index.ts";
import { startLocalWorker } from "../local-worker.ts";
import { watch } from "../segment/progress.ts";
import { describeAnswer, overlayOf } from "../segment/report.ts";

/** The embedded default: one seed, so that everybody sees the same. */
const DEMO = { seed: 2, view: "L-MLO", lesions: ["malignant", "benign"] } as const;

const CLASSES = ["benign", "malignant"] as const;

/** The `demo` command, to be added to the program. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("make a phantom, start the Worker here, segment it over HTTP, compare with the truth")
    .option("--seed <n>", "another phantom", Number, DEMO.seed)
    .option("--json", "print one line of JSON at the end: answer, truth, dice, overlay")
    .option("--out <file>", "where the overlay goes", "out/demo-overlay.png")
    .action(run);
}

async function run({ seed, json, out }: { seed: number; json?: boolean; out: string }): Promise<void> {
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  progress("starting the Worker in workerd on this machine");
  const worker = await startLocalWorker();
  try {
    const model = await loadModel(worker);
    const { spec } = model.manifest;
    progress(`making phantom ${seed}: ${DEMO.view}, ${DEMO.lesions.join(" and ")} lesion`);
    const { height, width } = spec.canvas;
    const phantom = generatePhantom({ seed, height, width, bits: 12, view: DEMO.view, lesions: DEMO.lesions });
    const { view, pixelSpacing } = phantom;
    const run = segment(phantom, { url: worker.url, model, view, pixelSpacing });
    const { answer, preprocessed: prepared } = await watch(run, progress);
    const truth = truthOnCanvas(phantom, prepared, spec);
    const dice = diceOf(answer, truth.masks);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, overlayOf(answer, prepared.canvas, { mirrored: prepared.mirrored, truth: truth.masks }));
    process.stdout.write(`${describeAnswer(answer).join("\n")}\n`);
    for (const lesion of truth.lesions) {
      const found = answer.regions.find(({ box }) => inside(box, lesion.centre));
      const where = found ? `inside region ${found.rank + 1}` : "in no region";
      process.stdout.write(
        `truth      ${lesion.kind} ${lesion.sub} at row ${lesion.centre.row}, column ${lesion.centre.col}: ${where}\n`,
      );
    }
    for (const name of CLASSES) process.stdout.write(`Dice       ${name} ${dice[name]?.toFixed(3) ?? "no lesion"}\n`);
    process.stdout.write(`overlay    ${out}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ answer, truth: truth.lesions, dice, overlay: out })}\n`);
  } finally {
    await worker.stop();
  }
}

const inside = (box: { top: number; left: number; height: number; width: number }, at: { row: number; col: number }) =>
  at.row >= box.top && at.row < box.top + box.height && at.col >= box.left && at.col < box.left + box.width;

/** Dice of each class at the answer's threshold; null where there is no lesion of the class. */
function diceOf(answer: Segmentation, masks: Record<(typeof CLASSES)[number], Uint8Array>) {
  const { saliency, contours } = answer;
  if (!saliency || !contours) throw new TypeError("The demo needs maps and contours.");
  const level = Math.round(contours.threshold * 255);
  const dice = (name: (typeof CLASSES)[number]) =>
    masks[name].includes(1)
      ? diceCoefficient(
          decodeMap(saliency[name]).map((v) => (v >= level ? 1 : 0)),
          masks[name],
        )
      : null;
  return { benign: dice("benign"), malignant: dice("malignant") };
}

/** The phantom's masks and lesions, moved to where preprocessing put them. */
function truthOnCanvas(phantom: Phantom, { toSource, toCanvas }: Preprocessed, { canvas: { height, width } }: Spec) {
  const masks = { benign: new Uint8Array(height * width), malignant: new Uint8Array(height * width) };
  const source = { benign: classMask(phantom, "benign"), malignant: classMask(phantom, "malignant") };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = toSource(y, x);
      const row = Math.round(at.row);
      const col = Math.round(at.col);
      if (row < 0 || col < 0 || row >= phantom.height || col >= phantom.width) continue;
      for (const name of CLASSES) masks[name][y * width + x] = source[name][row * phantom.width + col];
    }
  }
  const lesions = phantom.lesions.map(({ kind, sub, centre }) => {
    const { row, col } = toCanvas(centre.row, centre.col);
    return { kind, sub, centre: { row: Math.round(row), col: Math.round(col) } };
  });
  return { masks, lesions };
}
