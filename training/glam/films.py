"""Real films: folds by patient, and how a film is changed so that a network does not learn it by heart."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from .data import noise_field


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


def changed_film(pixels, random):
    """[H,W] bytes as another film of the same breast, float32 grey levels: turned, scaled, moved, other gamma, grain."""
    gamma = random.uniform(0.7, 1.4)
    levels = (255 * (np.arange(256) / 255) ** gamma).astype(np.float32)
    x = torch.from_numpy(levels[pixels])[None, None]
    angle = math.radians(random.uniform(-12, 12))
    scale = random.uniform(0.88, 1.14)
    height, width = pixels.shape
    cos, sin = math.cos(angle) / scale, math.sin(angle) / scale
    # In the unit of `affine_grid` both sides are 2 long.
    turn = torch.tensor([[[cos, -sin * height / width, random.uniform(0, 0.08)],
                          [sin * width / height, cos, random.uniform(-0.08, 0.08)]]])
    grid = F.affine_grid(turn, x.shape, align_corners=False)
    image = F.grid_sample(x, grid, align_corners=False)[0, 0].numpy()
    noise = np.roll(noise_field(height, width), random.integers(height), 0)
    return np.where(image > 0, (image + noise * np.float32(random.uniform(0, 2))).clip(1, 255), 0)


def film_batch(images, chosen, random, group=1):
    """Changed films, standardised, [N,1,H,w]; w covers the widest breast. Films of a group are changed alike."""
    xs, widths = [], []
    for n, index in enumerate(chosen):
        if n % group == 0:
            seed = random.integers(2**63)
        image = changed_film(np.asarray(images.images[index]), np.random.default_rng(seed))
        widths.append(np.flatnonzero(image[::8].any(0)).max(initial=0) + 1)
        xs.append((image - image.mean()) / max(image.std(), 1e-5))
    width = min(images.size[1], (max(widths) + 79) // 64 * 64)
    return np.stack(xs)[:, None, :, :width]
