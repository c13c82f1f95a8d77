import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasTorch, runPython } from "../../test/support/python.ts";
import { readSpec } from "../../test/support/specs.ts";
import { readCheckpoint } from "../checkpoint/read-checkpoint.ts";
import { importModel } from "../import/import-model.ts";
import type { Layer } from "../onnx/network.ts";
import { adaptNetwork } from "./adapt-network.ts";

const spec = readSpec("glam-tiny");
const batches = [3, 2];

/** A GLAM whose gains are of either sign and sometimes 0, before and after training mode saw the batches. */
const script = [
  "import json, pathlib, sys, torch",
  "from glam.model import Glam",
  "folder = pathlib.Path(sys.argv[1])",
  "spec = json.load(open('../specs/glam-tiny.json'))",
  "torch.manual_seed(4)",
  "model = Glam(spec)",
  "for module in model.modules():",
  "    if not isinstance(module, torch.nn.BatchNorm2d): continue",
  "    torch.nn.init.normal_(module.weight), torch.nn.init.normal_(module.bias)",
  "    torch.nn.init.normal_(module.running_mean), torch.nn.init.uniform_(module.running_var, 0.2, 3)",
  "    module.weight.data[1] = 0",
  "    module.momentum = None",
  "torch.save(model.state_dict(), folder / 'before.pt')",
  "canvas, side = spec['canvas'], spec['crop']",
  "model.train()",
  "with torch.no_grad():",
  "    for network, name, height, width in ((model.global_network, 'global', canvas['height'], canvas['width']), (model.detection_network, 'local', side, side)):",
  `        images = torch.randn(${batches.join(" + ")}, 1, height, width) * 2 + 0.5`,
  "        images.numpy().astype('<f4').tofile(folder / name)",
  `        for batch in images.split(${JSON.stringify(batches)}): network(batch)`,
  "torch.save(model.state_dict(), folder / 'after.pt')",
].join("\n");

/** Everything of a network that BatchNorm goes into, by the layer's name. */
const numbersOf = (layers: readonly Layer[]) =>
  layers.flatMap((layer): [string, Float32Array][] => {
    if (layer.op === "conv")
      return [
        [`${layer.output}.weight`, layer.weight],
        [`${layer.output}.bias`, layer.bias],
      ];
    return layer.op === "affine"
      ? [
          [`${layer.output}.scale`, layer.scale],
          [`${layer.output}.shift`, layer.shift],
        ]
      : [];
  });

test.for(["global", "local"] as const)(
  "the %s network gets the statistics that PyTorch's training mode finds",
  async (which, { skip }) => {
    if (!hasTorch) skip("no python3 with torch here");
    const folder = await mkdtemp(join(tmpdir(), "glam-adapt-"));
    try {
      const { status, stderr } = runPython(script, folder);
      expect([status, stderr]).toEqual([0, ""]);
      const modelOf = async (file: string) =>
        importModel(readCheckpoint(await readFile(join(folder, file))), spec)[which];
      const before = await modelOf("before.pt");
      const after = await modelOf("after.pt");
      const images = new Float32Array(new Uint8Array(await readFile(join(folder, which))).buffer);
      const size = before.input.height * before.input.width;
      const image = (i: number) => images.slice(i * size, (i + 1) * size);
      const adapted = await adaptNetwork(before, [[0, 1, 2].map(image), [3, 4].map(image)]);
      const expected = new Map(numbersOf(after.layers));
      let farthest = 0;
      for (const [name, found] of numbersOf(adapted.layers)) {
        const wanted = expected.get(name) ?? new Float32Array();
        expect(found.length).toBe(wanted.length);
        const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
        found.forEach((value, i) => {
          farthest = Math.max(farthest, Math.abs(value - wanted[i]) / largest);
        });
      }
      expect(farthest).toBeLessThan(1e-5);
      expect(
        numbersOf(before.layers).some(([name, { 0: value }]) => Math.abs(value - (expected.get(name)?.[0] ?? 0)) > 0.1),
      ).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
