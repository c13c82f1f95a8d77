import { describe, expect, test } from "vitest";
import { numbersOf } from "../test/support/python.ts";

describe("training on pseudo-masks", () => {
  test("goes on with the weights of --init; a fresh stage takes only the other network from there", (context) => {
    const found = numbersOf(context, [
      "import contextlib, io, json, pathlib, sys, tempfile",
      "import numpy as np, torch",
      "import train_masks",
      "from glam.model import Glam",
      "from glam.spec import load_spec",
      "folder = pathlib.Path(tempfile.mkdtemp())",
      "(folder / 'dataset.json').write_text(json.dumps({'height': 128, 'width': 96, 'count': 8}))",
      "rows = ''.join(f'{n},{n},L-CC,{n % 2},{n // 4}\\n' for n in range(8))",
      "(folder / 'labels.csv').write_text('index,seed,view,benign,malignant\\n' + rows)",
      "np.random.default_rng(1).integers(1, 256, (8, 128, 96)).astype(np.uint8).tofile(folder / 'images.u8')",
      "np.ones((8, 2, 32, 24), np.uint8).tofile(folder / 'pseudo.u8')",
      "torch.manual_seed(2)",
      "torch.save(Glam(load_spec('../specs/glam-tiny.json')).state_dict(), folder / 'before.pt')",
      "before = torch.load(folder / 'before.pt')",
      "for fresh in False, True:",
      "    config = {'spec': 'glam-tiny', 'network': 'global', 'fresh': fresh, 'seed': 3, 'steps': 0}",
      "    config |= {'learningRate': 0.001, 'weightDecay': 0}",
      "    (folder / 'config.json').write_text(json.dumps(config))",
      "    out = folder / str(fresh)",
      "    args = f'{folder}/config.json --init {folder}/before.pt --train {folder} --masks {folder} --val {folder} --out {out}'",
      "    sys.argv = ['train_masks.py', *args.split()]",
      "    with contextlib.redirect_stdout(io.StringIO()):",
      "        train_masks.main()",
      "    after = torch.load(out / 'glam.pt')",
      "    for network in 'global_network', 'detection_network':",
      "        names = [name for name in before if name.startswith(network) and 'conv' in name]",
      "        print(sum(torch.equal(before[name], after[name]) for name in names) / len(names))",
    ]);
    expect(found).toEqual([1, 1, 0, 1]);
  });

  test("draws each image as often as any, and whole groups of similar width", (context) => {
    const [least, most, spread, groups] = numbersOf(context, [
      "import json, pathlib, tempfile",
      "import numpy as np",
      "from glam.data import ImageSet",
      "folder = pathlib.Path(tempfile.mkdtemp())",
      "(folder / 'dataset.json').write_text(json.dumps({'height': 8, 'width': 80, 'count': 160, 'lesionsEach': 1}))",
      "rows = ''.join(f'{n},{n // 4},L-CC,0,0\\n' for n in range(160))",
      "(folder / 'labels.csv').write_text('index,seed,view,benign,malignant\\n' + rows)",
      "images = np.zeros((160, 8, 80), np.uint8)",
      "for n in range(160): images[n, :, :1 + n // 4 * 7 % 41] = 9",
      "images.tofile(folder / 'images.u8')",
      "source, random = ImageSet(folder), np.random.default_rng(4)",
      "drawn = np.array([source.draw(16, random) for _ in range(20000)])",
      "counts = np.bincount(drawn.ravel(), minlength=160) / drawn.size * 160",
      "print(counts.min(), counts.max(), np.ptp(source.widths[drawn], 1).mean(), sep='\\n')",
      "print(int((drawn.reshape(-1, 4) == drawn[:, ::4].ravel()[:, None] + np.arange(4)).all()))",
    ]);
    expect(least).toBeGreaterThan(0.9);
    expect(most).toBeLessThan(1.1);
    expect(spread).toBeLessThan(12);
    expect(groups).toBe(1);
  });
});
