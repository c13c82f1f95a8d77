#!/usr/bin/env python3
"""Trains the one network that may see masks: a small U-Net, the upper bound in the table of baselines.

Nothing of the model that ships comes from here, and no other script opens `upper-bound-masks.u8`.

python3 training/train_unet.py training/configs/unet.json       --train DIR [DIR ...] --masks DIR [DIR ...] --out RUN
python3 training/train_unet.py training/configs/unet-whole.json --init RUN/unet.pt ... --onnx FILE
"""

import pathlib

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from glam.baselines import export
from glam.data import ImageSet, one_of
from glam.losses import pool
from glam.model import conv
from glam.pseudo import LESION, open_masks
from glam.run import save_atomically
from glam.spec import canvas_size
from glam.stage import arguments, begin, device, optimise
from glam.targets import Source, whole_batch
from train_masks import local_loss, outline_loss, recalibrate_on_canvases, recalibrate_on_crops


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
    def __init__(self, network, fraction):
        super().__init__()
        self.network, self.fraction = network, fraction

    def forward(self, image):
        maps = torch.sigmoid(self.network(image))
        return pool(maps, self.fraction), maps


def open_exact(folder, masks):
    """A training set with the exact masks that `glam evaluate masks` drew of its first images."""
    images = ImageSet(folder)
    return Source(images, (open_masks(pathlib.Path(masks) / "upper-bound-masks.u8", images) >= 128) * np.uint8(LESION))


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--masks", required=True, nargs="+", help="folder of `glam evaluate masks` for each set"),
        parser.add_argument("--init", help="`unet.pt` to start from, instead of random weights"),
        parser.add_argument("--onnx", type=pathlib.Path, help="file for the network at the end")), val=False, sets="+")
    sources = [open_exact(*one) for one in zip(args.train, args.masks, strict=True)]
    network = UNet()
    if args.init:
        network.load_state_dict(torch.load(args.init, map_location="cpu"))
    network.to(device(), memory_format=torch.channels_last).train()
    run, optimiser = begin(args.out, network, config)
    for one in sources:
        print(one, flush=True)

    def step_loss(step):
        if not config["whole"]:
            return local_loss(network, sources, config, run.random)
        source = one_of(sources, run.random)
        return outline_loss(network, *whole_batch(source, source.draw(config["batch"], run.random), run.random), config)

    optimise(run, network, optimiser, config, step_loss, lambda: {})
    if config["whole"]:
        recalibrate_on_canvases(network, sources)
    else:
        recalibrate_on_crops(network, sources, spec, run.random)
    save_atomically(network.cpu().state_dict(), run.folder / "unet.pt")
    if args.onnx:
        args.onnx.parent.mkdir(parents=True, exist_ok=True)
        export(Scored(network, spec["saliency"]["topK"]), canvas_size(spec), args.onnx, ["scores", "map"])


if __name__ == "__main__":
    main()
