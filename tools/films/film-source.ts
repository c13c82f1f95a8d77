/**
 * @module
 * Mammograms with labels as test cases, from a packed set or from a list of films, which gives the same cases.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Spec } from "../../src/glam/spec.ts";
import type { TestCase } from "../evaluate/test-case.ts";
import type { Film, LeftOut } from "./film.ts";
import { loadedFilms } from "./loaded-films.ts";
import { choosePart, type Part, readParts } from "./parts.ts";
import { patientOf } from "./patient-number.ts";
import { readFilms } from "./read-films.ts";
import { caseOf, openSet, setCases } from "./read-set.ts";
import { countFailure, countFilm, newTally, tallyLines } from "./tally.ts";
import { hundredths, toBytes } from "./write-set.ts";

export type FilmSource = {
  /** Cases at most: a film that cannot be read is left out. */
  count: number;
  cases(): AsyncGenerator<TestCase>;
};

type SourceOptions = {
  /** Only the women of this part. */
  part?: Part | undefined;
  /** Threads that load films of lists. */
  workers: number;
  /** Takes lines about films that were left out. */
  say: (line: string) => void;
};

/**
 * @param path folder of a packed set, a list of films, or a folder of lists
 * @throws GlamError `invalid-request`
 */
export async function openFilmSource(path: string, spec: Spec, options: SourceOptions): Promise<FilmSource> {
  const { part } = options;
  if (existsSync(join(path, "dataset.json"))) {
    const set = await openSet(path, spec);
    const wanted = (one: { part: Part }) => part === undefined || one.part === part;
    return { count: set.images.filter(wanted).length, cases: () => setCases(set, spec, wanted) };
  }
  const { films, leftOut } = await readFilms([path]);
  const known = await readParts();
  const isWanted = (film: Film) => part === undefined || choosePart(patientOf(film), film.source, known) === part;
  const wanted = films.filter(isWanted);
  return { count: wanted.length, cases: () => listedCases(wanted, leftOut, spec, options) };
}

async function* listedCases(
  films: readonly Film[],
  leftOut: readonly LeftOut[],
  spec: Spec,
  { workers, say }: SourceOptions,
): AsyncGenerator<TestCase> {
  const tally = newTally(leftOut);
  for await (const one of loadedFilms(films, spec, workers)) {
    const { film } = one;
    if ("failure" in one) {
      countFailure(tally, film, one.failure);
      continue;
    }
    const { canvas, view, places } = one.loaded;
    countFilm(tally, film, one.loaded);
    const { source, scanner, density, labels } = film;
    const image = { groups: { source, scanner, view, density }, patient: patientOf(film), labels };
    yield caseOf(image, hundredths(places), { ...canvas, pixels: toBytes(canvas.pixels) }, spec);
  }
  for (const line of tallyLines(tally)) say(line);
}
