/**
 * @module
 * Background that need not be computed. Beside the breast every row of the canvas is constant, and so every row of a map
 * repeats itself there: a pixel has the bits of the one six columns on, six being the width of a Winograd tile and of a panel.
 * What repeats is computed once and copied, so results are the same to the last bit.
 */
/** Columns that repeat. */
export const PERIOD = 6;

/** Columns [from, to): within them a pixel equals the one `PERIOD` columns on. Empty when from >= to. */
export type Columns = readonly [from: number, to: number];

/** Nothing repeats. */
const none: Columns = [0, 0];

/** For each row of a map the columns that repeat; rows that were not told repeat nowhere. */
export class Repeats {
  readonly #from: Int32Array;
  readonly #to: Int32Array;

  constructor(height: number) {
    this.#from = new Int32Array(height);
    this.#to = new Int32Array(height);
  }

  /** Rows [low, high) repeat in these columns. */
  set(low: number, high: number, [from, to]: Columns): void {
    this.#from.fill(from, low, high);
    this.#to.fill(to, low, high);
  }

  /** Columns in which all rows [low, high) repeat. No rows at all repeat everywhere, as the zeros outside a map do. */
  common(low: number, high: number): Columns {
    let [from, to] = [0, Number.MAX_SAFE_INTEGER];
    for (let row = low; row < high; row++) {
      from = Math.max(from, this.#from[row]);
      to = Math.min(to, this.#to[row]);
    }
    return [from, to];
  }
}

const both = (a: Columns, b: Columns): Columns => [Math.max(a[0], b[0]), Math.min(a[1], b[1])];

/** A window that slides over rows: a convolution or a maximum. */
export type Sliding = { kernel: number; stride: number; pad: number };

/** Output columns of a sliding window whose whole input lies in columns that repeat. */
export function slidingRepeats([from, to]: Columns, { kernel, stride, pad }: Sliding): Columns {
  return [Math.ceil((from + pad) / stride), Math.floor((to - kernel + pad) / stride) + 1];
}

/**
 * Output columns of a pass of a convolution that repeat, when its input and residual do.
 * @param input columns in which every row repeats that the pass reads
 */
export function convRepeats(conv: Omit<Sliding, "pad">, winograd: boolean, input: Columns): Columns {
  const { kernel, stride } = conv;
  if (!winograd) return slidingRepeats(input, { kernel, stride, pad: (kernel - 1) / 2 });
  // A tile's pixels depend, in their last bits, on all that the tile reads: columns 6t - 1 to 6t + 6, or 12t - 1 to 12t + 11.
  const step = PERIOD * stride;
  const first = Math.ceil((input[0] + 1) / step);
  const last = Math.floor((input[1] - step - (stride === 1 ? 1 : 0)) / step);
  return last > first ? [first * PERIOD, (last + 1) * PERIOD] : none;
}

/** Whole tiles of the columns in which the residual repeats, too. */
export function withResidual(output: Columns, residual: Columns): Columns {
  const [from, to] = both(output, residual);
  return [Math.ceil(from / PERIOD) * PERIOD, Math.floor(to / PERIOD) * PERIOD];
}

/**
 * Columns that have to be computed.
 * @param columns those that repeat
 * @returns one segment, or two with columns between them that are copies of the last `PERIOD` of the first one
 */
export function segments([from, to]: Columns, width: number): Columns[] {
  const keep = from + PERIOD;
  const copies = Math.floor((Math.min(to, width) - keep) / PERIOD) * PERIOD;
  return copies > 0 ? [[0, keep], ...(keep + copies < width ? [[keep + copies, width] as const] : [])] : [[0, width]];
}
