#!/usr/bin/env python3
"""Writes the global network of a training as a baseline of `evaluation/`: its scores and its saliency S, without a local network.

python3 training/export_coarse.py --init GLAM.pt --onnx evaluation/coarse.onnx
"""

import argparse
import pathlib

import torch
from torch import nn

from glam.baselines import export
from glam.losses import image_scores
from glam.model import Glam, fused_saliency
from glam.spec import canvas_size, load_spec
from glam.stage import SPECS


class Coarse(nn.Module):
    """Standardised canvas [1,1,H,W] to scores [1,2] and S [1,2,h,w]."""

    def __init__(self, model):
        super().__init__()
        self.network, self.spec = model.global_network, model.spec

    def forward(self, image):
        maps = self.network.maps(image)
        return image_scores(self.spec, maps), fused_saliency(self.spec, maps)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spec", default="glam-1472x960")
    parser.add_argument("--init", required=True, help="`glam.pt` of the training")
    parser.add_argument("--onnx", required=True, type=pathlib.Path)
    args = parser.parse_args()
    model = Glam(load_spec(SPECS / f"{args.spec}.json"))
    model.load_state_dict(torch.load(args.init, map_location="cpu"))
    export(Coarse(model), canvas_size(model.spec), args.onnx, ["scores", "map"])


if __name__ == "__main__":
    main()
