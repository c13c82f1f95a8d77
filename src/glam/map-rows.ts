/**
 * @module
 * Rows of a local map, taken out and put together again: several invocations may share one crop.
 */
import type { Band } from "./contracts.ts";

/**
 * @param map `[2, side, side]`
 * @returns the band's rows, `[2, to - from, side]`; the map itself when that is all of it
 */
export function takeRows(map: Float32Array, side: number, [from, to]: Band): Float32Array {
  if (from === 0 && to === side) return map;
  const rows = new Float32Array(2 * (to - from) * side);
  for (let c = 0; c < 2; c++) {
    rows.set(map.subarray((c * side + from) * side, (c * side + to) * side), c * (to - from) * side);
  }
  return rows;
}

/**
 * @param parts each band's rows, `[2, to - from, side]`; together the bands are all rows
 * @returns the map, `[2, side, side]`
 */
export function joinRows(parts: readonly { band: Band; data: Float32Array }[], side: number): Float32Array {
  const map = new Float32Array(2 * side * side);
  for (const { band, data } of parts) {
    const [from, to] = band;
    const length = (to - from) * side;
    for (let c = 0; c < 2; c++) map.set(data.subarray(c * length, (c + 1) * length), (c * side + from) * side);
  }
  return map;
}
