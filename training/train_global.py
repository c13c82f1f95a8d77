#!/usr/bin/env python3
"""Trains the global network from image-level labels.

python3 training/train_global.py training/configs/global.json --train DIR --val DIR --out training/runs/global
"""

import torch

from glam.data import ImageSet, batches, whole_images
from glam.losses import auc, breast, image_scores, weak_loss
from glam.model import Glam
from glam.run import save_model
from glam.stage import arguments, begin, device, optimise, pooled_fraction, recalibrate


def logits_of(network, image):
    with torch.autocast(device(), dtype=torch.bfloat16):
        return [one.float() for one in network(image)]


def loss_of(network, image, labels, fraction, config):
    """Mean over the three maps of their weak loss, and of the cross-entropy in it."""
    maps = [torch.sigmoid(one) for one in logits_of(network, image)]
    seen = breast(image, maps[0].shape[-2:])
    losses = [weak_loss(one, seen, labels, fraction, config["sparsity"]) for one in maps]
    return tuple(sum(part) / 3 for part in zip(*losses))


@torch.no_grad()
def scores_of(network, spec, images, chosen, full=False):
    """Scores of images, [n,2]: with `full` of whole canvases, as the pipeline makes them, else of what holds their breasts."""
    network.eval()
    scores = []
    for start in range(0, len(chosen), 8):
        logits = logits_of(network, whole_images(images, list(chosen[start:start + 8]), full))
        scores.append(image_scores(spec, [torch.sigmoid(one) for one in logits]).cpu())
    return torch.cat(scores)


def validate(network, spec, images):
    """Area under the curve of each class's score over the first 300 images."""
    count = min(len(images), 300)
    scores = scores_of(network, spec, images, range(count))
    network.train()
    return {f"auc_{name}": auc(scores[:, c], images.labels[:count, c]) for c, name in enumerate(spec["classes"])}


def main():
    args, config, spec = arguments(
        __doc__, lambda parser: parser.add_argument("--init", help="a `glam.pt` of an earlier stage to start from"))
    model = Glam(spec)
    if args.init:
        model.load_state_dict(torch.load(args.init, map_location="cpu"))
    network = model.global_network.to(device(), memory_format=torch.channels_last).train()
    run, optimiser = begin(args.out, network, config)
    train, val = ImageSet(args.train), ImageSet(args.val)
    print(f"{len(train)} training and {len(val)} validation images", flush=True)
    source = batches(train, config["batch"], run.random)

    def step_loss(step):
        image, labels = next(source)
        fraction = pooled_fraction(config, spec["saliency"]["topK"], step)
        return loss_of(network, image, torch.from_numpy(labels).to(device()), fraction, config)

    optimise(run, network, optimiser, config, step_loss, lambda: validate(network, spec, val))
    starts = range(0, min(192, len(train)) - 7, 8)
    recalibrate(network, (whole_images(train, list(range(n, n + 8)), full=True) for n in starts))
    print("recalibrated", validate(network, spec, val), flush=True)
    save_model(model, run.folder)


if __name__ == "__main__":
    main()
