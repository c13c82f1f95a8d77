"""From a place that a network points at to the outline of what lies there, by the pixels alone. No mask is needed or known.

A mass is brighter than what surrounds it; a cluster of calcifications is a group of specks. So two pictures of a patch are
thresholded at every level, and of all regions that hold the place the one with the sharpest edge is taken.
"""

import torch
import torch.nn.functional as F

# Cells of four pixels; a patch has SIDE x SIDE of them around the place.
CELL = 4
SIDE = 64
LEVELS = 24
SMALLEST, LARGEST = 16, 1200
# Specks have sharper edges than masses, so their contrast counts less.
WEIGHTS = 1, 0.4
# See `margin`: cells that spicules reach, and shares of the mass's contrast and of its core.
RAYS, SHARE, WHOLE = 3, 0.4, 0.9


def patch_pictures(pixels):
    """Patch [4*SIDE,4*SIDE] of grey values: smoothed brightness, and how speckled it is between specks; [2,SIDE,SIDE]."""
    x = pixels[None, None].float()
    brightness = blur(F.avg_pool2d(x, CELL), 1.5)
    # What is brighter than a neighbourhood of 9 pixels is a speck; closing fills the gaps between specks.
    tops = F.max_pool2d((x - F.avg_pool2d(x, 9, 1, 4, count_include_pad=False)).clamp_min(0), CELL)
    specks = blur(closing(tops - tops.median(), 9), 1)
    return torch.cat([brightness, specks])[:, 0]


def blur(x, sigma):
    radius = int(3 * sigma + 0.5)
    line = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2)
    line = line / line.sum()
    x = F.pad(x, (radius,) * 4, mode="replicate")
    return F.conv2d(F.conv2d(x, line[None, None, None]), line[None, None, :, None])


def closing(x, side):
    return -F.max_pool2d(-F.max_pool2d(x, side, 1, side // 2), side, 1, side // 2)


def regions_of(picture, seed):
    """Connected regions of `picture` [S,S] above each of LEVELS thresholds that touch `seed` [S,S]; holes filled; [L,S,S]."""
    low, high = picture.median(), picture[seed > 0].max()
    levels = low + (high - low) * torch.linspace(0.05, 0.95, LEVELS)
    above = (picture[None] >= levels[:, None, None]).float()[:, None]
    region = flood(above * seed[None, None], above)
    return without_holes(region)[:, 0]


def without_holes(region):
    """[N,1,h,w] of 0 and 1: what the border cannot reach is inside."""
    frame = torch.ones_like(region)
    frame[:, :, 1:-1, 1:-1] = 0
    return 1 - flood(frame * (1 - region), 1 - region)


def with_neighbours(x):
    """The largest of each cell and its four neighbours, [N,C,h,w]."""
    return torch.maximum(F.max_pool2d(x, (3, 1), 1, (1, 0)), F.max_pool2d(x, (1, 3), 1, (0, 1)))


def flood(start, allowed):
    """`start` grown within `allowed` until nothing changes, 4-neighbours."""
    while True:
        grown = with_neighbours(start) * allowed
        if torch.equal(grown, start):
            return grown
        start = grown


def outline(pixels, seed):
    """The region with the sharpest edge.

    pixels: patch [4*SIDE,4*SIDE], grey; 0 is background. seed: [SIDE,SIDE], 1 where the lesion is thought to be.
    Returns the region [SIDE,SIDE] of 0 and 1, or None when nothing has an edge.
    """
    best = None
    for picture, weight in zip(patch_pictures(pixels), WEIGHTS):
        regions = regions_of(picture, seed)
        areas = regions.sum((1, 2))
        inner = regions - (1 - F.max_pool2d(1 - regions[:, None], 5, 1, 2))[:, 0]
        outer = F.max_pool2d(regions[:, None], 7, 1, 3)[:, 0] - F.max_pool2d(regions[:, None], 3, 1, 1)[:, 0]
        inside, outside = mean(picture, inner), mean(picture, outer)
        spread = mean((picture - outside[:, None, None]) ** 2, outer).sqrt()
        # Of two edges as sharp the longer one is the less likely to be chance.
        score = weight * (inside - outside) / (spread + 0.5 * picture.std() + 1e-3) * areas.clamp_min(1) ** 0.3
        touches = regions[:, 0].sum(1) + regions[:, -1].sum(1) + regions[:, :, 0].sum(1) + regions[:, :, -1].sum(1)
        score[(areas < SMALLEST) | (areas > LARGEST) | (touches > 0)] = -1
        index = int(score.argmax())
        if score[index] > 0 and (best is None or score[index] > best[1]):
            best = regions[index], float(score[index])
    return None if best is None else best[0]


def margin(region, grey):
    """Where a mass ends and how far its spicules reach, by the pixels: a network that was taught by smooth outlines draws smooth ones.

    region: [h,w] of 0 and 1, roughly the mass. grey: [h,w], mean of each cell's pixels; 0 is background. Returns [h,w]: what
    within RAYS cells of the region is brighter than SHARE of the mass's own contrast to the tissue around it, and hangs together
    with its core. A region that does not stand out as a whole, such as a cluster of specks, stays as it is.
    """
    at, around = region[None, None], grey[None, None]
    core = eroded(at, 2)
    ring = (dilated(at, 12) - dilated(at, 2)) * (around > 0)
    if core.sum() == 0 or ring.sum() == 0:
        return region
    contrast = around - blur(around * ring, 5) / blur(ring, 5).clamp_min(1e-4)
    own = contrast[core > 0].median()
    bright = (contrast > SHARE * own).float()
    if own <= 0 or bright[core > 0].mean() < WHOLE:
        return region
    allowed = torch.maximum(bright * dilated(at, RAYS) * (around > 0), core)
    grown = flood(eroded(at, 1) * allowed, allowed)
    return without_holes(grown)[0, 0]


def dilated(x, cells):
    for _ in range(cells):
        x = with_neighbours(x)
    return x


def eroded(x, cells):
    return 1 - dilated(1 - x, cells)


def mean(picture, where):
    """Mean of [S,S] or [L,S,S] over each of the sets `where` [L,S,S]."""
    return (picture * where).sum((1, 2)) / where.sum((1, 2)).clamp_min(1)
