/**
 * @module
 * Films as a packed set, which training and evaluation read: `images.u8` (canvases, N x H x W bytes), `labels.csv`, `places.json`
 * (lesions of each image, canvas pixels) and `dataset.json`.
 */
import { mkdir, open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Spec } from "../../src/glam/spec.ts";
import { csvRow } from "./csv.ts";
import type { Film, LeftOut } from "./film.ts";
import type { LoadedFilm } from "./load-film.ts";
import { loadedFilms } from "./loaded-films.ts";
import { choosePart, type Part, readParts } from "./parts.ts";
import { patientOf } from "./patient-number.ts";
import { countFailure, countFilm, newTally, type Tally } from "./tally.ts";

export type SetRequest = {
  films: readonly Film[];
  /** Rows that the readers could not read. */
  leftOut: readonly LeftOut[];
  spec: Spec;
  /** Folder; what is there is replaced. */
  out: string;
  workers: number;
  progress: (done: number, of: number) => void;
};

const HEADER = "index,patient,view,source,scanner,density,findings,benign,malignant,part\n";

/** Writes the set. A film that fails is left out and counted. */
export async function writeFilmSet(request: SetRequest): Promise<Tally> {
  const { films, spec, out, workers, progress } = request;
  await mkdir(out, { recursive: true });
  const known = await readParts();
  const tally = newTally(request.leftOut);
  const images = await open(join(out, "images.part"), "w");
  const places: LoadedFilm["places"][] = [];
  let labels = HEADER;
  let done = 0;
  try {
    for await (const one of loadedFilms(films, spec, workers)) {
      progress(++done, films.length);
      if ("failure" in one) countFailure(tally, one.film, one.failure);
      else {
        await images.appendFile(toBytes(one.loaded.canvas.pixels));
        labels += csvRow([places.length, ...cellsOf(one.film, one.loaded, known)]);
        places.push(hundredths(one.loaded.places));
        countFilm(tally, one.film, one.loaded);
      }
    }
  } finally {
    await images.close();
  }
  await rename(join(out, "images.part"), join(out, "images.u8"));
  await writeFile(join(out, "labels.csv"), labels);
  await writeFile(join(out, "places.json"), JSON.stringify(places));
  const description = { ...spec.canvas, pixelSpacing: spec.pixelSpacing, count: places.length };
  await writeFile(join(out, "dataset.json"), `${JSON.stringify(description, undefined, 2)}\n`);
  return tally;
}

function cellsOf(film: Film, { view }: LoadedFilm, known: ReadonlyMap<string, Part>): (string | number)[] {
  const { source, scanner, density, findings, labels } = film;
  const patient = patientOf(film);
  const cells = [patient, view, source, scanner, density, findings, Number(labels.benign), Number(labels.malignant)];
  return [...cells, choosePart(patient, source, known)];
}

/** Places as a set has them: hundredths of a pixel are enough. */
export const hundredths = (places: LoadedFilm["places"]): LoadedFilm["places"] =>
  places.map((place) => ("points" in place ? { ...place, points: place.points.map(roundedPoint) } : place));

const roundedPoint = ([x, y]: [number, number]): [number, number] => [
  Math.round(100 * x) / 100,
  Math.round(100 * y) / 100,
];

/** Sixteen-bit films by their largest grey level; background stays 0 and breast above it. */
export function toBytes(pixels: Uint8Array | Uint16Array): Uint8Array {
  if (pixels instanceof Uint8Array) return pixels;
  const top = pixels.reduce((largest, value) => Math.max(largest, value), 1);
  return Uint8Array.from(pixels, (value) => (value === 0 ? 0 : Math.max(1, Math.round((255 * value) / top))));
}
