/**
 * @module
 * `glam phantom`: one mammogram phantom as a PNG with its mask and truth, or a whole training set.
 */
import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { encode } from "fast-png";
import {
  classMask,
  generatePhantom,
  type LesionKind,
  type Phantom,
  type View,
  views,
} from "../../src/phantom/index.ts";
import { writeDataset } from "../dataset/phantom-dataset.ts";

type SingleOptions = {
  seed: number;
  view: View;
  height: number;
  width: number;
  bits: string;
  lesions?: number | LesionKind[];
  density?: number;
  framed?: boolean;
  out: string;
  mask?: string;
  truth?: string;
};

type DatasetOptions = {
  count: number;
  seed: number;
  out: string;
  height: number;
  width: number;
  workers: number;
};

/** The `phantom` command, to be added to the program. */
export function phantomCommand(): Command {
  const command = new Command("phantom")
    .description("generate a mammogram phantom with exact lesion masks")
    .enablePositionalOptions()
    .option("--seed <n>", "the same seed gives the same image", integer, 7)
    .addOption(new Option("--view <view>", "which view").choices(views).default("L-MLO"))
    .option("--height <pixels>", "rows; they stand for 206 mm", integer, 1536)
    .option("--width <pixels>", "columns", integer, 1024)
    .addOption(
      new Option("--bits <bits>", "bits of a pixel, raw values").choices(["8", "10", "12", "14", "16"]).default("8"),
    )
    .option("--lesions <what>", "how many, or kinds: benign,malignant; sampled when left out", lesionList)
    .option("--density <0..1>", "fatty to dense; sampled when left out", Number)
    .option("--framed", "add the border, label and fog of a scanned film")
    .option("--out <file>", "where the image goes (PNG)", "phantom.png")
    .option("--mask <file>", "also write the mask: 127 benign, 255 malignant")
    .option("--truth <file>", "also write kinds, boxes and centres as JSON")
    .action(writePhantom);
  command
    .command("dataset")
    .description("write many phantoms for training: pixels, labels, and which cells hold a lesion; resumes")
    .requiredOption("--count <n>", "how many", integer)
    .requiredOption("--seed <n>", "seed of the first; each next one is one higher", integer)
    .requiredOption("--out <dir>", "folder for images.u8, codes.u8, labels.csv and dataset.json")
    .option("--height <pixels>", "rows", integer, 1536)
    .option("--width <pixels>", "columns", integer, 1024)
    .option("--workers <n>", "threads", integer, 1)
    .action(async (options: DatasetOptions) => {
      await writeDataset({ ...options, report: (line) => console.log(line) });
    });
  return command;
}

async function writePhantom(options: SingleOptions): Promise<void> {
  const { out, mask, truth, bits, ...rest } = options;
  const phantom = generatePhantom({ ...rest, bits: Number(bits) });
  const { height, width, pixels } = phantom;
  await writeFile(out, encode({ width, height, data: pixels, channels: 1, depth: phantom.bits === 8 ? 8 : 16 }));
  if (mask) await writeFile(mask, encode({ width, height, data: maskPixels(phantom), channels: 1, depth: 8 }));
  if (truth) await writeFile(truth, `${JSON.stringify(truthOf(phantom), undefined, 2)}\n`);
  const found = phantom.lesions.map((lesion) => `${lesion.kind} ${lesion.sub}`).join(", ");
  console.log(`${out}: ${height} x ${width}, ${phantom.bits} bits, ${phantom.view}, ${found || "no lesion"}`);
}

/** Everything about a phantom except pixels and masks. */
export function truthOf({ seed, view, height, width, bits, pixelSpacing, labels, lesions }: Phantom) {
  const described = lesions.map(({ kind, sub, box, centre, area }) => ({ kind, sub, box, centre, area }));
  return { seed, view, height, width, bits, pixelSpacing, labels, lesions: described };
}

/** 0, 127 benign, 255 malignant: `[height, width]`. */
function maskPixels(phantom: Phantom): Uint8Array {
  const malignant = classMask(phantom, "malignant");
  return classMask(phantom, "benign").map((value, i) => (malignant[i] === 1 ? 255 : 127 * value));
}

function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number, 0 or more.");
  return Number(text);
}

function lesionList(text: string): number | LesionKind[] {
  if (/^\d+$/.test(text)) return Number(text);
  return text.split(",").map((kind) => {
    if (kind !== "benign" && kind !== "malignant") throw new InvalidArgumentError("It must be a number or kinds.");
    return kind;
  });
}
