"""What pseudo-masks ask of the maps, and batches of images and crops with them."""

import numpy as np
import torch
import torch.nn.functional as F

from .data import ImageSet, one_of, other_films
from .develop import Film, develop, on_device, tilted
from .outline import CELL, with_neighbours
from .pseudo import LESION, UNKNOWN, mask_path, open_masks


def cell_targets(masks, factor):
    """[N,2,H/4,W/4] to the cells of a map `factor` times coarser: share that is lesion, doubled and at most 1; and how
    much each cell counts, both [N,2,h,w]."""
    share = F.avg_pool2d((masks == LESION).float(), factor) if factor > 1 else (masks == LESION).float()
    unknown = F.avg_pool2d((masks == UNKNOWN).float(), factor) if factor > 1 else (masks == UNKNOWN).float()
    return (2 * share).clamp_max(1) if factor > 1 else share, ((unknown < 0.5) | (share > 0.25)).float()


def grown(masks, cells):
    """Masks [N,2,h,w] whose lesions reach `cells` cells further, to the four sides of each.

    An outline is found where the edge is steepest, half-way down; the lesion goes on to the foot of it.
    """
    lesion = (masks == LESION).float()
    for _ in range(cells):
        lesion = with_neighbours(lesion)
    return torch.where(lesion > 0, lesion, masks)


def mask_loss(logits, target, counting, room):
    """Binary cross-entropy over all cells that count, per cell of lesion (and `room` more, for images without any)."""
    losses = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * counting
    return (losses.sum((2, 3)) / (target.sum((2, 3)) + room)).mean()


def overlap_loss(logits, target, counting):
    """1 - Dice of probabilities and target over the whole batch, mean of both classes: asks for decided maps."""
    probability = torch.sigmoid(logits) * counting
    both = (probability * target).sum((0, 2, 3))
    return (1 - (2 * both + 1) / (probability.sum((0, 2, 3)) + (target * counting).sum((0, 2, 3)) + 1)).mean()


class Source:
    """Images and the masks [n,2,H/4,W/4] of the first n of them; those of some patients left out."""

    def __init__(self, images, masks, without=()):
        self.images, self.masks = images, masks
        self.indices = np.flatnonzero(~np.isin(images.patients[:len(masks)], without))
        # Which images have a mask of each class.
        self.with_lesion = [np.array([i for i in self.indices if (masks[i, c] == LESION).any()], int) for c in range(2)]

    @classmethod
    def open(cls, folder, masks, without=()):
        """A training set with the pseudo-masks that `pseudo_masks.py` wrote."""
        images = ImageSet(folder)
        return cls(images, open_masks(mask_path(masks), images), without)

    @classmethod
    def open_all(cls, folders, masks):
        """Several training sets, each with its pseudo-masks; says how many images and masks they hold."""
        sources = [cls.open(*one) for one in zip(folders, masks, strict=True)]
        for one in sources:
            print(one, flush=True)
        return sources

    def __len__(self):
        return len(self.indices)

    def __str__(self):
        return f"{len(self)} images, {[len(index) for index in self.with_lesion]} with a mask"

    def draw(self, count, random):
        """Indices of about `count` images: whole groups, no group twice."""
        return self.images.draw(count, random, self.indices)


def whole_batch(source, chosen, random, tilt=False, full=False):
    """Images [N,1,H,w] and their masks [N,2,H/4,w/4], on the device, w covering all breasts or the whole canvas; those of a group are
    changed alike; perhaps turned and scaled a little."""
    films = []
    for _ in chosen[::source.images.group]:
        films += [Film(random, tilted=tilt)] * source.images.group
    x = other_films(source.images, chosen, films, full)
    width = x.shape[3] // CELL
    places = np.stack([film.place(source.masks[index][:, :, :width]) for film, index in zip(films, chosen)])
    return x, tilted(on_device(places).float(), films, "nearest")


def crop_batch(sources, size, side, random):
    """Crops [N,1,side,side] and masks [N,2,side/4,side/4], on the device: half around a lesion of a pseudo-mask, half anywhere
    on the breast.

    Malignant lesions come twice as often as benign ones: their kinds look less alike.
    """
    films, parts, known, masks = [], [], [], []
    while len(films) < size:
        lesion = len(films) % 2 == 0
        wanted = (0, 1, 1)[len(films) // 2 % 3]
        source = one_of(sources, random, [len(one.with_lesion[wanted] if lesion else one) for one in sources])
        images = source.images
        index = random.choice(source.with_lesion[wanted] if lesion else source.indices)
        pixels, mask = images.images[index], source.masks[index]
        if lesion:
            rows, cols = np.nonzero((mask == LESION).any(0))
            pick = random.integers(len(rows))
            row, col = CELL * rows[pick], CELL * cols[pick]
            reach = side // 2 - 24
        else:
            row, col = random.integers(pixels.shape[0]), random.integers(images.widths[index])
            reach = 0
        top = int(np.clip(row - side // 2 + random.integers(-reach, reach + 1), 0, pixels.shape[0] - side)) // CELL * CELL
        left = int(np.clip(col - side // 2 + random.integers(-reach, reach + 1), 0, pixels.shape[1] - side)) // CELL * CELL
        part = pixels[top:top + side, left:left + side]
        if not lesion and (part > 0).mean() < 0.3:
            continue
        film = Film(random, sideways=True)
        films.append(film)
        parts.append(film.place(part))
        known.append(images.moments(index, film.levels()))
        masks.append(film.place(mask[:, top // CELL:(top + side) // CELL, left // CELL:(left + side) // CELL]))
    return develop(on_device(np.stack(parts)), films, known=known), on_device(np.stack(masks)).float()
