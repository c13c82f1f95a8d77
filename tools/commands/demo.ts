/**
 * @module
 * `glam demo`: a real mammogram, or a phantom, through the real Worker on this machine, compared with the lesions that are known.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import type { Segmentation } from "../../src/contract/index.ts";
import { decodeMap, loadModel, segment } from "../../src/device/client/index.ts";
import { levelOutlining } from "../../src/device/client/outputs/level-outlining.ts";
import type { Preprocessed } from "../../src/device/preprocess/index.ts";
import { diceCoefficient } from "../../src/glam/dice.ts";
import { outlinedLevels } from "../../src/glam/outlined-levels.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { classMask, generatePhantom } from "../../src/phantom/index.ts";
import { startLocalWorker } from "../local-worker.ts";
import { type KnownImage, openSample, readSamples } from "../samples.ts";
import { watch } from "../segment/progress.ts";
import { describeAnswer, overlayOf } from "../segment/report.ts";

const CLASSES = ["benign", "malignant"] as const;

type Options = { sample: string; phantom?: number; json?: boolean; out: string };

/** The `demo` command, to be added to the program. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("start the Worker here, segment a real mammogram over HTTP, compare with the lesion that is known")
    .addOption(new Option("--sample <name>", "which image of samples/").default("malignant-mass"))
    .option("--phantom <seed>", "a phantom of this seed instead", Number)
    .option("--json", "print one line of JSON at the end: answer, truth, dice, overlay")
    .option("--out <file>", "where the overlay goes", "out/demo-overlay.png")
    .action(run);
}

async function run({ sample, phantom, json, out }: Options): Promise<void> {
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  const known = phantom === undefined ? await sampleOf(sample) : phantomOf(phantom);
  progress("starting the Worker in workerd on this machine");
  const worker = await startLocalWorker();
  try {
    const model = await loadModel(worker);
    progress(known.text);
    const { view, pixelSpacing, background } = known;
    const run = segment(known.image, { url: worker.url, model, view, pixelSpacing, background });
    const { answer, preprocessed: prepared } = await watch(run, progress);
    const truth = truthOnCanvas(known, prepared, model.manifest.spec);
    const dice = diceOf(answer, truth.masks);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, overlayOf(answer, prepared.canvas, { mirrored: prepared.mirrored, truth: truth.masks }));
    process.stdout.write(`${describeAnswer(answer).join("\n")}\n`);
    for (const { kind, name, centre } of truth.lesions) {
      const found = answer.regions.find(({ box }) => inside(box, centre));
      const where = found ? `inside region ${found.rank + 1}` : "in no region";
      process.stdout.write(`truth      ${kind} ${name} at row ${centre.row}, column ${centre.col}: ${where}\n`);
    }
    for (const name of CLASSES) process.stdout.write(`Dice       ${name} ${dice[name]?.toFixed(3) ?? "no lesion"}\n`);
    process.stdout.write(`overlay    ${out}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ answer, truth: truth.lesions, dice, overlay: out })}\n`);
  } finally {
    await worker.stop();
  }
}

/** @throws GlamError `invalid-request` when there is none of that name */
async function sampleOf(name: string): Promise<KnownImage> {
  const samples = await readSamples();
  const sample = samples.find(({ file }) => file === `${name}.png`);
  if (!sample) {
    const names = samples.map(({ file }) => file.replace(/\.png$/, "")).join(", ");
    throw new GlamError("invalid-request", `There is no such sample; there are ${names}.`);
  }
  return openSample(sample);
}

/** A phantom with a lesion of each class. */
function phantomOf(seed: number): KnownImage {
  const options = {
    seed,
    height: 1536,
    width: 1024,
    bits: 12,
    view: "L-MLO",
    lesions: ["malignant", "benign"],
  } as const;
  const phantom = generatePhantom(options);
  return {
    image: phantom,
    view: phantom.view,
    pixelSpacing: phantom.pixelSpacing,
    background: "zero",
    text: `phantom ${seed}: ${options.view}, ${options.lesions.join(" and ")} lesion`,
    lesions: phantom.lesions.map(({ kind, sub, centre }) => ({ kind, name: sub, centre })),
    masks: { benign: classMask(phantom, "benign"), malignant: classMask(phantom, "malignant") },
  };
}

const inside = (box: { top: number; left: number; height: number; width: number }, at: { row: number; col: number }) =>
  at.row >= box.top && at.row < box.top + box.height && at.col >= box.left && at.col < box.left + box.width;

/** Dice of each class at the answer's threshold; null where there is no lesion of the class. */
function diceOf(answer: Segmentation, masks: Record<(typeof CLASSES)[number], Uint8Array>) {
  const { saliency, contours } = answer;
  if (!saliency || !contours) throw new TypeError("The demo needs maps and contours.");
  const outlining = levelOutlining(contours, contours.threshold);
  const dice = (name: (typeof CLASSES)[number]) =>
    masks[name].includes(1)
      ? diceCoefficient(
          outlinedLevels(decodeMap(saliency[name]), answer.canvas, outlining).map((v) => (v >= outlining.low ? 1 : 0)),
          masks[name],
        )
      : null;
  return { benign: dice("benign"), malignant: dice("malignant") };
}

/** Masks and lesions, moved to where preprocessing put them. */
function truthOnCanvas(known: KnownImage, { toSource, toCanvas }: Preprocessed, { canvas: { height, width } }: Spec) {
  const { image } = known;
  const masks = { benign: new Uint8Array(height * width), malignant: new Uint8Array(height * width) };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = toSource(y, x);
      const row = Math.round(at.row);
      const col = Math.round(at.col);
      if (row < 0 || col < 0 || row >= image.height || col >= image.width) continue;
      for (const name of CLASSES) masks[name][y * width + x] = known.masks[name][row * image.width + col];
    }
  }
  const lesions = known.lesions.map(({ kind, name, centre }) => {
    const { row, col } = toCanvas(centre.row, centre.col);
    return { kind, name, centre: { row: Math.round(row), col: Math.round(col) } };
  });
  return { masks, lesions };
}
