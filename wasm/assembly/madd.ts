/** a * b + c: fused where the host has relaxed SIMD, two instructions in the plain twin. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** v * s + c with a scalar constant. */
export function axpy(v: v128, s: f32, c: v128): v128 {
  return madd(v, f32x4.splat(s), c);
}

export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

export function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

export function scale(v: v128, s: f32): v128 {
  return f32x4.mul(v, f32x4.splat(s));
}

/** max(v, 0) in one instruction of every host: pmax(0, v) = 0 < v ? v : 0. */
export function positive(v: v128): v128 {
  return f32x4.pmax(f32x4.splat(0), v);
}
