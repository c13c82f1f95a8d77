/**
 * @module
 * `glam films`: mammograms with labels become packed sets for training and evaluation.
 */
import { Command } from "commander";
import { readManifest } from "../bundle/bundle.ts";
import { packCrops } from "../films/pack-crops.ts";
import { readFilms } from "../films/read-films.ts";
import { tallyLines } from "../films/tally.ts";
import { writeFilmSet } from "../films/write-set.ts";
import { readSpec } from "../import/read-spec.ts";
import { fitLooks } from "../unlike/fit.ts";
import { recordLooks } from "../unlike/record-looks.ts";
import { trainingLooks } from "../unlike/set-looks.ts";
import { between } from "./number-option.ts";

type Options = { data: string[]; out: string; spec: string; workers: number };

const say = (line: string) => process.stderr.write(`${line}\n`);

/** The `films` command, to be added to the program. */
export function filmsCommand(): Command {
  return new Command("films")
    .description("mammograms with labels as packed sets for training and evaluation")
    .addCommand(
      new Command("dataset")
        .description("preprocess mammograms of any source into canvases, labels and places of lesions")
        .requiredOption("--data <path...>", "lists of films (labels.csv, or those of known sets), or folders of them")
        .requiredOption("--out <dir>", "folder of the packed set; keep it out of repositories")
        .option("--spec <name>", "spec of the model, a name in specs/", "glam-1536x1024")
        .option("--workers <n>", "threads", between(1, 64, true), 2)
        .action(writeSet),
    )
    .addCommand(
      new Command("crops")
        .description("resample the single lesions of CBIS-DDSM's crops.csv to the canvas's resolution")
        .requiredOption("--data <file>", "crops.csv, with films.csv beside it")
        .requiredOption("--out <dir>", "folder for crops.u8 and crops.csv; keep it out of repositories")
        .option("--spec <name>", "spec of the model, a name in specs/", "glam-1536x1024")
        .action(async ({ data, out, spec }: { data: string; out: string; spec: string }) => {
          const { crops, leftOut } = await packCrops(data, await readSpec(spec), out);
          process.stdout.write(`${crops} crops; ${leftOut} left out\n`);
        }),
    )
    .addCommand(
      new Command("looks")
        .summary("what training images look like, into a model's manifest")
        .description(
          "Measures the training images of packed sets and writes their bounds into the model's manifest. By these a service warns of images that are unlike them (`unlike-training`).",
        )
        .requiredOption("--data <dir...>", "packed sets, of films and of phantoms, that the model was trained on")
        .option("--model <dir>", "folder of the model's bundle", "models/glam-1536x1024")
        .action(writeLooks),
    );
}

async function writeSet({ data, out, spec, workers }: Options): Promise<void> {
  const { films, leftOut } = await readFilms(data);
  const progress = (done: number, of: number) => {
    if (done % 50 === 0 || done === of) say(`${done} of ${of} films`);
  };
  const tally = await writeFilmSet({ films, leftOut, spec: await readSpec(spec), out, workers, progress });
  for (const line of tallyLines(tally)) process.stdout.write(`${line}\n`);
}

async function writeLooks({ data, model }: { data: string[]; model: string }): Promise<void> {
  const { spec } = await readManifest(model);
  const looks = fitLooks(await trainingLooks(data, spec.canvas));
  await recordLooks(model, looks);
  process.stdout.write(`${looks.fittedOn}; unlike them from ${looks.threshold} on\n`);
  for (const [name, { low, high }] of Object.entries(looks.bounds))
    process.stdout.write(`${name}: ${low} to ${high}\n`);
}
