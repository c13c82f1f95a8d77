"""Training images and their image-level labels. Masks and positions do not exist here: nothing else is ever opened."""

import csv
import json
import pathlib

import numpy as np

from .pipeline import standardise

CLASSES = ("benign", "malignant")


class ImageSet:
    """A folder made by `glam phantom dataset`: `dataset.json`, `labels.csv` and `images.u8` ([N,H,W] bytes)."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        info = json.loads((folder / "dataset.json").read_text())
        self.size = (info["height"], info["width"])
        pixels = self.size[0] * self.size[1]
        # A set that is still being written has only its first images.
        count = min(info["count"], (folder / "images.u8").stat().st_size // pixels)
        self.images = np.memmap(folder / "images.u8", np.uint8, "r", shape=(count, *self.size))
        with open(folder / "labels.csv", newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if int(row["index"]) < count]
        self.labels = np.array([[float(row[name]) for name in CLASSES] for row in rows], np.float32)
        self.craniocaudal = np.array([row["view"].endswith("CC") for row in rows])
        self.seeds = [int(row["seed"]) for row in rows]
        # Columns that hold breast; the rest of a canvas is background and need not be computed.
        self.widths = np.array([np.flatnonzero(image[::8].any(0)).max(initial=0) + 1 for image in self.images])

    def __len__(self):
        return len(self.labels)


def augment(pixels, random, flip):
    """Grey levels [H,W] as another film of the same breast: gamma, noise, and for CC views upside down."""
    curve = 255 * (np.arange(256) / 255) ** random.uniform(0.8, 1.25)
    image = curve.astype(np.float32)[pixels]
    noise = random.standard_normal((pixels.shape[0] // 2, pixels.shape[1] // 2), np.float32) * random.uniform(0, 2.5)
    image += np.where(pixels > 0, np.kron(noise, np.ones((2, 2), np.float32)), 0)
    return image[::-1] if flip and random.random() < 0.5 else image


def batches(images, size, random, augmented=True):
    """Endless batches of (standardised [N,1,H,w] float32, labels [N,2]); w covers the widest breast of the batch."""
    while True:
        order = random.permutation(len(images))
        # Breasts of similar width share a batch, so that little background is computed.
        pools = [pool[np.argsort(images.widths[pool])] for pool in np.array_split(order, max(1, len(order) // (16 * size)))]
        for pool in pools:
            starts = range(0, len(pool) - size + 1, size)
            for start in random.permutation(starts):
                chosen = pool[start:start + size]
                yield whole_images(images, chosen, random if augmented else None), images.labels[chosen]


def whole_images(images, chosen, random=None, full=False):
    """Standardised images [N,1,H,w]; over the whole canvas, whatever part of it is returned."""
    width = images.size[1] if full else min(images.size[1], (int(images.widths[chosen].max()) + 79) // 64 * 64)
    out = np.empty((len(chosen), 1, images.size[0], width), np.float32)
    for n, index in enumerate(chosen):
        pixels = np.asarray(images.images[index])
        grey = pixels if random is None else augment(pixels, random, images.craniocaudal[index])
        out[n, 0] = standardise(grey)[:, :width]
    return out
