#!/usr/bin/env python3
"""Trains the global or the local network on pseudo-masks and image-level labels.

python3 training/train_masks.py training/configs/global-masks.json --init GLAM.pt --train DIR --masks DIR --val DIR --out DIR

With several sets, `--train A B --masks MA MB`, an image of each is equally likely. A config with `"fresh": true` begins with random
weights in the network that it trains, and takes the other one from --init.
"""

import pathlib

import numpy as np
import torch

from glam.data import ImageSet, one_of, whole_images
from glam.losses import breast, cross_entropy, pool
from glam.model import Glam
from glam.outline import CELL
from glam.run import save_model
from glam.stage import arguments, begin, device, optimise, recalibrate
from glam.targets import Source, cell_targets, crop_batch, grown, mask_loss, overlap_loss, whole_batch
from train_global import logits_of, validate


def global_loss(network, spec, source, chosen, config, random):
    """Of images of a set, shown as other films: see `saliency_loss`."""
    x, y = whole_batch(source, chosen, random, config.get("tilted", False))
    return saliency_loss(logits_of(network, x), spec, x, y, source.images.labels[chosen], config)


def saliency_loss(logits, spec, x, y, labels, config):
    """Every map of the images x against their masks y at its own resolution, and its pooled score against the image's label; and the
    cross-entropy of the scores in it."""
    seen = breast(x, logits[0].shape[-2:])
    labels = torch.from_numpy(labels).to(device())
    loss = entropy = 0
    fine = x.shape[2] // logits[0].shape[2] // CELL
    for step, one in zip((1, 2, 4), logits):
        target, counting = cell_targets(y, fine * step)
        loss = loss + mask_loss(one[..., ::step, ::step], target, counting, config["room"]) / 3
        pooled = pool(torch.sigmoid(one) * seen, spec["saliency"]["topK"])
        entropy = entropy + cross_entropy(pooled, labels) / 3
    return loss + config["weak"] * entropy, entropy


def local_loss(network, sources, config, random):
    x, y = crop_batch(sources, config["batch"], config["side"], random)
    return outline_loss(network, x, grown(y, config["grow"]), config)


def outline_loss(network, x, y, config):
    """A map of every fourth pixel against masks of its size, [N,2,h/4,w/4]: see `decided_loss`."""
    return decided_loss(fine_logits_of(network, x), y, config)


def fine_logits_of(network, x):
    with torch.autocast(device(), dtype=torch.bfloat16):
        logits = network(x)
    return logits.float()


def decided_loss(logits, y, config):
    """Logits and masks [N,2,h,w]: each cell, and the overlap; and the cross-entropy in it."""
    target, counting = cell_targets(y, 1)
    entropy = mask_loss(logits, target, counting, config["room"])
    return entropy + config["overlap"] * overlap_loss(logits, target, counting), entropy


def recalibrate_on_crops(network, sources, spec, random):
    """Batch-norm statistics over crops as the network will see them."""
    recalibrate(network, (crop_batch(sources, 24, spec["crop"], random)[0] for _ in range(20)))


def recalibrate_on_canvases(network, sources):
    """Batch-norm statistics over the first canvases of every source, a multiple of 8 of each and at most 96."""
    count = min(96, *(len(one) for one in sources))
    recalibrate(network, (whole_images(one.images, list(range(n, n + 8)), full=True)
                          for n in range(0, count - 7, 8) for one in sources))


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--init", required=True, help="`glam.pt` to start from"),
        parser.add_argument("--masks", required=True, nargs="+", type=pathlib.Path,
                            help="what `pseudo_masks.py` wrote for each set")), sets="+")
    model = Glam(spec)
    is_global = config["network"] == "global"
    name = "global_network" if is_global else "detection_network"
    before = torch.load(args.init, map_location="cpu")
    if config.get("fresh"):
        before |= {key: value for key, value in model.state_dict().items() if key.startswith(name)}
    model.load_state_dict(before)
    network = getattr(model, name)
    network.to(device(), memory_format=torch.channels_last).train()
    run, optimiser = begin(args.out, network, config)
    val = ImageSet(args.val)
    sources = Source.open_all(args.train, args.masks)

    def step_loss(step):
        if not is_global:
            return local_loss(network, sources, config, run.random)
        source = one_of(sources, run.random)
        return global_loss(network, spec, source, source.draw(config["batch"], run.random), config, run.random)

    optimise(run, network, optimiser, config, step_loss, lambda: validate(network, spec, val) if is_global else {})
    if is_global:
        recalibrate_on_canvases(network, sources)
        print("recalibrated", validate(network, spec, val), flush=True)
    else:
        recalibrate_on_crops(network, sources, spec, np.random.default_rng(1))
    save_model(model, run.folder)


if __name__ == "__main__":
    main()
