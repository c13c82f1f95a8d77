/**
 * @module
 * 4-connected components of a binary image.
 */
import type { Box } from "./contracts.ts";

/** A component's number of pixels and bounding box. */
export type Component = { area: number; box: Box };

/** `labels[i]` is 0 outside and 1 + the component's index inside; components come in row-major order of first pixel. */
export type Components = { labels: Int32Array; components: Component[] };

/** A pixel of the foreground that no component has yet. */
const UNSEEN = -1;

/**
 * Labels by flood fill, a run of a row at a time.
 * @param isInside tells of index `y * width + x` whether it belongs to the foreground; asked once for each
 */
export function labelComponents(height: number, width: number, isInside: (index: number) => boolean): Components {
  const labels = new Int32Array(height * width);
  for (let i = 0; i < labels.length; i++) if (isInside(i)) labels[i] = UNSEEN;
  const components: Component[] = [];
  const stack: number[] = [];
  /** Keeps one pixel of each run of unseen ones from `first` to `last`, which lie in one row. */
  const keepRuns = (first: number, last: number): void => {
    for (let i = first; i <= last; i++) {
      if (labels[i] === UNSEEN && (i === first || labels[i - 1] !== UNSEEN)) stack.push(i);
    }
  };
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] !== UNSEEN) continue;
    const label = components.length + 1;
    let [area, top, bottom, left, right] = [0, height, 0, width, 0];
    stack.push(start);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (labels[index] !== UNSEEN) continue;
      const y = Math.floor(index / width);
      const row = y * width;
      let first = index;
      while (first > row && labels[first - 1] === UNSEEN) first--;
      let last = index;
      while (last + 1 < row + width && labels[last + 1] === UNSEEN) last++;
      labels.fill(label, first, last + 1);
      area += last + 1 - first;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      left = Math.min(left, first - row);
      right = Math.max(right, last - row);
      if (y > 0) keepRuns(first - width, last - width);
      if (y + 1 < height) keepRuns(first + width, last + width);
    }
    components.push({ area, box: { top, left, height: bottom - top + 1, width: right - left + 1 } });
  }
  return { labels, components };
}
