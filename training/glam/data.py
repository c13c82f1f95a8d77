"""Training images and their image-level labels. Masks and positions do not exist here: nothing else is ever opened."""

import csv
import functools
import json
import pathlib

import numpy as np

CLASSES = ("benign", "malignant")
# All that a training may know of an image. Another column, such as a circle, is refused.
COLUMNS = {"index", "seed", "patient", "view", *CLASSES}


class ImageSet:
    """A folder made by `glam phantom dataset` or `glam films dataset`: `dataset.json`, `labels.csv` and `images.u8`
    ([N,H,W] bytes)."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        info = json.loads((folder / "dataset.json").read_text())
        self.size = (info["height"], info["width"])
        # So many images in a row show one breast with other lesions.
        self.group = 4 if "lesionsEach" in info else 1
        pixels = self.size[0] * self.size[1]
        # A set that is still being written has only its first images.
        count = min(info["count"], (folder / "images.u8").stat().st_size // pixels)
        self.images = np.memmap(folder / "images.u8", np.uint8, "r", shape=(count, *self.size))
        with open(folder / "labels.csv", newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            unknown = set(reader.fieldnames or ()) - COLUMNS
            if unknown:
                raise ValueError(f"labels.csv has columns that no training may see: {sorted(unknown)}; use `glam films dataset`")
            rows = [row for row in reader if int(row["index"]) < count]
        self.labels = np.array([[float(row[name]) for name in CLASSES] for row in rows], np.float32)
        self.craniocaudal = np.array([row["view"].endswith("CC") for row in rows])
        # Films of one patient stay together; every phantom is its own.
        self.patients = np.array([int(row.get("patient") or row["index"]) for row in rows])
        # Columns that hold breast; the rest of a canvas is background and need not be computed.
        self.widths = np.array([np.flatnonzero(image[::8].any(0)).max(initial=0) + 1 for image in self.images])

    def __len__(self):
        return len(self.labels)

    def draw(self, count, random, among=None):
        """Indices of about `count` images, of those in `among` when given: whole groups, no group twice."""
        among = np.arange(len(self)) if among is None else among
        firsts = among[:len(among) // self.group * self.group:self.group]
        picked = random.choice(firsts, max(1, count // self.group), replace=False)
        return (picked[:, None] + np.arange(self.group)).ravel()


def standardised(pixels, width, random=None, flip=False):
    """The first `width` columns of [H,W] bytes, standardised over the whole canvas, by a table of the 256 levels.

    With `random`, as another film of the same breast: gamma, noise, and with `flip` perhaps upside down.
    """
    counts = np.bincount(pixels.ravel(), minlength=256)
    levels = np.arange(256.0)
    if random is not None:
        levels = 255 * (levels / 255) ** random.uniform(0.8, 1.25)
    mean = (counts * levels).sum() / pixels.size
    std = max(np.sqrt((counts * (levels - mean) ** 2).sum() / pixels.size), 1e-5)
    part = pixels[:, :width]
    image = ((levels - mean) / std).astype(np.float32)[part]
    if random is None:
        return image
    noise = np.roll(noise_field(*pixels.shape), random.integers(pixels.shape[0]), 0)[:, :width]
    image += np.where(part > 0, noise, 0) * np.float32(random.uniform(0, 2.5) / std)
    return image[::-1] if flip and random.random() < 0.5 else image


@functools.lru_cache(1)
def noise_field(height, width):
    """White noise of grains of 2 x 2 pixels, [H,W], std 1; made once because drawing it costs more than the rest."""
    grains = np.random.default_rng(0).standard_normal(((height + 1) // 2, (width + 1) // 2), np.float32)
    return np.kron(grains, np.ones((2, 2), np.float32))[:height, :width]


def batches(images, size, random):
    """Endless batches of (standardised [N,1,H,w] float32, labels [N,2]); w covers the widest breast of the batch.

    Images of a group (the same breast with other lesions) share a batch and their augmentation, so that nothing but the
    lesions tells them apart.
    """
    group = images.group
    while True:
        order = random.permutation(len(images) // group)
        # Breasts of similar width share a batch, so that little background is computed.
        pools = np.array_split(order, max(1, len(order) * group // (16 * size)))
        for pool in pools:
            pool = pool[np.argsort(images.widths[pool * group])]
            starts = range(0, len(pool) - size // group + 1, size // group)
            for start in random.permutation(starts):
                groups = pool[start:start + size // group]
                chosen = (groups[:, None] * group + np.arange(group)).ravel()
                seeds = np.repeat(random.integers(2**63, size=len(groups)), group)
                yield whole_images(images, chosen, seeds), images.labels[chosen]


def whole_images(images, chosen, seeds=None, full=False):
    """Standardised images [N,1,H,w], w covering all breasts or the whole canvas; augmented when seeds are given."""
    width = images.size[1] if full else min(images.size[1], (int(images.widths[chosen].max()) + 79) // 64 * 64)
    out = np.empty((len(chosen), 1, images.size[0], width), np.float32)
    for n, index in enumerate(chosen):
        random = None if seeds is None else np.random.default_rng(seeds[n])
        out[n, 0] = standardised(np.asarray(images.images[index]), width, random, images.craniocaudal[index])
    return out
