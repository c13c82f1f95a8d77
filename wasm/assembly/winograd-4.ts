import { add, axpy, madd, positive, scale, sub } from "./madd";
import { CHUNK_PLANES, TILE, TILE_ROWS, TILES } from "./scratch";

/** One row of B^T d of F(4,3), points 0, 1, -1, 2, -2, infinity; writes six vectors `step` bytes apart. */
@inline
function input1d(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize): void {
  const even = axpy(d2, -4, d4);
  const odd = axpy(d1, -4, d3);
  const near = sub(d4, d2);
  const far = scale(sub(d3, d1), 2);
  v128.store(to, axpy(d0, 4, axpy(d2, -5, d4)));
  v128.store(to + step, add(even, odd));
  v128.store(to + 2 * step, sub(even, odd));
  v128.store(to + 3 * step, add(near, far));
  v128.store(to + 4 * step, sub(near, far));
  v128.store(to + 5 * step, axpy(d1, 4, axpy(d3, -5, d5)));
}

/** Transforms lane `lane` of a panel in the current plane, and moves its rows to the next plane. */
function inputTile(at: usize, to: usize, step: usize): void {
  const p0 = load<usize>(at, 0);
  store<usize>(at, p0 + load<usize>(at, 4), 0);
  const p1 = load<usize>(at, 8);
  store<usize>(at, p1 + load<usize>(at, 12), 8);
  const p2 = load<usize>(at, 16);
  store<usize>(at, p2 + load<usize>(at, 20), 16);
  const p3 = load<usize>(at, 24);
  store<usize>(at, p3 + load<usize>(at, 28), 24);
  const p4 = load<usize>(at, 32);
  store<usize>(at, p4 + load<usize>(at, 36), 32);
  const p5 = load<usize>(at, 40);
  store<usize>(at, p5 + load<usize>(at, 44), 40);
  for (let j: usize = 0; j < 96; j += 16) {
    input1d(v128.load(p0 + j), v128.load(p1 + j), v128.load(p2 + j), v128.load(p3 + j), v128.load(p4 + j), v128.load(p5 + j), TILE + j, 96);
  }
  for (let i: usize = 0; i < 6; i++) {
    const t = TILE + i * 96;
    input1d(v128.load(t), v128.load(t, 16), v128.load(t, 32), v128.load(t, 48), v128.load(t, 64), v128.load(t, 80), to + i * 6 * step, step);
  }
}

/**
 * Moves a chunk of a panel to V. Storing single vectors to that many positions would miss caches and TLB at nearly every store.
 */
function copyChunk(v: usize, step: usize, bytes: usize): void {
  for (let p: usize = 0; p < 36; p++) {
    const from = TILES + p * (CHUNK_PLANES * 96);
    for (let i: usize = 0; i < bytes; i += 96) {
      v128.store(v + i, v128.load(from + i));
      v128.store(v + i, v128.load(from + i, 16), 16);
      v128.store(v + i, v128.load(from + i, 32), 32);
      v128.store(v + i, v128.load(from + i, 48), 48);
      v128.store(v + i, v128.load(from + i, 64), 64);
      v128.store(v + i, v128.load(from + i, 80), 80);
    }
    v += step;
  }
}

/**
 * Input rows -> V `[36][chunk of 8 planes][panel][plane][6][4]`, positions `step` bytes apart. Row r of plane c starts at
 * `base + r * rowBytes + c * planeBytes`; rows outside [low, high) are `zero`. The first tile's first output row is `top`.
 */
export function winograd4Input(
  base: usize, rowBytes: usize, planeBytes: usize, low: i32, high: i32, top: i32, zero: usize,
  planes: i32, tileRows: i32, tileCols: i32, v: usize, step: usize,
): void {
  const tiles = tileRows * tileCols;
  const panels = (tiles + 5) / 6;
  for (let panel = 0; panel < panels; panel++) {
    const first = panel * 6;
    const lanes = min(6, tiles - first);
    for (let lane = 0; lane < lanes; lane++) {
      const tile = first + lane;
      const x = <usize>(tile % tileCols) * 64;
      const y = top + (tile / tileCols) * 4 - 1;
      for (let i = 0; i < 6; i++) {
        const inside = y + i >= low && y + i < high;
        const at = TILE_ROWS + <usize>(lane * 6 + i) * 8;
        store<usize>(at, inside ? base + <usize>(y + i) * rowBytes + x : zero);
        store<usize>(at, inside ? planeBytes : 0, 4);
      }
    }
    for (let c = 0; c < planes; c += <i32>CHUNK_PLANES) {
      const count = min(<i32>CHUNK_PLANES, planes - c);
      for (let i = 0; i < count; i++) {
        for (let lane = 0; lane < lanes; lane++) {
          inputTile(TILE_ROWS + <usize>lane * 48, TILES + <usize>i * 96 + <usize>lane * 16, CHUNK_PLANES * 96);
        }
      }
      copyChunk(v + <usize>(c * panels) * 96 + <usize>(panel * count) * 96, step, <usize>count * 96);
    }
  }
}

/** One row of A^T m of F(4,3). */
@inline
function output1d(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, to: usize, step: usize): void {
  const a = add(m1, m2);
  const b = sub(m1, m2);
  const c = add(m3, m4);
  const d = sub(m3, m4);
  v128.store(to, add(m0, add(a, c)));
  v128.store(to + step, axpy(d, 2, b));
  v128.store(to + 2 * step, axpy(c, 4, a));
  v128.store(to + 3 * step, add(axpy(d, 8, b), m5));
}

