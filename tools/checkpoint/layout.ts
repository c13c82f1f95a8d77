/**
 * @module
 * The published names of a GLAM state_dict and their shapes, for any spec, and the check that
 * a checkpoint has exactly these.
 */
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { Checkpoint } from "./read-checkpoint.ts";
import { quoted } from "./unpickle.ts";

/** Name -> shape. */
export type Layout = Map<string, number[]>;

/** One way in which a checkpoint differs from the spec. */
export type Mismatch =
  | { kind: "missing"; name: string; expected: number[] }
  | { kind: "unexpected"; name: string; found: number[] }
  | { kind: "shape"; name: string; expected: number[]; found: number[] };

/** The problem `checkpoint-mismatch` with every difference. */
export class CheckpointMismatchError extends GlamError {
  readonly mismatches: readonly Mismatch[];

  constructor(mismatches: readonly Mismatch[]) {
    super(
      "checkpoint-mismatch",
      `${mismatches.length} tensors differ:\n${mismatches.map(describeMismatch).join("\n")}`,
    );
    this.mismatches = mismatches;
  }
}

/** Prefix of the global network's residual trunk. */
export const globalPrefix = "global_network.downsampling_branch";
/** Prefix of the three convolutions that turn taps into maps. */
export const tapPrefix = "global_network.postprocess_module";
/** Names of the tap convolutions, of the third last, the second last and the last stage. */
export const tapNames = ["gn_conv_1", "gn_conv_2", "gn_conv_last"] as const;
/** Prefix of the local network. */
export const localPrefix = "detection_network";

/** Tensors that no network uses. */
const ignored = /\.num_batches_tracked$|^global_network\.postprocess_module\.combine\.weight$/;

function addBatchNorm(layout: Layout, name: string, channels: number): void {
  for (const part of ["weight", "bias", "running_mean", "running_var"]) layout.set(`${name}.${part}`, [channels]);
}

function addGlobal(layout: Layout, spec: Spec): void {
  const { widths, blocks } = spec.global;
  layout.set(`${globalPrefix}.first_conv.weight`, [widths[0], 1, 7, 7]);
  let channels = widths[0];
  widths.forEach((width, stage) => {
    for (let block = 0; block < blocks[stage]; block++) {
      const name = `${globalPrefix}.layer_list.${stage}.${block}`;
      addBatchNorm(layout, `${name}.bn1`, channels);
      layout.set(`${name}.conv1.weight`, [width, channels, 3, 3]);
      addBatchNorm(layout, `${name}.bn2`, width);
      layout.set(`${name}.conv2.weight`, [width, width, 3, 3]);
      // A stage's first block always has it, also where neither width nor size changes.
      if (block === 0) layout.set(`${name}.downsample.0.weight`, [width, channels, 1, 1]);
      channels = width;
    }
  });
  addBatchNorm(layout, `${globalPrefix}.final_bn`, channels);
  const taps = widths.slice(-3);
  tapNames.forEach((name, i) => {
    layout.set(`${tapPrefix}.${name}.weight`, [spec.classes.length, taps[i], 1, 1]);
  });
}

function addLocal(layout: Layout, spec: Spec): void {
  const { widths, blocks, inputChannels } = spec.local;
  layout.set(`${localPrefix}.dn_resnet.conv1.weight`, [widths[0], inputChannels, 7, 7]);
  addBatchNorm(layout, `${localPrefix}.dn_resnet.bn1`, widths[0]);
  let channels = widths[0];
  widths.forEach((width, stage) => {
    for (let block = 0; block < blocks[stage]; block++) {
      const name = `${localPrefix}.dn_resnet.layer${stage + 1}.${block}`;
      layout.set(`${name}.conv1.weight`, [width, channels, 3, 3]);
      addBatchNorm(layout, `${name}.bn1`, width);
      layout.set(`${name}.conv2.weight`, [width, width, 3, 3]);
      addBatchNorm(layout, `${name}.bn2`, width);
      if (channels !== width) {
        layout.set(`${name}.downsample.0.weight`, [width, channels, 1, 1]);
        addBatchNorm(layout, `${name}.downsample.1`, width);
      }
      channels = width;
    }
  });
  layout.set(`${localPrefix}.gn_conv_last.weight`, [spec.classes.length, channels, 1, 1]);
}

/** @returns the tensors that a checkpoint of this spec must have */
export function expectedLayout(spec: Spec): Layout {
  const layout: Layout = new Map();
  addGlobal(layout, spec);
  addLocal(layout, spec);
  return layout;
}

const sameShape = (a: number[], b: number[]): boolean => a.length === b.length && a.every((size, i) => size === b[i]);

/** @returns every difference between a checkpoint and a spec; empty when it fits */
export function compareLayout(checkpoint: Checkpoint, spec: Spec): Mismatch[] {
  const layout = expectedLayout(spec);
  const mismatches: Mismatch[] = [];
  for (const [name, expected] of layout) {
    const found = checkpoint.get(name)?.shape;
    if (!found) mismatches.push({ kind: "missing", name, expected });
    else if (!sameShape(expected, found)) mismatches.push({ kind: "shape", name, expected, found });
  }
  for (const [name, { shape }] of checkpoint) {
    if (!layout.has(name) && !ignored.test(name)) mismatches.push({ kind: "unexpected", name, found: shape });
  }
  return mismatches;
}

/**
 * @throws {CheckpointMismatchError} when any tensor is missing, unexpected or of the wrong shape
 * @throws {GlamError} checkpoint-unreadable when one holds NaN, an infinite value or a negative variance; checkpoint-mismatch
 * when all names stand behind a prefix
 */
export function assertLayout(checkpoint: Checkpoint, spec: Spec): void {
  const mismatches = compareLayout(checkpoint, spec);
  const prefix = mismatches.length > 0 ? prefixOf(checkpoint) : undefined;
  if (prefix !== undefined) {
    const detail = `The names of the tensors begin with ${quoted(prefix)}; save the state_dict of the model inside.`;
    throw new GlamError("checkpoint-mismatch", detail);
  }
  if (mismatches.length > 0) throw new CheckpointMismatchError(mismatches);
  for (const name of expectedLayout(spec).keys()) assertSound(name, checkpoint.get(name)?.data ?? new Float32Array(0));
}

/** The prefix of the names that every GLAM has. */
function prefixOf(checkpoint: Checkpoint): string | undefined {
  const first = `${globalPrefix}.first_conv.weight`;
  return [...checkpoint.keys()].find((name) => name.endsWith(`.${first}`))?.slice(0, -first.length);
}

function assertSound(name: string, data: Float32Array): void {
  const wrong = data.filter((value) => !Number.isFinite(value)).length;
  if (wrong > 0) {
    const detail = `The tensor ${name} holds ${wrong} of ${data.length} values that are NaN or infinite: training diverged, or the file is damaged.`;
    throw new GlamError("checkpoint-unreadable", detail);
  }
  if (name.endsWith(".running_var") && data.some((value) => value < 0)) {
    throw new GlamError("checkpoint-unreadable", `The tensor ${name} holds negative variances.`);
  }
}

const shapeText = (shape: number[]): string => `[${shape.join(", ")}]`;

/** One line for a person. */
export function describeMismatch(mismatch: Mismatch): string {
  const { kind, name } = mismatch;
  if (kind === "missing") return `missing     ${name} ${shapeText(mismatch.expected)}`;
  if (kind === "unexpected") return `unexpected  ${name} ${shapeText(mismatch.found)}`;
  return `wrong shape ${name} ${shapeText(mismatch.found)}, expected ${shapeText(mismatch.expected)}`;
}
