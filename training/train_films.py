#!/usr/bin/env python3
"""Fine-tunes both networks on normal real films that got lesions of phantoms, with their pseudo-masks, and on phantoms.

Of the global network's weights from before a share is kept ("keep"; Wortsman et al. 2022, "Robust fine-tuning of zero-shot
models"): what hundreds of films teach holds for other films better when it is not all there is.

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
from train_masks import global_loss, local_loss, recalibrate_on_crops


@torch.no_grad()
def scores_of(network, spec, images, chosen):
    """Scores of whole films, [n,2], as the pipeline makes them."""
    network.eval()
    scores = []
    for n in range(0, len(chosen), 4):
        logits = logits_of(network, to_device(whole_images(images, chosen[n:n + 4], full=True)))
        scores.append(sum(pool(torch.sigmoid(one), spec["saliency"]["topK"]) for one in logits).cpu() / 3)
    return torch.cat(scores)


def fine_tune(network, folder, config, step_loss):
    """Trains one network in a folder of its own; `step_loss(random)` gives the loss and the cross-entropy in it."""
    network.train()
    optimiser = optimiser_of(network, config)
    run = Run(folder, {"network": network, "optimiser": optimiser})
    run.resume()
    optimise(run, network, optimiser, config, lambda step: step_loss(run.random), lambda: {})


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--init", required=True, help="`glam.pt` trained on phantoms"),
        parser.add_argument("--masks", required=True, nargs="+", type=pathlib.Path, help="pseudo-masks of each set"),
        parser.add_argument("--films", required=True, help="folder of `glam films dataset` of the films behind the implants"),
        parser.add_argument("--fold", type=int, help="0 to 4: leave out a fifth of the patients")), val=False, sets="+")
    out = pathlib.Path(args.out)
    model = Glam(spec)
    model.load_state_dict(torch.load(args.init, map_location="cpu"))
    model.to(device(), memory_format=torch.channels_last)
    films = ImageSet(args.films)
    held_out = np.zeros(len(films), bool)
    if args.fold is not None:
        held_out = folds(films.patients, films.labels, config["folds"]) == args.fold
    implants = Source.open(args.train[0], args.masks[0], without=films.patients[held_out])
    phantoms = [Source.open(*one) for one in zip(args.train[1:], args.masks[1:], strict=True)]
    print(implants, flush=True)
    whole, local = model.global_network, model.detection_network

    def global_step(random):
        loss, entropy = global_loss(whole, spec, implants, implants.draw(4, random), config["global"], random)
        source = phantoms[random.integers(len(phantoms))]
        kept, _ = global_loss(whole, spec, source, source.draw(4, random), config["global"], random)
        return loss + config["global"]["phantoms"] * kept, entropy

    before = {name: value.clone() for name, value in whole.state_dict().items()}
    fine_tune(whole, out / "global", config["global"], global_step)
    keep = config["global"]["keep"]
    whole.load_state_dict({name: torch.lerp(value, before[name], keep) if value.is_floating_point() else value
                           for name, value in whole.state_dict().items()})
    # Statistics of real films: lesions change them little.
    random = np.random.default_rng(config["seed"])
    seen = random.permutation(np.flatnonzero(~held_out))[:96]
    recalibrate(whole, (to_device(whole_images(films, list(seen[n:n + 8]), full=True)) for n in range(0, len(seen) - 7, 8)))

    fine_tune(local, out / "local", config["local"],
              lambda random: local_loss(local, [implants, *phantoms], config["local"], random))
    recalibrate_on_crops(local, [implants], spec, random)

    if held_out.any():
        chosen = np.flatnonzero(held_out)
        scores = scores_of(whole, spec, films, list(chosen))
        print({name: auc(scores[:, c], films.labels[chosen, c]) for c, name in enumerate(spec["classes"])}, flush=True)
        (out / "scores.json").write_text(json.dumps(
            {"index": chosen.tolist(), "labels": films.labels[chosen].tolist(), "scores": scores.tolist()}))
    save_atomically({name: value.cpu() for name, value in model.state_dict().items()}, out / "glam.pt")


if __name__ == "__main__":
    main()
