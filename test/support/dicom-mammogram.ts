/**
 * @module
 * Phantoms as DICOM mammograms.
 */

import type { GreyImage } from "../../src/device/preprocess/index.ts";
import type { View } from "../../src/phantom/index.ts";
import { dicomFile, type TestElements, uids } from "./dicom-file.ts";

export const MG_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.2";

export type MammogramOptions = {
  view: View;
  pixelSpacing?: number;
  inverted?: boolean;
  /** Default: those of the image. */
  bitsAllocated?: 8 | 16;
};

/** The header of a mammogram: what readers look at, not all that the standard wants. */
export function mammogramElements(
  image: GreyImage,
  { view, pixelSpacing, inverted, bitsAllocated }: MammogramOptions,
): TestElements {
  const [side, projection] = view.split("-");
  const coded = projection === "CC" ? ["399162004", "cranio-caudal"] : ["399368009", "medio-lateral oblique"];
  const code = (value: string, meaning: string, scheme = "SCT"): TestElements => ({
    "00080100": ["SH", value],
    "00080102": ["SH", scheme],
    "00080104": ["LO", meaning],
  });
  const allocated = bitsAllocated ?? (image.bits === 8 ? 8 : 16);
  return {
    "00080005": ["CS", "ISO_IR 192"],
    "00080008": ["CS", "ORIGINAL\\PRIMARY\\"],
    "00080016": ["UI", MG_FOR_PRESENTATION],
    "00080018": ["UI", "2.25.111.1"],
    "00080020": ["DA", "20260102"],
    "00080030": ["TM", "101112"],
    "00080050": ["SH", "A1"],
    "00080060": ["CS", "MG"],
    "00080068": ["CS", "FOR PRESENTATION"],
    "00080070": ["LO", "Phantom"],
    "00080090": ["PN", ""],
    "00100010": ["PN", "Secret^Patient"],
    "00100020": ["LO", "PID-0815"],
    "00100030": ["DA", "19700101"],
    "00100040": ["CS", "F"],
    "00181164": ["DS", pixelSpacing === undefined ? "" : `${pixelSpacing}\\${pixelSpacing}`],
    "00185101": ["CS", projection],
    "0020000d": ["UI", "2.25.111.2"],
    "0020000e": ["UI", "2.25.111.3"],
    "00200010": ["SH", "S1"],
    "00200011": ["IS", "1"],
    "00200013": ["IS", "1"],
    "00200020": ["CS", side === "L" ? "A\\R" : "P\\L"],
    "00200062": ["CS", side],
    "00280002": ["US", [1]],
    "00280004": ["CS", inverted ? "MONOCHROME1" : "MONOCHROME2"],
    "00280010": ["US", [image.height]],
    "00280011": ["US", [image.width]],
    "00280100": ["US", [allocated]],
    "00280101": ["US", [image.bits]],
    "00280102": ["US", [image.bits - 1]],
    "00280103": ["US", [0]],
    "00540220": ["SQ", [{ ...code(coded[0], coded[1]), "00540222": ["SQ", []] }]],
  };
}

/** The values that stand in the file. */
export function storedValues(image: GreyImage, inverted = false): number[] {
  const top = 2 ** image.bits - 1;
  return Array.from(image.pixels, (pixel) => (inverted ? top - pixel : pixel));
}

/** Values as little-endian pixel data. */
export function pixelBytes(values: readonly number[], bitsAllocated: 8 | 16): Uint8Array {
  return bitsAllocated === 8 ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);
}

/** An uncompressed mammogram; `change` overrides elements, undefined values remove them. */
export function mammogramFile(
  image: GreyImage,
  options: MammogramOptions,
  { syntax = uids.explicit as string, change = {} as Record<string, TestElements[string] | undefined> } = {},
): Uint8Array {
  const allocated = options.bitsAllocated ?? (image.bits === 8 ? 8 : 16);
  const elements: Record<string, TestElements[string] | undefined> = {
    ...mammogramElements(image, options),
    "7fe00010": ["OW", pixelBytes(storedValues(image, options.inverted), allocated)],
    ...change,
  };
  const kept = Object.entries(elements).filter(
    (entry): entry is [string, TestElements[string]] => entry[1] !== undefined,
  );
  return dicomFile(Object.fromEntries(kept), syntax);
}
