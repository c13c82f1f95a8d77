/**
 * @module
 * Packed sets as pictures alone: of films (`glam films dataset`) and of phantoms (`glam phantom dataset`).
 */
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Canvas } from "../../src/glam/contracts.ts";
import { type Looks, measureLooks } from "../../src/glam/looks/measure.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Size } from "../../src/glam/spec.ts";
import { parseCsv } from "../films/csv.ts";
import { type Part, parts } from "../films/parts.ts";

/** One canvas of a set, by its place in `images.u8`. */
export type SetPicture = {
  folder: string;
  index: number;
  /** `phantoms` where the set has no sources. */
  source: string;
  /** Undefined where the set has no parts: it then counts as a whole wherever it is named. */
  part: Part | undefined;
};

const description = z.object({ height: z.int(), width: z.int() });

/**
 * The pictures of a set, in order.
 * @throws GlamError `invalid-request` when the folder is no packed set of canvases of this size
 */
export async function listPictures(folder: string, { height, width }: Size): Promise<SetPicture[]> {
  const read = (name: string) =>
    readFile(join(folder, name), "utf8").catch((cause) => {
      throw new GlamError("invalid-request", `The folder is no packed set: it has no ${name}.`, { cause });
    });
  const size = description.parse(JSON.parse(await read("dataset.json")));
  if (size.height !== height || size.width !== width) {
    throw new GlamError("invalid-request", `The set's canvases are not ${height} x ${width} pixels, as the model's.`);
  }
  return parseCsv(await read("labels.csv")).rows.map(({ cells }, index) => ({
    folder,
    index,
    source: cells.get("source") || "phantoms",
    part: parts.find((one) => one === cells.get("part")),
  }));
}

/** One picture's canvas, 8 bits. */
export async function readPicture({ folder, index }: SetPicture, { height, width }: Size): Promise<Canvas> {
  const pixels = new Uint8Array(height * width);
  const file = await open(join(folder, "images.u8"));
  try {
    const { bytesRead } = await file.read(pixels, 0, pixels.length, index * pixels.length);
    if (bytesRead !== pixels.length) throw new GlamError("invalid-request", "The set has fewer images than rows.");
  } finally {
    await file.close();
  }
  return { height, width, pixels };
}

/** Looks of all pictures, one after the other. */
export async function looksOf(pictures: readonly SetPicture[], size: Size): Promise<Looks[]> {
  const all: Looks[] = [];
  for (const picture of pictures) all.push(measureLooks(await readPicture(picture, size)));
  return all;
}

/** Looks of the training images, by their source; a set without parts counts as training images. */
export async function trainingLooks(folders: readonly string[], size: Size): Promise<Map<string, Looks[]>> {
  const pictures = (await Promise.all(folders.map((folder) => listPictures(folder, size)))).flat();
  const trained = pictures.filter(({ part }) => part === undefined || part === "train");
  const bySource = new Map<string, Looks[]>();
  for (const [source, all] of Map.groupBy(trained, ({ source }) => source)) {
    bySource.set(source, await looksOf(all, size));
  }
  return bySource;
}
