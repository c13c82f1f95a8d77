/**
 * @module
 * The local network of any spec as a list of layers.
 */
import type { Spec } from "../../src/glam/spec.ts";
import { localPrefix } from "../checkpoint/layout.ts";
import type { Checkpoint } from "../checkpoint/read-checkpoint.ts";
import { LayerList } from "./build.ts";
import { sumInputChannels, tensorData } from "./fold.ts";
import type { Network } from "./network.ts";

/** One residual block at stride 1; the shortcut is a convolution only where the width changes. */
function addBlock(list: LayerList, input: string, stage: number, block: number, widens: boolean): string {
  const name = `${localPrefix}.dn_resnet.layer${stage + 1}.${block}`;
  const id = `l${stage + 1}.${block + 1}`;
  const first = list.conv(input, `${id}.conv1`, {
    weight: `${name}.conv1.weight`,
    bn: `${name}.bn1`,
    kernel: 3,
    relu: true,
  });
  const second = list.conv(first, `${id}.conv2`, { weight: `${name}.conv2.weight`, bn: `${name}.bn2`, kernel: 3 });
  const shortcut = widens
    ? list.conv(input, `${id}.shortcut`, {
        weight: `${name}.downsample.0.weight`,
        bn: `${name}.downsample.1`,
        kernel: 1,
      })
    : input;
  return list.sum(second, shortcut, `${id}.out`, true);
}

/**
 * @param checkpoint has been through `assertLayout`
 * @returns input `crop` [1, side, side]; output `map` [2, side', side'], probability
 */
export function localNetwork(checkpoint: Checkpoint, spec: Spec): Network {
  const { inputChannels, widths, blocks } = spec.local;
  const list = new LayerList(checkpoint);
  const options = {
    weight: `${localPrefix}.dn_resnet.conv1.weight`,
    bn: `${localPrefix}.dn_resnet.bn1`,
    kernel: 7,
    stride: 2,
    relu: true,
  };
  const kernel = sumInputChannels(tensorData(checkpoint, options.weight), inputChannels, 49);
  const stem = list.add(list.convolution("crop", "l.stem", kernel, options));
  let x = list.add({ op: "maxpool", input: stem, output: "l.pool", pad: 1 });
  widths.forEach((width, stage) => {
    for (let block = 0; block < blocks[stage]; block++) {
      x = addBlock(list, x, stage, block, block === 0 && stage > 0 && widths[stage - 1] !== width);
    }
  });
  const logits = list.conv(x, "l.logits", { weight: `${localPrefix}.gn_conv_last.weight`, kernel: 1 });
  list.add({ op: "sigmoid", input: logits, output: "map" });
  return {
    name: "local",
    input: { name: "crop", channels: 1, height: spec.crop, width: spec.crop },
    outputs: ["map"],
    layers: list.layers,
  };
}
