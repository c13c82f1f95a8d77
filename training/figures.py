#!/usr/bin/env python3
"""Figures of a checkpoint on packed sets, with 95 % intervals by patient: `python3 training/figures.py glam.pt --data DIR --sets cbis-ddsm --part test`.

The rules are those of `glam evaluate films`; networks run in PyTorch, float32 weights, bfloat16 products.
"""

import argparse
import copy
import json
import pathlib

import numpy as np
import torch

from glam.judge import coarse_maps, figures, free_response, fused_maps, local_maps, measure
from glam.losses import auc, image_scores
from glam.model import Glam
from glam.sources import open_sets
from glam.spec import load_spec
from glam.validate import adapt

ROOT = pathlib.Path(__file__).resolve().parent.parent


def intervals(measured, scores, threshold, rounds):
    """(figure, low, high) by name: whole patients are drawn again, `rounds` times."""
    patients = {}
    for i, one in enumerate(measured):
        patients.setdefault(one["patient"], []).append(i)
    groups, random = list(patients.values()), np.random.default_rng(1)
    best, drawn = figures(measured, scores, threshold), {}
    for _ in range(rounds):
        some = np.concatenate([groups[n] for n in random.integers(len(groups), size=len(groups))])
        for name, value in figures([measured[i] for i in some], scores[some], threshold).items():
            drawn.setdefault(name, []).append(float(value))
    return {name: (float(value), *np.nanpercentile(drawn[name], [2.5, 97.5])) for name, value in best.items()}


def shortcuts(one, indices, measured, scores, maps):
    """Lines on shortcuts: figures by scanner, view and density; how well the score tells the scanner within a label; saliency off the breast."""
    malignant = np.array([m["labels"][1] for m in measured])
    for key in ("scanner", "view", "density"):
        values = np.array([one.rows[i].get(key) or "-" for i in indices])
        cells = []
        for value in sorted(set(values)):
            here = values == value
            area = auc(scores[here, 1], torch.as_tensor(malignant[here]))
            cells.append(f"{value} {area:.3f} ({here.sum()})")
        yield f"  AUC malignant by {key}: " + ", ".join(cells)
    scanners = np.array([one.rows[i].get("scanner") or "-" for i in indices])
    for scanner in sorted(set(scanners)) if len(set(scanners)) > 1 else ():
        # Within a label: how well the score alone tells this scanner from the others; 0.5 is chance.
        areas = [auc(scores[those, 1], torch.as_tensor((scanners[those] == scanner).astype(np.float32)))
                 for those in (malignant > 0.5, malignant < 0.5)]
        yield f"  scanner {scanner} told by the malignant score: {areas[0]:.3f} among malignant, {areas[1]:.3f} among others"
    side = one.size[0] // maps.shape[3]
    on = torch.stack([torch.from_numpy((one.images[i].reshape(maps.shape[3], side, maps.shape[4], side) > 0).any((1, 3))) for i in indices])
    total = maps.float().mean((1, 2))
    outside = float((total * ~on).sum() / total.sum())
    yield f"  saliency of the coarse map that lies off the breast: {100 * outside:.2f} %"


def of_part(one, part):
    return np.flatnonzero((one.part == part) | (part == "all"))


def print_figures(model, one, indices, title, args):
    spec = model.spec
    maps = coarse_maps(model.global_network, one, indices, args.look, mirrored=args.mirrored)
    scores = image_scores(spec, maps.float().unbind(1))
    large, local, tops, lefts = local_maps(model, one, indices, args.look, maps, spec["regions"], use_local=not args.coarse)
    finals = {"coarse map": large} if args.coarse else {"coarse map": large, "fused map": fused_maps(large, local, tops, lefts)}
    for map_title, final in finals.items():
        measured = [measure(one, i, f.numpy(), t.tolist(), l.tolist(), spec["crop"], spec["pixelSpacing"])
                    for i, f, t, l in zip(indices, final, tops, lefts)]
        print(f"{title}, {map_title}: {len(indices)} images of {len({m['patient'] for m in measured})} patients")
        for key, (value, low, high) in intervals(measured, scores, args.threshold, args.rounds).items():
            print(f"  {key:20} {value:.3f} ({low:.3f} to {high:.3f})")
        table = free_response(measured, "malignant", (0.05, 0.1, 0.2, 0.5, 1))
        if final is large:
            for line in shortcuts(one, indices, measured, scores, maps):
                print(line)
        print("  operating points:", json.dumps({rate: {"threshold": threshold, "sensitivity": round(found, 3)}
                                                 for rate, (found, threshold) in table.items()}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("--sets", nargs="+", default=["cbis-ddsm", "cdd-cesm-full", "mini-mias"])
    parser.add_argument("--part", default="test", choices=["train", "val", "test", "all"])
    parser.add_argument("--adapted", type=int, nargs="+",
                        help="batch-norm statistics of so many images of the set, one number after the other; 0: those of the checkpoint")
    parser.add_argument("--adapted-to", default="all", choices=["train", "val", "test", "all"], help="their part")
    parser.add_argument("--spec", default="glam-1536x1024")
    parser.add_argument("--look", default="canvas")
    parser.add_argument("--threshold", type=float, help="where maps are cut; without it, where Dice is largest on these images")
    parser.add_argument("--coarse", action="store_true", help="leave the local network out")
    parser.add_argument("--mirrored", action="store_true", help="coarse maps are means with those of the mirrored canvas")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    spec = load_spec(ROOT / "specs" / f"{args.spec}.json")
    model = Glam(spec)
    model.load_state_dict(torch.load(args.checkpoint, map_location="cpu"))
    model.to(memory_format=torch.channels_last)
    for name, one in open_sets(args.data, args.sets).items():
        indices = of_part(one, args.part)
        if not len(indices):
            print(f"{name}, {args.part}: no images")
            continue
        for count in args.adapted or [0]:
            own = model
            title = f"{name}, {args.part}"
            if count:
                own = copy.deepcopy(model)
                title += f", adapted to {adapt(own.global_network, one, of_part(one, args.adapted_to), args.look, count)} of {args.adapted_to}"
            print_figures(own, one, indices, title, args)


if __name__ == "__main__":
    main()
