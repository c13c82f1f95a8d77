/**
 * @module
 * A packed set as test cases, one canvas at a time.
 */
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { type Groups, type Kind, kinds, type TestCase, type TrueLesion } from "../evaluate/test-case.ts";
import { parseCsv } from "./csv.ts";
import { type Place, parseView } from "./film.ts";
import { choosePart, type Part, parts } from "./parts.ts";
import { centreOf, shapeMask } from "./polygon-mask.ts";

const description = z.object({ height: z.int(), width: z.int(), pixelSpacing: z.number().optional() });
const shape = z.union([
  z.object({ cx: z.number(), cy: z.number(), rx: z.number(), ry: z.number() }),
  z.object({ points: z.array(z.tuple([z.number(), z.number()])) }),
]);
const placesSchema = z.array(z.array(z.intersection(z.object({ kind: z.enum([...kinds, "unknown"]) }), shape)));

export type SetImage = { index: number; part: Part; groups: Groups; patient: string; labels: Record<Kind, boolean> };
export type PackedSet = { folder: string; height: number; width: number; images: SetImage[]; places: Place[][] };

/** @throws GlamError `invalid-request` when the folder is no set, or its canvases are not the spec's */
export async function openSet(folder: string, { canvas }: Spec): Promise<PackedSet> {
  const read = (name: string) =>
    readFile(join(folder, name), "utf8").catch(() => {
      throw new GlamError("invalid-request", `The folder is no packed set: it has no ${name}.`);
    });
  const { height, width } = description.parse(JSON.parse(await read("dataset.json")));
  if (height !== canvas.height || width !== canvas.width) {
    throw new GlamError("invalid-request", `The set's canvases are ${height} x ${width} pixels, the model's are not.`);
  }
  const { rows } = parseCsv(await read("labels.csv"));
  const images = rows.map(({ cells }, index): SetImage => {
    const cell = (name: string) => cells.get(name) ?? "";
    const patient = cell("patient");
    const part = parts.find((one) => one === cell("part")) ?? choosePart(patient, cell("source"), new Map());
    const groups = { source: cell("source"), scanner: cell("scanner"), view: cell("view"), density: cell("density") };
    const labels = { benign: cell("benign") === "1", malignant: cell("malignant") === "1" };
    return { index, part, groups, patient, labels };
  });
  const places = placesSchema.parse(JSON.parse(await read("places.json")));
  if (places.length !== images.length) throw new GlamError("invalid-request", "The set's files do not fit together.");
  return { folder, height, width, images, places };
}

/** The images that `wanted` takes, as test cases, in order. */
export async function* setCases(
  set: PackedSet,
  spec: Spec,
  wanted: (image: SetImage) => boolean,
): AsyncGenerator<TestCase> {
  const { height, width } = set;
  const file = await open(join(set.folder, "images.u8"));
  try {
    for (const image of set.images) {
      if (!wanted(image)) continue;
      const pixels = new Uint8Array(height * width);
      await file.read(pixels, 0, pixels.length, image.index * pixels.length);
      yield caseOf(image, set.places[image.index], { height, width, pixels }, spec);
    }
  } finally {
    await file.close();
  }
}

/** @param places on the canvas, in its pixels */
export function caseOf(
  image: Pick<SetImage, "groups" | "patient" | "labels">,
  places: readonly Place[],
  canvas: TestCase["canvas"],
  spec: Spec,
): TestCase {
  const unknown = places.some(({ kind }) => kind === "unknown");
  const lesions = places.flatMap((place): TrueLesion[] =>
    place.kind === "unknown" ? [] : [{ kind: place.kind, centre: centreOf(place), ...shapeMask(place, canvas) }],
  );
  const placed = (kind: Kind) => !unknown && (!image.labels[kind] || lesions.some((one) => one.kind === kind));
  return {
    patient: image.patient,
    view: parseView(image.groups.view),
    groups: image.groups,
    canvas,
    labels: image.labels,
    lesions,
    placed: { benign: placed("benign"), malignant: placed("malignant") },
    pixelSpacing: spec.pixelSpacing,
  };
}
