"""Learning rates, and the last pass over batch-norm statistics."""

import math

import torch


def learning_rate(config, step):
    """A short warm-up, then a cosine down to nearly nothing."""
    warm = min(1, (step + 1) / config["warmup"])
    return config["learningRate"] * warm * (0.5 + 0.5 * math.cos(math.pi * min(1, step / config["steps"])) + 0.01)


@torch.no_grad()
def recalibrate(network, inputs):
    """Batch-norm statistics as a plain average over `inputs`, which are not augmented."""
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
