import { describe, expect, test } from "vitest";
import { numbersOf } from "../test/support/python.ts";

/** `dataset(images)` writes images [N,H,W] as a data set and answers with its folder. */
const writesDatasets = [
  "import json, pathlib, tempfile",
  "import numpy as np",
  "def dataset(images, **more):",
  "    folder = pathlib.Path(tempfile.mkdtemp())",
  "    count, height, width = images.shape",
  "    (folder / 'dataset.json').write_text(json.dumps({'height': height, 'width': width, 'count': count, **more}))",
  "    rows = ''.join(f'{n},{n},L-CC,{n % 2},{n // 2 % 2}\\n' for n in range(count))",
  "    (folder / 'labels.csv').write_text('index,seed,view,benign,malignant\\n' + rows)",
  "    images.tofile(folder / 'images.u8')",
  "    return folder",
];

describe("training on pseudo-masks", () => {
  test("goes on with the weights of --init; a fresh stage takes only the other network from there", (context) => {
    const found = numbersOf(context, [
      ...writesDatasets,
      "import contextlib, io, sys, torch",
      "import train_masks",
      "from glam.model import Glam",
      "from glam.spec import load_spec",
      "folder = dataset(np.random.default_rng(1).integers(1, 256, (8, 128, 96)).astype(np.uint8))",
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
      ...writesDatasets,
      "from glam.data import ImageSet",
      "images = np.zeros((160, 8, 80), np.uint8)",
      "for n in range(160): images[n, :, :1 + n // 4 * 7 % 41] = 9",
      "source, random = ImageSet(dataset(images, lesionsEach=1)), np.random.default_rng(4)",
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
