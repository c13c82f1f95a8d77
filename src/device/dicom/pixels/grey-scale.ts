/**
 * @module
 * From a stored value to brightness: rescale or Modality LUT, VOI, MONOCHROME1.
 */
import { type Attributes, decimal, items } from "../attributes.ts";
import { unreadable } from "../problems.ts";
import type { ImagePixel } from "./image-pixel.ts";
import { isDecreasing, type LookupTable, lookUp, readLookupTable } from "./lookup-table.ts";
import { display, readValueOfInterest, type ValueOfInterest, windowEnds } from "./value-of-interest.ts";

/** `stored`: as the networks were trained. `displayed`: with VOI LUT or window, as a viewer shows the image. */
export type Grey = "stored" | "displayed";

export type GreyScale = {
  /** Brightness of a stored value: an integer that grows from black to white. */
  brightness(stored: number): number;
  /** Whether brightness is the stored value itself, unsigned: its 0 is the background's. */
  natural: boolean;
  /** Bits that a brightness needs when it is not shifted. */
  bits: number;
  /** Brightness at the ends of the file's window, when there is one that is linear. */
  window: [number, number] | undefined;
};

const DISPLAY_BITS = 16;

/** @throws GlamError `dicom-unreadable` */
export function readGreyScale(attributes: Attributes, image: ImagePixel, grey: Grey): GreyScale {
  const slope = decimal(attributes, "x00281053") ?? 1;
  const intercept = decimal(attributes, "x00281052") ?? 0;
  if (slope === 0) throw unreadable("RescaleSlope (0028,1053) of the DICOM file is 0.");
  const [item] = items(attributes, "x00283000");
  const table = item === undefined ? undefined : readLookupTable(item, image.signed);
  const rescale = (stored: number) => (table === undefined ? stored * slope + intercept : lookUp(table, stored));
  const voi = readValueOfInterest(attributes, image.signed || intercept < 0, grey === "displayed");
  // Without a descending table the image would stay a negative.
  const turned = voi?.kind === "table" && isDecreasing(voi.table);
  if (voi !== undefined && (grey === "displayed" || turned)) return displayed(voi, rescale, image.inverted);
  return stored(image, table, slope, voi, intercept);
}

/** As a viewer shows it, in 16 bits. */
function displayed(voi: ValueOfInterest, rescale: (stored: number) => number, inverted: boolean): GreyScale {
  const top = 2 ** DISPLAY_BITS - 1;
  const brightness = (value: number) => {
    const share = display(voi, rescale(value));
    return Math.round(top * (inverted ? 1 - share : share));
  };
  return { brightness, natural: false, bits: DISPLAY_BITS, window: [0, top] };
}

/**
 * The stored values, inverted where needed so that bright is large. Standardisation removes slope and intercept, so only the
 * sign of the slope counts, and nothing is rounded.
 */
function stored(
  image: ImagePixel,
  table: LookupTable | undefined,
  slope: number,
  voi: ValueOfInterest | undefined,
  intercept: number,
): GreyScale {
  const inverted = table === undefined ? image.inverted !== slope < 0 : image.inverted;
  const bits = table?.bits ?? image.bitsStored;
  const top = 2 ** bits - 1;
  const turn = (value: number) => (inverted ? top - value : value);
  const brightness = (value: number) => turn(table === undefined ? value : lookUp(table, value));
  let window: [number, number] | undefined;
  if (voi?.kind === "window") {
    const [black, white] = windowEnds(voi).map((end) => turn(table === undefined ? (end - intercept) / slope : end));
    window = [Math.min(black, white), Math.max(black, white)];
  }
  return { brightness, natural: !inverted && !image.signed && table === undefined, bits, window };
}
