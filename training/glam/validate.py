"""Figures on validation patients while training."""

import numpy as np
import torch

from .judge import coarse_maps, figures, fused_maps, local_maps, measure
from .looks import levels_of
from .losses import image_scores
from .stage import recalibrate

SHORT = {"cbis-ddsm": "cbis", "cdd-cesm-full": "cesm", "cdd-cesm-small": "small", "phantoms-val": "phantom", "mini-mias": "mias"}


def recalibrate_on(network, pools, way, count=96):
    """Batch-norm statistics over whole canvases of all sets that train."""
    random = np.random.default_rng(0)
    names = [name for name in pools if len(pools[name].indices)]
    picks = [(name, i) for name in names for i in random.choice(pools[name].indices, count // len(names))]
    random.shuffle(picks)
    images = [(pools[name].canvases, int(i)) for name, i in picks]
    recalibrate_over(network, [images[start:start + 8] for start in range(0, len(images), 8)], way)


def adapt(network, canvases, indices, way, count):
    """Batch-norm statistics of `count` of the images, chosen and dealt to batches of eight as `glam adapt` does; returns how many."""
    count = min(count, len(indices))
    chosen = [indices[n * len(indices) // count] for n in range(count)]
    batches = -(-count // 8)
    recalibrate_over(network, [[(canvases, i) for i in chosen[n::batches]] for n in range(batches)], way)
    return count


def recalibrate_over(network, batches, way):
    """batches: lists of (canvases, index)."""
    shown = ([levels_of(c.counts[i], way)[c.images[i]] for c, i in one] for one in batches)
    inputs = (torch.from_numpy(np.stack(x))[:, None].contiguous(memory_format=torch.channels_last) for x in shown)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        recalibrate(network, inputs)


def validate(model, network, sets, pools, way, quick=True, part="val", count=None):
    """Short names to figures."""
    spec, out = model.spec, {}
    for name, one in sets.items():
        indices = np.flatnonzero(one.part == part)
        if len(indices) == 0 or name == "phantoms":
            continue
        if quick and name != "cbis-ddsm":
            indices = indices[:60]
        maps = coarse_maps(model.global_network, one, indices, way)
        large, local, tops, lefts = local_maps(model, one, indices, way, maps, count or spec["regions"], use_local=network == "local")
        fused = fused_maps(large, local, tops, lefts)
        measured = [measure(one, i, f.numpy(), t.tolist(), l.tolist(), spec["crop"], spec["pixelSpacing"])
                    for i, f, t, l in zip(indices, fused, tops, lefts)]
        best = figures(measured, image_scores(spec, maps.float().unbind(1)))
        short = SHORT.get(name, name)
        for key, value in best.items():
            if quick and key not in ("auc.malignant", "pointing.malignant", "recall.malignant", "dice.malignant", "sens@0.5", "sens@1", "outlined.normal"):
                continue
            if value == value:
                out[f"{short} {key}" if not key.startswith("auc") else f"auc {short} {key[4:]}"] = round(float(value), 4)
    return out
