/**
 * @module
 * Restart intervals of a scan (T.81, B.2.1 and E.1.4): which restart markers must stand in its coded data.
 */
import { damaged, type Place } from "../header-checks.ts";
import type { Component, Frame } from "./frame.ts";
import { marker } from "./segments.ts";

/** A scan's components, in the order of its header, and the restart interval that is in force; 0 for none. */
export type Scan = { components: Component[]; interval: number };

/** 8 x 8 blocks of one component, the padding of an interleaved scan not counted (T.81, A.2.2). */
export function blocksOf({ height, width, components }: Frame, { h, v }: Component): { rows: number; columns: number } {
  const [most, tallest] = largestFactors(components);
  return {
    rows: Math.ceil(Math.ceil((height * v) / tallest) / 8),
    columns: Math.ceil(Math.ceil((width * h) / most) / 8),
  };
}

/** Rows of smallest groups of blocks of all components, and groups in a row (T.81, A.2.3). */
export function groupsOf({ height, width, components }: Frame): { rows: number; columns: number } {
  const [h, v] = largestFactors(components);
  return { rows: Math.ceil(height / (8 * v)), columns: Math.ceil(width / (8 * h)) };
}

/** Units of a scan, which its restart interval counts: blocks of its only component, else groups of blocks of all. */
export function unitsOf(frame: Frame, { components }: Scan): number {
  const { rows, columns } = components.length === 1 ? blocksOf(frame, components[0]) : groupsOf(frame);
  return rows * columns;
}

/**
 * Checks that the coded data have as many restart markers as the image needs, counting 0 to 7 and over again: where an
 * interval is lost, moved or cut off, a decoder fills the gap silently. One more may stand at the very end.
 * @param data the coded data of one scan
 * @throws GlamError `tile-damaged`
 */
export function checkRestarts(data: Uint8Array, units: number, interval: number, at: Place): void {
  const needed = interval === 0 ? 0 : Math.ceil(units / interval) - 1;
  let [count, last] = [0, 0];
  for (let i = data.indexOf(0xff); i >= 0; i = data.indexOf(0xff, i + 1)) {
    const code = data[i + 1];
    if (!(code >= marker.rst0 && code <= marker.rst7)) continue;
    if (code !== marker.rst0 + (count & 7)) throw damaged(at, "The JPEG's restart markers do not follow each other.");
    count++;
    last = i + 2;
  }
  const spare = count === needed + 1 && last === data.length;
  if (count !== needed && !spare) {
    throw damaged(at, `A scan of the JPEG has ${count} restart markers; its image needs ${needed}.`);
  }
}

const largestFactors = (components: Component[]): [h: number, v: number] => [
  Math.max(...components.map((c) => c.h)),
  Math.max(...components.map((c) => c.v)),
];
