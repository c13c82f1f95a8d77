/**
 * @module
 * Where a map points: the middle of its largest value.
 */

/** A pixel. */
export type Place = { row: number; col: number };

/** A map in bytes, `[height, width]` row-major. */
export type ByteMap = { height: number; width: number; data: Uint8Array };

/**
 * The pixel with the largest value, undefined where all are 0. Of a plateau, the pixel nearest to the centre of mass of its part within
 * two radii of its first pixel, so that eight-bit maps do not point at a corner.
 * @param radius pixels
 */
export function highestPlace({ height, width, data }: ByteMap, radius: number): Place | undefined {
  let first = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[first]) first = i;
  if (data[first] === 0) return undefined;
  const start = { row: Math.floor(first / width), col: first % width };
  const members: Place[] = [];
  for (let row = start.row; row <= Math.min(height - 1, start.row + 2 * radius); row++) {
    for (let col = Math.max(0, start.col - radius); col <= Math.min(width - 1, start.col + radius); col++) {
      if (data[row * width + col] === data[first]) members.push({ row, col });
    }
  }
  return middleOf(members);
}

/** The one of `places` that lies nearest to their mean; at least one. */
export function middleOf(places: readonly Place[]): Place {
  const mean = {
    row: places.reduce((sum, { row }) => sum + row, 0) / places.length,
    col: places.reduce((sum, { col }) => sum + col, 0) / places.length,
  };
  const far = (at: Place) => (at.row - mean.row) ** 2 + (at.col - mean.col) ** 2;
  return places.reduce((best, one) => (far(one) < far(best) ? one : best));
}
