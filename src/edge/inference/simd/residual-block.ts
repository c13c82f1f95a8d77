/**
 * @module
 * Runs one residual block, strip by strip, over its own input.
 */
import type { Band } from "../../../glam/contracts.ts";
import { innerRows, inputRows } from "./band.ts";
import type { Conv } from "./conv-shape.ts";
import { convolve, loadConv } from "./convolve.ts";
import { type Rows, rowAddress } from "./feature-map.ts";
import type { Kernels } from "./kernels.ts";
import type { BlockPlan } from "./plan-block.ts";
import { Repeats } from "./repeats.ts";
import type { WeightSource } from "./weight-source.ts";

/** What every layer of one network runs with. */
export type Engine = { kernels: Kernels; weights: WeightSource; bytes: Uint8Array; zero: number; work: number };

/** The block's buffers and loaded convolutions. */
type Loaded = { conv1: Conv; conv2: Conv; shortcut: Conv | undefined; at: BlockPlan["regions"]["offsets"] };

function load(engine: Engine, block: BlockPlan): Loaded {
  const at = { ...block.regions.offsets };
  for (const name of Object.keys(at) as (keyof typeof at)[]) at[name] += engine.work;
  const conv = (plan: Conv["plan"], u: number, affine: number): Conv => {
    const buffers = { v: at.v, m: at.m, u: plan.resident ? u : at.group, affine, zero: engine.zero };
    loadConv({ plan, buffers }, engine.weights, engine.kernels);
    return { plan, buffers };
  };
  if (block.preactivation) engine.weights.copy(`${block.name}.a.affine`, at.affine);
  const conv1 = conv(block.conv1, at.u1, at.affine1);
  const conv2 = conv(block.conv2, at.u2, at.affine2);
  const shortcut = block.shortcut && conv(block.shortcut, at.uShortcut, at.affineShortcut);
  return { conv1, conv2, shortcut, at };
}

/** relu(bn(x)) of input rows [from, to), as rows of their own. */
function activate(engine: Engine, block: BlockPlan, { at }: Loaded, x: Rows, from: number, to: number): Rows {
  const { layout } = x;
  const origin = at.activated - from * layout.rowBytes;
  const rows = to - from;
  engine.kernels.scaleBiasRelu(
    ...([rowAddress(x, from), at.activated, layout.rowBytes, layout.planeBytes] as const),
    ...([layout.planes, rows, layout.width, at.affine] as const),
  );
  engine.kernels.clearMargins(at.activated, rows * layout.planes, layout.stride, layout.width);
  return { ...x, layout: block.input, origin, low: from, high: to };
}

/**
 * @param input address of the input's row 0
 * @param output address of the output's row 0; the plan has placed it so that no row is overwritten too early
 * @param band output rows that are wanted; the input must have the rows that they depend on
 * @param inputRepeats columns of the input that repeat; without it everything is computed
 * @returns columns of the output that repeat
 */
export function runBlock(
  engine: Engine,
  block: BlockPlan,
  input: number,
  output: number,
  band: Band,
  inputRepeats?: Repeats,
): Repeats | undefined {
  const loaded = load(engine, block);
  const { conv1, conv2, shortcut, at } = loaded;
  const { kernels, weights } = engine;
  const { rowBytes } = block.output;
  const [low, high] = inputRows(block, band);
  const [innerFirst, innerLast] = innerRows(block, band);
  const [first, end] = band;
  const { height } = block.output;
  const x: Rows = { layout: block.input, origin: input, low, high, ...(inputRepeats && { repeats: inputRepeats }) };
  const repeats = new Repeats(height);
  const out: Rows = { layout: block.output, origin: output, low: first, high: end, repeats };
  const start = at.inner - innerFirst * rowBytes;
  const innerRepeats = new Repeats(height);
  let inner: Rows = { layout: block.output, origin: start, low: innerFirst, high: innerFirst, repeats: innerRepeats };
  const shortcutRepeats = new Repeats(height);
  for (let done = first; done < end; ) {
    const innerEnd = Math.min(inner.high + block.strip, innerLast);
    const outEnd = innerEnd === innerLast ? end : innerEnd - 1;
    const firstInput = Math.max(0, block.stride * (inner.high - 1));
    const lastInput = Math.min(block.input.height, block.stride * (innerEnd - 1) + 2);
    const source = block.preactivation ? activate(engine, block, loaded, x, firstInput, lastInput) : x;
    convolve(conv1, weights, kernels, source, inner, [inner.high, innerEnd]);
    inner = { ...inner, high: innerEnd };
    let residual = x;
    if (shortcut) {
      const origin = at.projected - done * rowBytes;
      residual = { layout: block.output, origin, low: done, high: outEnd, repeats: shortcutRepeats };
      convolve(shortcut, weights, kernels, source, residual, [done, outEnd]);
    }
    convolve(conv2, weights, kernels, inner, out, [done, outEnd], residual);
    done = outEnd;
    if (done < end) inner = keepTail(engine, inner, done - 1, at.inner);
  }
  return inputRepeats && repeats;
}

/** Moves the inner rows from `first` on to the start of their buffer. */
function keepTail({ bytes }: Engine, inner: Rows, first: number, buffer: number): Rows {
  const low = Math.max(first, inner.low);
  bytes.copyWithin(buffer, rowAddress(inner, low), rowAddress(inner, inner.high));
  return { ...inner, origin: buffer - low * inner.layout.rowBytes, low };
}
