/**
 * @module
 * The global network of any spec as a list of layers.
 */
import { type Spec, saliencyTap } from "../../src/glam/spec.ts";
import { globalPrefix, tapNames, tapPrefix } from "../checkpoint/layout.ts";
import type { Checkpoint } from "../checkpoint/read-checkpoint.ts";
import { LayerList } from "./build.ts";
import type { Network } from "./network.ts";

/** One pre-activation block; its second BatchNorm follows the first convolution and is folded into it. */
function addBlock(list: LayerList, input: string, stage: number, block: number, stride: number): string {
  const name = `${globalPrefix}.layer_list.${stage}.${block}`;
  const id = `g${stage + 1}.${block + 1}`;
  const a = list.normalise(input, `${id}.a`, `${name}.bn1`);
  const shortcut =
    block === 0 ? list.conv(a, `${id}.shortcut`, { weight: `${name}.downsample.0.weight`, kernel: 1, stride }) : input;
  const first = list.conv(a, `${id}.conv1`, {
    weight: `${name}.conv1.weight`,
    bn: `${name}.bn2`,
    kernel: 3,
    stride,
    relu: true,
  });
  const second = list.conv(first, `${id}.conv2`, { weight: `${name}.conv2.weight`, kernel: 3 });
  return list.sum(second, shortcut, `${id}.out`, false);
}

/**
 * @param checkpoint has been through `assertLayout`
 * @returns input `image` [1, H, W]; outputs `s1`, `s2`, `s3` [2, h, w], probability
 */
export function globalNetwork(checkpoint: Checkpoint, spec: Spec): Network {
  const { blocks, strides } = spec.global;
  const list = new LayerList(checkpoint);
  const stem = list.conv("image", "g.stem", { weight: `${globalPrefix}.first_conv.weight`, kernel: 7, stride: 2 });
  let x = list.add({ op: "maxpool", input: stem, output: "g.pool", pad: 0 });
  const stages = blocks.map((count, stage) => {
    for (let block = 0; block < count; block++) {
      x = addBlock(list, x, stage, block, block === 0 ? strides[stage] : 1);
    }
    return x;
  });
  const final = list.normalise(x, "g.final", `${globalPrefix}.final_bn`);
  const taps = [...stages.slice(saliencyTap(spec), -1), final];
  const { height, width } = spec.saliency;
  const outputs = taps.map((tap, i) => {
    const logits = list.conv(tap, `tap${i + 1}`, { weight: `${tapPrefix}.${tapNames[i]}.weight`, kernel: 1 });
    const resized = i === 0 ? logits : list.add({ op: "nearest", input: logits, output: `map${i + 1}`, height, width });
    return list.add({ op: "sigmoid", input: resized, output: `s${i + 1}` });
  });
  return {
    name: "global",
    input: { name: "image", channels: 1, ...spec.canvas },
    outputs,
    layers: list.layers,
  };
}