/**
 * M `[36][planes][stride tiles][4]` -> `rows` x `cols` output pixels: value * scale + bias (+ residual), ReLU if asked.
 * `out` and `residual` (0: none) are the first pixel of the strip's first row; they share `planeBytes` and have row steps of
 * their own. `affine` is `[planes][scale 4, bias 4]`.
 */
export function winograd4Output(
  m: usize, step: usize, planes: i32, tileRows: i32, tileCols: i32, stride: i32, affine: usize,
  out: usize, outRow: usize, residual: usize, residualRow: usize, planeBytes: usize, rows: i32, cols: i32, relu: bool,
): void {
  for (let c = 0; c < planes; c++) {
    const gain = v128.load(affine + <usize>c * 32);
    const bias = v128.load(affine + <usize>c * 32, 16);
    for (let ty = 0; ty < tileRows; ty++) {
      const high = min(4, rows - ty * 4);
      for (let tx = 0; tx < tileCols; tx++) {
        const from = m + (<usize>c * stride + <usize>(ty * tileCols + tx)) * 16;
        for (let j: usize = 0; j < 6; j++) {
          const f = from + j * step;
          output1d(
            v128.load(f), v128.load(f + 6 * step), v128.load(f + 12 * step), v128.load(f + 18 * step),
            v128.load(f + 24 * step), v128.load(f + 30 * step), TILE + j * 16, 96,
          );
        }
        const wide = min(4, cols - tx * 4);
        const at = <usize>c * planeBytes + <usize>tx * 64;
        for (let i = 0; i < high; i++) {
          const t = TILE + <usize>i * 96;
          output1d(
            v128.load(t), v128.load(t, 16), v128.load(t, 32), v128.load(t, 48), v128.load(t, 64), v128.load(t, 80),
            t, 16,
          );
          const y = <usize>(ty * 4 + i);
          const to = out + at + y * outRow;
          const rest = residual + at + y * residualRow;
          for (let j: usize = 0; j < <usize>wide; j++) {
            let value = madd(v128.load(t + j * 16), gain, bias);
            if (residual) value = add(value, v128.load(rest + j * 16));
            if (relu) value = positive(value);
            v128.store(to + j * 16, value);
          }
        }
      }
    }
  }
}

/** One row of G g of F(4,3). */
@inline
function weight1d(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const outer = scale(add(g0, g2), <f32>(-1.0 / 6.0));
  const inner = scale(g1, <f32>(1.0 / 6.0));
  const wide = axpy(g2, <f32>(1.0 / 6.0), scale(g0, <f32>(1.0 / 24.0)));
  const middle = scale(g1, <f32>(1.0 / 12.0));
  v128.store(to, scale(g0, 0.25));
  v128.store(to + step, sub(outer, inner));
  v128.store(to + 2 * step, add(outer, inner));
  v128.store(to + 3 * step, add(wide, middle));
  v128.store(to + 4 * step, sub(wide, middle));
  v128.store(to + 5 * step, g2);
}

/** Nine taps, 32 bytes apart at `g` -> U, positions `step` bytes apart. */
function weightTile(g: usize, to: usize, step: usize): void {
  for (let j: usize = 0; j < 3; j++) {
    const f = g + j * 32;
    weight1d(v128.load(f), v128.load(f, 96), v128.load(f, 192), TILE + j * 16, 48);
  }
  for (let i: usize = 0; i < 6; i++) {
    const t = TILE + i * 48;
    weight1d(v128.load(t), v128.load(t, 16), v128.load(t, 32), to + i * 6 * step, step);
  }
}

/** f32 taps `[count][9][8]` (count = blocks * channels, a multiple of 8) -> U `[36][count][8]`. */
export function winograd4Weights(g: usize, count: i32, u: usize, step: usize): void {
  for (let i = 0; i < count; i += 8) {
    for (let j: usize = 0; j < 8; j++) {
      weightTile(g, TILES + j * 32, 256);
      weightTile(g + 16, TILES + j * 32 + 16, 256);
      g += 288;
    }
    // Whole cache lines to each position, as in copyChunk.
    let to = u;
    for (let p: usize = 0; p < 36; p++) {
      const from = TILES + p * 256;
      for (let k: usize = 0; k < 256; k += 64) {
        v128.store(to + k, v128.load(from + k));
        v128.store(to + k, v128.load(from + k, 16), 16);
        v128.store(to + k, v128.load(from + k, 32), 32);
        v128.store(to + k, v128.load(from + k, 48), 48);
      }
      to += step;
    }
    u += 256;
  }
}

/**
 * f32 taps `[count][9][8]` -> the 6 positions of one row of U, `[6][count][8]`; (g0, g1, g2) is that row of G. With few
 * positions at a time the weights of many channels stay in the second-level cache until they are multiplied.
 */
export function winograd4WeightRow(g: usize, count: i32, g0: f32, g1: f32, g2: f32, u: usize, step: usize): void {
  const a = f32x4.splat(g0);
  const b = f32x4.splat(g1);
  const c = f32x4.splat(g2);
  for (let i = 0; i < count * 2; i++) {
    const t0 = madd(c, v128.load(g, 192), madd(b, v128.load(g, 96), f32x4.mul(a, v128.load(g))));
    const t1 = madd(c, v128.load(g, 224), madd(b, v128.load(g, 128), f32x4.mul(a, v128.load(g, 32))));
    const t2 = madd(c, v128.load(g, 256), madd(b, v128.load(g, 160), f32x4.mul(a, v128.load(g, 64))));
    weight1d(t0, t1, t2, u, step);
    // Both halves of eight channels, then the next input channel.
    g += i & 1 ? 272 : 16;
    u += 16;
  }
}
