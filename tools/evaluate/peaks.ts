/**
 * @module
 * Where a map points: its largest values, one after the other, each at least a given distance from those before.
 */

/** A place that a map points to. Pixels; grey = round(255 * probability). */
export type Peak = { row: number; col: number; grey: number };

/** A map in bytes, `[height, width]` row-major. */
export type ByteMap = { height: number; width: number; data: Uint8Array };

/**
 * The `count` highest places that are not 0. Where the largest value is a plateau, the pixel of it that lies nearest to the centre of
 * mass of the plateau's part around its first pixel, so that eight-bit maps do not point at a corner.
 * @param radius pixels around a place that belong to it
 */
export function findPeaks(map: ByteMap, count: number, radius: number): Peak[] {
  const { height, width } = map;
  const left = map.data.slice();
  const peaks: Peak[] = [];
  while (peaks.length < count) {
    const first = indexOfLargest(left);
    const grey = left[first];
    if (grey === 0) break;
    const { row, col } = middleOfPlateau({ height, width, data: left }, first, radius);
    peaks.push({ row, col, grey });
    for (let y = Math.max(0, row - radius); y <= Math.min(height - 1, row + radius); y++) {
      const reach = Math.floor(Math.sqrt(radius ** 2 - (y - row) ** 2));
      left.fill(0, y * width + Math.max(0, col - reach), y * width + Math.min(width - 1, col + reach) + 1);
    }
    // A plateau wider than the radius must not be found at its first pixel for ever.
    left[first] = 0;
  }
  return peaks;
}

function indexOfLargest(data: Uint8Array): number {
  let best = 0;
  for (let i = 1; i < data.length; i++) if (data[i] > data[best]) best = i;
  return best;
}

/** The pixel as high as `first` that lies nearest to the mean of all such within two radii of it. */
function middleOfPlateau({ height, width, data }: ByteMap, first: number, radius: number) {
  const start = { row: Math.floor(first / width), col: first % width };
  const members: { row: number; col: number }[] = [];
  let rows = 0;
  let cols = 0;
  for (let row = start.row; row <= Math.min(height - 1, start.row + 2 * radius); row++) {
    for (let col = Math.max(0, start.col - radius); col <= Math.min(width - 1, start.col + radius); col++) {
      if (data[row * width + col] !== data[first]) continue;
      members.push({ row, col });
      rows += row;
      cols += col;
    }
  }
  const mean = { row: rows / members.length, col: cols / members.length };
  const far = (at: { row: number; col: number }) => (at.row - mean.row) ** 2 + (at.col - mean.col) ** 2;
  return members.reduce((best, one) => (far(one) < far(best) ? one : best));
}
