"""Regions of cells that hang together."""

import torch
import torch.nn.functional as F


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
