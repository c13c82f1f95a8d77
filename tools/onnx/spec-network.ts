/**
 * @module
 * The layer list of a spec without weights: what files that hold only weights are read back into.
 */

import type { NetworkKind } from "../../src/edge/inference/simd/weights-file.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { expectedLayout } from "../checkpoint/layout.ts";
import type { Checkpoint } from "../checkpoint/read-checkpoint.ts";
import { globalNetwork } from "./global-network.ts";
import { localNetwork } from "./local-network.ts";
import type { Affine, Convolution, Layer, Network } from "./network.ts";

/** Reads one layer's numbers; the layer that it gets has the right lengths and no values. */
export type LayerReader = {
  convolution(layer: Convolution): Pick<Convolution, "weight" | "bias">;
  affine(layer: Affine): Pick<Affine, "scale" | "shift">;
};

/** @returns the network of a spec with the numbers that `reader` finds for its layers, without norms */
export function fillNetwork(kind: NetworkKind, spec: Spec, reader: LayerReader): Network {
  const empty: Checkpoint = new Map();
  for (const [name, shape] of expectedLayout(spec)) {
    empty.set(name, { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) });
  }
  const network = kind === "global" ? globalNetwork(empty, spec) : localNetwork(empty, spec);
  const layers = network.layers.map((layer): Layer => {
    if (layer.op !== "conv" && layer.op !== "affine") return layer;
    const { norm: _, ...bare } = layer;
    return bare.op === "conv" ? { ...bare, ...reader.convolution(bare) } : { ...bare, ...reader.affine(bare) };
  });
  return { ...network, layers };
}
