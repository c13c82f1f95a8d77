#!/usr/bin/env python3
"""Trains the one network that may see masks: a small U-Net, the upper bound in the table of baselines.

Nothing of the model that ships comes from here, and no other script opens `upper-bound-masks.u8`.

python3 training/train_unet.py training/configs/unet.json --train DIR --masks DIR --out DIR --onnx FILE
"""

import pathlib

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from glam.baselines import export
from glam.data import ImageSet
from glam.model import conv
from glam.outline import CELL
from glam.pseudo import LESION
from glam.run import Run
from glam.stage import arguments, device, optimise, optimiser_of
from glam.targets import Source
from train_masks import local_loss, recalibrate_on_crops


class Twice(nn.Sequential):
    def __init__(self, inputs, outputs):
        super().__init__(conv(inputs, outputs, 3, 1, 1), nn.BatchNorm2d(outputs), nn.ReLU(),
                         conv(outputs, outputs, 3, 1, 1), nn.BatchNorm2d(outputs), nn.ReLU())


class UNet(nn.Module):
    """[N,1,H,W] to logits [N,2,H/4,W/4]; a stem as the local network's, then five levels. H and W are multiples of 64."""

    def __init__(self, widths=(16, 24, 48, 64, 96)):
        super().__init__()
        self.stem = nn.Sequential(conv(1, widths[0], 7, 2, 3), nn.BatchNorm2d(widths[0]), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.down = nn.ModuleList(Twice(a, b) for a, b in zip((widths[0], *widths[:-1]), widths))
        self.up = nn.ModuleList(Twice(a + b, b) for a, b in zip(widths[:0:-1], widths[-2::-1]))
        self.out = nn.Conv2d(widths[0], 2, 1)

    def forward(self, x):
        kept = []
        x = self.stem(x)
        for index, stage in enumerate(self.down):
            x = stage(x if index == 0 else F.max_pool2d(x, 2))
            kept.append(x)
        for stage, skip in zip(self.up, kept[-2::-1]):
            x = stage(torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), skip], 1))
        return self.out(x)


class Scored(nn.Module):
    def __init__(self, network, cells):
        super().__init__()
        self.network, self.cells = network, cells

    def forward(self, image):
        maps = torch.sigmoid(self.network(image))
        return maps.flatten(2).topk(self.cells, 2).values.mean(2), maps


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--masks", required=True, type=pathlib.Path, help="folder of `glam evaluate masks`"),
        parser.add_argument("--onnx", required=True, type=pathlib.Path)), val=False)
    images = ImageSet(args.train)
    path = args.masks / "upper-bound-masks.u8"
    shape = 2, images.size[0] // CELL, images.size[1] // CELL
    count = min(len(images), path.stat().st_size // int(np.prod(shape)))
    masks = (np.memmap(path, np.uint8, "r", shape=(count, *shape)) >= 128).astype(np.uint8) * LESION
    source = Source(images, masks)
    network = UNet().to(device(), memory_format=torch.channels_last).train()
    optimiser = optimiser_of(network, config)
    run = Run(args.out, {"network": network, "optimiser": optimiser}, config["seed"])
    run.resume()
    print(source, flush=True)
    # Crops as the local network's; it answers for whole canvases all the same.
    optimise(run, network, optimiser, config, lambda step: local_loss(network, [source], config, run.random), lambda: {})
    recalibrate_on_crops(network, [source], spec, run.random)
    cells = max(1, round(spec["saliency"]["topK"] * shape[1] * shape[2]))
    args.onnx.parent.mkdir(parents=True, exist_ok=True)
    export(Scored(network.cpu(), cells), images.size, args.onnx, ["scores", "map"])


if __name__ == "__main__":
    main()
