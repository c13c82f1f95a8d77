"""Losses of the maps: on every cell where places are known, and on the pooled score."""

import torch
import torch.nn.functional as F

from .canvases import BENIGN, MALIGNANT, UNKNOWN
from .losses import pool


def targets(codes, suspicion, factor):
    """Codes [N,h,w] to (target [N,2,h/f,w/f], lesion share [N,1,..], counting [N,1,..]) of cells `factor` times coarser."""
    planes = torch.stack([(codes & bit > 0).float() for bit in (BENIGN, MALIGNANT, UNKNOWN)], 1)
    if factor > 1:
        planes = F.avg_pool2d(planes, factor)
        planes = (2 * planes).clamp_max(1)
    benign, malignant, unknown = planes.unbind(1)
    low, high = suspicion[:, 0, None, None], suspicion[:, 1, None, None]
    lesion = torch.maximum(benign, malignant)
    of_malignant = torch.maximum(benign * low, malignant * high)
    of_benign = torch.maximum(benign * (1 - low), malignant * (1 - high))
    return torch.stack([of_benign, of_malignant], 1), lesion[:, None], (unknown < 0.5).float()[:, None]


def cell_loss(logits, codes, suspicion, factor, room, tell=1.0):
    """Cross-entropy of cells, per cell of lesion and `room` more, mean of images; cells of lesions count `1 + tell` times, which
    separates the classes."""
    target, lesion, counting = targets(codes, suspicion, factor)
    losses = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * counting * (1 + tell * lesion)
    return (losses.sum((2, 3)) / (lesion.sum((2, 3)) * (1 + tell) / (1 + tell / 2) + room)).mean()


def overlap_loss(logits, codes, suspicion, factor):
    """1 - Dice of probabilities and lesions over the whole batch, mean of both classes: for maps close to 0 or 1 where the class is certain."""
    target, _, counting = targets(codes, (suspicion > 0.5).float(), factor)
    probability = torch.sigmoid(logits) * counting
    both = (probability * target).sum((0, 2, 3))
    return (1 - (2 * both + 1) / (probability.sum((0, 2, 3)) + (target * counting).sum((0, 2, 3)) + 1)).mean()


def score_loss(logits, codes, suspicion, fraction):
    """Cross-entropy of the pooled score of each class with what the patch holds."""
    target, lesion, counting = targets(codes, suspicion, 1)
    wanted = target.amax((2, 3))
    known = counting.amin((1, 2, 3))
    pooled = pool(torch.sigmoid(logits), fraction).clamp(1e-5, 1 - 1e-5)
    losses = F.binary_cross_entropy(pooled, wanted, reduction="none") * known[:, None]
    return losses[:, 1].mean() + 0.5 * losses[:, 0].mean()


def global_loss(maps, codes, suspicion, stage):
    """`maps`: logits of stages 3, 4 and 5, each at its own size. Without `cells` the loss is that of image labels, and a penalty on cells above 0."""
    cells = scores = 0
    weights = stage.get("mapWeights", [1, 1, 1])
    for logits, weight in zip(maps, weights):
        factor = codes.shape[-1] // logits.shape[-1]
        if stage.get("cells", 1):
            cells = cells + weight / 3 * cell_loss(logits, codes, suspicion, factor, stage["room"] * 16 / factor**2, stage.get("tell", 1.0))
        else:
            cells = cells + weight / 3 * stage["sparsity"] * torch.sigmoid(logits).mean()
        count = max(1, round(stage["pooledCells"] * 16 / factor**2))
        scores = scores + weight / 3 * score_loss(logits, codes, suspicion, count / logits[0, 0].numel())
    return cells + stage["score"] * scores, cells.detach(), scores.detach()


def local_loss(logits, codes, suspicion, stage):
    cells = cell_loss(logits, codes, suspicion, 1, stage["room"], stage.get("tell", 1.0))
    outlines = overlap_loss(logits, codes, suspicion, 1)
    return cells + stage["overlap"] * outlines, cells.detach(), outlines.detach()
