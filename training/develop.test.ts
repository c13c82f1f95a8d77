import { describe, expect, test } from "vitest";
import { numbersOf } from "../test/support/python.ts";

describe("images as other films", () => {
  test("films that are turned and scaled keep their pseudo-masks on the lesion", (context) => {
    const overlaps = numbersOf(context, [
      "import numpy as np, torch",
      "from glam.develop import Film, tilted",
      "pixels = torch.full((20, 1, 400, 320), 60.0)",
      "pixels[:, :, 80:140, 120:200] = 200",
      "mask = (pixels[:, :, ::4, ::4] == 200).float()",
      "films = [Film(np.random.default_rng(seed), tilted=True) for seed in range(20)]",
      "bright = tilted(pixels, films, 'bilinear')[:, :, 2::4, 2::4] > 130",
      "moved = tilted(mask, films, 'nearest') == 1",
      "for a, b, c in zip(bright, moved, mask):",
      "    assert (b != c).any()",
      "    print(float((a & b).sum() / (a | b).sum()))",
    ]);
    expect(overlaps).toHaveLength(20);
    for (const one of overlaps) expect(one).toBeGreaterThan(0.85);
  });

  test("training standardises whole canvases, their breast only, and crops as the pipeline does", (context) => {
    const differences = numbersOf(context, [
      "import numpy as np, torch",
      "from glam.develop import Film, develop, moments_of, standardised",
      "from glam.pipeline import standardise",
      "random = np.random.default_rng(5)",
      "pixels = np.zeros((80, 64), np.uint8)",
      "pixels[:, :40] = random.integers(1, 256, (80, 40))",
      "wanted, bytes = standardise(pixels), torch.from_numpy(pixels)[None]",
      "print(abs(standardised(bytes, 5120)[0, 0].numpy() - wanted).max())",
      "print(abs(standardised(bytes[:, :, :48], 5120)[0, 0].numpy() - wanted[:, :48]).max())",
      "film = Film(random, gammas=(1, 1), softened=0, upside_down=False)",
      "film.noise = 0",
      "print(abs(develop(bytes[:, :, :48], [film], canvas=5120)[0, 0].numpy() - wanted[:, :48]).max())",
      "known = [moments_of(np.bincount(pixels.ravel(), minlength=256), film.levels())]",
      "print(abs(develop(bytes[:, 8:40, 8:40], [film], known=known)[0, 0].numpy() - wanted[8:40, 8:40]).max())",
    ]);
    expect(differences).toHaveLength(4);
    for (const one of differences) expect(one).toBeLessThan(1e-5);
  });
});
