/**
 * @module
 * What a display makes of values: VOI LUT or window (PS3.3 C.11.2).
 */
import { type Attributes, decimal, items, string } from "../attributes.ts";
import { dataDecrease, type LookupTable, lookUp, readLookupTable } from "./lookup-table.ts";

/** The three functions of a window, LINEAR when the file does not say. */
export type WindowFunction = "LINEAR" | "LINEAR_EXACT" | "SIGMOID";

export type ValueOfInterest =
  | { kind: "table"; table: LookupTable }
  | { kind: "window"; centre: number; width: number; function: WindowFunction };

/**
 * The first VOI LUT, else the first window, else nothing. A damaged LUT counts as none where it would not be applied.
 * @param needed whether the value of interest is applied in any case; else only a LUT that turns the image is
 * @throws GlamError `dicom-unreadable`
 */
export function readValueOfInterest(
  attributes: Attributes,
  signed: boolean,
  needed: boolean,
): ValueOfInterest | undefined {
  const [item] = items(attributes, "x00283010");
  const table = item === undefined ? undefined : readTable(item, signed, needed);
  if (table !== undefined) return { kind: "table", table };
  const centre = decimal(attributes, "x00281050");
  const width = decimal(attributes, "x00281051");
  if (centre === undefined || width === undefined) return undefined;
  const name = string(attributes, "x00281056") ?? "LINEAR";
  const shape = name === "SIGMOID" || name === "LINEAR_EXACT" ? name : "LINEAR";
  if (shape === "LINEAR" ? width < 1 : width <= 0) return undefined;
  return { kind: "window", centre, width, function: shape };
}

function readTable(item: Attributes, signed: boolean, needed: boolean): LookupTable | undefined {
  try {
    return readLookupTable(item, signed);
  } catch (cause) {
    if (needed || dataDecrease(item)) throw cause;
    return undefined;
  }
}

/** @returns 0 (black) to 1 (white) for a value after rescaling */
export function display(voi: ValueOfInterest, value: number): number {
  if (voi.kind === "table") return lookUp(voi.table, value) / (2 ** voi.table.bits - 1);
  const { centre, width } = voi;
  switch (voi.function) {
    case "SIGMOID":
      return 1 / (1 + Math.exp((-4 * (value - centre)) / width));
    case "LINEAR_EXACT":
      return clamp((value - centre) / width + 0.5);
    default:
      // A width of 1 is a step (C.11.2.1.2.1).
      return width === 1 ? Number(value > centre - 0.5) : clamp((value - (centre - 0.5)) / (width - 1) + 0.5);
  }
}

/** Black and white end of a linear window. */
export function windowEnds({ centre, width, function: shape }: ValueOfInterest & { kind: "window" }): [number, number] {
  if (shape !== "LINEAR") return [centre - width / 2, centre + width / 2];
  return [centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2];
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
