#!/usr/bin/env python3
"""One model of several: the mean of the networks that trainings from the same weights made (Wortsman et al. 2022, "Model
soups"), and the other network of the first.

python3 training/average_runs.py CONFIG --runs RUN RUN ... --train DIR --out DIR [--fold 0]
python3 training/average_runs.py CONFIG --runs RUN RUN ... --train DIR DIR --masks MASKS MASKS --out DIR
python3 training/average_runs.py CONFIG --runs RUN RUN ... --out DIR

CONFIG is the trainings' own: the global network is averaged, or where it says so the local one, or both. Of one network the statistics
of batch-norm layers are taken again, over images of the first DIR, or over crops of all; of both they are averaged, too, which needs no
images. With --fold, DIR is the films of `train_films.py`, and those of that fold are left out.
"""

import pathlib
import sys

import numpy as np
import torch

from glam.data import ImageSet
from glam.model import Glam
from glam.run import save_model
from glam.stage import arguments, device
from glam.targets import Source
from train_films import held_out_films, recalibrate_on_some, write_scores
from train_masks import recalibrate_on_crops


def mean_of(states, part):
    """The first state_dict, with the mean of all in the weights whose names begin with `part`."""
    return {name: torch.stack([one[name] for one in states]).mean(0)
            if name.startswith(part) and value.is_floating_point() else value
            for name, value in states[0].items()}


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--runs", required=True, nargs="+", type=pathlib.Path, help="folders of trainings, each with its glam.pt"),
        parser.add_argument("--masks", nargs="+", type=pathlib.Path, help="pseudo-masks of each set, for local networks"),
        parser.add_argument("--fold", type=int, help="that of the runs, when `train_films.py` made them")), val=False, sets="*")
    network = config.get("network", "global")
    if network != "both" and args.train is None:
        sys.exit("Batch-norm statistics of one network need --train.")
    if network == "local" and args.masks is None:
        sys.exit("Crops for local networks need --masks, the pseudo-masks of each set.")
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    model = Glam(spec).to(device(), memory_format=torch.channels_last)
    states = [torch.load(run / "glam.pt", map_location="cpu") for run in args.runs]
    random = np.random.default_rng(config["seed"])
    model.load_state_dict(mean_of(states, {"global": "global_network.", "local": "detection_network.", "both": ""}[network]))
    if network == "local":
        sources = Source.open_all(args.train, args.masks)
        recalibrate_on_crops(model.detection_network, sources, spec, random)
    elif network == "global":
        images = ImageSet(args.train[0])
        held_out = held_out_films(images, args.fold, config)
        recalibrate_on_some(model.global_network, images, np.flatnonzero(~held_out), random)
        write_scores(out, model.global_network, spec, images, held_out)
    save_model(model, out)


if __name__ == "__main__":
    main()
