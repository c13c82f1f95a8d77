/**
 * @module
 * Both networks of a spec as the engine sees them: a stem, residual blocks, and taps that become class maps. Names are those
 * of the layer lists that `glam import` makes.
 */
import { globalMapSizes, localMapSide, type Size, type Spec, saliencyTap } from "../../../glam/spec.ts";
import { type MapLayout, mapLayout, paddedChannels } from "./feature-map.ts";
import type { NetworkKind } from "./weights-file.ts";

/** conv 7x7 stride 2 pad 3 on one channel, then a 3x3 stride-2 maximum. */
export type StemShape = {
  name: string;
  image: { height: number; width: number };
  conv: MapLayout;
  pad: 0 | 1;
  relu: boolean;
  output: MapLayout;
};

/** One residual block; `preactivation` tells the global network's kind from the local one's. */
export type BlockShape = {
  name: string;
  input: MapLayout;
  output: MapLayout;
  stride: 1 | 2;
  /** The shortcut is a 1x1 convolution, not the input itself. */
  projection: boolean;
  preactivation: boolean;
};

/**
 * A 1x1 convolution to class logits of a block's output, or of what batch norm and ReLU make of it, and the probabilities.
 * `resized` is the size that these are wanted in; their own when not given.
 */
export type TapShape = { name: string; block: number; input: MapLayout; normalisation?: string; resized?: Size };

export type NetworkShape = {
  kind: NetworkKind;
  classes: number;
  stem: StemShape;
  blocks: BlockShape[];
  taps: TapShape[];
};

const half = (n: number): number => Math.floor((n - 1) / 2) + 1;

/** @returns the global network of a spec */
export function globalShape(spec: Spec): NetworkShape {
  const { widths, blocks: counts, strides } = spec.global;
  const conv = { height: half(spec.canvas.height), width: half(spec.canvas.width) };
  const pooled = { height: Math.floor((conv.height - 3) / 2) + 1, width: Math.floor((conv.width - 3) / 2) + 1 };
  const sizes = globalMapSizes(spec);
  const output = mapLayout({ channels: widths[0], ...pooled });
  const blocks: BlockShape[] = [];
  const taps: TapShape[] = [];
  let input = output;
  widths.forEach((channels, stage) => {
    const layout = mapLayout({ channels, ...sizes[stage] });
    for (let j = 0; j < counts[stage]; j++) {
      const stride = j === 0 ? strides[stage] : 1;
      const name = `g${stage + 1}.${j + 1}`;
      blocks.push({ name, input, output: layout, stride, projection: j === 0, preactivation: true });
      input = layout;
    }
    const tap = stage - saliencyTap(spec);
    if (tap < 0) return;
    const normalisation = stage === widths.length - 1 ? { normalisation: "g.final" } : {};
    const { height, width } = spec.saliency;
    const resized = layout.height === height && layout.width === width ? {} : { resized: { height, width } };
    taps.push({ name: `tap${tap + 1}`, block: blocks.length - 1, input: layout, ...normalisation, ...resized });
  });
  const stem = {
    name: "g.stem",
    image: spec.canvas,
    conv: mapLayout({ channels: widths[0], ...conv }),
    pad: 0 as const,
    relu: false,
    output,
  };
  return { kind: "global", classes: spec.classes.length, stem, blocks, taps };
}

/** @returns the local network of a spec */
export function localShape(spec: Spec): NetworkShape {
  const { widths, blocks: counts } = spec.local;
  const side = localMapSide(spec);
  const map = (channels: number) => mapLayout({ channels, height: side, width: side });
  const output = map(widths[0]);
  const blocks: BlockShape[] = [];
  let input = output;
  widths.forEach((channels, stage) => {
    for (let j = 0; j < counts[stage]; j++) {
      const layout = map(channels);
      const projection = input.channels !== channels;
      const name = `l${stage + 1}.${j + 1}`;
      blocks.push({ name, input, output: layout, stride: 1, projection, preactivation: false });
      input = layout;
    }
  });
  const stem = {
    name: "l.stem",
    image: { height: spec.crop, width: spec.crop },
    conv: mapLayout({ channels: widths[0], height: half(spec.crop), width: half(spec.crop) }),
    pad: 1 as const,
    relu: true,
    output,
  };
  const taps = [{ name: "l.logits", block: blocks.length - 1, input }];
  return { kind: "local", classes: spec.classes.length, stem, blocks, taps };
}

/** Name and number of elements of every tensor that the network needs. */
export function tensorLengths(shape: NetworkShape): Map<string, number> {
  const lengths = new Map<string, number>();
  const conv = (name: string, inputs: number, outputs: number, taps: number) => {
    lengths.set(`${name}.weight`, inputs * paddedChannels(outputs) * taps);
    lengths.set(`${name}.affine`, paddedChannels(outputs) * 2);
  };
  conv(shape.stem.name, 1, shape.stem.output.channels, 49);
  for (const { name, input, output, projection, preactivation } of shape.blocks) {
    const inputs = paddedChannels(input.channels);
    if (preactivation) lengths.set(`${name}.a.affine`, inputs * 2);
    if (projection) conv(`${name}.shortcut`, inputs, output.channels, 1);
    conv(`${name}.conv1`, inputs, output.channels, 9);
    conv(`${name}.conv2`, paddedChannels(output.channels), output.channels, 9);
  }
  for (const { name, input, normalisation } of shape.taps) {
    if (normalisation) lengths.set(`${normalisation}.affine`, paddedChannels(input.channels) * 2);
    lengths.set(`${name}.classes`, shape.classes * paddedChannels(input.channels));
  }
  return lengths;
}
