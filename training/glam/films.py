"""Real films: folds by patient, and how a film is changed so that a network does not learn it by heart."""

import math

import numpy as np
import torch
import torch.nn.functional as F


def folds(patients, labels, count, seed=0):
    """Fold of every image, [N]; images of a patient share one, and folds have about as many patients of each kind.

    patients: [N] integers; labels: [N,2]. A patient's kind is malignant before benign before normal, over all images.
    """
    random = np.random.default_rng(seed)
    kind = {one: labels[patients == one].max(0) @ (1, 2) for one in np.unique(patients)}
    fold_of, following = {}, 0
    for group in sorted(set(kind.values())):
        members = [one for one in kind if kind[one] == group]
        for one in random.permutation(members):
            fold_of[one] = following % count
            following += 1
    return np.array([fold_of[one] for one in patients])


def changed_film(pixels, random, background_is=0.5):
    """[H,W] bytes as another film of the same breast, float32 grey levels: turned, scaled, moved, other gamma, grain."""
    x = torch.from_numpy(pixels.astype(np.float32))[None, None]
    angle = math.radians(random.uniform(-12, 12))
    scale = random.uniform(0.88, 1.14)
    height, width = pixels.shape
    cos, sin = math.cos(angle) / scale, math.sin(angle) / scale
    # In the unit of `affine_grid` both sides are 2 long.
    turn = torch.tensor([[[cos, -sin * height / width, random.uniform(0, 0.08)],
                          [sin * width / height, cos, random.uniform(-0.08, 0.08)]]])
    grid = F.affine_grid(turn, x.shape, align_corners=False)
    image = F.grid_sample(x, grid, align_corners=False)[0, 0].numpy()
    breast = image > background_is
    image = 255 * (image / 255) ** random.uniform(0.7, 1.4)
    image += random.normal(0, random.uniform(0, 2), image.shape).astype(np.float32)
    return np.where(breast, image.clip(1, 255), 0).astype(np.float32)


def film_batch(images, chosen, random):
    """Changed films, standardised, [N,1,H,w]; w covers the widest breast."""
    xs, widths = [], []
    for index in chosen:
        image = changed_film(np.asarray(images.images[index]), random)
        widths.append(np.flatnonzero(image[::8].any(0)).max(initial=0) + 1)
        xs.append((image - image.mean()) / max(image.std(), 1e-5))
    width = min(images.size[1], (max(widths) + 79) // 64 * 64)
    return np.stack(xs)[:, None, :, :width]
