"""Plain reference of everything around the two networks, for one image: standardise, score, choose, crop, merge.

Other implementations are checked against it.
"""

import numpy as np
import torch

from .model import fused_saliency, nearest
from .spec import canvas_size, saliency_size, score_weights, top_k, window_size


def standardise(pixels):
    """[H,W] raw pixels to (x - mean) / max(std, 1e-5), float32; std with divisor N, over the whole canvas."""
    values = pixels.astype(np.float64)
    return ((values - values.mean()) / max(values.std(), 1e-5)).astype(np.float32)


def pooled(spec, saliency):
    """[2,h,w] to the mean of the largest k cells of each class, [2]."""
    flat = np.sort(saliency.reshape(saliency.shape[0], -1).astype(np.float64), axis=1)
    return flat[:, -top_k(flat.shape[1], spec["saliency"]["topK"]):].mean(1)


def scores(spec, maps):
    """Scores [2] of an image with maps s1, s2, s3 [2,h,w]."""
    return np.average([pooled(spec, one) for one in maps], axis=0, weights=score_weights(spec))


def min_max(saliency):
    """Each class of [2,h,w] stretched to 0..1; a constant class becomes 0."""
    values = saliency.astype(np.float64)
    low, high = values.min((1, 2), keepdims=True), values.max((1, 2), keepdims=True)
    return np.where(high > low, (values - low) / np.where(high > low, high - low, 1), 0)


def choose_regions(spec, fused, count):
    """S [2,h,w] to `count` (top, left) of crops in canvas pixels, the best first."""
    height, width = canvas_size(spec)
    rows, cols = saliency_size(spec)
    window = window_size(spec)
    total = min_max(fused).sum(0)
    chosen = []
    for _ in range(count):
        best, at = -np.inf, (0, 0)
        # Row-major order and a strict comparison: the first of equal windows wins.
        for row in range(rows - window[0] + 1):
            for col in range(cols - window[1] + 1):
                mean = total[row:row + window[0], col:col + window[1]].mean()
                if mean > best:
                    best, at = mean, (row, col)
        total[at[0]:at[0] + window[0], at[1]:at[1] + window[1]] = 0
        chosen.append((round(at[0] / rows * height), round(at[1] / cols * width)))
    return chosen


def crop(spec, image, top, left):
    """One crop of the standardised image; what is outside is its minimum, what exists is aligned to the bottom right."""
    side = spec["crop"]
    out = np.full((side, side), image.min(), np.float32)
    part = image[max(top, 0):top + side, max(left, 0):left + side]
    out[side - part.shape[0]:, side - part.shape[1]:] = part
    return out


def merge(spec, fused, regions, local_maps):
    """Local maps and S as one at canvas size, [2,H,W]; a later crop overwrites an earlier one.

    As published (local + S) / 2 in the crops and S / 2 outside; with "weighted-mean" (local + 2 S) / 3 and S.
    """
    height, width = canvas_size(spec)
    side = spec["crop"]
    fusion = spec.get("fusion", "published-mean")
    coarse = nearest(torch.from_numpy(fused), (height, width)).numpy()
    canvas = coarse / (2 if fusion == "published-mean" else 1)
    for (top, left), one in zip(regions, local_maps):
        one = torch.from_numpy(np.ascontiguousarray(one))
        large = nearest(one, (side, side)).numpy()
        bottom, right = min(top + side, height), min(left + side, width)
        y, x = max(top, 0), max(left, 0)
        box = np.s_[:, y:bottom, x:right]
        part = np.s_[:, side - (bottom - y):, side - (right - x):]
        canvas[box] = fuse(fusion, large[part], coarse[box])
    return canvas


def fuse(fusion, local, coarse):
    return (local + coarse) / 2 if fusion == "published-mean" else (local + 2 * coarse) / 3


@torch.no_grad()
def segment(model, pixels, count=None):
    """The whole pipeline on raw pixels [H,W]; `model` is a `Glam` in eval mode. Returns every intermediate value."""
    spec = model.spec
    image = standardise(pixels)
    maps = model.global_network.maps(torch.from_numpy(image)[None, None])
    fused = fused_saliency(spec, maps)[0].numpy()
    maps = [one[0].numpy() for one in maps]
    regions = choose_regions(spec, fused, spec["regions"] if count is None else count)
    crops = [crop(spec, image, top, left) for top, left in regions]
    local_maps = [model.detection_network.maps(torch.from_numpy(one)[None, None])[0].numpy() for one in crops]
    return {
        "image": image,
        "maps": maps,
        "fused": fused,
        "scores": scores(spec, maps),
        "regions": regions,
        "crops": crops,
        "local": local_maps,
        "merged": merge(spec, fused, regions, local_maps),
    }
