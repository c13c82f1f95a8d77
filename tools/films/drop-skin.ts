/**
 * @module
 * Masks that outline thickened skin beside lesions (CDD-CESM): the skin goes, and what is too small or too large for a lesion.
 */
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import { fillHoles, largestComponent } from "../../src/device/preprocess/largest-component.ts";
import { cityBlockDistance, dilate, erode, type Mask, maskWhere } from "../../src/device/preprocess/morphology.ts";
import type { Box } from "../../src/glam/contracts.ts";
import { type MaskArea, maskAreas } from "./mask-places.ts";
import { DARK, filledBox } from "./padding.ts";
import { shapeMask } from "./polygon-mask.ts";

/** Smallest area, mm2, and largest as a share of the breast. */
const SMALLEST = 4;
const LARGEST = 0.3;

/** Areas longer than `LONG` mm are opened with a radius of `THIN` mm, and come back within `BACK` mm of what is left. */
const LONG = 35;
const THIN = 3;
const BACK = 1.5;

/** An area is skin when its pixels lie so deep under the skin or less on the mean, mm; the second where it is long. */
const DEPTH = 4;
const LONG_DEPTH = 8;

/**
 * @param mask lesions and skin, as large as `image`
 * @param image the breast on black
 * @param side of a pixel, mm
 */
export function dropSkin(mask: Mask, image: GreyImage, side: number): MaskArea[] {
  const { depth, breast } = depthUnderSkin(image);
  const isLong = ({ box }: MaskArea) => Math.hypot(box.width, box.height) * side > LONG;
  const opened = maskAreas(mask).flatMap((area) => (isLong(area) ? openArea(area, mask, side) : [area]));
  return opened.filter((area) => {
    const size = area.area * side ** 2;
    if (size < SMALLEST || size > LARGEST * breast * side ** 2) return false;
    return meanDepth(area, depth, image) * side >= (isLong(area) ? LONG_DEPTH : DEPTH);
  });
}

const draw = ({ points }: MaskArea, size: Mask | GreyImage) =>
  shapeMask({ points: points.map(([x, y]) => [x - 0.5, y - 0.5]) }, size);

/** Skin that touches a lesion comes off. */
function openArea(area: MaskArea, size: Mask, side: number): MaskArea[] {
  const { box, mask } = draw(area, size);
  const whole: Mask = { height: size.height, width: size.width, data: paste(mask, box, size) };
  const radius = Math.round(THIN / side);
  const core = erode(whole, radius, "empty");
  if (!core.data.includes(1)) return [];
  const near = dilate(core, radius + Math.round(BACK / side));
  return maskAreas(maskWhere(size.height, size.width, (i) => near.data[i] === 1 && whole.data[i] === 1));
}

function paste(mask: Uint8Array, box: Box, { height, width }: Mask): Uint8Array {
  const data = new Uint8Array(height * width);
  for (let y = 0; y < box.height; y++) {
    data.set(mask.subarray(y * box.width, (y + 1) * box.width), (box.top + y) * width + box.left);
  }
  return data;
}

function meanDepth(area: MaskArea, depth: Uint16Array, image: GreyImage): number {
  const { box, mask } = draw(area, image);
  let [sum, count] = [0, 0];
  mask.forEach((inside, i) => {
    if (inside === 0) return;
    sum += depth[(box.top + Math.floor(i / box.width)) * image.width + box.left + (i % box.width)];
    count++;
  });
  return sum / count;
}

/** City-block distance to the skin in pixels, and the breast's area. The edges of what is not black are chest wall, no skin. */
function depthUnderSkin(image: GreyImage): { depth: Uint16Array; breast: number } {
  const { top, left, height, width } = filledBox(image);
  const at = (i: number) => (top + Math.floor(i / width)) * image.width + left + (i % width);
  const depth = new Uint16Array(image.height * image.width);
  const piece = largestComponent(maskWhere(height, width, (i) => image.pixels[at(i)] > DARK));
  if (piece === undefined) return { depth, breast: 0 };
  const whole = fillHoles(piece);
  cityBlockDistance(whole, 0, "ignored").forEach((distance, i) => {
    depth[at(i)] = distance;
  });
  return { depth, breast: whole.data.reduce((sum, inside) => sum + inside, 0) };
}
