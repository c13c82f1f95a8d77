/**
 * @module
 * Where a viewport looks: zoom and pan, as pure arithmetic. Image coordinates are canvas pixels as shown, mirrored or not.
 */
import type { Box } from "../../src/glam/contracts.ts";
import type { Size } from "../../src/glam/spec.ts";

/** `zoom` 1 shows the whole image; (x, y) is the image point in the middle of the viewport. */
export type Viewpoint = { zoom: number; x: number; y: number };

/** Image and viewport; the viewport in any pixel unit. */
export type Frame = { image: Size; viewport: Size };

export const MAX_ZOOM = 24;

/** The whole image. */
export const wholeImage = ({ image }: Pick<Frame, "image">): Viewpoint => ({
  zoom: 1,
  x: image.width / 2,
  y: image.height / 2,
});

/** Viewport pixels per image pixel. */
export const scaleOf = ({ zoom }: Viewpoint, { image, viewport }: Frame): number =>
  zoom * Math.min(viewport.width / image.width, viewport.height / image.height);

/** Keeps the zoom in range and the image in the viewport: no edge comes further in than it has to. */
export function clampViewpoint(view: Viewpoint, frame: Frame): Viewpoint {
  const zoom = Math.min(MAX_ZOOM, Math.max(1, view.zoom));
  const scale = scaleOf({ ...view, zoom }, frame);
  const along = (at: number, image: number, viewport: number) => {
    const half = viewport / 2 / scale;
    return image <= 2 * half ? image / 2 : Math.min(image - half, Math.max(half, at));
  };
  return {
    zoom,
    x: along(view.x, frame.image.width, frame.viewport.width),
    y: along(view.y, frame.image.height, frame.viewport.height),
  };
}

/** Image point under a viewport point. */
export function toImage(point: { x: number; y: number }, view: Viewpoint, frame: Frame): { x: number; y: number } {
  const scale = scaleOf(view, frame);
  return {
    x: view.x + (point.x - frame.viewport.width / 2) / scale,
    y: view.y + (point.y - frame.viewport.height / 2) / scale,
  };
}

/** Zooms by a factor; what is under `point` (viewport pixels) stays there. */
export function zoomAt(point: { x: number; y: number }, factor: number, view: Viewpoint, frame: Frame): Viewpoint {
  const zoom = Math.min(MAX_ZOOM, Math.max(1, view.zoom * factor));
  const before = toImage(point, view, frame);
  const after = toImage(point, { ...view, zoom }, frame);
  return clampViewpoint({ zoom, x: view.x + before.x - after.x, y: view.y + before.y - after.y }, frame);
}

/** Moves the image by viewport pixels. */
export function panBy(dx: number, dy: number, view: Viewpoint, frame: Frame): Viewpoint {
  const scale = scaleOf(view, frame);
  return clampViewpoint({ ...view, x: view.x - dx / scale, y: view.y - dy / scale }, frame);
}

/** Shows a box, with some room around it. */
export function showBox(box: Box, frame: Frame): Viewpoint {
  const fit = scaleOf({ zoom: 1, x: 0, y: 0 }, frame);
  const scale = 0.7 * Math.min(frame.viewport.width / box.width, frame.viewport.height / box.height);
  return clampViewpoint({ zoom: scale / fit, x: box.left + box.width / 2, y: box.top + box.height / 2 }, frame);
}

/** A box of the canvas as shown. */
export const shownBox = (box: Box, { width }: Size, mirrored: boolean): Box =>
  mirrored ? { ...box, left: width - box.left - box.width } : box;
