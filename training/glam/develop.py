"""From bytes to standardised images on the device that trains: as the pipeline makes them, or as another film of the same breast."""

import functools

import numpy as np
import torch
import torch.nn.functional as F

from .stage import device


class Film:
    """How gamma, softness, noise, direction and place of a film are changed. Drawn once, used on image and mask alike."""

    def __init__(self, random, sideways=False, tilted=False, gammas=(0.6, 1.6), softened=0.5, upside_down=True):
        self.gamma = random.uniform(*gammas)
        # Films that were scanned at 0.2 mm are softer than phantoms drawn at 0.14 mm.
        self.soft = random.random() < softened
        self.noise = random.uniform(0, 2.5)
        self.roll = random.integers(1 << 30)
        self.upside_down = upside_down and random.random() < 0.5
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

    def levels(self):
        """Brightness of each of the 256 grey levels."""
        return 255 * (np.arange(256) / 255) ** self.gamma


def on_device(array):
    return torch.from_numpy(np.ascontiguousarray(array)).to(device())


def moments_of(counts, levels):
    """Mean and standard deviation of a canvas, from how many pixels it has of each of 256 levels."""
    mean = (counts * levels).sum() / counts.sum()
    return mean, max(np.sqrt((counts * (levels - mean) ** 2).sum() / counts.sum()), 1e-5)


def standardised(pixels, canvas):
    """[N,h,w] bytes on the device, the part with breast of canvases of so many pixels, as the pipeline standardises: [N,1,h,w]."""
    x = pixels.float()
    mean, std = moments(x, canvas)
    return channels_last((x - mean) / std)


def moments(x, canvas):
    """Mean and standard deviation, [N,1,1] each, of canvases whose pixels outside of `x` [N,h,w] are 0."""
    outside = canvas - x[0].numel()
    mean = x.sum((1, 2), keepdim=True) / canvas
    variance = (((x - mean) ** 2).sum((1, 2), keepdim=True) + outside * mean**2) / canvas
    return mean, variance.sqrt().clamp_min(1e-5)


def develop(pixels, films, canvas=None, known=None):
    """Bytes [N,h,w] on the device as `films` show them, standardised as the whole canvas would be: [N,1,h,w].

    canvas: pixels of a canvas, of which those outside `pixels` are 0; or known: mean and deviation of each, [N,2], where
    `pixels` are a part of it only.
    """
    tables = torch.tensor(np.stack([film.levels() for film in films]), dtype=torch.float32, device=device())
    x = torch.stack([table.index_select(0, one.flatten().int()).view(one.shape) for table, one in zip(tables, pixels)])
    x = tilted(x[:, None], films, "bilinear")[:, 0]
    if known is None:
        mean, std = moments(x, canvas)
    else:
        mean, std = torch.tensor(known, dtype=torch.float32, device=device())[:, :, None, None].unbind(1)
    inside = x > 0
    for one, film in zip(x, films):
        if film.soft:
            soften(one)
    return channels_last(x.addcmul_(inside, grain(x.shape, films)).sub_(mean).div_(std))


def tilted(x, films, mode):
    """[N,C,h,w], turned and scaled about the middle of the chest wall as `films` are; 0 where nothing is known."""
    if all(film.tilt is None for film in films):
        return x
    height, width = x.shape[2:]
    down, right = (torch.arange(1 - side, side, 2, device=x.device) / side for side in (height, width))
    grids = []
    for film in films:
        degrees, scale = film.tilt or (0, 1)
        cos, sin, ratio = np.cos(np.deg2rad(degrees)) / scale, np.sin(np.deg2rad(degrees)) / scale, height / width
        # In units of half the width and half the height, from the middle of the part that is there; its left edge stays.
        grids.append(torch.stack([cos * (right + 1) - 1 - sin * ratio * down[:, None],
                                  sin / ratio * (right + 1) + cos * down[:, None]], 2))
    return F.grid_sample(x, torch.stack(grids), mode, "zeros", align_corners=False)


def soften(x):
    """Averages [h,w] in place over 2 x 2 pixels; the first row and column over two."""
    x[:, 1:] = (x[:, 1:] + x[:, :-1]) / 2
    x[1:] = (x[1:] + x[:-1]) / 2


def grain(shape, films):
    """White noise of grains of 2 x 2 pixels, [N,h,w], of each film's deviation: another part of one field for each."""
    count, height, width = shape
    field = noise_field(height, width, device())
    return torch.stack([film.noise * field[film.roll % height:][:height] for film in films])


@functools.lru_cache(16)
def noise_field(height, width, where):
    """[2h,w]; made once because drawing it costs more than the rest."""
    generator = torch.Generator().manual_seed(0)
    grains = torch.randn(1, 1, height + 1, (width + 1) // 2, generator=generator)
    return F.interpolate(grains, scale_factor=2.0, mode="nearest")[0, 0, :2 * height, :width].to(where)


def channels_last(x):
    """[N,h,w] to [N,1,h,w], in the layout that convolutions like best."""
    return x[:, None].contiguous(memory_format=torch.channels_last)
