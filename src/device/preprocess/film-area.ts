/**
 * @module
 * The part of a scan that is film: without the scanner's black margins and the bright frame.
 */
import type { Box } from "../../glam/contracts.ts";
import type { Thumbnail } from "./reduce.ts";

/** Levels below this are black. */
const BLACK = 3;

/** A margin's line has at most this share of pixels that are not black (a scratch, a scan line). */
const STRAY = 0.02;

/** A frame's line has this share of its pixels within `FRAME_BAND` levels of its median, which is `FRAME_LEVEL` or more. */
const UNIFORM = 0.93;
const FRAME_BAND = 14;
const FRAME_LEVEL = 70;

/** A frame is at most this share of the film wide; anything wider is tissue. */
const FRAME_WIDTH = 0.06;

/** A seam is the film's outermost lines, at most `SEAM_WIDTH`, whose mean is `SEAM` levels above that of the lines inside. */
const SEAM = 8;
const SEAM_WIDTH = 3;

/** Where the film is, in pixels of the thumbnail. */
export function findFilmArea({ height, width, levels }: Thumbnail): Box {
  const box = { top: 0, bottom: height, left: 0, right: width };
  const row = (y: number) => levels.subarray(y * width + box.left, y * width + box.right);
  const column = (x: number) =>
    Uint8Array.from({ length: box.bottom - box.top }, (_, k) => levels[(box.top + k) * width + x]);

  while (box.right - box.left > 1 && isMargin(column(box.left))) box.left++;
  while (box.right - box.left > 1 && isMargin(column(box.right - 1))) box.right--;
  while (box.bottom - box.top > 1 && isMargin(row(box.top))) box.top++;
  while (box.bottom - box.top > 1 && isMargin(row(box.bottom - 1))) box.bottom--;

  for (const count of [frameLines, seamLines]) {
    const { top, bottom, left, right } = box;
    box.left += count((k) => column(left + k), right - left);
    box.right -= count((k) => column(right - 1 - k), right - left);
    box.top += count((k) => row(top + k), bottom - top);
    box.bottom -= count((k) => row(bottom - 1 - k), bottom - top);
  }
  return { top: box.top, left: box.left, height: box.bottom - box.top, width: box.right - box.left };
}

/** Whether nearly all of a line is black. */
function isMargin(line: Uint8Array): boolean {
  let bright = 0;
  for (const level of line) if (level > BLACK) bright++;
  return bright <= STRAY * line.length;
}

/** How many of `length` lines from an edge inwards are frame: uniform and bright, and ending before tissue could. */
function frameLines(line: (k: number) => Uint8Array, length: number): number {
  const most = FRAME_WIDTH * length;
  let k = 0;
  while (k <= most && isFrame(line(k))) k++;
  if (k === 0 || k > most) return 0;
  // The line in which frame and film mix.
  return k + 1;
}

/** How many lines from an edge inwards are a seam: the bright line that scanners leave along parts of the film's edge. */
function seamLines(line: (k: number) => Uint8Array, length: number): number {
  let k = 0;
  while (k < SEAM_WIDTH && length > 4 * SEAM_WIDTH && mean(line(k)) > mean(line(k + SEAM_WIDTH)) + SEAM) k++;
  return k;
}

function mean(line: Uint8Array): number {
  let sum = 0;
  for (const level of line) sum += level;
  return sum / line.length;
}

function isFrame(line: Uint8Array): boolean {
  const median = line.slice().sort()[line.length >> 1];
  if (median < FRAME_LEVEL) return false;
  let near = 0;
  for (const level of line) if (Math.abs(level - median) <= FRAME_BAND) near++;
  return near >= UNIFORM * line.length;
}
