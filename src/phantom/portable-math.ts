/**
 * @module
 * Transcendental functions from + - * / alone. IEEE 754 fixes those bit by bit, but not `Math.sin` or `Math.exp`, which differ
 * between engines and their versions; a phantom's pixels must not.
 */

const LN2 = Math.LN2;
const TWO_PI = 6.283185307179586;

/** e to the x for |x| <= 700; relative error below 1e-12. */
export function exp(x: number): number {
  const n = Math.floor(x / LN2 + 0.5);
  const r = x - n * LN2;
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= 12; k++) {
    term *= r / k;
    sum += term;
  }
  const factor = n < 0 ? 0.5 : 2;
  for (let k = Math.abs(n); k > 0; k--) sum *= factor;
  return sum;
}

/** Sine of an angle in radians, |x| below about 1e6; absolute error below 1e-9. */
export function sin(x: number): number {
  let t = x - Math.floor(x / TWO_PI) * TWO_PI;
  if (t > TWO_PI / 2) t -= TWO_PI;
  if (t > TWO_PI / 4) t = TWO_PI / 2 - t;
  if (t < -TWO_PI / 4) t = -TWO_PI / 2 - t;
  const q = t * t;
  let sum = 1;
  for (let k = 14; k >= 2; k -= 2) sum = 1 - (q / (k * (k + 1))) * sum;
  return t * sum;
}

/** Cosine of an angle in radians. */
export const cos = (x: number): number => sin(x + TWO_PI / 4);

/** Angle of (x, y) in [-pi, pi]; absolute error below 2e-5, continuous across the octants. */
export function atan2(y: number, x: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const high = Math.max(ax, ay);
  if (high === 0) return 0;
  const z = Math.min(ax, ay) / high;
  const q = z * z;
  let angle = z * (0.999866 + q * (-0.3302995 + q * (0.180141 + q * (-0.085133 + q * 0.0208351))));
  if (ay > ax) angle = TWO_PI / 4 - angle;
  if (x < 0) angle = TWO_PI / 2 - angle;
  return y < 0 ? -angle : angle;
}

/** Cubic step from 0 at `low` to 1 at `high`. */
export function smoothstep(low: number, high: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
