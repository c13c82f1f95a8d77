"""False positives of the global network on training images: places it takes for malignant that hold no lesion."""

import json

import numpy as np

from .canvases import CELL
from .judge import coarse_maps, peaks

# In cells of the coarse map, and bytes of suspicion.
RADIUS, LEAST, MOST = 2.5, 64, 6


def mine(model, sets, names, way, folder):
    """Writes `mined-NAME.json`, [[index, row, col], ...] in pixels, for each set of `names`."""
    for name in names:
        canvases, found = sets[name], []
        indices = np.flatnonzero(canvases.part == "train")
        maps = coarse_maps(model.global_network, canvases, indices, way)
        coarse = sum(w * maps[:, i].float() for i, w in enumerate(model.spec["saliency"]["weights"])).numpy()[:, 1]
        side = canvases.size[0] // coarse.shape[1]
        for index, one in zip(indices, coarse):
            for row, col, grey in peaks(np.round(255 * one).astype(np.uint8), RADIUS)[:MOST]:
                if grey < LEAST:
                    break
                y, x = side * row // CELL, side * col // CELL
                if not canvases.codes[index][max(0, y - 5):y + 9, max(0, x - 5):x + 9].any():
                    found.append([int(index), side * row + side // 2, side * col + side // 2])
        (folder / f"mined-{name}.json").write_text(json.dumps(found))
        print("mined", name, len(indices), "images,", len(found), "places", flush=True)
