#!/usr/bin/env python3
"""How coarse and local map may become one, and how far below its threshold an outline may reach, side by side on packed images:
`python3 training/fusions.py training/checkpoints/glam-1536x1024.pt --data DIR`. Malignant lesions; cells of 4 pixels.
"""

import argparse
import pathlib

import numpy as np
import torch
from scipy import ndimage

from glam.canvases import MALIGNANT
from glam.judge import coarse_maps, figures, free_response, fused_maps, local_maps, measure
from glam.losses import image_scores
from glam.model import Glam
from glam.sources import open_sets
from glam.spec import load_spec

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULES = {
    "coarse map alone": lambda local, coarse: coarse,
    "local^(3/4) * coarse^(1/4)": lambda local, coarse: local**0.75 * coarse**0.25,
    "local^(1/2) * coarse^(1/2)": lambda local, coarse: local**0.5 * coarse**0.5,
    "local^(1/4) * coarse^(3/4)": lambda local, coarse: local**0.25 * coarse**0.75,
    "(local + coarse) / 2": lambda local, coarse: (local + coarse) / 2,
    "(local + 2 coarse) / 3": lambda local, coarse: (local + 2 * coarse) / 3,
}
SHARES = (1, 0.7, 0.5, 0.35, 0.25, 0.15)


def outlined(grey, upper, share):
    """Cells that are connected, by their edges, to one of at least `upper`, through cells of at least `share` of it."""
    labels, _ = ndimage.label(grey >= share * upper)
    seeds = np.unique(labels[grey >= upper])
    return np.isin(labels, seeds[seeds > 0])


def hysteresis(fused, codes, upper):
    """Mean Dice of malignant images for each of SHARES, `upper` a grey value."""
    rows = []
    for one, code in zip(fused, codes):
        lesion, grey = code & MALIGNANT > 0, np.round(255 * one[1].numpy())
        if lesion.any():
            areas = [outlined(grey, upper, share) for share in SHARES]
            rows.append([2 * (area & lesion).sum() / (area.sum() + lesion.sum()) for area in areas])
    return np.mean(rows, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("--set", default="cbis-ddsm")
    parser.add_argument("--part", default="val", choices=["train", "val", "test"])
    parser.add_argument("--spec", default="glam-1536x1024")
    args = parser.parse_args()
    torch.set_num_threads(2)
    spec = load_spec(ROOT / "specs" / f"{args.spec}.json")
    model = Glam(spec)
    model.load_state_dict(torch.load(args.checkpoint, map_location="cpu"))
    model.to(memory_format=torch.channels_last)
    one = open_sets(args.data, [args.set])[args.set]
    indices = np.flatnonzero(one.part == args.part)
    maps = coarse_maps(model.global_network, one, indices, "canvas")
    scores = image_scores(spec, maps.float().unbind(1))
    large, local, tops, lefts = local_maps(model, one, indices, "canvas", maps, spec["regions"])
    print(f"{len(indices)} images\nrule: maximum in the lesion; sensitivity at 0.5 and 1 false outlines; Dice; images without malignant lesion outlined at 0.5")
    for title, rule in RULES.items():
        fused = fused_maps(large, local, tops, lefts, rule)
        measured = [measure(one, i, f.numpy(), t.tolist(), l.tolist(), spec["crop"], spec["pixelSpacing"])
                    for i, f, t, l in zip(indices, fused, tops, lefts)]
        found = figures(measured, scores)
        marked = " ".join(f"{name} {found[key]:.2f}" for name in ("benign", "normal") if (key := f"outlined.{name}") in found)
        print(f"{title:28} {found['pointing.malignant']:.3f}  {found['sens@0.5']:.3f} {found['sens@1']:.3f}  "
              f"{found['dice.malignant']:.3f}  {marked}", flush=True)
    upper = 255 * free_response(measured, "malignant")[0.5][1]
    dice = hysteresis(fused, [one.codes[i] for i in indices], upper)
    print(f"hysteresis, upper threshold {upper / 255:.3f}: " + ", ".join(f"{share} {value:.3f}" for share, value in zip(SHARES, dice)))


if __name__ == "__main__":
    main()
