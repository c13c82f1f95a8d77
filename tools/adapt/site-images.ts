/**
 * @module
 * A site's own images, without labels, as batches of canvases: a folder of files (DICOM, PNG, JPEG, PGM), or a packed set of
 * `glam films dataset`.
 */
import { existsSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Canvas } from "../../src/glam/contracts.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { View } from "../../src/glam/view.ts";
import type { Film } from "../films/film.ts";
import { loadedFilms } from "../films/loaded-films.ts";
import type { Part } from "../films/parts.ts";
import { openSet } from "../films/read-set.ts";

/** Images of a batch. */
export const BATCH = 8;
const FEWEST_OF_A_BATCH = 4;

export type SiteRequest = {
  folder: string;
  spec: Spec;
  /** Most images to take. */
  count: number;
  /** Of all files; DICOM headers say it themselves. */
  view?: View;
  /** Millimetres from one pixel to the next, likewise. */
  pixelSpacing?: number;
  /** Only the women of this part of a packed set. */
  part?: Part;
  /** Threads that read files ahead. */
  workers: number;
};

/** Why images were left out, or the warnings of preprocessing: codes, how often, and the first detail. */
export type Notes = Map<string, { images: number; detail?: string }>;

export type SiteImages = {
  /** How many will be read. */
  chosen: number;
  /** Grows while batches are read. */
  leftOut: Notes;
  warnings: Notes;
  batches(): AsyncGenerator<Canvas[]>;
};

/** @returns `count` of the items, spread over the list, in order */
export function chooseEvenly<T>(items: readonly T[], count: number): T[] {
  const taken = Math.min(count, items.length);
  return Array.from({ length: taken }, (_, i) => items[Math.floor((i * items.length) / taken)]);
}

/**
 * Neighbours in a list are often images of one woman: they go to different batches.
 * @returns batches of equal size, but for one image
 */
export function deal<T>(items: readonly T[]): T[][] {
  const batches = Math.ceil(items.length / BATCH);
  return Array.from({ length: batches }, (_, batch) => items.filter((_, i) => i % batches === batch));
}

/** @throws GlamError `invalid-request` when the folder cannot be opened or is no packed set and a part is wanted, or the set's canvases are not the spec's */
export async function siteImages(request: SiteRequest): Promise<SiteImages> {
  const { folder, count, part } = request;
  const notes = { leftOut: new Map(), warnings: new Map() };
  if (existsSync(join(folder, "dataset.json"))) {
    const { images } = await openSet(folder, request.spec);
    const mine = images.filter((image) => part === undefined || image.part === part);
    const dealt = deal(chooseEvenly(mine, count));
    return { chosen: dealt.flat().length, ...notes, batches: () => packedBatches(request, dealt) };
  }
  if (part !== undefined) {
    throw new GlamError("invalid-request", "Only a packed set has parts (glam films dataset).", { at: "images" });
  }
  const dealt = deal(chooseEvenly(await filesIn(folder), count));
  return { chosen: dealt.flat().length, ...notes, batches: () => fileBatches(request, dealt, notes) };
}

/** All files below a folder, in the order of their names; hidden ones are skipped. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw new GlamError("invalid-request", "The folder of images cannot be opened.", { at: "images", cause });
  });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
  return files.map((file) => join(file.parentPath, file.name)).sort();
}

async function* packedBatches(
  { folder, spec: { canvas } }: SiteRequest,
  dealt: readonly { index: number }[][],
): AsyncGenerator<Canvas[]> {
  const file = await open(join(folder, "images.u8"));
  try {
    for (const batch of dealt) {
      const canvases: Canvas[] = [];
      for (const { index } of batch) {
        const pixels = new Uint8Array(canvas.height * canvas.width);
        await file.read(pixels, 0, pixels.length, index * pixels.length);
        canvases.push({ ...canvas, pixels });
      }
      yield canvases;
    }
  } finally {
    await file.close();
  }
}

/** A batch that has lost many images joins the one before it. */
async function* fileBatches(
  { spec, view, pixelSpacing, workers }: SiteRequest,
  dealt: readonly string[][],
  { leftOut, warnings }: Pick<SiteImages, "leftOut" | "warnings">,
): AsyncGenerator<Canvas[]> {
  const films = dealt.flat().map((path) => unlabelled(path, view, pixelSpacing));
  const answers = loadedFilms(films, spec, workers);
  let held: Canvas[] = [];
  try {
    for (const { length } of dealt) {
      const batch: Canvas[] = [];
      for (let i = 0; i < length; i++) {
        const { value } = await answers.next();
        if (value === undefined) break;
        if ("failure" in value) note(leftOut, value.failure.code, value.failure.detail);
        else batch.push(value.loaded.canvas);
        for (const code of "loaded" in value ? value.loaded.warnings : []) note(warnings, code);
      }
      if (held.length < FEWEST_OF_A_BATCH || batch.length < FEWEST_OF_A_BATCH) held.push(...batch);
      else {
        yield held;
        held = batch;
      }
    }
  } finally {
    await answers.return(undefined);
  }
  if (held.length > 0) yield held;
}

function note(notes: Notes, code: string, detail?: string): void {
  const known = notes.get(code) ?? { images: 0, detail };
  notes.set(code, { ...known, images: known.images + 1 });
}

/** A film of which only its file is known. */
const unlabelled = (path: string, view: View | undefined, pixelSpacing: number | undefined): Film => ({
  list: "",
  line: 0,
  path,
  patient: undefined,
  view,
  source: "",
  scanner: "",
  density: "",
  findings: "",
  labels: { benign: false, malignant: false },
  places: [],
  masks: [],
  complete: false,
  spacing: pixelSpacing === undefined ? undefined : { row: pixelSpacing, column: pixelSpacing },
  chestWall: undefined,
  padded: false,
});
