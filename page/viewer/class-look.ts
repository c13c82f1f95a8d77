/**
 * @module
 * How the classes look. Blue and orange are distinguishable with every common form of colour vision; contours also differ in their dashes.
 */
import type { ClassName } from "../state/exam.ts";

export type Look = {
  label: string;
  /** Red, green, blue, 0 to 255. */
  colour: readonly [number, number, number];
  css: string;
  /** Dashes of contours in screen pixels; empty is solid. */
  dash: readonly number[];
};

export const looks: Record<ClassName, Look> = {
  benign: { label: "Benign", colour: [77, 184, 255], css: "#4db8ff", dash: [5, 3] },
  malignant: { label: "Malignant", colour: [255, 146, 51], css: "#ff9233", dash: [] },
};

/** Boxes of regions, and of those that failed. */
export const regionColour = "#f2e9a0";
export const failedColour = "#e07be0";
