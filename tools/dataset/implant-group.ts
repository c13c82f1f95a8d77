/**
 * @module
 * Four training images of one normal film: the film, and the same with a benign lesion, a malignant one, and both.
 */
import type { Canvas } from "../../src/glam/contracts.ts";
import { implantLesions, type LesionKind } from "../../src/phantom/index.ts";
import { lesionsInTurn } from "./phantom-sample.ts";

export type ImplantRequest = {
  /** Number of the film's patient; every image of the group has it. */
  patient: number;
  /** Preprocessed, 8 bits, chest wall at the left. */
  film: Canvas;
  /** Side of a pixel of the canvas, mm. */
  spacing: number;
  seed: number;
};

export type Implant = {
  patient: number;
  labels: Record<LesionKind, boolean>;
  /** `[height, width]` row-major, 8 bits; memory of its own. */
  pixels: Uint8Array<ArrayBuffer>;
};

/** Four images of one film, or none when it has no room for the lesions. */
export function implantGroup({ patient, film, spacing, seed }: ImplantRequest): Implant[] {
  const group: Implant[] = [];
  for (let n = 0; n < 4; n++) {
    const kinds = lesionsInTurn(n, 1);
    const pixels = implantLesions(film, spacing, seed, kinds);
    if (pixels === undefined) return [];
    const labels = { benign: kinds.includes("benign"), malignant: kinds.includes("malignant") };
    group.push({ patient, labels, pixels });
  }
  return group;
}
