import { describe, expect, test } from "vitest";
import { numbersOf } from "../test/support/python.ts";
import { smallSpec, trains, writesDatasets } from "../test/support/training.ts";

describe("training on pseudo-masks", () => {
  test("goes on with the weights of --init; a fresh stage takes only the other network from there", (context) => {
    const found = numbersOf(context, [
      ...writesDatasets,
      ...trains,
      "import torch",
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
      "    out = folder / str(fresh)",
      "    args = f'--init {folder}/before.pt --train {folder} --masks {folder} --val {folder} --out {out}'",
      "    train(train_masks, config, *args.split())",
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

describe("the U-Net of the table", () => {
  test("takes a cell for lesion that is half lesion or more, and only images that have masks", (context) => {
    const found = numbersOf(context, [
      ...writesDatasets,
      "import train_unet",
      "from glam.pseudo import LESION",
      "folder = dataset(np.full((3, 128, 128), 9, np.uint8))",
      "masks = np.zeros((2, 2, 32, 32), np.uint8)",
      "masks[1, 0, 5, 6:9] = 127, 128, 255",
      "masks.tofile(folder / 'upper-bound-masks.u8')",
      "source = train_unet.open_exact(folder, folder)",
      "print(len(source.indices), *source.with_lesion[0], len(source.with_lesion[1]), *np.flatnonzero(source.masks[1, 0, 5] == LESION), sep='\\n')",
    ]);
    expect(found).toEqual([2, 1, 0, 7, 8]);
  });

  test("learns from crops and then from canvases, of several sets", (context) => {
    const [changed, kept, more] = numbersOf(context, [
      ...writesDatasets,
      ...trains,
      ...smallSpec,
      "import torch, warnings",
      "import train_unet",
      "warnings.simplefilter('ignore')",
      "use_spec(train_unet)",
      "sets = [dataset(np.random.default_rng(n).integers(1, 256, (8, 128, 128)).astype(np.uint8)) for n in range(2)]",
      "for one in sets: np.full((8, 2, 32, 32), 255, np.uint8).tofile(one / 'upper-bound-masks.u8')",
      "def trained(config, steps, *more):",
      "    config = json.load(open(f'configs/{config}.json')) | {'spec': 'glam-tiny', 'steps': steps, 'side': 64, 'batch': 4}",
      "    out = pathlib.Path(tempfile.mkdtemp())",
      "    train(train_unet, config, '--train', *sets, '--masks', *sets, '--out', out, *more)",
      "    return out, torch.load(out / 'unet.pt')['stem.0.weight']",
      "start, first = trained('unet', 1)",
      "_, same = trained('unet-whole', 0, '--init', f'{start}/unet.pt')",
      "_, second = trained('unet-whole', 1, '--init', f'{start}/unet.pt', '--onnx', f'{start}/unet.onnx')",
      "print(int(torch.equal(first, second)), int(torch.equal(first, same)), (start / 'unet.onnx').stat().st_size, sep='\\n')",
    ]);
    expect(changed).toBe(0);
    expect(kept).toBe(1);
    expect(more).toBeGreaterThan(1e6);
  });
});
