#!/usr/bin/env python3
"""Saves a GLAM with seeded random weights that behaves like a trained one, in the legacy and in the zip format: activations
have the statistics that the batch norms expect, and saliency goes from nearly 0 to nearly 1.

python3 training/random_checkpoint.py --spec specs/glam-2944x1920.json --seed 1 --out DIR image.raw ...

Images are raw grey canvases, little-endian, one byte or one 16-bit word a pixel.
"""

import argparse
import pathlib

import numpy as np
import torch

from glam.model import Glam, fused_saliency
from glam.pipeline import choose_regions, crop, standardise
from glam.raw import read_canvas
from glam.spec import load_spec


def draw(shape, deviation, random):
    """Values of one of the shapes that weights have: normal, uniform as before training, with long tails as after it."""
    kind = random.integers(3)
    if kind == 0:
        values = random.normal(size=shape)
    elif kind == 1:
        values = random.uniform(-np.sqrt(3), np.sqrt(3), shape)
    else:
        values = random.laplace(scale=np.sqrt(0.5), size=shape)
    return torch.from_numpy((values * deviation).astype(np.float32))


def randomise(model, random):
    """He's deviation for every convolution; gains and biases of batch norms as trained networks have them."""
    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.weight.data = draw(module.weight.shape, np.sqrt(2 / module.weight[0].numel()), random)
        elif isinstance(module, torch.nn.BatchNorm2d):
            channels = module.num_features
            module.weight.data = torch.from_numpy(random.uniform(0.4, 1.4, channels).astype(np.float32))
            module.bias.data = torch.from_numpy(random.normal(0, 0.3, channels).astype(np.float32))
            module.momentum = None


def settle(network, inputs):
    """Running statistics are those of the activations that these inputs cause."""
    network.train()
    network(inputs)
    network.eval()


def scale_tap(conv, features, random, mean, deviation):
    """Logits of `features` [C,N] get about this mean and deviation in each class."""
    centre = features.mean(1)
    for row in conv.weight.data[:, :, 0, 0]:
        direction = torch.from_numpy(random.normal(size=len(row)).astype(np.float32))
        direction -= centre * (direction @ centre) / (centre @ centre)
        row.copy_(direction * deviation / (direction @ features).std() + mean * centre / (centre @ centre))


def breast_cells(image, height, width):
    """Which cells [height*width] of a map see anything but background."""
    cells = torch.nn.functional.adaptive_max_pool2d(image[None], (height, width))[0, 0]
    return (cells > image.min()).flatten()


def scale_global_taps(network, images, random):
    """Logits over the breast, where the saliency of a trained network is; the background is not scaled."""
    taps = network.downsampling_branch(images)
    post = network.postprocess_module
    for conv, tap in zip((post.gn_conv_1, post.gn_conv_2, post.gn_conv_last), taps):
        inside = [map_.flatten(1)[:, breast_cells(image, *map_.shape[1:])] for image, map_ in zip(images, tap)]
        scale_tap(conv, torch.cat(inside, 1), random, -1, 2)


@torch.no_grad()
def make(spec, seed, canvases):
    random = np.random.default_rng(seed)
    model = Glam(spec)
    randomise(model, random)
    images = [standardise(canvas) for canvas in canvases]
    stack = torch.from_numpy(np.stack(images))[:, None]
    settle(model.global_network, stack)
    scale_global_taps(model.global_network, stack, random)
    # The local network's statistics come from crops that the global one chooses, as they would in training.
    crops = []
    for image in images:
        fused = fused_saliency(spec, model.global_network.maps(torch.from_numpy(image)[None, None]))[0].numpy()
        crops.append(crop(spec, image, *choose_regions(spec, fused, 1)[0]))
        # A random network may like the background; the middle of the left edge is breast.
        crops.append(crop(spec, image, (image.shape[0] - spec["crop"]) // 2, 0))
    stack = torch.from_numpy(np.stack(crops))[:, None]
    settle(model.detection_network.dn_resnet, stack)
    features = model.detection_network.dn_resnet(stack)
    scale_tap(model.detection_network.gn_conv_last, features.transpose(0, 1).flatten(1), random, -1, 2)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spec", required=True, help="a spec's JSON file")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for legacy.pt and zip.pt")
    parser.add_argument("images", nargs="+")
    args = parser.parse_args()
    torch.set_num_threads(1)
    spec = load_spec(args.spec)
    state = make(spec, args.seed, [read_canvas(spec, image) for image in args.images]).state_dict()
    torch.save(state, args.out / "zip.pt")
    torch.save(state, args.out / "legacy.pt", _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
