/**
 * @module
 * Makes the layers that both networks share, from tensors of a checkpoint.
 */
import type { Checkpoint } from "../checkpoint/read-checkpoint.ts";
import { batchNorm, foldIntoConvolution, tensorData } from "./fold.ts";
import type { Convolution, Layer } from "./network.ts";

/** How a convolution is placed; `bn` names the BatchNorm that follows it directly. */
export type ConvolutionOptions = {
  weight: string;
  bn?: string;
  kernel: number;
  stride?: number;
  relu?: boolean;
};

/** Collects layers; every method returns the name of its output tensor. */
export class LayerList {
  readonly layers: Layer[] = [];
  private readonly checkpoint: Checkpoint;

  constructor(checkpoint: Checkpoint) {
    this.checkpoint = checkpoint;
  }

  add(layer: Layer): string {
    this.layers.push(layer);
    return layer.output;
  }

  /** A convolution with "same" padding at stride 1. */
  conv(input: string, output: string, options: ConvolutionOptions): string {
    return this.add(this.convolution(input, output, tensorData(this.checkpoint, options.weight), options));
  }

  /**
   * @param weight used in place of the checkpoint's
   * @param outChannels read from the checkpoint's shape
   */
  convolution(input: string, output: string, weight: Float32Array, options: ConvolutionOptions): Convolution {
    const { kernel, stride = 1, relu = false } = options;
    const outChannels = this.checkpoint.get(options.weight)?.shape[0] ?? 0;
    const bn = options.bn === undefined ? undefined : batchNorm(this.checkpoint, options.bn);
    const folded = bn
      ? { ...foldIntoConvolution(weight, bn), norm: bn.norm }
      : { weight, bias: new Float32Array(outChannels) };
    const inChannels = weight.length / (outChannels * kernel * kernel);
    return {
      op: "conv",
      input,
      output,
      ...folded,
      outChannels,
      inChannels,
      kernel,
      stride,
      pad: (kernel - 1) / 2,
      relu,
    };
  }

  /** BatchNorm that stands before its convolution, with the ReLU behind it. */
  normalise(input: string, output: string, bn: string): string {
    const { scale, shift, norm } = batchNorm(this.checkpoint, bn);
    return this.add({
      op: "affine",
      input,
      output,
      scale: Float32Array.from(scale),
      shift: Float32Array.from(shift),
      relu: true,
      norm,
    });
  }

  /** `a + b`, and ReLU where asked. */
  sum(a: string, b: string, output: string, relu: boolean): string {
    return this.add({ op: "add", inputs: [a, b], output, relu });
  }
}
