/**
 * @module
 * The grey window that an image is shown through.
 */
import type { Slot } from "../state/exam.ts";
import { type GreyLevels, type GreyWindow, measureGrey, presetWindow } from "./grey-window.ts";

/** Grey quantiles of a prepared image, measured once. */
const measured = new WeakMap<object, GreyLevels>();
export function greyLevelsOf({ canvas, bits }: NonNullable<Slot["prepared"]>): GreyLevels {
  const known = measured.get(canvas) ?? measureGrey(canvas, bits);
  measured.set(canvas, known);
  return known;
}

/** The window of an image: as the user set it, else as its file has it, else by its grey values. */
export function shownWindow({ window, source }: Slot, prepared: NonNullable<Slot["prepared"]>): GreyWindow {
  return window ?? fileWindow(source) ?? presetWindow("auto", greyLevelsOf(prepared));
}

/** The window that a DICOM header wants. */
export function fileWindow(source: Slot["source"]): GreyWindow | undefined {
  if (!source?.window) return undefined;
  const { low, high } = source.window;
  return { centre: (low + high) / 2, width: Math.max(1, high - low) };
}
