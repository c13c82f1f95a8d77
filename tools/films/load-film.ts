/**
 * @module
 * One film from its file to the canvas that the networks see, with its lesions' places on it.
 */
import { type DicomMammogram, preprocessDicom } from "../../src/device/dicom/index.ts";
import { type GreyImage, type Preprocessed, preprocess } from "../../src/device/preprocess/index.ts";
import type { Canvas } from "../../src/glam/contracts.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { View } from "../../src/glam/view.ts";
import type { Kind } from "../evaluate/test-case.ts";
import { readSource } from "../segment/read-source.ts";
import { dropSkin } from "./drop-skin.ts";
import { type Even, evenOut } from "./even-out.ts";
import type { Film, Place, Shape } from "./film.ts";
import { lesionPixels, maskAreas } from "./mask-places.ts";
import { centreOf } from "./polygon-mask.ts";

export type LoadedFilm = {
  canvas: Canvas;
  view: View;
  /** On the canvas, in its pixels; the middle of the first one is 0, 0. */
  places: Place[];
  /** Whether `places` holds all lesions of a class that the film has. */
  placed: Record<Kind, boolean>;
  /** Lesions whose middle is not on the canvas, and those that are on its background; neither is in `places`. */
  offCanvas: number;
  offBreast: number;
  /** Side of a canvas pixel, mm. */
  pixelSpacing: number;
  /** Height and width of the breast, mm. */
  breast: { height: number; width: number };
  /** Codes of the preprocessing's warnings. */
  warnings: string[];
};

/** @throws GlamError when the file cannot be read or the preprocessing refuses it */
export async function loadFilm(film: Film, spec: Spec): Promise<LoadedFilm> {
  const { image, dicom } = await readSource(film.path);
  const view = film.view ?? dicom?.view;
  if (view === undefined) throw new GlamError("invalid-request", "Neither the list nor the file says the view.");
  const even = evenOut(image, film, dicom?.pixelSpacing, spec.pixelSpacing);
  const done = prepare(even, dicom, spec, { ...film, view });
  const pixelSpacing = done.pixelSpacing ?? spec.pixelSpacing;
  const shapes = [...film.places, ...(await placesOfMasks(film, image))];
  const places: Place[] = [];
  const off = { canvas: 0, breast: 0 };
  const missing = new Set<string>();
  for (const place of shapes) {
    // A film may show a lesion of a class that its label does not have: the worse finding names the film.
    if (place.kind !== "unknown" && !film.labels[place.kind]) continue;
    const onCanvas = { kind: place.kind, ...toCanvas(place, even, done) };
    const where = locate(onCanvas, done.canvas);
    if (where === "on") places.push(onCanvas);
    else {
      off[where]++;
      missing.add(place.kind);
    }
  }
  const isPlaced = (kind: Kind) =>
    !film.labels[kind] || (film.complete && !missing.has(kind) && places.some((place) => place.kind === kind));
  return {
    canvas: done.canvas,
    view,
    places,
    placed: { benign: isPlaced("benign"), malignant: isPlaced("malignant") },
    offCanvas: off.canvas,
    offBreast: off.breast,
    pixelSpacing,
    breast: {
      height: done.steps.scaledCrop.height * pixelSpacing,
      width: done.steps.scaledCrop.width * pixelSpacing,
    },
    warnings: done.warnings.map(({ code }) => code),
  };
}

function prepare(
  { image, spacing }: Even,
  dicom: DicomMammogram | undefined,
  spec: Spec,
  { view, chestWall }: { view: View; chestWall: Film["chestWall"] },
): Preprocessed {
  const options = {
    view,
    ...(spacing === undefined ? {} : { pixelSpacing: spacing }),
    ...(chestWall === undefined ? {} : { chestWall }),
  };
  return dicom === undefined ? preprocess(image, spec, options) : preprocessDicom({ ...dicom, image }, spec, options);
}

async function placesOfMasks({ masks, padded, spacing }: Film, image: GreyImage): Promise<Place[]> {
  const places: Place[] = [];
  for (const { kind, path } of masks) {
    const { image: mask } = await readSource(path);
    if (mask.height !== image.height || mask.width !== image.width) {
      throw new GlamError("invalid-request", "A mask is not as large as its film.");
    }
    const pixels = lesionPixels(mask);
    const areas = padded && spacing !== undefined ? dropSkin(pixels, image, spacing.row) : maskAreas(pixels);
    places.push(...areas.map(({ points }) => ({ kind, points })));
  }
  return places;
}

function toCanvas(shape: Shape, even: Even, done: Preprocessed): Shape {
  const at = (x: number, y: number): [number, number] => {
    const inside = even.at(x, y);
    const { row, col } = done.toCanvas(inside.y, inside.x);
    return [col, row];
  };
  if ("points" in shape) return { points: shape.points.map(([x, y]) => at(x, y)) };
  const [cx, cy] = at(shape.cx, shape.cy);
  return { cx, cy, rx: shape.rx * even.scale.column * done.scale, ry: shape.ry * even.scale.row * done.scale };
}

function locate(shape: Shape, { height, width, pixels }: Canvas): "on" | "canvas" | "breast" {
  const centre = centreOf(shape);
  const [row, col] = [Math.round(centre.row), Math.round(centre.col)];
  if (!(row >= 0 && col >= 0 && row < height && col < width)) return "canvas";
  return pixels[row * width + col] === 0 ? "breast" : "on";
}
