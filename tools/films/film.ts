/**
 * @module
 * One film of a list: where it lies, what it shows, and what is known of its lesions.
 */
import type { ChestWall } from "../../src/device/preprocess/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { type View, views } from "../../src/glam/view.ts";
import { type Kind, kinds } from "../evaluate/test-case.ts";

/** `unknown`: the film has lesions of both classes, and the list does not say which this one is. */
export type PlaceKind = Kind | "unknown";

/** An ellipse along the axes, or a closed polygon of `[x, y]`. */
export type Shape = { cx: number; cy: number; rx: number; ry: number } | { points: [x: number, y: number][] };

/** A lesion's place. In a film's file x and y count from the top left corner: the middle of the first pixel is 0.5, 0.5. */
export type Place = { kind: PlaceKind } & Shape;

/** A mask as large as the film, brighter where the lesion is. */
export type MaskFile = { kind: Kind; path: string };

export type Film = {
  /** Name and line of the list that the film is in, for messages. */
  list: string;
  line: number;
  path: string;
  /** Unique over all sources; undefined where the list does not say. */
  patient: string | undefined;
  /** Undefined: the DICOM header says it. */
  view: View | undefined;
  source: string;
  scanner: string;
  density: string;
  /** Radiologists' findings, as the list has them, or "". Training may weigh labels by them. */
  findings: string;
  labels: Record<Kind, boolean>;
  places: Place[];
  masks: MaskFile[];
  /** Whether `places` and `masks` are all lesions of the film. */
  complete: boolean;
  /** Millimetres from one row or column of the file to the next; undefined: the DICOM header says it. */
  spacing: { row: number; column: number } | undefined;
  chestWall: ChestWall | undefined;
  /** The file is padded to a square with black; its masks outline thickened skin, too. */
  padded: boolean;
};

/** A film, or part of one, that was left out, and why. */
export type LeftOut = { list: string; line: number; code: string; detail: string };

/** @throws GlamError `invalid-request` unless it is normal, benign, malignant or benign+malignant */
export function parseLabels(label: string): Record<Kind, boolean> {
  const parts = label.split("+");
  if (label !== "normal" && !parts.every((part) => part === "benign" || part === "malignant")) {
    throw bad("The label is not normal, benign, malignant or benign+malignant.");
  }
  return { benign: parts.includes("benign"), malignant: parts.includes("malignant") };
}

/** @throws GlamError `invalid-request` */
export function parseView(text: string): View {
  const view = views.find((one) => one === text);
  if (view === undefined) throw bad(`The view is not one of ${views.join(", ")}.`);
  return view;
}

/** @throws GlamError `invalid-request` */
export function parsePositive(text: string, what: string): number {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value <= 0) throw bad(`The ${what} is not a positive number.`);
  return value;
}

/** The only class of the labels, or `unknown`. */
export function onlyKind(labels: Record<Kind, boolean>): PlaceKind {
  const present = kinds.filter((kind) => labels[kind]);
  return present.length === 1 ? present[0] : "unknown";
}

/** The ellipse that touches the sides of a box. */
export const inBox = (x: number, y: number, width: number, height: number): Shape => ({
  cx: x + width / 2,
  cy: y + height / 2,
  rx: width / 2,
  ry: height / 2,
});

/** An error of one row; the reader adds which. */
export const bad = (detail: string): GlamError => new GlamError("invalid-request", detail);
