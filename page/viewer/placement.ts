/**
 * @module
 * Where the canvas lies in what is shown: in the original, or alone.
 */
import type { Size } from "../../src/glam/spec.ts";
import type { PreparedInfo, SourceInfo } from "../worker/protocol.ts";
import type { Viewpoint } from "./viewpoint.ts";

/** Size of what is shown, and the canvas's corner in it. Unit: canvas pixels. */
export type Placement = { image: Size; left: number; top: number };

/** @param original whether the original is shown, and not the model's input */
export function placementOf(
  { height, width }: Size,
  { canvas, scale, corner }: Pick<PreparedInfo, "canvas" | "scale" | "corner">,
  original: boolean,
): Placement {
  if (!original) return { image: { height: canvas.height, width: canvas.width }, left: 0, top: 0 };
  return { image: { height: height * scale, width: width * scale }, ...corner };
}

/** Of an image; undefined until it is prepared. */
export const placementOfSlot = (
  { source, prepared }: { source?: SourceInfo; prepared?: PreparedInfo },
  original: boolean,
): Placement | undefined => (source && prepared ? placementOf(source, prepared, original) : undefined);

/** The viewpoint that shows the same place at the same size when something else is shown around it. */
export function viewIn(view: Viewpoint, from: Placement, to: Placement, viewport: Size): Viewpoint {
  const fitted = ({ image }: Placement) => Math.min(viewport.width / image.width, viewport.height / image.height);
  return {
    zoom: (view.zoom * fitted(from)) / fitted(to),
    x: view.x - from.left + to.left,
    y: view.y - from.top + to.top,
  };
}
