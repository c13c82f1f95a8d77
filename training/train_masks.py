#!/usr/bin/env python3
"""Trains the global or the local network on pseudo-masks and image-level labels.

python3 training/train_masks.py training/configs/global-masks.json --init GLAM.pt --train DIR --masks DIR --val DIR --out DIR
"""

import pathlib

import numpy as np
import torch

from glam.data import ImageSet, whole_images
from glam.losses import breast, cross_entropy, pool
from glam.model import Glam
from glam.outline import CELL
from glam.pseudo import LESION, open_masks
from glam.run import Run, save_atomically
from glam.stage import arguments, device, optimise, optimiser_of, recalibrate, to_device
from glam.targets import cell_targets, crop_batch, mask_loss, overlap_loss, whole_batch
from train_global import logits_of, validate


def global_loss(network, spec, images, masks, chosen, config, random):
    """Every map against the mask at its own resolution, and its pooled score against the image's label."""
    x, y = whole_batch(images, masks, chosen, random, config["group"])
    x = to_device(np.ascontiguousarray(x))
    logits = logits_of(network, x)
    seen = breast(x, logits[0].shape[-2:])
    labels = torch.from_numpy(images.labels[chosen]).to(device())
    loss = entropy = 0
    fine = x.shape[2] // logits[0].shape[2] // CELL
    for step, one in zip((1, 2, 4), logits):
        target, counting = (part.to(device()) for part in cell_targets(y, fine * step))
        loss = loss + mask_loss(one[..., ::step, ::step], target, counting, config["room"]) / 3
        pooled = pool(torch.sigmoid(one) * seen, spec["saliency"]["topK"])
        entropy = entropy + cross_entropy(pooled, labels) / 3
    return loss + config["weak"] * entropy, entropy


def local_loss(network, images, masks, index_of, config, random):
    x, y = crop_batch(images, masks, index_of, config["batch"], config["side"], random)
    with torch.autocast(device(), dtype=torch.bfloat16):
        logits = network(to_device(np.ascontiguousarray(x)))
    target, counting = (part.to(device()) for part in cell_targets(y, 1))
    entropy = mask_loss(logits.float(), target, counting, config["room"])
    return entropy + config["overlap"] * overlap_loss(logits.float(), target, counting), entropy


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--init", required=True, help="`glam.pt` to start from"),
        parser.add_argument("--masks", required=True, type=pathlib.Path, help="what `pseudo_masks.py` wrote for --train")))
    model = Glam(spec)
    model.load_state_dict(torch.load(args.init, map_location="cpu"))
    is_global = config["network"] == "global"
    network = model.global_network if is_global else model.detection_network
    network.to(device(), memory_format=torch.channels_last).train()
    optimiser = optimiser_of(network, config)
    run = Run(args.out, {"network": network, "optimiser": optimiser})
    run.resume()
    train, val = ImageSet(args.train), ImageSet(args.val)
    masks = open_masks(args.masks, train)
    index_of = [np.flatnonzero([(one == LESION).any() for one in masks[:, c]]) for c in range(2)]
    print(f"{len(masks)} images, {[len(one) for one in index_of]} with a pseudo-mask", flush=True)
    groups = [np.arange(n, n + config["group"]) for n in range(0, len(masks) - config["group"] + 1, config["group"])]

    def step_loss(step):
        if not is_global:
            return local_loss(network, train, masks, index_of, config, run.random)
        picked = run.random.choice(len(groups), config["batch"] // config["group"], replace=False)
        chosen = np.concatenate([groups[one] for one in picked])
        return global_loss(network, spec, train, masks, chosen, config, run.random)

    optimise(run, network, optimiser, config, step_loss, lambda: validate(network, spec, val) if is_global else {})
    if is_global:
        starts = range(0, min(160, len(masks)) - 7, 8)
        recalibrate(network, (to_device(whole_images(train, list(range(n, n + 8)), full=True)) for n in starts))
        print("recalibrated", validate(network, spec, val), flush=True)
    else:
        random = np.random.default_rng(1)
        draws = (crop_batch(train, masks, index_of, 24, spec["crop"], random)[0] for _ in range(20))
        recalibrate(network, (to_device(np.ascontiguousarray(one)) for one in draws))
    save_atomically({name: value.cpu() for name, value in model.state_dict().items()}, run.folder / "glam.pt")


if __name__ == "__main__":
    main()
