/**
 * @module
 * Cross-validation: which film is judged by which model.
 */
import { join } from "node:path";
import * as z from "zod";
import { GlamError } from "../../src/glam/problem.ts";
import { readJsonInput } from "../import/read-input.ts";
import type { FilmLabel } from "./film-labels.ts";

/** What `train_films.py --fold` writes of the films that it left out. */
const schema = z.object({ index: z.array(z.int().min(0)) });

export type Fold = {
  /** Folder of the bundle. */
  model: string;
  /** Films that its training left out, with their indices in `labels.csv`. */
  films: (readonly [number, FilmLabel])[];
};

/**
 * Reads `scores.json` of each run; its bundle is in `model/` beside it.
 * @throws GlamError `invalid-request` unless every film is left out by exactly one run, and with it all films of its patient
 */
export async function readFolds(runs: readonly string[], rows: readonly FilmLabel[]): Promise<Fold[]> {
  const refuse = (detail: string) => new GlamError("invalid-request", detail);
  const runOf = new Map<number, number>();
  const runOfPatient = new Map<string, number>();
  for (const [n, run] of runs.entries()) {
    const path = join(run, "scores.json");
    const parsed = schema.safeParse(await readJsonInput(path, "scores"));
    if (!parsed.success) throw refuse(`${path} does not say which films the run left out.`);
    for (const index of parsed.data.index) {
      if (!rows[index] || runOf.has(index))
        throw refuse(`${path} names a film that is missing or belongs to another run.`);
      const { patient } = rows[index];
      if ((runOfPatient.get(patient) ?? n) !== n) throw refuse("A patient's films are spread over several runs.");
      runOfPatient.set(patient, n);
      runOf.set(index, n);
    }
  }
  if (runOf.size !== rows.length)
    throw refuse(`The runs left out ${runOf.size} of ${rows.length} films; all are needed.`);
  return runs.map((run, n) => ({
    model: join(run, "model"),
    films: [...rows.entries()].filter(([index]) => runOf.get(index) === n),
  }));
}
