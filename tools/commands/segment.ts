/**
 * @module
 * `glam segment`: one mammogram file through the endpoint, as text, JSON, pictures, contours and DICOM.
 */
import { Command, Option } from "commander";
import { loadModel, segmentCanvas, type TileEncoding } from "../../src/device/client/index.ts";
import { preprocessDicom } from "../../src/device/dicom/index.ts";
import { checkReferable } from "../../src/device/dicom/segmentation/write-segmentation.ts";
import { type GreyImage, type Preprocessed, preprocess } from "../../src/device/preprocess/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { type View, views } from "../../src/phantom/index.ts";
import { startLocalWorker } from "../local-worker.ts";
import { watch } from "../segment/progress.ts";
import { readSource, type SourceFile, viewOf } from "../segment/read-source.ts";
import { describeAnswer } from "../segment/report.ts";
import { reportJson } from "../segment/report-json.ts";
import { type OutputFiles, writeOutputs } from "../segment/write-outputs.ts";
import { between } from "./number-option.ts";

type SegmentOptions = OutputFiles & {
  view?: View;
  url?: string;
  model?: string;
  regions?: number;
  threshold?: number;
  minArea?: number;
  tiles?: TileEncoding;
  preprocessed?: boolean;
  pixelSpacing?: number;
  chestWall: "left" | "right" | "auto";
  background: "auto" | "zero" | "film";
  apiKey?: string;
  json?: boolean;
};

/** The `segment` command, to be added to the program. */
export function segmentCommand(): Command {
  return new Command("segment")
    .description("segment one mammogram through the HTTP endpoint; without --url the Worker is started here")
    .argument("<image>", "DICOM, or grey PNG, JPEG or PGM")
    .addOption(new Option("--view <view>", "side and projection; DICOM files say it themselves").choices(views))
    .option("--url <url>", "base address of a running service")
    .option("--model <dir>", "folder of a model bundle for the Worker that is started here")
    .option("--regions <k>", "how many regions to look at closely (default: the model's)", between(1, 16, true))
    .option("--threshold <p>", "where contours are drawn (default: the model's)", between(0, 1, false))
    .option("--min-area <mm2>", "smaller contours are left out (default: the model's)", between(0, 10_000, false))
    .addOption(
      new Option("--tiles <type>", "how tiles are sent (default: png for more than 8 bits, else jpeg)").choices([
        "jpeg",
        "png",
      ]),
    )
    .option("--preprocessed", "skip preprocessing: put the image at the top left of the canvas")
    .option(
      "--pixel-spacing <mm>",
      "millimetres from one pixel to the next; DICOM files say it",
      between(0.001, 10, false),
    )
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
    .option("--json", "print answer, warnings and the input's name as one line of JSON")
    .option("--out <file>", "draw image, regions, saliency and contours, with a legend, to this PNG")
    .option("--overlay <file>", "draw the marked areas over the image, in its own size, to this PNG")
    .option("--contours <file>", "write the contours in pixels of the image to this JSON file")
    .option("--dicom-seg <file>", "write a DICOM Segmentation object; the image must be DICOM")
    .action(run);
}

/** An image in the network's orientation, and the way back. */
type Prepared = Pick<Preprocessed, "canvas" | "mirrored" | "pixelSpacing" | "toSource" | "toCanvas" | "warnings">;

async function run(file: string, { model: bundle, ...options }: SegmentOptions): Promise<void> {
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  if (options.url !== undefined && bundle !== undefined) {
    throw new GlamError("invalid-request", "--model is for the Worker that is started here; leave out --url.");
  }
  const source = await readSource(file);
  const view = viewOf(source, options.view);
  if (options.dicomSeg !== undefined && source.dicom === undefined) {
    throw new GlamError("invalid-request", "--dicom-seg needs a DICOM image, to which the Segmentation refers.");
  }
  if (options.dicomSeg !== undefined && source.dicom !== undefined) checkReferable(source.dicom.source);
  const worker = options.url === undefined ? await start(bundle, progress) : undefined;
  try {
    const url = new URL(options.url ?? worker?.url ?? "");
    const { manifest } = await loadModel({ url, apiKey: options.apiKey });
    const prepared = prepare(source, manifest.spec, { ...options, view });
    const noticed = [...(source.dicom?.warnings ?? []), ...prepared.warnings];
    for (const { code, detail } of noticed) progress(`warning: ${code}: ${detail}`);
    const { regions, threshold, minArea: minAreaMm2, apiKey, tiles: encoding } = options;
    const sending = segmentCanvas(prepared, { view, regions, threshold, minAreaMm2 }, { url, apiKey, encoding });
    const answer = await watch(sending, progress);
    for (const line of await writeOutputs(options, { answer, source, prepared })) progress(line);
    const json = () => JSON.stringify(reportJson(answer, { ...source, file }, noticed));
    process.stdout.write(`${options.json ? json() : describeAnswer(answer).join("\n")}\n`);
  } finally {
    await worker?.stop();
  }
}

/** With preprocessing or without; options that are not given come from a DICOM header. */
function prepare({ image, dicom }: SourceFile, spec: Spec, options: SegmentOptions & { view: View }): Prepared {
  if (options.preprocessed) return place(image, spec, options.pixelSpacing ?? dicom?.pixelSpacing);
  return dicom === undefined ? preprocess(image, spec, options) : preprocessDicom(dicom, spec, options);
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
  const same = (row: number, col: number) => ({ row, col });
  const canvas = { height, width, pixels };
  return { canvas, mirrored: false, pixelSpacing, toSource: same, toCanvas: same, warnings: [] };
}
