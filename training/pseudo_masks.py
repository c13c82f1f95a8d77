#!/usr/bin/env python3
"""Writes pseudo-masks of a data set, from a trained global network, the pixels, and the image-level labels; and `masks.png`.

python3 training/pseudo_masks.py --init GLAM.pt --train DIR --out DIR [--local [--no-margins]]
"""

import argparse
import pathlib

import torch

from glam.data import ImageSet
from glam.masks_picture import draw_masks
from glam.model import Glam
from glam.pseudo import mask_path, open_masks, write_masks
from glam.spec import load_spec
from glam.stage import SPECS, device


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spec", default="glam-1472x960-slim", help="of the weights; the slim one drew all of docs/training.md")
    parser.add_argument("--init", required=True, help="`glam.pt` with a trained global network")
    parser.add_argument("--train", required=True, help="folder of a data set")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder for `pseudo.u8`; one that is there goes on")
    parser.add_argument("--local", action="store_true", help="outlines by the trained local network, of malignant masses by the pixels near them; by the pixels alone where it sees nothing")
    parser.add_argument("--no-margins", action="store_true", help="malignant masses as the local network outlines them, once it has learned margins")
    parser.add_argument("--threads", type=int, default=1, help="of the global network")
    parser.add_argument("--workers", type=int, default=1, help="processes that draw")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    spec = load_spec(SPECS / f"{args.spec}.json")
    model = Glam(spec)
    model.load_state_dict(torch.load(args.init, map_location="cpu"))
    model.to(device(), memory_format=torch.channels_last).eval()
    args.out.mkdir(parents=True, exist_ok=True)
    write_masks(model.global_network, args.train, args.out, spec, model.detection_network if args.local else None,
                not args.no_margins, args.workers)
    images = ImageSet(args.train)
    draw_masks(images, open_masks(mask_path(args.out), images), args.out / "masks.png")


if __name__ == "__main__":
    main()
