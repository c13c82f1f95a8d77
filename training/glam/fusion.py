"""The fused map in the crops that the global network chooses, as `pipeline.merge` makes it, with a gradient into both networks."""

import torch
import torch.nn.functional as F

from .model import fused_saliency, nearest
from .outline import CELL, flood
from .pipeline import SURE
from .pseudo import LESION
from .regions import regions
from .spec import canvas_size

# What a probability is at least: the gradient of a geometric mean has no end at 0. And from 1, so that its logit is finite.
LEAST, FROM_ONE = 1e-12, 1e-6


def crops_of(spec, x, y, saliency, random):
    """Of the regions that saliency [N,2,h,w] chooses those with a lesion of masks y [N,2,H/4,W/4], and at most as many others.

    x: whole canvases [N,1,H,W]. Returns crops [M,1,side,side], their masks [M,2,side/4,side/4] and the saliency of the very cells
    under them, [M,2,side/4,side/4].
    """
    side, step = spec["crop"], canvas_size(spec)[0] // saliency.shape[2]
    tops, lefts, _ = regions(spec, saliency.detach(), spec["regions"])
    places = [(n, top, left) for n in range(len(x)) for top, left in zip(tops[n].int().tolist(), lefts[n].int().tolist())]
    masks = under(places, side, y, CELL)
    lesion = (masks == LESION).flatten(1).any(1).cpu()
    with_lesion, others = lesion.nonzero()[:, 0], (~lesion).nonzero()[:, 0]
    others = others[torch.from_numpy(random.permutation(len(others))[:max(1, len(with_lesion))])]
    chosen = torch.cat([with_lesion, others])
    places = [places[n] for n in chosen]
    return under(places, side, x, 1), masks[chosen.to(y.device)], nearest(under(places, side, saliency, step), masks.shape[2:])


def under(places, side, maps, cell):
    """What of maps [N,C,h,w], whose cells have so many pixels, lies under crops at places (n, top, left)."""
    return torch.stack([maps[n, :, top // cell:(top + side) // cell, left // cell:(left + side) // cell] for n, top, left in places])


def fused_logits(local, coarse):
    """Logits of the weighted geometric mean of a local map, given as logits, and the coarse one, both [M,2,h,w]: the fourth root of
    local^3 * S, where S counts as its largest value under a region of sure cells in the whole of that region."""
    sure = (torch.sigmoid(local.detach()) >= SURE).float()
    here = torch.maximum(coarse, flood(coarse * sure, sure))
    log = ((3 * F.logsigmoid(local) + here.clamp_min(LEAST).log()) / 4).clamp_max(-FROM_ONE)
    return log - torch.log(-torch.expm1(log))


def saliency_of(spec, logits):
    return fused_saliency(spec, [torch.sigmoid(one) for one in logits])
