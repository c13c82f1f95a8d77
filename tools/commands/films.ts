/**
 * @module
 * `glam films dataset`: a folder of real films becomes a training set: pixels, patients and image-level labels, nothing else.
 */
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { specSchema } from "../../src/glam/spec.ts";
import { type FilmOptions, preprocessFilm, readFilmLabels } from "../evaluate/film-cases.ts";

type DatasetOptions = FilmOptions & { out: string; spec: string };

/** What a training may know of an image. The circles of the films' `labels.csv` are for evaluation. */
const HEADER = "index,patient,view,benign,malignant\n";

/** The `films` command, to be added to the program. */
export function filmsCommand(): Command {
  return new Command("films").description("real films as training data").addCommand(
    new Command("dataset")
      .description("preprocess films for weakly supervised training: pixels, patients and image labels, no circles")
      .requiredOption("--data <dir>", "folder of PNG files and a labels.csv like that of mini-MIAS")
      .requiredOption("--out <dir>", "folder for images.u8, labels.csv and dataset.json; keep it out of repositories")
      .option("--spec <name>", "spec of the model, a name in specs/", "glam-1472x960")
      .option("--pixel-spacing <mm>", "millimetres from one pixel of the films to the next", Number, 0.2)
      .addOption(new Option("--view <view>", "projection of the films").choices(["L-MLO", "L-CC"]).default("L-MLO"))
      .action(async (options: DatasetOptions) => {
        await writeFilmDataset({ ...options, report: (line) => console.log(line) });
      }),
  );
}

/**
 * Writes the data set in the order of the films' `labels.csv`. Patients are numbered as they come; names of files, circles
 * and every other column stay behind.
 * @throws GlamError `invalid-request` or that of the film that cannot be preprocessed
 */
export async function writeFilmDataset(options: DatasetOptions & { report: (line: string) => void }): Promise<void> {
  const { out, report } = options;
  const spec = specSchema.parse(
    JSON.parse(await readFile(new URL(`../../specs/${options.spec}.json`, import.meta.url), "utf8")),
  );
  const rows = await readFilmLabels(options.data);
  await mkdir(out, { recursive: true });
  const patients = new Map<string, number>();
  const part = join(out, "images.part");
  const images = await open(part, "w");
  let labels = HEADER;
  try {
    for (const [index, row] of rows.entries()) {
      const { canvas } = await preprocessFilm(row, index + 2, spec, options);
      await images.appendFile(canvas.pixels instanceof Uint8Array ? canvas.pixels : toBytes(canvas.pixels));
      const patient = patients.get(row.patient) ?? patients.size;
      patients.set(row.patient, patient);
      labels += `${index},${patient},${options.view},${Number(row.labels.benign)},${Number(row.labels.malignant)}\n`;
      if ((index + 1) % 50 === 0 || index + 1 === rows.length) report(`${index + 1} of ${rows.length}`);
    }
  } finally {
    await images.close();
  }
  await rename(part, join(out, "images.u8"));
  await writeFile(join(out, "labels.csv"), labels);
  const description = { ...spec.canvas, films: true, count: rows.length, patients: patients.size };
  await writeFile(join(out, "dataset.json"), `${JSON.stringify(description, undefined, 2)}\n`);
}

/** Sixteen-bit films by their largest grey level; background stays 0 and breast above it. */
function toBytes(pixels: Uint16Array): Uint8Array {
  const top = pixels.reduce((largest, value) => Math.max(largest, value), 1);
  return Uint8Array.from(pixels, (value) => (value === 0 ? 0 : Math.max(1, Math.round((255 * value) / top))));
}
