"""From bytes to the networks' input, and its augmentation in training."""

import numpy as np
import torch
import torch.nn.functional as F

from .canvases import CELL

# Where background and the darkest and lightest breast lie after equalising.
BACKGROUND, DARK, SPAN = -0.8, -0.5, 2.7


def borrowed(counts, others):
    """Grey levels [256] with which a breast of the histogram `counts` has the distribution of `others`, both [256]; background stays 0."""
    mine, theirs = (np.where(np.arange(256) > 0, one, 0).astype(np.float64) for one in (counts, others))
    rank, steps = ((np.cumsum(one) - one / 2) / max(one.sum(), 1) for one in (mine, theirs))
    levels = np.interp(rank, steps[theirs > 0], np.flatnonzero(theirs))
    levels[0] = 0
    return levels


def levels_of(counts, way, gamma=1.0, contrast=0.0, greys=None):
    """What each of 256 grey levels is shown as, [256] float32; `greys`: what each is replaced by before (`borrowed`).

    way: "canvas", (v - mean) / std over the whole canvas, as published; "equalise": its rank among the pixels of the breast, which no
    monotonic change of grey levels alters; "bytes": itself.
    """
    if way == "bytes":
        return np.arange(256, dtype=np.float32)
    if way == "canvas":
        levels = 255 * ((np.arange(256) if greys is None else greys) / 255) ** gamma
        mean = (counts * levels).sum() / counts.sum()
        return ((levels - mean) / max(np.sqrt((counts * (levels - mean) ** 2).sum() / counts.sum()), 1e-5)).astype(np.float32)
    breast = counts.astype(np.float64).copy()
    breast[0] = 0
    rank = (np.cumsum(breast) - breast / 2) / max(breast.sum(), 1)
    rank = rank**gamma
    rank = rank + contrast * rank * (1 - rank) * (2 * rank - 1)
    levels = DARK + SPAN * rank
    levels[0] = BACKGROUND
    return levels.astype(np.float32)


class Change:
    """One draw of how an image is changed."""

    def __init__(self, random, strength=1.0, blurred=0.2, flipped=True, greys=None):
        self.greys = greys
        s = strength
        angle = np.deg2rad(random.normal(0, 8 * s))
        scale = np.exp(random.uniform(-0.2, 0.2) * s)
        stretch = np.exp(random.uniform(-0.1, 0.1) * s / 2)
        mirror = -1 if flipped and random.random() < 0.5 else 1
        cos, sin = np.cos(angle), np.sin(angle)
        # Offset (row, col) in the patch to offset in the canvas.
        self.matrix = np.array([[cos, sin], [-sin, cos]]) @ np.diag([mirror * stretch / scale, 1 / scale / stretch])
        self.gamma = np.exp(random.uniform(-0.45, 0.45) * s)
        self.contrast = random.uniform(-0.8, 0.8) * s
        self.gain, self.shift = np.exp(random.normal(0, 0.08 * s)), random.normal(0, 0.08 * s)
        self.blur = random.uniform(0.5, 1.6) if random.random() < blurred else 0
        self.noise = random.uniform(0, 0.08) * s
        self.roll = random.integers(1 << 30, size=2)


def window(array, row0, row1, col0, col1):
    """array[row0:row1, col0:col1] with 0 outside."""
    height, width = array.shape
    part = array[max(row0, 0):max(0, min(row1, height)), max(col0, 0):max(0, min(col1, width))]
    if part.shape == (row1 - row0, col1 - col0):
        return part
    out = np.zeros((row1 - row0, col1 - col0), array.dtype)
    if part.size:
        out[max(-row0, 0):max(-row0, 0) + part.shape[0], max(-col0, 0):max(-col0, 0) + part.shape[1]] = part
    return out


def sample(array, centre, size, matrix):
    """Where the pixels of a patch of `size` around `centre` (row, col) come from: (window of array, grid [1,h,w,2] in it)."""
    rows = (np.arange(size[0]) - (size[0] - 1) / 2).astype(np.float32)
    cols = (np.arange(size[1]) - (size[1] - 1) / 2).astype(np.float32)
    reach = np.abs(matrix) @ np.array([rows[-1], cols[-1]]) + 1.5
    row0, col0 = np.floor(centre - reach).astype(int)
    row1, col1 = np.ceil(centre + reach).astype(int) + 1
    part = window(array, row0, row1, col0, col1)
    y, x = centre[0] - row0, centre[1] - col0
    rows, cols = torch.from_numpy(rows)[:, None], torch.from_numpy(cols)[None]
    (a, b), (c, d) = matrix
    grid = torch.stack([(c * rows + (d * cols + x + 0.5)) * (2 / part.shape[1]) - 1,
                        (a * rows + (b * cols + y + 0.5)) * (2 / part.shape[0]) - 1], 2)
    return part, grid[None].float()


def show(canvases, index, centre, size, change, way):
    """A patch as a network sees it, [h,w], and the codes of its cells, [h/4,w/4] uint8; `change` may be None."""
    centre = np.asarray(centre, float)
    image, code = canvases.images[index], canvases.codes[index]
    if change is None:
        levels = levels_of(canvases.counts[index], way)
        row, col = (int(round((c - s / 2) / CELL)) * CELL for c, s in zip(centre, size))
        part = window(image, row, row + size[0], col, col + size[1])
        return torch.from_numpy(levels[part]), window(code, *(n // CELL for n in (row, row + size[0], col, col + size[1])))
    levels = levels_of(canvases.counts[index], way, change.gamma, change.contrast, change.greys)
    levels = levels * change.gain + change.shift
    background = float(levels[0])
    part, grid = sample(image, centre, size, change.matrix)
    x = torch.from_numpy((levels - background)[part])[None, None]
    x = F.grid_sample(x, grid, "bilinear", "zeros", align_corners=False)[0, 0]
    if change.blur:
        x = blur(x, change.blur)
    if change.noise:
        x = x + (x > 0.05) * change.noise * noise(size, change.roll)
    cells = tuple(n // CELL for n in size)
    part, grid = sample(code, (centre + 0.5) / CELL - 0.5, cells, change.matrix)
    codes = F.grid_sample(torch.from_numpy(part.astype(np.float32))[None, None], grid, "nearest", "zeros", align_corners=False)
    return x + background, codes[0, 0].numpy().astype(np.uint8)


def blur(x, sigma):
    radius = int(2.5 * sigma + 0.5)
    line = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2)
    line = (line / line.sum())[None, None]
    x = F.conv2d(F.pad(x[None, None], (radius,) * 4, mode="replicate"), line[:, :, None])
    return F.conv2d(x, line[:, :, :, None])[0, 0]


_noise = {}


def noise(size, roll):
    """A part of one field of white and coarser noise."""
    if "field" not in _noise:
        generator = torch.Generator().manual_seed(0)
        fine = torch.randn(1, 1, 2048, 2048, generator=generator)
        coarse = F.interpolate(torch.randn(1, 1, 1024, 1024, generator=generator), scale_factor=2.0)
        _noise["field"] = ((fine + coarse) / 2**0.5)[0, 0]
    row, col = roll[0] % (2048 - size[0]), roll[1] % (2048 - size[1])
    return _noise["field"][row:row + size[0], col:col + size[1]]
