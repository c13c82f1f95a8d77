/**
 * @module
 * 4-connected components of a binary image.
 */
import type { Box } from "./contracts.ts";

/** A component's number of pixels and bounding box. */
export type Component = { area: number; box: Box };

/** `labels[i]` is 0 outside and 1 + the component's index inside; components come in row-major order of first pixel. */
export type Components = { labels: Int32Array; components: Component[] };

/**
 * Labels by flood fill with an explicit stack.
 * @param isInside tells of index `y * width + x` whether it belongs to the foreground
 */
export function labelComponents(height: number, width: number, isInside: (index: number) => boolean): Components {
  const labels = new Int32Array(height * width);
  const components: Component[] = [];
  const stack: number[] = [];
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] !== 0 || !isInside(start)) continue;
    const label = components.length + 1;
    let area = 0;
    let top = height;
    let bottom = 0;
    let left = width;
    let right = 0;
    labels[start] = label;
    stack.push(start);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      const y = Math.floor(index / width);
      const x = index - y * width;
      area++;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
      if (x > 0) visit(index - 1);
      if (x + 1 < width) visit(index + 1);
      if (y > 0) visit(index - width);
      if (y + 1 < height) visit(index + width);
    }
    components.push({ area, box: { top, left, height: bottom - top + 1, width: right - left + 1 } });

    function visit(index: number): void {
      if (labels[index] !== 0 || !isInside(index)) return;
      labels[index] = label;
      stack.push(index);
    }
  }
  return { labels, components };
}
