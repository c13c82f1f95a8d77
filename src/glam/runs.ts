/**
 * @module
 * Runs of foreground pixels in rows, joined to 4-connected components: some numbers a run instead of a label a pixel.
 */
import type { Component } from "./components.ts";

/** Pixels [start, end) of row `y`. */
export type Run = { y: number; start: number; end: number; component: number };

/** A component of the pixels that were added, and its highest value. */
export type PeakedComponent = Component & { peak: number };

/** Takes rows from the top down, each row's runs from the left. */
export type RunJoiner = {
  /** @param peak highest value of the run */
  add(y: number, start: number, end: number, peak: number): void;
  /** @returns components in row-major order of their first pixel, and all runs in the order they came */
  finish(): { components: PeakedComponent[]; runs(): Generator<Run> };
};

/** A disjoint-set forest over runs; the root of a tree is its first run. */
export function createRunJoiner(): RunJoiner {
  const rows: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const peaks: number[] = [];
  const parents: number[] = [];
  /** First run of the row above, and of the current row. */
  let above = 0;
  let current = 0;

  const root = (run: number): number => {
    let at = run;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  };
  const join = (a: number, b: number): void => {
    const [low, high] = [root(a), root(b)].sort((x, y) => x - y);
    parents[high] = low;
  };

  return {
    add(y, start, end, peak) {
      const run = rows.length;
      if (run === 0 || rows[run - 1] !== y) {
        above = run > 0 && rows[run - 1] === y - 1 ? current : run;
        current = run;
      }
      rows.push(y);
      starts.push(start);
      ends.push(end);
      peaks.push(peak);
      parents.push(run);
      while (above < current && ends[above] <= start) above++;
      for (let other = above; other < current && starts[other] < end; other++) join(other, run);
    },
    finish() {
      const components: PeakedComponent[] = [];
      const componentOf = new Map<number, number>();
      for (let run = 0; run < rows.length; run++) {
        const first = root(run);
        const known = componentOf.get(first);
        const box = { top: rows[run], left: starts[run], height: 1, width: ends[run] - starts[run] };
        if (known === undefined) {
          componentOf.set(first, components.length);
          components.push({ area: box.width, box, peak: peaks[run] });
          continue;
        }
        const component = components[known];
        const left = Math.min(component.box.left, box.left);
        const right = Math.max(component.box.left + component.box.width, ends[run]);
        component.area += box.width;
        component.peak = Math.max(component.peak, peaks[run]);
        component.box = {
          top: component.box.top,
          left,
          height: rows[run] - component.box.top + 1,
          width: right - left,
        };
      }
      function* runs(): Generator<Run> {
        for (let run = 0; run < rows.length; run++) {
          const component = componentOf.get(root(run)) ?? 0;
          yield { y: rows[run], start: starts[run], end: ends[run], component };
        }
      }
      return { components, runs };
    },
  };
}
