/**
 * @module
 * `glam films`: a folder of real films becomes a training set: pixels, patients and image-level labels, nothing else.
 */
import { mkdir, open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import type { Spec } from "../../src/glam/spec.ts";
import type { LesionKind } from "../../src/phantom/index.ts";
import { type FilmOptions, preprocessFilm, readFilmLabels } from "../evaluate/film-cases.ts";
import type { FilmLabel } from "../evaluate/film-labels.ts";
import { readSpec } from "../import/read-spec.ts";

type DatasetOptions = FilmOptions & { out: string; spec: string };

/** What a training may know of an image. The circles of the films' `labels.csv` are for evaluation. */
const HEADER = "index,patient,view,benign,malignant\n";

/** The `films` command, to be added to the program. */
export function filmsCommand(): Command {
  const report = (line: string) => console.log(line);
  return new Command("films").description("real films as training data").addCommand(
    subcommand("dataset")
      .description("preprocess films for weakly supervised training: pixels, patients and image labels, no circles")
      .action((options: DatasetOptions) => writeFilmDataset({ ...options, report })),
  );
}

const subcommand = (name: string) =>
  new Command(name)
    .requiredOption("--data <dir>", "folder of PNG files and a labels.csv like that of mini-MIAS")
    .requiredOption("--out <dir>", "folder for images.u8, labels.csv and dataset.json; keep it out of repositories")
    .option("--spec <name>", "spec of the model, a name in specs/", "glam-1536x1024")
    .option("--pixel-spacing <mm>", "millimetres from one pixel of the films to the next", Number, 0.2)
    .addOption(new Option("--view <view>", "projection of the films").choices(["L-MLO", "L-CC"]).default("L-MLO"));

type Reporting<T> = T & { report: (line: string) => void };
type Item = { patient: number; labels: Record<LesionKind, boolean>; pixels: Uint8Array };

/**
 * Writes the data set in the order of the films' `labels.csv`. Patients are numbered as they come; names of files, circles
 * and every other column stay behind.
 * @throws GlamError `invalid-request` or that of the film that cannot be preprocessed
 */
export async function writeFilmDataset(options: Reporting<DatasetOptions>): Promise<void> {
  const { rows, patientOf } = await readRows(options);
  const spec = await readSpec(options.spec);
  await writeSet(options, spec, rows.length, async function* () {
    for (const [index, row] of rows.entries()) {
      const { canvas } = await preprocessFilm(row, index + 2, spec, options);
      yield { patient: patientOf(row), labels: row.labels, pixels: toBytes(canvas.pixels) };
    }
  });
}

async function readRows({ data }: DatasetOptions) {
  const rows = await readFilmLabels(data);
  const names = [...new Set(rows.map(({ patient }) => patient))];
  return { rows, patientOf: ({ patient }: FilmLabel) => names.indexOf(patient) };
}

/** `images.u8`, `labels.csv` and `dataset.json` of what is given, at most `most` images. */
async function writeSet(
  { out, view, report }: Reporting<DatasetOptions>,
  spec: Spec,
  most: number,
  items: () => AsyncGenerator<Item>,
): Promise<void> {
  await mkdir(out, { recursive: true });
  const part = join(out, "images.part");
  const images = await open(part, "w");
  let labels = HEADER;
  let count = 0;
  const patients = new Set<number>();
  try {
    for await (const item of items()) {
      await images.appendFile(item.pixels);
      labels += `${count},${item.patient},${view},${Number(item.labels.benign)},${Number(item.labels.malignant)}\n`;
      patients.add(item.patient);
      count += 1;
      if (count % 50 === 0 || count === most) report(`${count} of ${most}`);
    }
  } finally {
    await images.close();
  }
  await rename(part, join(out, "images.u8"));
  await writeFile(join(out, "labels.csv"), labels);
  const description = { ...spec.canvas, films: true, count, patients: patients.size };
  await writeFile(join(out, "dataset.json"), `${JSON.stringify(description, undefined, 2)}\n`);
}

/** Sixteen-bit films by their largest grey level; background stays 0 and breast above it. */
function toBytes(pixels: Uint8Array | Uint16Array): Uint8Array {
  if (pixels instanceof Uint8Array) return pixels;
  const top = pixels.reduce((largest, value) => Math.max(largest, value), 1);
  return Uint8Array.from(pixels, (value) => (value === 0 ? 0 : Math.max(1, Math.round((255 * value) / top))));
}
