/**
 * @module
 * The filters of PNG's rows, undone (PNG specification, section 9).
 */

/**
 * Undoes the filters in place: rows come with a byte that names their filter and are moved up to lie without it.
 * @param data rows of a pass, each a filter byte and `bytes` of samples
 * @param step bytes of a pixel, 1 at least
 * @returns `[rows, bytes]`, the beginning of `data`; undefined where there is no such filter
 */
export function unfilter(data: Uint8Array, rows: number, bytes: number, step: number): Uint8Array | undefined {
  for (let row = 0, to = 0, from = 1; row < rows; row++, to += bytes, from += bytes + 1) {
    const filter = data[from - 1];
    if (filter > 4) return undefined;
    data.copyWithin(to, from, from + bytes);
    // In the first row nothing is above: up adds nothing, and Paeth's choice is what is left.
    if (filter === 1 || (filter === 4 && row === 0)) addLeft(data, to, bytes, step);
    else if (filter === 2 && row > 0) addAbove(data, to, bytes);
    else if (filter === 3) addMean(data, to, bytes, step, row === 0);
    else if (filter === 4) addPaeth(data, to, bytes, step);
  }
  return data.subarray(0, rows * bytes);
}

function addLeft(data: Uint8Array, start: number, bytes: number, step: number): void {
  for (let i = start + step; i < start + bytes; i++) data[i] += data[i - step];
}

function addAbove(data: Uint8Array, start: number, bytes: number): void {
  for (let i = start; i < start + bytes; i++) data[i] += data[i - bytes];
}

function addMean(data: Uint8Array, start: number, bytes: number, step: number, first: boolean): void {
  for (let i = start; i < start + bytes; i++) {
    const left = i < start + step ? 0 : data[i - step];
    data[i] += (left + (first ? 0 : data[i - bytes])) >> 1;
  }
}

function addPaeth(data: Uint8Array, start: number, bytes: number, step: number): void {
  for (let i = start; i < Math.min(start + step, start + bytes); i++) data[i] += data[i - bytes];
  for (let i = start + step; i < start + bytes; i++) {
    const left = data[i - step];
    const above = data[i - bytes];
    const corner = data[i - bytes - step];
    const a = Math.abs(above - corner);
    const b = Math.abs(left - corner);
    const c = Math.abs(left + above - 2 * corner);
    data[i] += a <= b && a <= c ? left : b <= c ? above : corner;
  }
}
