#!/usr/bin/env python3
"""Trains a model by a recipe: `python3 training/train.py training/recipe.json --data DIR --out DIR`; a stopped run resumes."""

import argparse
import json
import pathlib
import queue
import threading
import time

import numpy as np
import torch

from glam.dense import global_loss, local_loss
from glam.mine import mine
from glam.model import Glam
from glam.pasted import Crops
from glam.patches import Pool, batch
from glam.run import Run, save_model
from glam.sources import open_sets
from glam.spec import load_spec
from glam.stage import learning_rate
from glam.validate import recalibrate_on, validate

ROOT = pathlib.Path(__file__).resolve().parent.parent


def raw_maps(network, x):
    """Logits of the three taps, each at its own size."""
    return network.postprocess_module(network.downsampling_branch(x))


class Average:
    """Exponential moving average of weights and of batch-norm statistics."""

    def __init__(self, network, decay):
        self.decay, self.steps = decay, 0
        self.state = {name: value.detach().clone() for name, value in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.state[name].lerp_(value, 1 - decay)
            else:
                self.state[name].copy_(value)

    def state_dict(self):
        return {"steps": self.steps, "state": self.state}

    def load_state_dict(self, value):
        self.steps, self.state = value["steps"], value["state"]


def producer(pools, stage, way, mixed, seed, start, out, stop):
    torch.set_num_threads(1)
    step = start
    while not stop.is_set():
        random = np.random.default_rng([seed, step])
        item = batch(pools, stage["batch"], tuple(stage["size"]), way, random, stage.get("strength", 1.0), stage.get("blurred", 0.2), mixed)
        step += 1
        while not stop.is_set():
            try:
                out.put(item, timeout=1)
                break
            except queue.Full:
                pass


def run_stage(model, sets, stage, recipe, folder, args):
    network = model.global_network if stage["network"] == "global" else model.detection_network
    network.to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=stage["learningRate"], weight_decay=stage["weightDecay"], betas=(0.9, 0.99))
    average = Average(network, stage.get("average", 0.998))
    run = Run(folder, {"network": network, "optimiser": optimiser, "average": average}, recipe["seed"])
    run.resume()
    fixed = [one for one in network.modules() if isinstance(one, torch.nn.BatchNorm2d)] if stage.get("norms") == "fixed" else []
    pools = {name: Pool(one, tuple(stage.get("parts", ["train"]))) for name, one in sets.items()}
    if "crops" in recipe:
        # Lesions of validation and test women are not pasted.
        kept = [p for one in sets.values() for p, part in zip(one.patients, one.part) if part not in stage.get("parts", ["train"])]
        pools["crops"] = Crops(args.data / recipe["crops"], kept)
    for name, pool in pools.items():
        path = folder.parent / f"mined-{name}.json"
        if path.exists():
            pool.mined = [one for one in json.loads(path.read_text()) if one[0] in set(pool.indices.tolist())]
        print(name, len(pool.indices), {k: len(v) for k, v in pool.lesions.items()}, len(pool.mined), flush=True)
    way = recipe["look"]
    items, stop = queue.Queue(6), threading.Event()
    thread = threading.Thread(target=producer, args=(pools, stage, way, recipe.get("mixed", 0), recipe["seed"], run.step, items, stop), daemon=True)
    thread.start()
    sums, count, began, seen = np.zeros(3), 0, time.monotonic(), 0
    while run.step < stage["steps"]:
        for norm in fixed:
            norm.eval()
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(stage, run.step)
        x, codes, suspicion = items.get()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = raw_maps(network, x) if stage["network"] == "global" else network(x)
        if stage["network"] == "global":
            loss, one, two = global_loss([l.float() for l in logits], codes, suspicion, stage)
        else:
            loss, one, two = local_loss(logits.float(), codes, suspicion, stage)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        average.update(network)
        run.step += 1
        sums, count, seen = sums + [loss.item(), one.item(), two.item()], count + 1, seen + len(x)
        if run.step % stage["report"] == 0 or run.step == stage["steps"]:
            extra = {}
            if run.step % stage["validate"] == 0 or run.step == stage["steps"]:
                kept = {name: value.clone() for name, value in network.state_dict().items()}
                network.load_state_dict(average.state)
                extra = validate(model, stage["network"], sets, pools, way, quick=run.step < stage["steps"])
                network.load_state_dict(kept)
                network.train()
            run.record(loss=sums[0] / count, cells=sums[1] / count, other=sums[2] / count, seconds=time.monotonic() - began,
                       each=seen / (time.monotonic() - began), **extra)
            sums, count = np.zeros(3), 0
        run.save_now_and_then(240)
    stop.set()
    run.save()
    network.load_state_dict(average.state)
    if stage["network"] == "global" and not fixed:
        recalibrate_on(network, pools, way)
    save_model(model, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=pathlib.Path)
    parser.add_argument("--data", required=True, type=pathlib.Path, help="folder of packed sets")
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--init", help="`glam.pt` to start from, instead of the recipe's")
    parser.add_argument("--look", choices=["canvas", "equalise"], help="how grey levels are shown, instead of the recipe's")
    parser.add_argument("--mixed", type=float, help="share of patches with the grey levels of another set or scanner, instead of the recipe's")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    recipe = json.loads(args.recipe.read_text())
    recipe |= {name: value for name, value in (("look", args.look), ("mixed", args.mixed)) if value is not None}
    torch.manual_seed(recipe["seed"])
    args.out.mkdir(parents=True, exist_ok=True)
    spec = load_spec(ROOT / "specs" / f"{recipe['spec']}.json")
    sets = open_sets(args.data, recipe["sets"])
    model = Glam(spec)
    model.load_state_dict(torch.load(args.init or recipe["init"], map_location="cpu"))
    for stage in recipe["stages"]:
        folder = args.out / stage["name"]
        if (folder / "glam.pt").exists():
            model.load_state_dict(torch.load(folder / "glam.pt", map_location="cpu"))
            continue
        print("stage", stage["name"], flush=True)
        if "mine" in stage:
            mine(model, sets, stage["mine"], recipe["look"], args.out)
            folder.mkdir(parents=True, exist_ok=True)
            save_model(model, folder)
            continue
        run_stage(model, sets, stage, recipe, folder, args)
    save_model(model, args.out)


if __name__ == "__main__":
    main()
