"""What every training stage has in common: arguments, the loop, schedules, and the last pass over batch-norm statistics."""

import argparse
import json
import math
import pathlib
import time

import torch

from .run import Run
from .spec import load_spec

SPECS = pathlib.Path(__file__).resolve().parent.parent.parent / "specs"


def arguments(description, add=lambda parser: None, val=True, sets=None):
    """Parsed command line, config and spec; sets the number of threads and the seed. `sets="+"`: several training sets; "*": or none."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=pathlib.Path)
    parser.add_argument("--train", required=sets != "*", nargs=sets, help="folder of a data set")
    if val:
        parser.add_argument("--val", required=True, help="folder of another")
    parser.add_argument("--out", required=True, help="folder of this run; a run that is there goes on")
    parser.add_argument("--threads", type=int, default=1, help="more than there are idle cores slow it down")
    parser.add_argument("--seed", type=int, help="instead of the config's: another order of images, and other films of them")
    add(parser)
    args = parser.parse_args()
    config = json.loads(args.config.read_text())
    config["seed"] = config["seed"] if args.seed is None else args.seed
    torch.set_num_threads(args.threads)
    # Breasts have few different widths, and the fastest way is looked up once for each.
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(config["seed"])
    return args, config, load_spec(SPECS / f"{config['spec']}.json")


def device():
    return "cuda" if torch.cuda.is_available() else "cpu"


def to_device(images):
    """[N,1,H,W] numpy on the device, in the layout that convolutions like best."""
    return torch.from_numpy(images).to(device(), memory_format=torch.channels_last)


def begin(folder, network, config):
    """The run of a stage that trains `network`, and its optimiser, as the last checkpoint left them if there is one."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=config["learningRate"], weight_decay=config["weightDecay"])
    run = Run(folder, {"network": network, "optimiser": optimiser}, config["seed"])
    run.resume()
    return run, optimiser


def between(after, before, keep):
    """State_dicts mixed, batch-norm statistics, too: a share `keep` is from before."""
    return {name: torch.lerp(value, before[name].to(value), keep) if value.is_floating_point() else value
            for name, value in after.items()}


def learning_rate(config, step):
    """A short warm-up, then a cosine down to nearly nothing."""
    warm = min(1, (step + 1) / config["warmup"])
    return config["learningRate"] * warm * (0.5 + 0.5 * math.cos(math.pi * min(1, step / config["steps"])) + 0.01)


def pooled_fraction(config, goal, step):
    """Many cells at first, so that every place gets a gradient before the network knows where to look."""
    start = config["firstTopK"]
    return start * (goal / start) ** min(1, step / config["narrowingSteps"])


def optimise(run, network, optimiser, config, loss_of, validate):
    """Steps until the config's number is reached. `loss_of(step)` gives the loss and the cross-entropy in it."""
    total = entropies = count = 0
    began = time.monotonic()
    print(f"step {run.step} of {config['steps']}, {device()}", flush=True)
    while run.step < config["steps"]:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(config, run.step)
        loss, entropy = loss_of(run.step)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        run.step += 1
        total, entropies, count = total + loss.detach(), entropies + entropy.detach(), count + 1
        if run.step % config["report"] == 0:
            extra = validate() if run.step % config["validate"] == 0 else {}
            run.record(loss=(total / count).item(), entropy=(entropies / count).item(), seconds=time.monotonic() - began, **extra)
            total = entropies = count = 0
        run.save_now_and_then()
    run.save()


@torch.no_grad()
def recalibrate(network, inputs):
    """Batch-norm statistics as a plain average over `inputs` in f32, without augmentation: as the network will be used."""
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    network.train()
    for x in inputs:
        network(x)
    for norm in norms:
        norm.momentum = 0.1
    network.eval()
