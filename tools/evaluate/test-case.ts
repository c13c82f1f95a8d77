/**
 * @module
 * One image of a test set, with its truth.
 */
import type { Box, Canvas } from "../../src/glam/contracts.ts";
import type { View } from "../../src/glam/view.ts";

/** The two classes, in the order of every map. */
export const kinds = ["benign", "malignant"] as const;
export type Kind = (typeof kinds)[number];

/** A lesion's place on the canvas. */
export type TrueLesion = {
  kind: Kind;
  /** Bounding box of the mask, canvas pixels, wholly on the canvas. */
  box: Box;
  /** Not 0 inside, `[box.height, box.width]` row-major. */
  mask: Uint8Array;
  centre: { row: number; col: number };
};

/** Groupings of a report. */
export const groupings = ["source", "scanner", "view", "density"] as const;
export type Groups = Record<(typeof groupings)[number], string>;

export type TestCase = {
  /** Images of one patient are drawn together. */
  patient: string;
  view: View;
  /** "" where it is not known. */
  groups?: Groups;
  canvas: Canvas;
  labels: Record<Kind, boolean>;
  lesions: TrueLesion[];
  /** Whether all lesions of the class are in `lesions`; if not, the image does not count where places are judged. */
  placed: Record<Kind, boolean>;
  /** Side of a canvas pixel, mm. */
  pixelSpacing: number;
};

/** Whether a pixel lies in a lesion's mask. */
export function holds({ box, mask }: TrueLesion, row: number, col: number): boolean {
  const y = row - box.top;
  const x = col - box.left;
  return y >= 0 && y < box.height && x >= 0 && x < box.width && mask[y * box.width + x] !== 0;
}

/** Union of the lesions of one class, `[height, width]`, 0 or 1. */
export function unionOf({ canvas, lesions }: TestCase, kind: Kind): Uint8Array {
  const mask = new Uint8Array(canvas.height * canvas.width);
  for (const lesion of lesions) {
    if (lesion.kind !== kind) continue;
    const { top, left, height, width } = lesion.box;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (lesion.mask[y * width + x] !== 0) mask[(top + y) * canvas.width + left + x] = 1;
      }
    }
  }
  return mask;
}
