/**
 * Nearest-neighbour resize of `maps` maps `[height, width]` to `[outHeight, outWidth]`, one behind the other: source index
 * floor(i * in / out), by adding quotients and remainders.
 */
export function resizeNearest(
  from: usize, maps: i32, height: i32, width: i32, to: usize, outHeight: i32, outWidth: i32,
): void {
  const step = <usize>(width / outWidth) * 4;
  const rest = width % outWidth;
  const lineBytes = <usize>outWidth * 4;
  for (let c = 0; c < maps; c++) {
    let last = -1;
    for (let y = 0; y < outHeight; y++) {
      const row = y * height / outHeight;
      if (row === last) {
        memory.copy(to, to - lineBytes, lineBytes);
      } else {
        let at = from + <usize>row * <usize>width * 4;
        let remainder = 0;
        for (let x: usize = 0; x < lineBytes; x += 4) {
          store<f32>(to + x, load<f32>(at));
          at += step;
          remainder += rest;
          if (remainder >= outWidth) {
            remainder -= outWidth;
            at += 4;
          }
        }
      }
      last = row;
      to += lineBytes;
    }
    from += <usize>height * <usize>width * 4;
  }
}

/**
 * Mean of the k largest of `count` f32 values, at least one and at most all; NaN where one is. The k-th largest is found by
 * bisection, and what is above it is sorted and summed in f64 from the largest down, so the order of values does not matter.
 * @param keys scratch: `count` i32, and up to a multiple of 16 bytes
 */
export function topKMean(values: usize, count: i32, k: i32, keys: usize): f64 {
  if (!orderedKeys(values, count, keys)) return NaN;
  k = min(max(k, 1), count);
  const bytes = (<usize>count * 4 + 15) & ~15;
  const bound = kthLargest(keys, bytes, k);
  const end = keepAbove(keys, bytes, bound);
  sortKeys(keys, end);
  let sum: f64 = 0;
  for (let at = end; at > keys; at -= 4) sum += valueOf(load<i32>(at - 4));
  const missing = k - <i32>((end - keys) >> 2);
  for (let i = 0; i < missing; i++) sum += valueOf(bound);
  return sum / <f64>k;
}

/** The bits of an f32 <-> an i32 that is ordered like it. */
@inline
function flip(bits: i32): i32 {
  return bits ^ ((bits >> 31) & i32.MAX_VALUE);
}

@inline
function valueOf(key: i32): f64 {
  return <f64>reinterpret<f32>(flip(key));
}

/** Keys of all values; behind them the smallest key to the end of the last vector. @returns false where a value is NaN */
function orderedKeys(values: usize, count: i32, keys: usize): bool {
  const end = values + <usize>count * 4;
  const magnitude = i32x4.splat(i32.MAX_VALUE);
  let nan = i32x4.splat(0);
  for (; values + 16 <= end; values += 16) {
    const x = v128.load(values);
    nan = v128.or(nan, f32x4.ne(x, x));
    v128.store(keys, v128.xor(x, v128.and(i32x4.shr_s(x, 31), magnitude)));
    keys += 16;
  }
  if (v128.any_true(nan)) return false;
  if (values === end) return true;
  v128.store(keys, i32x4.splat(i32.MIN_VALUE));
  for (; values < end; values += 4) {
    const x = load<f32>(values);
    if (x !== x) return false;
    store<i32>(keys, flip(load<i32>(values)));
    keys += 4;
  }
  return true;
}

/** The k-th largest of the keys. */
function kthLargest(keys: usize, bytes: usize, k: i32): i32 {
  // Of all keys, `low` is not above the k-th largest and `high` not below it.
  let low: i64 = i32.MIN_VALUE;
  let high: i64 = i32.MAX_VALUE;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const bound = i32x4.splat(<i32>middle);
    let found = i32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) found = i32x4.sub(found, i32x4.ge_s(v128.load(keys + at), bound));
    const above = i32x4.extract_lane(found, 0) + i32x4.extract_lane(found, 1) +
      (i32x4.extract_lane(found, 2) + i32x4.extract_lane(found, 3));
    if (above >= k) low = middle;
    else high = middle - 1;
  }
  return <i32>low;
}

/** Moves the keys above `bound` to the front. @returns their end */
function keepAbove(keys: usize, bytes: usize, bound: i32): usize {
  let to = keys;
  for (let at: usize = 0; at < bytes; at += 4) {
    const key = load<i32>(keys + at);
    if (key <= bound) continue;
    store<i32>(to, key);
    to += 4;
  }
  return to;
}

/** Shell sort, ascending. */
function sortKeys(from: usize, end: usize): void {
  let gap: usize = 4;
  while (gap * 3 < end - from) gap = gap * 3 + 4;
  for (; gap >= 4; gap = (gap / 4 - 1) / 3 * 4) {
    for (let at = from + gap; at < end; at += 4) {
      const key = load<i32>(at);
      let hole = at;
      for (; hole >= from + gap && load<i32>(hole - gap) > key; hole -= gap) store<i32>(hole, load<i32>(hole - gap));
      store<i32>(hole, key);
    }
  }
}
