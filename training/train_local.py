#!/usr/bin/env python3
"""Trains the local network on the crops that a trained global network chooses, from image-level labels.

python3 training/train_local.py training/configs/local.json --init GLAM.pt --train DIR --val DIR --out training/runs/local
"""

import argparse
import json
import pathlib
import time

import numpy as np
import torch

from glam.data import ImageSet, whole_images
from glam.losses import auc, cross_entropy, pool
from glam.model import Glam, fused_saliency
from glam.pipeline import choose_regions, crop
from glam.run import Run, save_atomically
from glam.spec import load_spec
from train_global import learning_rate, pooled_fraction

ROOT = pathlib.Path(__file__).resolve().parent.parent


@torch.no_grad()
def choose_crops(model, images, device, folder, count):
    """Standardised crops of every image, [N,K,side,side] float16 on disk; a finished file is used again."""
    side = model.spec["crop"]
    shape = (len(images), count, side, side)
    path = folder / f"crops-{len(images)}-{count}.f16"
    if path.exists():
        return np.memmap(path, np.float16, "r", shape=shape)
    part = path.with_suffix(".part")
    crops = np.memmap(part, np.float16, "w+", shape=shape)
    network = model.global_network.eval()
    for start in range(0, len(images), 4):
        chosen = list(range(start, min(start + 4, len(images))))
        x = torch.from_numpy(whole_images(images, chosen, full=True))
        with torch.autocast(device, dtype=torch.bfloat16):
            logits = network(x.to(device, memory_format=torch.channels_last))
        fused = fused_saliency(model.spec, [torch.sigmoid(one.float()) for one in logits]).cpu().numpy()
        for n, index in enumerate(chosen):
            for k, (top, left) in enumerate(choose_regions(model.spec, fused[n], count)):
                crops[index, k] = crop(model.spec, x[n, 0].numpy(), top, left)
        if start % 200 == 0:
            print(f"crops of {start} of {len(images)} images", flush=True)
    crops.flush()
    part.rename(path)
    return np.memmap(path, np.float16, "r", shape=shape)


def augment(crops, random):
    """[N,side,side] turned and mirrored (a lesion has no up or down), with some contrast and noise."""
    crops = np.rot90(crops, random.integers(4), (1, 2))
    if random.random() < 0.5:
        crops = crops[:, ::-1]
    gain = random.uniform(0.9, 1.1, (len(crops), 1, 1)).astype(np.float32)
    shift = random.uniform(-0.1, 0.1, (len(crops), 1, 1)).astype(np.float32)
    return np.ascontiguousarray(crops, np.float32) * gain + shift


def bag_maps(network, crops, device):
    """Crops of N images [N,K,side,side] to one map per image that holds all its crops' cells, [N,2,K*h,w]."""
    n, k, side, _ = crops.shape
    x = torch.from_numpy(crops.reshape(n * k, 1, side, side)).to(device, memory_format=torch.channels_last)
    with torch.autocast(device, dtype=torch.bfloat16):
        logits = network(x)
    maps = torch.sigmoid(logits.float())
    return maps.reshape(n, k, 2, *maps.shape[2:]).transpose(1, 2).flatten(2, 3)


@torch.no_grad()
def validate(network, spec, crops, labels, device):
    network.eval()
    fraction = spec["local"]["topK"] / crops.shape[1]
    scores = torch.cat([pool(bag_maps(network, np.asarray(crops[n:n + 4], np.float32), device), fraction).cpu()
                        for n in range(0, len(crops), 4)])
    network.train()
    return {f"auc_{name}": auc(scores[:, c], labels[:, c]) for c, name in enumerate(spec["classes"])}


@torch.no_grad()
def recalibrate(network, crops, device, count=64):
    """Batch-norm statistics as a plain average in f32, without augmentation."""
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    network.train()
    for n in range(0, count, 4):
        x = np.asarray(crops[n:n + 4], np.float32).reshape(-1, 1, *crops.shape[2:])
        network(torch.from_numpy(x).to(device, memory_format=torch.channels_last))
    for norm in norms:
        norm.momentum = 0.1
    network.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=pathlib.Path)
    parser.add_argument("--init", required=True, help="`glam.pt` with a trained global network")
    parser.add_argument("--train", required=True)
    parser.add_argument("--val", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=1, help="more than free cores slow it down")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    config = json.loads(args.config.read_text())
    spec = load_spec(ROOT / "specs" / f"{config['spec']}.json")
    torch.manual_seed(config["seed"])

    model = Glam(spec)
    model.load_state_dict(torch.load(args.init, map_location="cpu"))
    model.to(device, memory_format=torch.channels_last)
    network = model.detection_network.train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=config["learningRate"], weight_decay=config["weightDecay"])
    run = Run(args.out, {"network": network, "optimiser": optimiser})
    resumed = run.resume()
    sets = {}
    for name, folder in (("train", args.train), ("val", args.val)):
        images = ImageSet(folder)
        (run.folder / name).mkdir(exist_ok=True)
        sets[name] = choose_crops(model, images, device, run.folder / name, config["crops"]), images.labels
    crops, labels = sets["train"]
    print(f"{'resumed at' if resumed else 'starting at'} step {run.step} of {config['steps']}, "
          f"{crops.shape[0]} images with {crops.shape[1]} crops each, {device}", flush=True)

    total = entropies = count = 0
    began = time.monotonic()
    while run.step < config["steps"]:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(config, run.step)
        chosen = np.sort(run.random.choice(len(crops), config["batch"], replace=False))
        batch = np.stack([augment(crops[index], run.random) for index in chosen])
        maps = bag_maps(network, batch, device)
        fraction = pooled_fraction(config, spec["local"]["topK"], run.step) / crops.shape[1]
        entropy = cross_entropy(pool(maps, fraction), torch.from_numpy(labels[chosen]).to(device))
        loss = entropy + config["sparsity"] * maps.mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        run.step += 1
        total, entropies, count = total + loss.item(), entropies + entropy.item(), count + 1
        if run.step % config["report"] == 0:
            extra = validate(network, spec, *sets["val"], device) if run.step % config["validate"] == 0 else {}
            run.record(loss=total / count, entropy=entropies / count, seconds=time.monotonic() - began, **extra)
            total = entropies = count = 0
        run.save_now_and_then()
    run.save()
    recalibrate(network, crops, device)
    print("recalibrated", validate(network, spec, *sets["val"], device), flush=True)
    network.eval()
    save_atomically({name: value.cpu() for name, value in model.state_dict().items()}, run.folder / "glam.pt")


if __name__ == "__main__":
    main()
