/**
 * @module
 * Sizes and directions: pixel spacing and the side of the chest wall.
 */
import type { ChestWall } from "../../preprocess/types.ts";
import { type Attributes, decimal, decimals, string, strings, type Tag } from "../attributes.ts";
import { notSupported } from "../problems.ts";
import type { DicomWarning } from "./warning.ts";

/** From which attribute a spacing comes. */
export type SpacingSource = "ImagerPixelSpacing" | "NominalScannedPixelSpacing" | "PixelSpacing";

export type DicomSpacing = {
  /** Side of a pixel in the plane of the detector or film, mm. */
  pixelSpacing: number;
  from: SpacingSource;
  /** Size of the breast in that plane over its true size; 1 when the file does not say. */
  magnification: number;
};

/** Pixels are square within this share. */
const SQUARE = 0.02;

/**
 * The spacing at the detector, because that is what the networks were trained at; sizes in the breast are smaller by
 * the magnification. PixelSpacing that was calibrated for the breast's distance is brought back to the detector.
 * @throws GlamError `dicom-not-supported` when pixels are not square
 */
export function readSpacing(attributes: Attributes): DicomSpacing | undefined {
  const factor = decimal(attributes, "x00181114") ?? 1;
  const magnification = factor >= 1 && factor < 10 ? factor : 1;
  const sources: [SpacingSource, Tag, number][] = [
    ["ImagerPixelSpacing", "x00181164", 1],
    ["NominalScannedPixelSpacing", "x00182010", 1],
    ["PixelSpacing", "x00280030", string(attributes, "x00280a02") === "GEOMETRY" ? magnification : 1],
  ];
  for (const [from, tag, scale] of sources) {
    const [row, column] = decimals(attributes, tag);
    // The ratio needs no unit: some devices write micrometres.
    if (row > 0 && column !== undefined && !(Math.abs(column / row - 1) <= SQUARE)) {
      throw notSupported("The pixels of the DICOM image are not square.");
    }
    if (!(row > 0 && row < 10)) continue;
    if (column === undefined) checkAspectRatio(attributes);
    return { pixelSpacing: row * scale, from, magnification };
  }
  checkAspectRatio(attributes);
  return undefined;
}

/** PixelAspectRatio, which files without a spacing use (PS3.3 C.7.6.3.1.7). @throws GlamError `dicom-not-supported` */
function checkAspectRatio(attributes: Attributes): void {
  const [vertical, horizontal] = decimals(attributes, "x00280034");
  if (!(vertical > 0 && horizontal > 0) || Math.abs(vertical / horizontal - 1) <= SQUARE) return;
  throw notSupported(
    `The pixels of the DICOM image are not square: PixelAspectRatio (0028,0034) is ${vertical}\\${horizontal}.`,
  );
}

/** The side of the chest wall by PatientOrientation: rows that run to anterior begin at it. */
export function readChestWall(attributes: Attributes): { chestWall: ChestWall | undefined; warnings: DicomWarning[] } {
  const [row, column] = strings(attributes, "x00200020");
  if (row?.startsWith("A")) return { chestWall: "left", warnings: [] };
  if (row?.startsWith("P")) return { chestWall: "right", warnings: [] };
  if (!/^[AP]/.test(column ?? "")) return { chestWall: undefined, warnings: [] };
  const detail =
    "PatientOrientation says that the image lies on its side; the model wants the chest wall left or right.";
  return { chestWall: undefined, warnings: [{ code: "orientation-unusual", detail }] };
}
