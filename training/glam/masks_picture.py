"""A picture of pseudo-masks, to be looked at before anything learns from them."""

import numpy as np

from .outline import CELL
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
    whole = np.kron(np.pad(lesion, 1)[top:top + SIDE + 2, left:left + SIDE + 2], np.ones((CELL, CELL), bool))
    inner = whole[1:-1, 1:-1] & whole[:-2, 1:-1] & whole[2:, 1:-1] & whole[1:-1, :-2] & whole[1:-1, 2:]
    edge = (whole[1:-1, 1:-1] & ~inner)[CELL - 1:1 - CELL, CELL - 1:1 - CELL]
    plain = np.repeat(patch[:, :, None], 3, 2)
    return np.concatenate([plain, np.where(edge[:, :, None], np.array([255, 60, 60], np.uint8), plain)], 1)
