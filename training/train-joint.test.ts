import { describe, expect, test } from "vitest";
import { numbersOf } from "../test/support/python.ts";
import { smallSpec, trains, writesDatasets } from "../test/support/training.ts";

const tinyModel = [
  ...smallSpec,
  "import numpy as np, torch",
  "from glam import fusion, pipeline",
  "from glam.data import ImageSet, whole_images",
  "from glam.model import Glam",
  "torch.manual_seed(2)",
  "model = Glam(spec).eval()",
];

describe("training both networks by one gradient", () => {
  test("the fused map that it trains is the one of the pipeline, sure regions included", (context) => {
    const [far, sure, finite] = numbersOf(context, [
      ...tinyModel,
      "ramp = lambda step, *shape: ((np.arange(np.prod(shape)) * step % 97) / 97).astype(np.float32).reshape(shape)",
      "local, coarse = ramp(11, 2, 16, 16), ramp(7, 2, 4, 4).clip(1e-4)",
      "canvas = {'canvas': {'height': 64, 'width': 64}, 'crop': 64, 'fusion': spec['fusion']}",
      "wanted = pipeline.merge(canvas, coarse, [(0, 0)], [local])[:, 2::4, 2::4]",
      "under = torch.from_numpy(np.kron(coarse, np.ones((4, 4), np.float32)))[None].requires_grad_()",
      "logits = torch.from_numpy(local)[None].logit().requires_grad_()",
      "found = fusion.fused_logits(logits, under)",
      "found.sum().backward()",
      "print(np.abs(torch.sigmoid(found)[0].detach().numpy() - wanted).max(), (local >= pipeline.SURE).sum(), sep='\\n')",
      "print(int(all(one.grad.isfinite().all() and (one.grad != 0).any() for one in (under, logits))))",
    ]);
    expect(far).toBeLessThan(2e-5);
    expect(sure).toBeGreaterThan(20);
    expect(finite).toBe(1);
  });

  test("its crops are those that the pipeline chooses: with a lesion, and as many others", (context) => {
    const found = numbersOf(context, [
      ...writesDatasets,
      ...tinyModel,
      "images = ImageSet(dataset(np.random.default_rng(1).integers(1, 256, (3, 128, 128)).astype(np.uint8)))",
      "x = whole_images(images, [0, 1, 2], full=True)",
      "pipelines = [pipeline.segment(model, one) for one in images.images]",
      // Only the second region of the third image has a lesion.
      "y = torch.zeros(3, 2, 32, 32)",
      "top, left = pipelines[2]['regions'][1]",
      "y[2, 1, top // 4 + 7, left // 4 + 7] = 1",
      "with torch.no_grad():",
      "    saliency = fusion.saliency_of(spec, model.global_network(x))",
      "crops, masks, under = fusion.crops_of(spec, x, y, saliency, np.random.default_rng(0))",
      "print(len(crops), int(masks[0, 1, 7, 7]), int(masks.sum()), sep='\\n')",
      "far = lambda ours, theirs: float(np.abs(ours.numpy() - theirs).max())",
      "print(far(crops[0, 0], pipelines[2]['crops'][1]))",
      "print(min(far(crops[1, 0], one) for each in pipelines for one in each['crops']))",
      "cells = pipelines[2]['fused'][:, top // 16:top // 16 + 4, left // 16:left // 16 + 4]",
      "print(far(under[0], np.kron(cells, np.ones((4, 4), np.float32))))",
    ]);
    expect(found.slice(0, 3)).toEqual([2, 1, 1]);
    expect(Math.max(...found.slice(3))).toBeLessThan(1e-5);
  });

  test("changes both networks, keeps the share of the weights from before, and its runs are averaged", (context) => {
    const found = numbersOf(context, [
      ...writesDatasets,
      ...trains,
      ...tinyModel,
      "import average_runs, train_joint",
      "folder = dataset(np.random.default_rng(1).integers(1, 256, (8, 128, 128)).astype(np.uint8))",
      "np.ones((8, 2, 32, 32), np.uint8).tofile(folder / 'pseudo.u8')",
      "torch.save(model.state_dict(), folder / 'before.pt')",
      "use_spec(train_joint), use_spec(average_runs)",
      "sets = ['--train', folder, '--masks', folder]",
      "config = json.load(open('configs/joint.json')) | {'spec': 'glam-tiny', 'batch': 4, 'crops': 4, 'side': 64, 'report': 1}",
      "def trained(name, **more):",
      "    train(train_joint, config | more, '--init', folder / 'before.pt', *sets, '--val', folder, '--out', folder / name)",
      "    return torch.load(folder / name / 'glam.pt')",
      "before, half = model.state_dict(), trained('half', steps=2, keep=0.5)",
      "none, all = trained('none', steps=2, keep=0), trained('all', steps=2, keep=1)",
      "train(average_runs, config, '--runs', folder / 'all', folder / 'none', '--out', folder / 'mean')",
      "mean = torch.load(folder / 'mean' / 'glam.pt')",
      "for network in 'global_network', 'detection_network':",
      "    names = [name for name in before if name.startswith(network) and 'tracked' not in name and 'combine' not in name]",
      "    far = lambda one, other: max((one[name] - other[name]).abs().max().item() for name in names)",
      "    print(far(all, before), far(none, before), far(half, mean), sep='\\n')",
    ]);
    const [[keptAll, moved, between], [keptAllLocal, movedLocal, betweenLocal]] = [found.slice(0, 3), found.slice(3)];
    expect([keptAll, keptAllLocal]).toEqual([0, 0]);
    expect(Math.min(moved, movedLocal)).toBeGreaterThan(1e-6);
    expect(Math.max(between, betweenLocal)).toBeLessThan(1e-7);
  });
});
