#!/usr/bin/env python3
"""Trains the global network from image-level labels.

python3 training/train_global.py training/configs/global.json --train DIR --val DIR --out training/runs/global
"""

import argparse
import json
import math
import pathlib
import time

import torch

from glam.data import ImageSet, batches, whole_images
from glam.losses import auc, cross_entropy, pool
from glam.model import Glam, fused_saliency
from glam.run import Run, save_atomically
from glam.spec import load_spec

ROOT = pathlib.Path(__file__).resolve().parent.parent


def learning_rate(config, step):
    """A short warm-up, then a cosine down to nearly nothing."""
    warm = min(1, (step + 1) / config["warmup"])
    return config["learningRate"] * warm * (0.5 + 0.5 * math.cos(math.pi * min(1, step / config["steps"])) + 0.01)


def pooled_fraction(config, goal, step):
    """Many cells at first, so that every place gets a gradient before the network knows where to look."""
    start = config["firstTopK"]
    return start * (goal / start) ** min(1, step / config["narrowingSteps"])


def loss_of(network, fraction, config, image, labels, device):
    with torch.autocast(device, dtype=torch.bfloat16):
        logits = network(image)
    maps = [torch.sigmoid(one.float()) for one in logits]
    entropy = sum(cross_entropy(pool(one, fraction), labels) for one in maps) / 3
    return entropy + config["sparsity"] * sum(one.mean() for one in maps) / 3, entropy


def to_device(images, device):
    """[N,1,H,W] on the device, in the layout that convolutions like best."""
    return torch.from_numpy(images).to(device, memory_format=torch.channels_last)


@torch.no_grad()
def validate(network, spec, images, device):
    """Area under the curve of each class's score over the first 300 images."""
    network.eval()
    scores = []
    count = min(len(images), 300)
    for start in range(0, count, 8):
        chosen = list(range(start, min(start + 8, count)))
        x = to_device(whole_images(images, chosen), device)
        with torch.autocast(device, dtype=torch.bfloat16):
            logits = network(x)
        maps = [torch.sigmoid(one.float()) for one in logits]
        scores.append(sum(pool(one, spec["saliency"]["topK"]) for one in maps).cpu() / 3)
    network.train()
    scores = torch.cat(scores)
    return {f"auc_{name}": auc(scores[:, c], images.labels[:count, c]) for c, name in enumerate(spec["classes"])}


@torch.no_grad()
def recalibrate(network, images, device, count=192):
    """Batch-norm statistics as a plain average over whole canvases in f32, which is how the network will be used."""
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    network.train()
    for start in range(0, min(count, len(images)), 8):
        network(to_device(whole_images(images, list(range(start, start + 8)), full=True), device))
    for norm in norms:
        norm.momentum = 0.1
    network.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=pathlib.Path)
    parser.add_argument("--train", required=True)
    parser.add_argument("--val", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--init", help="a `glam.pt` of an earlier stage to start from")
    parser.add_argument("--threads", type=int, default=1, help="more than free cores slow it down")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    config = json.loads(args.config.read_text())
    spec = load_spec(ROOT / "specs" / f"{config['spec']}.json")
    torch.manual_seed(config["seed"])

    model = Glam(spec)
    if args.init:
        model.load_state_dict(torch.load(args.init, map_location="cpu"))
    network = model.global_network.to(device, memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=config["learningRate"], weight_decay=config["weightDecay"])
    run = Run(args.out, {"network": network, "optimiser": optimiser})
    resumed = run.resume()
    train, val = ImageSet(args.train), ImageSet(args.val)
    print(f"{'resumed at' if resumed else 'starting at'} step {run.step} of {config['steps']}, "
          f"{len(train)} training and {len(val)} validation images, {device}", flush=True)

    source = batches(train, config["batch"], run.random, config.get("group", 1))
    total = entropies = count = 0
    began = time.monotonic()
    while run.step < config["steps"]:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(config, run.step)
        image, labels = next(source)
        image = to_device(image, device)
        loss, entropy = loss_of(network, pooled_fraction(config, spec["saliency"]["topK"], run.step), config, image,
                                torch.from_numpy(labels).to(device), device)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        run.step += 1
        total, entropies, count = total + loss.item(), entropies + entropy.item(), count + 1
        if run.step % config["report"] == 0:
            extra = validate(network, spec, val, device) if run.step % config["validate"] == 0 else {}
            run.record(loss=total / count, entropy=entropies / count, seconds=time.monotonic() - began, **extra)
            total = entropies = count = 0
        run.save_now_and_then()
    run.save()
    recalibrate(network, train, device)
    print("recalibrated", validate(network.eval(), spec, val, device), flush=True)
    save_atomically(model.state_dict(), run.folder / "glam.pt")


if __name__ == "__main__":
    main()
