import { describe, expect, test } from "vitest";
import { numbersOf } from "../test/support/python.ts";

describe("pseudo-masks", () => {
  test("the margin of a bright mass follows its rays, a cluster of specks keeps its region", (context) => {
    const [before, after, outside, cluster, flat] = numbersOf(context, [
      "import numpy as np, torch",
      "from glam.outline import RAYS, margin",
      "rows, cols = np.mgrid[:80, :80] - 40.0",
      "radius, angle = np.hypot(rows, cols), np.arctan2(rows, cols)",
      "noise = np.random.default_rng(3).normal(0, 4, (80, 80))",
      "mass = (radius < 9) | ((radius < 11) & (np.cos(7 * angle) > 0.4))",
      "drawn = torch.from_numpy(radius < 8.5).float()",
      "dice = lambda a, b: 2 * (a & b).sum() / (a.sum() + b.sum())",
      "found = margin(drawn, torch.from_numpy(100 + 80 * mass + noise).float()).numpy() > 0",
      "print(dice(drawn.numpy() > 0, mass), dice(found, mass), radius[found].max() - 8.5 - RAYS, sep='\\n')",
      "specks = np.random.default_rng(4).random((80, 80)) < 0.1 * (radius < 9)",
      "print(int(torch.equal(margin(drawn, torch.from_numpy(100 + 80 * specks + noise).float()), drawn)))",
      "print(int(torch.equal(margin(drawn, torch.full((80, 80), 100.0)), drawn)))",
    ]);
    expect(before).toBeLessThan(0.9);
    expect(after).toBeGreaterThan(0.97);
    expect(outside).toBeLessThanOrEqual(0);
    expect([cluster, flat]).toEqual([1, 1]);
  });

  test("the local network sees crops of the canvas only, and its answer lies where the lesion does", (context) => {
    const found = numbersOf(context, [
      "import torch, torch.nn.functional as F",
      "from glam.pseudo import recognised",
      "canvas = torch.zeros(1, 1, 512, 448)",
      "lesions = [(2, 3), (4, 101), (120, 2), (119, 100), (60, 50)]",
      "for row, col in lesions:",
      "    canvas[:, :, 4 * row:4 * row + 24, 4 * col:4 * col + 32] = 3",
      "canvas -= 1",
      // Answers 'lesion' for what is bright, and for anything that is not of the canvas.
      "def local(crops):",
      "    assert set(crops.unique().tolist()) <= {-1, 2} and crops.shape == (4, 1, 256, 256)",
      "    return 9 * F.avg_pool2d(crops, 4).expand(-1, 2, -1, -1)",
      "for row, col in lesions:",
      "    region = recognised(local, canvas, row + 3, col + 4)",
      "    print(int(region.sum()), int(region[row:row + 6, col:col + 8].sum()), sep='\\n')",
      "print(int(recognised(local, canvas, 90, 80) is None))",
    ]);
    expect(found).toEqual([48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 1]);
  });

  test("the picture of a mask shows the lesion and its outermost pixels in red, at the corner of a canvas, too", (context) => {
    const found = numbersOf(context, [
      "import numpy as np",
      "from glam.masks_picture import pair_of",
      "for row, col in (40, 30), (0, 0), (122, 104):",
      "    lesion = np.zeros((128, 112), bool)",
      "    lesion[row:row + 6, col:col + 8] = True",
      "    pair = pair_of(np.kron(lesion, np.full((4, 4), 90, np.uint8)), lesion)",
      "    assert pair.shape == (224, 448, 3)",
      "    plain, drawn = pair[:, :224], pair[:, 224:]",
      "    red = (drawn == [255, 60, 60]).all(2)",
      "    print(int((plain == 90).all(2).sum()), int(red.sum()), int((red & (plain[:, :, 0] == 90)).sum()), sep='\\n')",
    ]);
    expect(found).toEqual([24 * 32, 108, 108, 24 * 32, 108, 108, 24 * 32, 108, 108]);
  });
});
