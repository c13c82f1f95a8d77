/**
 * @module
 * The largest component of a mask, and its holes.
 */
import { labelComponents } from "../../glam/components.ts";
import { type Mask, maskWhere } from "./morphology.ts";

/** The largest 4-connected component; the first in row-major order wins a tie. Undefined for an empty mask. */
export function largestComponent({ height, width, data }: Mask): Mask | undefined {
  const { labels, components } = labelComponents(height, width, (i) => data[i] === 1);
  let best = 0;
  for (let k = 1; k < components.length; k++) if (components[k].area > components[best].area) best = k;
  if (components.length === 0) return undefined;
  const found = new Uint8Array(labels.length);
  for (let i = 0; i < found.length; i++) if (labels[i] === best + 1) found[i] = 1;
  return { height, width, data: found };
}

/** Sets every pixel that the background cannot reach from the edge of the image. */
export function fillHoles({ height, width, data }: Mask): Mask {
  const { labels, components } = labelComponents(height, width, (i) => data[i] === 0);
  const open = components.map(
    ({ box }) => box.top === 0 || box.left === 0 || box.top + box.height === height || box.left + box.width === width,
  );
  return maskWhere(height, width, (i) => labels[i] === 0 || !open[labels[i] - 1]);
}
