/**
 * @module
 * `glam import`: a PyTorch checkpoint becomes a model bundle.
 */
import { Command, Option } from "commander";
import type { Canvas } from "../../src/glam/contracts.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { writeNorms } from "../bundle/norms.ts";
import { readCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { fileCanvas, phantomCanvases } from "../import/canvases.ts";
import { errorNumbers, formatError } from "../import/format-error.ts";
import { describeNetwork, type ImportedModel, importModel, quantiseModel } from "../import/import-model.ts";
import { measureError } from "../import/measure-error.ts";
import { readInput } from "../import/read-input.ts";
import { readSpec } from "../import/read-spec.ts";
import {
  chooseRuntimes,
  describeEngine,
  engineFiles,
  otherRuntimes,
  pickFiles,
  type RuntimeWish,
} from "../import/runtimes.ts";
import { defaultMinimumChannels } from "../onnx/quantise.ts";
import { addManifestOptions, bundleName, type ManifestOptions, writeNamedBundle } from "./manifest-options.ts";
import { between } from "./number-option.ts";

/** What the command line gives. */
type ImportOptions = ManifestOptions & {
  spec: string;
  weights: "f32" | "int8";
  runtime: RuntimeWish;
  calibrate?: string[];
  calibratePhantoms?: number;
  measure?: string[];
  measurePhantoms: number;
  minChannels: number;
  target: number;
};

/** Ranges of seeds that trainings, demos and each other do not use. */
const calibrationSeed = 41_000_000;
const measurementSeed = 42_000_000;

/** Calibration inputs of each network that judge whether a layer may be quantised. */
const judges = 8;

const print = (...lines: string[]): void => {
  process.stdout.write(`${lines.join("\n")}\n`);
};

async function canvases(files: string[] | undefined, phantoms: number, seed: number, spec: Spec): Promise<Canvas[]> {
  const given = await Promise.all((files ?? []).map((file) => fileCanvas(file, spec)));
  return [...given, ...phantomCanvases(spec, phantoms, seed)];
}

/** The files to ship, and their quantisation for the manifest. */
type Converted = Pick<Bundle, "files" | "alternatives"> & { quantisation: Bundle["manifest"]["quantisation"] };

/** Files for onnxruntime-web: uint8 activations and int8 weights. */
async function quantised(model: ImportedModel, options: ImportOptions): Promise<Converted> {
  const { spec } = model;
  const phantoms = options.calibratePhantoms ?? (options.calibrate ? 0 : 32);
  print(`calibrating on ${options.calibrate?.length ?? 0} images and ${phantoms} phantoms`);
  const calibration = await canvases(options.calibrate, phantoms, calibrationSeed, spec);
  if (calibration.length === 0) {
    throw new GlamError("invalid-request", "Quantisation needs calibration images; give some or use --weights f32.");
  }
  const { files, choices } = await quantiseModel(model, calibration, {
    minimumChannels: options.minChannels,
    target: options.target,
    judges,
  });
  print(...describeNetwork(model.global, files.global.length, choices.global));
  print(...describeNetwork(model.local, files.local.length, choices.local));
  return { files, quantisation: { kind: "static-uint8", calibrationImages: calibration.length } };
}

const engineQuantisation: Converted["quantisation"] = { kind: "weights-int8", calibrationImages: 0 };

/** Files of the chosen runtimes, and the error of their number format. */
async function convert(model: ImportedModel, options: ImportOptions): Promise<Converted> {
  const { spec } = model;
  const { choice, alternatives } = chooseRuntimes(spec, options.runtime);
  const ortNeeded = alternatives || choice.global === "ort" || choice.local === "ort";
  const other = (ort: Bundle["files"]) =>
    alternatives ? { alternatives: pickFiles(otherRuntimes(choice), ort, simd) } : {};
  const simd = engineFiles(model, options.weights);
  if (options.weights === "f32") {
    const files = pickFiles(choice, model.files, simd);
    print(...describeEngine(spec, choice, files));
    return { files, ...other(model.files), quantisation: { kind: "none", calibrationImages: 0 } };
  }
  const ort: Converted = ortNeeded
    ? await quantised(model, options)
    : { files: model.files, quantisation: engineQuantisation };
  const files = pickFiles(choice, ort.files, simd);
  print(...describeEngine(spec, choice, files));
  const held = await canvases(options.measure, options.measurePhantoms, measurementSeed, spec);
  const quantisation = choice.global === "simd" && choice.local === "simd" ? engineQuantisation : ort.quantisation;
  if (held.length === 0) return { files, ...other(ort.files), quantisation };
  const exact = pickFiles(choice, model.files, engineFiles(model, "f32"));
  const report = await measureError(exact, files, held, spec);
  print("", ...formatError(report), "");
  return { files, ...other(ort.files), quantisation: { ...quantisation, error: errorNumbers(report) } };
}

async function run(checkpointPath: string, options: ImportOptions): Promise<void> {
  const spec = await readSpec(options.spec);
  bundleName(options, spec);
  const checkpoint = readCheckpoint(await readInput(checkpointPath, "checkpoint"));
  const model = importModel(checkpoint, spec);
  print(`${checkpoint.size} tensors fit ${spec.name}`);
  print(...describeNetwork(model.global, model.files.global.length));
  print(...describeNetwork(model.local, model.files.local.length));
  const { files, alternatives, quantisation } = await convert(model, options);
  const norms = writeNorms(model.global);
  const folder = await writeNamedBundle({ spec, quantisation, files, alternatives, norms }, options, print);
  const written = [...Object.values(files), ...Object.values(alternatives ?? {})];
  const bytes = written.reduce((sum, { length }) => sum + length, 0);
  print(`wrote ${folder}: ${(bytes / 1024).toFixed(0)} KiB in ${written.length} files of two networks`);
}

/** @returns the command `glam import` */
export function importCommand(): Command {
  const command = new Command("import")
    .summary("turn a PyTorch checkpoint into a model bundle")
    .description(
      "Reads a PyTorch state_dict (zip or legacy format), checks every name and shape against the spec, folds BatchNorm, " +
        "quantises, measures what that costs, and writes model.json and a file for each network.",
    )
    .argument("<checkpoint>", "state_dict saved with torch.save")
    .requiredOption("--spec <name|file.json>", "spec of the model: a name in specs/ or a JSON file")
    .option("--out <dir>", "folder of the bundle (default: models/<name>)")
    .addOption(
      new Option("--weights <kind>", "number format of the wide layers").choices(["f32", "int8"]).default("int8"),
    )
    .addOption(
      new Option(
        "--runtime <kind>",
        "what runs the networks; both: the SIMD engine, or onnxruntime-web where a deployment asks for it; auto: both where that fits",
      )
        .choices(["auto", "ort", "simd", "both"])
        .default("auto"),
    )
    .option("--calibrate <image...>", "preprocessed grey PNGs to calibrate with")
    .option(
      "--calibrate-phantoms <n>",
      "phantoms to calibrate with (default: 32 without --calibrate)",
      between(0, 512, true),
    )
    .option("--measure <image...>", "preprocessed grey PNGs to measure the quantisation error with")
    .option("--measure-phantoms <n>", "phantoms to measure the quantisation error with", between(0, 512, true), 20)
    .option("--min-channels <n>", "narrower layers stay f32", between(1, 4096, true), defaultMinimumChannels)
    .option(
      "--target <error>",
      "largest error of a map's cell before layers go back to f32",
      between(0, 1, false),
      0.03,
    );
  return addManifestOptions(command).action(run);
}
