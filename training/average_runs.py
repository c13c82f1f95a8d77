#!/usr/bin/env python3
"""One model of several: the mean of the global networks of trainings that began at the same weights (Wortsman et al. 2022, "Model
soups"), and the local network of the first.

python3 training/average_runs.py CONFIG --runs RUN RUN ... --train DIR --out DIR [--fold 0]

Statistics of batch-norm layers are not averaged but taken again, over images of DIR. With --fold, DIR is the films of
`train_films.py`, and those of that fold are left out.
"""

import pathlib

import numpy as np
import torch

from glam.data import ImageSet
from glam.model import Glam
from glam.run import save_atomically
from glam.stage import arguments, device
from train_films import held_out_films, recalibrate_on_some, write_scores


def mean_of(states):
    """The first state_dict, with the mean of all in the weights of the global network."""
    return {name: torch.stack([one[name] for one in states]).mean(0)
            if name.startswith("global_network.") and value.is_floating_point() else value
            for name, value in states[0].items()}


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--runs", required=True, nargs="+", type=pathlib.Path, help="folders of trainings, each with its glam.pt"),
        parser.add_argument("--fold", type=int, help="that of the runs, when `train_films.py` made them")), val=False)
    model = Glam(spec)
    model.load_state_dict(mean_of([torch.load(run / "glam.pt", map_location="cpu") for run in args.runs]))
    whole = model.global_network.to(device(), memory_format=torch.channels_last)
    images = ImageSet(args.train)
    held_out = held_out_films(images, args.fold, config)
    recalibrate_on_some(whole, images, np.flatnonzero(~held_out), np.random.default_rng(config["seed"]))
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    write_scores(out, whole, spec, images, held_out)
    save_atomically({name: value.cpu() for name, value in model.state_dict().items()}, out / "glam.pt")


if __name__ == "__main__":
    main()
