#!/usr/bin/env python3
"""Trains the classifier behind the baselines `cam` and `gradcam` from image-level labels, and writes it as ONNX.

python3 training/train_classifier.py training/configs/classifier.json --train DIR [DIR ...] --val DIR --out DIR --onnx FILE
"""

import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from glam.baselines import ActivationMaps, Classifier, export, reduced
from glam.data import ImageSet, one_of
from glam.losses import auc
from glam.stage import arguments, begin, device, optimise, to_device


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--onnx", required=True, type=pathlib.Path)), sets="+")
    sets = [ImageSet(one) for one in args.train]
    sizes = [len(one) for one in sets]
    reduced_sets = [(one, *reduced(one)) for one in sets]
    val = ImageSet(args.val)
    val_small, val_levels = reduced(val)
    torch.manual_seed(config["seed"])
    network = Classifier().to(device(), memory_format=torch.channels_last).train()
    run, optimiser = begin(args.out, network, config)
    print(f"{sum(sizes)} images", flush=True)

    def step_loss(step):
        random = run.random
        # The first set shows the same breast without, with benign, with malignant and with both: the easy start that the model had.
        train, small, levels = reduced_sets[0] if step < config["easySteps"] else one_of(reduced_sets, random, sizes)
        chosen = train.draw(config["batch"], random)
        flips = np.repeat(random.random(len(chosen) // train.group) < 0.5, train.group)
        images = (small[chosen].astype(np.float32) - levels[chosen, :1, None]) / levels[chosen, 1:, None]
        for n, index in enumerate(chosen):
            if train.craniocaudal[index] and flips[n]:
                images[n] = images[n, ::-1].copy()
        images = images * random.uniform(0.85, 1.15) + np.float32(random.uniform(-0.1, 0.1))
        with torch.autocast(device(), dtype=torch.bfloat16):
            heads = network(to_device(np.ascontiguousarray(images[:, None], np.float32)))
        wanted = torch.from_numpy(train.labels[chosen]).to(device())
        loss = sum(F.binary_cross_entropy_with_logits(one.float(), wanted) for one in heads)
        return loss, loss / 2

    @torch.no_grad()
    def validate():
        network.eval()
        module, scores = ActivationMaps(network), []
        for n in range(0, len(val), 16):
            images = (val_small[n:n + 16].astype(np.float32) - val_levels[n:n + 16, :1, None]) / val_levels[n:n + 16, 1:, None]
            scores.append(module(torch.from_numpy(images[:, None]).to(device()))[0].cpu())
        network.train()
        scores = torch.cat(scores)
        return {f"auc_{name}": auc(scores[:, c], val.labels[:, c]) for c, name in enumerate(spec["classes"])}

    optimise(run, network, optimiser, config, step_loss, validate)
    args.onnx.parent.mkdir(parents=True, exist_ok=True)
    export(ActivationMaps(network.cpu()), val_small.shape[1:], args.onnx, ["scores", "cam", "gradcam"])


if __name__ == "__main__":
    main()
