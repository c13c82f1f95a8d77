#!/usr/bin/env python3
"""Fine-tunes the global network on real films, on normal ones that got lesions of phantoms, and on phantoms.

All that is known of an image is its label; its pseudo-masks come from `pseudo_masks.py`.

Of the weights from before a share is kept ("keep"; Wortsman et al. 2022, "Robust fine-tuning of zero-shot
models"): what hundreds of films teach holds for other films better when it is not all there is.

python3 training/train_films.py training/configs/films.json --init GLAM.pt --train IMPLANTS SET ... --masks MASKS MASKS ... --films DIR --film-masks MASKS --out DIR [--fold 0]

The first set is that of `glam films implants`. With --fold the patients of that fold of five are left out; the scores of all
their films are written to scores.json.
"""

import json
import pathlib

import numpy as np
import torch

from glam.data import ImageSet, whole_images
from glam.films import folds
from glam.losses import auc
from glam.model import Glam
from glam.run import save_model
from glam.stage import arguments, begin, between, device, optimise, recalibrate
from glam.targets import Source
from train_global import scores_of
from train_masks import global_loss


def draw_films(source, random, fours):
    """So many times four films: two normal, one benign, one malignant."""
    labels = source.images.labels[source.indices]
    kinds = [~labels.any(1), ~labels.any(1), labels[:, 0] > 0.5, labels[:, 1] > 0.5]
    return np.array([random.choice(source.indices[kind]) for kind in fours * kinds])


def held_out_films(films, fold, config):
    """Which films a fold leaves out, [N]; none without a fold."""
    return np.zeros(len(films), bool) if fold is None else folds(films.patients, films.labels, config["folds"]) == fold


def write_scores(out, network, spec, films, held_out):
    """Scores of the films that a fold left out, for `fold_scores.py`."""
    if not held_out.any():
        return
    chosen = np.flatnonzero(held_out)
    scores = scores_of(network, spec, films, chosen, full=True)
    print({name: auc(scores[:, c], films.labels[chosen, c]) for c, name in enumerate(spec["classes"])}, flush=True)
    (out / "scores.json").write_text(json.dumps(
        {"index": chosen.tolist(), "labels": films.labels[chosen].tolist(), "scores": scores.tolist()}))


def recalibrate_on_some(network, images, seen, random):
    """Batch-norm statistics over 96 of the images that may be seen."""
    seen = random.permutation(seen)[:96]
    recalibrate(network, (whole_images(images, list(seen[n:n + 8]), full=True) for n in range(0, len(seen) - 7, 8)))


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--init", required=True, help="`glam.pt` trained on phantoms"),
        parser.add_argument("--masks", required=True, nargs="+", type=pathlib.Path, help="pseudo-masks of each set"),
        parser.add_argument("--films", required=True, help="folder of `glam films dataset` of the films behind the implants"),
        parser.add_argument("--film-masks", required=True, type=pathlib.Path, help="pseudo-masks of the films"),
        parser.add_argument("--fold", type=int, help="0 to 4: leave out a fifth of the patients")), val=False, sets="+")
    out = pathlib.Path(args.out)
    model = Glam(spec)
    before = torch.load(args.init, map_location="cpu")
    model.load_state_dict(before)
    model.to(device(), memory_format=torch.channels_last)
    films = ImageSet(args.films)
    held_out = held_out_films(films, args.fold, config)
    implants = Source.open(args.train[0], args.masks[0], without=films.patients[held_out])
    real = Source.open(args.films, args.film_masks, without=films.patients[held_out])
    phantoms = [Source.open(*one) for one in zip(args.train[1:], args.masks[1:], strict=True)]
    print(implants, flush=True)
    network = model.global_network.train()
    run, optimiser = begin(out, network, config)

    def step_loss(step):
        random, fours = run.random, config["fours"]
        source = implants if random.random() < config["implants"] else phantoms[random.integers(len(phantoms))]
        kept, _ = global_loss(network, spec, source, source.draw(4 * fours, random), config, random)
        loss, entropy = global_loss(network, spec, real, draw_films(real, random, fours), config, random)
        return kept + config["films"] * loss, entropy

    optimise(run, network, optimiser, config, step_loss, lambda: {})
    model.load_state_dict(between(model.state_dict(), before, config["keep"]))
    recalibrate_on_some(network, films, np.flatnonzero(~held_out), np.random.default_rng(config["seed"]))
    write_scores(out, network, spec, films, held_out)
    save_model(model, out)


if __name__ == "__main__":
    main()
