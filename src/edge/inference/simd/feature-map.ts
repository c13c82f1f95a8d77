/**
 * @module
 * How a feature map lies in memory: rows of planes of four channels, `[row][channel / 4][column][4]` f32. Column -1 is stored
 * and zero, as are the columns behind the last; rows outside the map are not stored, kernels read a row of zeros instead.
 * Whole rows are contiguous, so strips, rolling buffers and results written over their input need no copies.
 */
import type { Repeats } from "./repeats.ts";

export type MapShape = { channels: number; height: number; width: number };

/** A map's shape and steps. */
export type MapLayout = MapShape & {
  /** Groups of four channels; even, since channels are padded to a multiple of 8 with zeros. */
  planes: number;
  /** Stored columns of a row: column -1, the map's, and zeros to the end of the last Winograd tile. */
  stride: number;
  planeBytes: number;
  rowBytes: number;
};

/** Channels rounded up to what the kernels compute at once. */
export const paddedChannels = (channels: number): number => Math.ceil(channels / 8) * 8;

/** @example mapLayout({ channels: 512, height: 128, width: 128 }).rowBytes // 274432 */
export function mapLayout({ channels, height, width }: MapShape): MapLayout {
  const planes = paddedChannels(channels) / 4;
  const stride = Math.max(Math.ceil(width / 4) * 4, Math.ceil(width / 6) * 6) + 2;
  const planeBytes = stride * 16;
  return { channels, height, width, planes, stride, planeBytes, rowBytes: planes * planeBytes };
}

/** Bytes of all rows. */
export const mapBytes = (layout: MapLayout): number => layout.height * layout.rowBytes;

/** Some rows of a map in memory. */
export type Rows = {
  layout: MapLayout;
  /** Address that row 0 would have; it may lie before the buffer. */
  origin: number;
  /** The rows that are there: [low, high). */
  low: number;
  high: number;
  /** Which columns of them repeat; none when not given. */
  repeats?: Repeats;
};

/** Address of a row. */
export const rowAddress = (rows: Rows, row: number): number => rows.origin + row * rows.layout.rowBytes;
