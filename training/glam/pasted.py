"""Single lesions, cut out of films and pasted into normal tissue, calcifications among them."""

import csv
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from .canvases import BENIGN, CELL, MALIGNANT

BITS = {"benign": BENIGN, "malignant": MALIGNANT}
# A crop's rim is tissue around the lesion, and fades out.
RIM = 10


class Crops:
    """`crops.csv` (offset, width, height, patient, label, type) and `crops.u8`, at the canvas's resolution; only of `patients` not in `without`."""

    def __init__(self, folder, without=(), largest=300, least=2 * RIM + 8):
        folder = pathlib.Path(folder)
        self.bytes = np.memmap(folder / "crops.u8", np.uint8, "r")
        with open(folder / "crops.csv", newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["patient"] not in set(without)]
        self.indices, self.mined = (), []
        self.lesions = {kind: [row for row in rows if row["label"] == kind and least <= min(int(row["width"]), int(row["height"]))
                             and max(int(row["width"]), int(row["height"])) <= largest] for kind in BITS}

    def draw(self, kind, random):
        row = self.lesions[kind][random.integers(len(self.lesions[kind]))]
        start, height, width = int(row["offset"]), int(row["height"]), int(row["width"])
        return np.array(self.bytes[start:start + height * width], np.float32).reshape(height, width)


def turned(image, random):
    """A crop [h,w], mirrored, turned by quarters, and a little larger or smaller."""
    image = np.rot90(image, random.integers(4))
    if random.random() < 0.5:
        image = image[:, ::-1]
    scale = np.exp(random.uniform(-0.2, 0.2))
    size = [max(2 * RIM + 8, round(n * scale)) for n in image.shape]
    return F.interpolate(torch.from_numpy(image.copy())[None, None], size, mode="bilinear", align_corners=False)[0, 0]


def fading(size):
    """1 in the middle, down to 0 at the rim, [h,w]; corners are round."""
    lines = [torch.minimum(torch.arange(n) + 0.5, n - 0.5 - torch.arange(n)).clamp_max(RIM) / RIM for n in size]
    weight = lines[0][:, None] * lines[1][None]
    return weight * weight * (3 - 2 * weight)


def paste(x, code, crop, bit, random, background):
    """Puts `crop` [h,w] somewhere on the breast of a patch, x [H,W] and code [H/4,W/4], in the patch's own grey levels; a bit of 0 means no lesion."""
    height, width = crop.shape
    if height + 16 > x.shape[0] or width + 16 > x.shape[1]:
        return x, code
    breast, weight = x > background + 0.05, fading(crop.shape)
    rim, free = weight < 0.5, []
    for _ in range(12):
        top, left = random.integers(4, x.shape[0] - height - 4), random.integers(4, x.shape[1] - width - 4)
        cells = np.s_[top // CELL:(top + height) // CELL, left // CELL:(left + width) // CELL]
        if breast[top:top + height, left:left + width].float().mean() > 0.97 and not code[cells].any():
            free.append((x[top:top + height, left:left + width][rim].std().item(), top, left))
    if not free:
        return x, code
    # The evenest place of a few: a seam that crosses an edge would show.
    _, top, left = min(free)
    here = np.s_[top:top + height, left:left + width]
    under = x[here]
    gain = (under[rim].std() / crop[rim].std().clamp_min(1)).clamp(0.006, 0.03) * np.exp(random.normal(0, 0.2))
    lesion = under[rim].mean() + (crop - crop[rim].mean()) * gain
    x = x.clone()
    x[here] = under + weight * (lesion - under)
    if bit:
        code = code.copy()
        rows, cols = (CELL * np.arange(n) + (CELL - 1) / 2 for n in code.shape)
        ry, rx = (max(n / 2 - RIM / 2, 3) for n in (height, width))
        code[((rows[:, None] - top - height / 2) / ry) ** 2 + ((cols[None] - left - width / 2) / rx) ** 2 <= 1] |= bit
    return x, code
