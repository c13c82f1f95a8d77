#!/usr/bin/env python3
"""Trains the local network on the crops that a trained global network chooses, from image-level labels.

python3 training/train_local.py training/configs/local.json --init GLAM.pt --train DIR --val DIR --out training/runs/local
"""

import numpy as np
import torch
import torch.nn.functional as F

from glam.data import ImageSet
from glam.losses import auc, breast, cross_entropy, pool, weak_loss
from glam.model import Glam
from glam.regions import choose_crops, crop_labels
from glam.run import save_model
from glam.stage import arguments, begin, device, optimise, pooled_fraction, recalibrate, to_device


def augment(crop, coarse, random):
    """[side,side] turned and mirrored (a lesion has no up or down), with some more or less contrast; [2,h,w] likewise."""
    turns = random.integers(4)
    crop, coarse = np.rot90(crop, turns), np.rot90(coarse, turns, (1, 2))
    if random.random() < 0.5:
        crop, coarse = crop[::-1], coarse[:, ::-1]
    gain, shift = random.uniform(0.9, 1.1), random.uniform(-0.1, 0.1)
    return np.ascontiguousarray(crop, np.float32) * np.float32(gain) + np.float32(shift), coarse


def balanced(labels, share, size, random):
    """Indices of a batch: a third with benign, a third with malignant, a third of any crops that are mostly breast."""
    third = size // 3
    pools = np.flatnonzero(labels[:, 0] > 0), np.flatnonzero(labels[:, 1] > 0), np.flatnonzero(share > 0.5)
    counts = third, third, size - 2 * third
    return np.concatenate([random.choice(pool, count) for pool, count in zip(pools, counts)])


def maps_of(network, crops):
    """Saliency of crops [N,1,side,side] on the device, [N,2,h,w]."""
    with torch.autocast(device(), dtype=torch.bfloat16):
        logits = network(crops)
    return torch.sigmoid(logits.float())


@torch.no_grad()
def validate(network, spec, crops, labels):
    """Area under the curve of each class's largest pooled score over an image's crops."""
    network.eval()
    scores = []
    for n in range(0, len(crops), 4):
        x = to_device(np.asarray(crops[n:n + 4], np.float32).reshape(-1, 1, *crops.shape[2:]))
        pooled = pool(maps_of(network, x), spec["local"]["topK"]).cpu()
        scores.append(pooled.reshape(-1, crops.shape[1], 2).amax(1))
    network.train()
    scores = torch.cat(scores)
    return {f"auc_{name}": auc(scores[:, c], labels[:, c]) for c, name in enumerate(spec["classes"])}


def main():
    args, config, spec = arguments(
        __doc__, lambda parser: parser.add_argument("--init", required=True, help="`glam.pt` with a trained global network"))
    model = Glam(spec)
    model.load_state_dict(torch.load(args.init, map_location="cpu"))
    model.to(device(), memory_format=torch.channels_last)
    network = model.detection_network.train()
    run, optimiser = begin(args.out, network, config)
    train, val = ImageSet(args.train), ImageSet(args.val)
    val_crops, *_ = choose_crops(model, val, run.folder / "val", config["crops"])
    crops, found, coarse = choose_crops(model, train, run.folder / "train", config["crops"])
    labels, counts = (one.reshape(-1, 2) for one in crop_labels(train.labels, found[:, :, :2]))
    present = np.repeat(train.labels, crops.shape[1], 0)
    share = found[:, :, 2].ravel()
    crops, coarse = (one.reshape(-1, *one.shape[2:]) for one in (crops, coarse))
    print(f"{len(crops)} crops, {labels.mean(0)} of them positive, {counts.mean(0)} sure", flush=True)

    def step_loss(step):
        chosen = balanced(labels, share, config["batch"], run.random)
        pairs = [augment(crops[index], coarse[index], run.random) for index in chosen]
        x = to_device(np.stack([one for one, _ in pairs])[:, None])
        maps = maps_of(network, x)
        fraction = pooled_fraction(config, spec["local"]["topK"], step)
        wanted, counting = (torch.from_numpy(one[chosen]).to(device()) for one in (labels, counts))
        loss, entropy = weak_loss(maps, breast(x, maps.shape[2:]), wanted, fraction, config["sparsity"], counting)
        guide = torch.from_numpy(np.stack([one for _, one in pairs]).astype(np.float32)).to(device())
        guide = guide * torch.from_numpy(present[chosen]).to(device())[:, :, None, None]
        fade = config["guidance"] * max(0, 1 - step / config["guidedSteps"])
        return loss + fade * cross_entropy(F.adaptive_avg_pool2d(maps, guide.shape[2:]), guide), entropy

    optimise(run, network, optimiser, config, step_loss, lambda: validate(network, spec, val_crops, val.labels))
    # The mixture that the network was trained on; regions of many images are mostly background.
    draws = (balanced(labels, share, 32, run.random) for _ in range(20))
    recalibrate(network, (to_device(np.stack([np.asarray(crops[i], np.float32) for i in d])[:, None]) for d in draws))
    print("recalibrated", validate(network, spec, val_crops, val.labels), flush=True)
    save_model(model, run.folder)


if __name__ == "__main__":
    main()
