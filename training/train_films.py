#!/usr/bin/env python3
"""Fine-tunes the global network on normal real films that got lesions of phantoms, with their pseudo-masks, and on phantoms.

python3 training/train_films.py training/configs/films.json --init GLAM.pt --train IMPLANTS SET ... --masks MASKS MASKS ... --films DIR --out DIR [--fold 0]

The first set is that of `glam films implants`. With --fold the patients of that fold of five are left out; the scores of all
their films are written to scores.json.
"""

import json
import pathlib

import numpy as np
import torch

from glam.data import ImageSet, whole_images
from glam.films import folds
from glam.losses import auc, pool
from glam.model import Glam
from glam.run import Run, save_atomically
from glam.stage import arguments, device, optimise, optimiser_of, recalibrate, to_device
from glam.targets import Source
from train_global import logits_of
from train_masks import global_loss


@torch.no_grad()
def scores_of(network, spec, images, chosen):
    """Scores of whole films, [n,2], as the pipeline makes them."""
    network.eval()
    scores = []
    for n in range(0, len(chosen), 4):
        logits = logits_of(network, to_device(whole_images(images, chosen[n:n + 4], full=True)))
        scores.append(sum(pool(torch.sigmoid(one), spec["saliency"]["topK"]) for one in logits).cpu() / 3)
    return torch.cat(scores)


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--init", required=True, help="`glam.pt` trained on phantoms"),
        parser.add_argument("--masks", required=True, nargs="+", type=pathlib.Path, help="pseudo-masks of each set"),
        parser.add_argument("--films", required=True, help="folder of `glam films dataset` of the films behind the implants"),
        parser.add_argument("--fold", type=int, help="0 to 4: leave out a fifth of the patients")), val=False, sets="+")
    model = Glam(spec)
    model.load_state_dict(torch.load(args.init, map_location="cpu"))
    network = model.global_network.to(device(), memory_format=torch.channels_last).train()
    films = ImageSet(args.films)
    held_out = np.zeros(len(films), bool)
    if args.fold is not None:
        held_out = folds(films.patients, films.labels, config["folds"]) == args.fold
    implants, *phantoms = (Source(*one) for one in zip(args.train, args.masks, strict=True))
    # First images of the groups whose patient is not left out.
    group = implants.images.group
    starts = group * np.flatnonzero(~np.isin(implants.images.patients[::group], films.patients[held_out]))
    optimiser = optimiser_of(network, config)
    run = Run(args.out, {"network": network, "optimiser": optimiser})
    run.resume()

    def step_loss(step):
        members = run.random.choice(starts) + np.arange(group)
        loss, entropy = global_loss(network, spec, implants, members, config, run.random)
        source = phantoms[run.random.integers(len(phantoms))]
        chosen = source.images.draw(4, run.random, len(source.masks))
        kept, _ = global_loss(network, spec, source, chosen, config, run.random)
        return loss + config["phantoms"] * kept, entropy

    optimise(run, network, optimiser, config, step_loss, lambda: {})
    # Statistics of real films: lesions change them little.
    seen = np.random.default_rng(config["seed"]).permutation(np.flatnonzero(~held_out))[:96]
    recalibrate(network, (to_device(whole_images(films, list(seen[n:n + 8]), full=True)) for n in range(0, len(seen) - 7, 8)))
    if held_out.any():
        chosen = np.flatnonzero(held_out)
        scores = scores_of(network, spec, films, list(chosen))
        print({name: auc(scores[:, c], films.labels[chosen, c]) for c, name in enumerate(spec["classes"])}, flush=True)
        (run.folder / "scores.json").write_text(json.dumps(
            {"index": chosen.tolist(), "labels": films.labels[chosen].tolist(), "scores": scores.tolist()}))
    save_atomically({name: value.cpu() for name, value in model.state_dict().items()}, run.folder / "glam.pt")


if __name__ == "__main__":
    main()
