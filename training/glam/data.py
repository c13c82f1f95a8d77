"""Training images and their image-level labels. Masks and positions do not exist here: nothing else is ever opened."""

import csv
import functools
import json
import pathlib

import numpy as np

from .develop import Film, develop, moments_of, on_device, standardised

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
        # How many pixels an image has of each grey level, by index; counted when first asked for.
        self.counts = {}

    def __len__(self):
        return len(self.labels)

    @functools.cached_property
    def widths(self):
        """Columns of each image that hold breast; the rest of a canvas is background and need not be computed."""
        return np.array([np.flatnonzero(image[::8].any(0)).max(initial=0) + 1 for image in self.images])

    def moments(self, index, levels):
        """Mean and standard deviation of a whole image whose 256 grey levels are shown as `levels`."""
        if index not in self.counts:
            self.counts[index] = np.bincount(self.images[index].ravel(), minlength=256)
        return moments_of(self.counts[index], levels)

    def common_width(self, chosen):
        """Columns that cover every breast of `chosen`."""
        return min(self.size[1], (int(self.widths[chosen].max()) + 79) // 64 * 64)

    def draw(self, count, random, among=None):
        """Indices of about `count` images, of those in `among` when given: whole groups, no group twice. Their breasts are of
        similar width, so that little background is computed."""
        among = np.arange(len(self)) if among is None else among
        firsts = among[:len(among) // self.group * self.group:self.group]
        groups = max(1, count // self.group)
        picked = random.choice(firsts, min(4 * groups, len(firsts)), replace=False)
        picked = picked[np.argsort(self.widths[picked])]
        start = groups * random.integers(max(1, len(picked) // groups))
        return (picked[start:start + groups, None] + np.arange(self.group)).ravel()


def one_of(sets, random, counts=None):
    """One of the sets; every image of them is equally likely, or of another selection that has as many of each as `counts`."""
    counts = np.array([len(one) for one in sets] if counts is None else counts)
    return sets[random.choice(len(sets), p=counts / counts.sum())]


def batches(images, size, random):
    """Endless batches of (standardised [N,1,H,w] on the device, labels [N,2]); w covers the widest breast of the batch.

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
                films = []
                for index in chosen[::group]:
                    # What is up shows in an oblique view.
                    film = Film(random, gammas=(0.8, 1.25), softened=0, upside_down=images.craniocaudal[index])
                    films += [film] * group
                yield other_films(images, chosen, films), images.labels[chosen]


def other_films(images, chosen, films, full=False):
    """Images [N,1,H,w] on the device as `films` show them, w covering all breasts or the whole canvas."""
    width = images.size[1] if full else images.common_width(chosen)
    pixels = np.stack([film.place(images.images[index][:, :width]) for film, index in zip(films, chosen)])
    return develop(on_device(pixels), films, canvas=images.images[0].size)


def whole_images(images, chosen, full=False):
    """Standardised images [N,1,H,w] on the device, w covering all breasts or the whole canvas."""
    width = images.size[1] if full else images.common_width(chosen)
    return standardised(on_device(images.images[chosen][:, :, :width]), images.images[0].size)
