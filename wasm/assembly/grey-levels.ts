/** Grey levels of 8 bits -> f32. */
export function u8ToFloat(from: usize, count: i32, to: usize): void {
  const end = from + <usize>count;
  for (; from + 8 <= end; from += 8) {
    const wide = v128.load_ext<u8>(from);
    v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(wide)));
    v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(wide)), 16);
    to += 32;
  }
  for (; from < end; from++) {
    store<f32>(to, <f32>load<u8>(from));
    to += 4;
  }
}

/** Grey levels of 16 bits -> f32. */
export function u16ToFloat(from: usize, count: i32, to: usize): void {
  const end = from + <usize>count * 2;
  for (; from + 16 <= end; from += 16) {
    const wide = v128.load(from);
    v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(wide)));
    v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(wide)), 16);
    to += 32;
  }
  for (; from < end; from += 2) {
    store<f32>(to, <f32>load<u16>(from));
    to += 4;
  }
}

/** (x - mean) / divisor of f32 values, in place. In f64 and rounded once, as the plain TypeScript does it. */
export function standardise(at: usize, count: i32, mean: f64, divisor: f64): void {
  const end = at + <usize>count * 4;
  const means = f64x2.splat(mean);
  const divisors = f64x2.splat(divisor);
  for (; at + 16 <= end; at += 16) {
    const x = v128.load(at);
    const low = f64x2.promote_low_f32x4(x);
    const high = f64x2.promote_low_f32x4(v128.shuffle<u64>(x, x, 1, 1));
    const first = f32x4.demote_f64x2_zero(f64x2.div(f64x2.sub(low, means), divisors));
    const second = f32x4.demote_f64x2_zero(f64x2.div(f64x2.sub(high, means), divisors));
    v128.store(at, v128.shuffle<u64>(first, second, 0, 2));
  }
  for (; at < end; at += 4) store<f32>(at, <f32>((<f64>load<f32>(at) - mean) / divisor));
}

/** Adds how often each of 256 levels occurs to `counts`, u32. Background comes in runs, which are added at once. */
export function countLevels8(from: usize, count: i32, counts: usize): void {
  const end = from + <usize>count;
  for (; from + 16 <= end; from += 16) {
    const first = load<u8>(from);
    if (i8x16.all_true(i8x16.eq(v128.load(from), i8x16.splat(first)))) {
      increase(counts, first, 16);
    } else {
      for (let i: usize = 0; i < 16; i++) increase(counts, load<u8>(from + i), 1);
    }
  }
  for (; from < end; from++) increase(counts, load<u8>(from), 1);
}

/** The same for 65536 levels. */
export function countLevels16(from: usize, count: i32, counts: usize): void {
  const end = from + <usize>count * 2;
  for (; from + 16 <= end; from += 16) {
    const first = load<u16>(from);
    if (i16x8.all_true(i16x8.eq(v128.load(from), i16x8.splat(first)))) {
      increase(counts, first, 8);
    } else {
      for (let i: usize = 0; i < 16; i += 2) increase(counts, load<u16>(from + i), 1);
    }
  }
  for (; from < end; from += 2) increase(counts, load<u16>(from), 1);
}

@inline
function increase(counts: usize, level: u32, by: u32): void {
  const at = counts + (<usize>level << 2);
  store<u32>(at, load<u32>(at) + by);
}
