"""What pseudo-masks ask of the maps, and batches of images and crops with them."""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from .data import ImageSet, noise_field
from .outline import CELL, with_neighbours
from .pseudo import LESION, UNKNOWN, open_masks


def cell_targets(masks, factor):
    """[N,2,H/4,W/4] bytes to the cells of a map `factor` times coarser: share that is lesion, doubled and at most 1; and how
    much each cell counts, both [N,2,h,w]."""
    masks = torch.from_numpy(np.ascontiguousarray(masks))
    share = F.avg_pool2d((masks == LESION).float(), factor) if factor > 1 else (masks == LESION).float()
    unknown = F.avg_pool2d((masks == UNKNOWN).float(), factor) if factor > 1 else (masks == UNKNOWN).float()
    return (2 * share).clamp_max(1) if factor > 1 else share, ((unknown < 0.5) | (share > 0.25)).float()


def grown(masks, cells):
    """Masks [N,2,h,w] whose lesions reach `cells` cells further, to the four sides of each.

    An outline is found where the edge is steepest, half-way down; the lesion goes on to the foot of it.
    """
    lesion = torch.from_numpy(masks == LESION).float()
    for _ in range(cells):
        lesion = with_neighbours(lesion)
    return np.where(lesion.numpy() > 0, np.uint8(LESION), masks)


def mask_loss(logits, target, counting, room):
    """Binary cross-entropy over all cells that count, per cell of lesion (and `room` more, for images without any)."""
    losses = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * counting
    return (losses.sum((2, 3)) / (target.sum((2, 3)) + room)).mean()


def overlap_loss(logits, target, counting):
    """1 - Dice of probabilities and target over the whole batch, mean of both classes: asks for decided maps."""
    probability = torch.sigmoid(logits) * counting
    both = (probability * target).sum((0, 2, 3))
    return (1 - (2 * both + 1) / (probability.sum((0, 2, 3)) + (target * counting).sum((0, 2, 3)) + 1)).mean()


class Film:
    """A film of the same breast: how gamma, gain, noise and direction are changed. Drawn once, used on image and mask alike."""

    def __init__(self, random, sideways, tilted=False):
        self.gamma = random.uniform(0.6, 1.6)
        # Films that were scanned at 0.2 mm are softer than phantoms drawn at 0.14 mm.
        self.soft = random.random() < 0.5
        self.noise = random.uniform(0, 2.5)
        self.roll = random.integers(1 << 30)
        self.upside_down = random.random() < 0.5
        self.mirrored = sideways and random.random() < 0.5
        self.turns = random.integers(4) if sideways else 0
        # Another compression and another size of the breast: a few degrees, and up to a fifth larger or smaller.
        self.tilt = (random.uniform(-6, 6), np.exp(random.uniform(-0.18, 0.18))) if tilted else None

    def place(self, image):
        """[...,H,W] in the film's direction."""
        if self.upside_down:
            image = image[..., ::-1, :]
        if self.mirrored:
            image = image[..., ::-1]
        return np.rot90(image, self.turns, (-2, -1)) if self.turns else image

    def tilted(self, image, smooth=False):
        """[H,W] bytes, turned and scaled about the middle of the chest wall, 0 where nothing is known."""
        if self.tilt is None:
            return image
        angle, scale = np.deg2rad(self.tilt[0]), self.tilt[1]
        cos, sin, middle = np.cos(angle) / scale, np.sin(angle) / scale, image.shape[0] / 2
        turn = (cos, -sin, sin * middle, sin, cos, middle * (1 - cos))
        kernel = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
        return np.asarray(Image.fromarray(image).transform(image.shape[::-1], Image.Transform.AFFINE, turn, kernel))

    def develop(self, pixels, part):
        """`part` [h,w] of `pixels` [H,W], both bytes, standardised as the whole would be; not yet placed."""
        counts = np.bincount(pixels.ravel(), minlength=256)
        levels = 255 * (np.arange(256) / 255) ** self.gamma
        mean = (counts * levels).sum() / pixels.size
        std = max(np.sqrt((counts * (levels - mean) ** 2).sum() / pixels.size), 1e-5)
        field = noise_field(*pixels.shape)
        field = np.roll(field, self.roll % pixels.shape[0], 0)[:part.shape[0], :part.shape[1]]
        image = ((levels - mean) / std).astype(np.float32)[part]
        if self.soft:
            image[:, 1:] = (image[:, 1:] + image[:, :-1]) / 2
            image[1:] = (image[1:] + image[:-1]) / 2
        return image + np.where(part > 0, field, 0) * np.float32(self.noise / std)


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
        return cls(images, open_masks(masks, images), without)

    def __str__(self):
        return f"{len(self.indices)} images, {[len(index) for index in self.with_lesion]} with a mask"

    def draw(self, count, random):
        """Indices of about `count` images: whole groups, no group twice."""
        return self.images.draw(count, random, self.indices)


def whole_batch(source, chosen, random, tilted=False):
    """Images [N,1,H,w] and their masks [N,2,H/4,w/4]; those of a group are changed alike; perhaps turned and scaled a little."""
    images, masks = source.images, source.masks
    width = min(images.size[1], (int(images.widths[chosen].max()) + 79) // 64 * 64)
    xs, ys = [], []
    for n, index in enumerate(chosen):
        if n % images.group == 0:
            film = Film(random, False, tilted)
        pixels = film.tilted(np.asarray(images.images[index]), smooth=True)
        xs.append(film.place(film.develop(pixels, pixels[:, :width])))
        ys.append(film.place(np.stack([film.tilted(one[:, :width // CELL]) for one in np.asarray(masks[index])])))
    return np.stack(xs)[:, None], np.stack(ys)


def crop_batch(sources, size, side, random):
    """Crops [N,1,side,side] and masks [N,2,side/4,side/4]: half around a lesion of a pseudo-mask, half anywhere on the breast.

    Malignant lesions come twice as often as benign ones: their kinds look less alike.
    """
    xs, ys = [], []
    while len(xs) < size:
        lesion = len(xs) % 2 == 0
        wanted = (0, 1, 1)[len(xs) // 2 % 3]
        counts = np.array([len(one.with_lesion[wanted] if lesion else one.indices) for one in sources])
        source = sources[random.choice(len(sources), p=counts / counts.sum())]
        images = source.images
        index = random.choice(source.with_lesion[wanted] if lesion else source.indices)
        pixels, mask = np.asarray(images.images[index]), np.asarray(source.masks[index])
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
        film = Film(random, True)
        xs.append(film.place(film.develop(pixels, part)))
        ys.append(film.place(mask[:, top // CELL:(top + side) // CELL, left // CELL:(left + side) // CELL]))
    return np.stack(xs)[:, None], np.stack(ys)
