/**
 * @module
 * `glam segment`: one mammogram file through the endpoint, as text, JSON and a picture.
 */
import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Segmentation } from "../../src/api/schemas.ts";
import { loadModel, segment, segmentCanvas, type TileEncoding } from "../../src/client/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { type View, views } from "../../src/phantom/index.ts";
import type { GreyImage, Preprocessed } from "../../src/preprocess/index.ts";
import { readGreyImage } from "../images.ts";
import { startLocalWorker } from "../local-worker.ts";
import { watch } from "../progress.ts";
import { describeAnswer, overlayOf } from "../report.ts";

type SegmentOptions = {
  view: View;
  url?: string;
  model?: string;
  regions?: number;
  threshold?: number;
  tiles?: TileEncoding;
  preprocessed?: boolean;
  pixelSpacing?: number;
  chestWall: "left" | "right" | "auto";
  background: "auto" | "zero" | "film";
  apiKey?: string;
  json?: boolean;
  out?: string;
};

/** The `segment` command, to be added to the program. */
export function segmentCommand(): Command {
  return new Command("segment")
    .description("segment one mammogram through the HTTP endpoint; without --url the Worker is started here")
    .argument("<image>", "grey PNG, JPEG or PGM")
    .addOption(new Option("--view <view>", "side and projection").choices(views).makeOptionMandatory())
    .option("--url <url>", "base address of a running service")
    .option("--model <dir>", "folder of a model bundle for the Worker that is started here")
    .option("--regions <k>", "how many regions to look at closely (default: the model's)", number(1, 16, true))
    .option("--threshold <p>", "where contours are drawn (default: the model's)", number(0, 1))
    .addOption(
      new Option("--tiles <type>", "how tiles are sent (default: png for more than 8 bits, else jpeg)").choices([
        "jpeg",
        "png",
      ]),
    )
    .option("--preprocessed", "skip preprocessing: put the image at the top left of the canvas")
    .option("--pixel-spacing <mm>", "millimetres from one pixel of the image to the next", number(0.001, 10))
    .addOption(
      new Option("--chest-wall <side>", "side of the chest wall in the image")
        .choices(["auto", "left", "right"])
        .default("auto"),
    )
    .addOption(
      new Option("--background <kind>", "zero: trust it; film: remove labels, tape and borders")
        .choices(["auto", "zero", "film"])
        .default("auto"),
    )
    .option("--api-key <key>", "key for services that ask for one")
    .option("--json", "print the answer as one line of JSON")
    .option("--out <file>", "draw the overlay to this PNG")
    .action(run);
}

/** An image in the network's orientation. */
type Prepared = Pick<Preprocessed, "canvas" | "mirrored" | "pixelSpacing">;

async function run(file: string, { model: bundle, ...options }: SegmentOptions): Promise<void> {
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  if (options.url !== undefined && bundle !== undefined) {
    throw new GlamError("invalid-request", "--model is for the Worker that is started here; leave out --url.");
  }
  const image = await readGreyImage(file);
  const worker = options.url === undefined ? await start(bundle, progress) : undefined;
  try {
    const url = new URL(options.url ?? worker?.url ?? "");
    const { answer, prepared } = await judge(image, { ...options, url }, progress);
    await report(answer, prepared, options, progress);
  } finally {
    await worker?.stop();
  }
}

/** Through the endpoint, with preprocessing or without. */
async function judge(
  image: GreyImage,
  { preprocessed, tiles: encoding, ...options }: Omit<SegmentOptions, "url" | "model"> & { url: URL },
  progress: (line: string) => void,
): Promise<{ answer: Segmentation; prepared: Prepared }> {
  if (!preprocessed) {
    const result = await watch(segment(image, { ...options, encoding }), progress);
    return { answer: result.answer, prepared: result.preprocessed };
  }
  const model = await loadModel(options);
  const prepared = place(image, model.manifest.spec, options.pixelSpacing);
  const { view, regions, threshold, apiKey, url } = options;
  const run = segmentCanvas(prepared, { view, regions, threshold }, { url, apiKey, encoding });
  return { answer: await watch(run, progress), prepared };
}

/** The Worker on this machine, with a line of progress, because the first start takes seconds. */
async function start(model: string | undefined, progress: (line: string) => void) {
  progress("starting the Worker on this machine");
  return startLocalWorker(model === undefined ? {} : { model });
}

/** Puts an image at the top left of an empty canvas. @throws GlamError `canvas-mismatch` when it is larger */
function place(image: GreyImage, spec: Spec, pixelSpacing: number | undefined): Prepared {
  const { height, width } = spec.canvas;
  if (image.height > height || image.width > width) {
    throw new GlamError(
      "canvas-mismatch",
      `The image is ${image.height} x ${image.width} pixels and the model's canvas ${height} x ${width}; leave out --preprocessed.`,
    );
  }
  const pixels = image.pixels instanceof Uint8Array ? new Uint8Array(height * width) : new Uint16Array(height * width);
  for (let y = 0; y < image.height; y++) {
    pixels.set(image.pixels.subarray(y * image.width, (y + 1) * image.width), y * width);
  }
  return { canvas: { height, width, pixels }, mirrored: false, pixelSpacing };
}

async function report(
  answer: Segmentation,
  prepared: Prepared,
  options: Pick<SegmentOptions, "out" | "json">,
  progress: (line: string) => void,
): Promise<void> {
  if (options.out !== undefined) {
    await writeFile(options.out, overlayOf(answer, prepared.canvas, prepared));
    progress(`overlay written to ${options.out}`);
  }
  process.stdout.write(`${options.json ? JSON.stringify(answer) : describeAnswer(answer).join("\n")}\n`);
}

/** A parser of numbers in a range. */
function number(low: number, high: number, whole = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`It must be a ${whole ? "whole number" : "number"} from ${low} to ${high}.`);
    }
    return value;
  };
}
