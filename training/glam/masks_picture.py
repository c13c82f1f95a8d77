"""A picture of pseudo-masks, to be looked at before anything learns from them."""

import numpy as np
import torch

from .outline import CELL, eroded
from .pseudo import LESION

# Cells of a patch, pictures in a row, rows of each class.
SIDE, ACROSS, ROWS = 56, 4, (1, 2)


def draw_masks(images, masks, path):
    """PNG of patches of the first images with a mask, each beside its outline in red: a row benign, two rows malignant."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import image

    rows = []
    for c, count in enumerate(ROWS):
        pairs = (pair_of(images.images[index], masks[index, c] == LESION)
                 for index in range(len(masks)) if (masks[index, c] == LESION).any())
        rows += [np.concatenate([next(pairs, np.zeros((CELL * SIDE, 2 * CELL * SIDE, 3), np.uint8)) for _ in range(ACROSS)], 1)
                 for _ in range(count)]
    image.imsave(path, np.concatenate(rows))


def pair_of(pixels, lesion):
    """[H,W] bytes and [H/4,W/4] to the patch around the lesion, twice: as it is, and with the outline."""
    top, left = (int(np.clip(np.median(at) - SIDE // 2, 0, most - SIDE)) for at, most in zip(np.nonzero(lesion), lesion.shape))
    patch = pixels[top * CELL:(top + SIDE) * CELL, left * CELL:(left + SIDE) * CELL]
    # A cell more on each side: at the end of a canvas a lesion has an edge, too.
    mask = np.kron(np.pad(lesion, 1)[top:top + SIDE + 2, left:left + SIDE + 2], np.ones((CELL, CELL), np.float32))
    inner = eroded(torch.from_numpy(mask)[None, None], 1)[0, 0].numpy()
    edge = (mask > inner)[CELL:-CELL, CELL:-CELL]
    plain = np.repeat(patch[:, :, None], 3, 2)
    return np.concatenate([plain, np.where(edge[:, :, None], np.array([255, 60, 60], np.uint8), plain)], 1)
