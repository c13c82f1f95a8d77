#!/usr/bin/env python3
"""Writes test/fixtures/pytorch/: a tiny GLAM with seeded weights in both checkpoint formats, PyTorch's results
for one image with it, step by step, and those of the steps around the networks for small arrays. Other
implementations are tested against these numbers.

python3 training/fixtures.py
"""

import base64
import json
import pathlib

import numpy as np
import torch

from glam.model import Glam, nearest
from glam.pipeline import segment, standardise
from glam.spec import canvas_size, load_spec

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "test" / "fixtures" / "pytorch"


def seeded_image(spec, seed):
    """A bright half ellipse with texture on a background of 0, uint8 [H,W]."""
    height, width = canvas_size(spec)
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    inside = ((y - height / 2) / (0.42 * height)) ** 2 + (x / (0.7 * width)) ** 2 < 1
    texture = 110 + 50 * np.sin(x / 7) * np.cos(y / 5) + random.normal(0, 12, (height, width))
    texture += 70 * (((y - 0.4 * height) ** 2 + (x - 0.3 * width) ** 2) < (0.06 * height) ** 2)
    return np.where(inside, texture.clip(1, 255), 0).astype(np.uint8)


def settle(model, images):
    """Batch-norm weights, biases and statistics as a trained network has them: none of them 0 or 1."""
    random = torch.Generator().manual_seed(5)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.data.uniform_(0.6, 1.4, generator=random)
            module.bias.data.normal_(0, 0.2, generator=random)
            module.momentum = None
    model.train()
    side = model.spec["crop"]
    with torch.no_grad():
        model.global_network(images)
        model.detection_network(images[:, :, :side, :side])
    model.eval()


def base64_of(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def grey_levels(random, levels, dtype):
    """77 pixels, a third of them background: raw, as float32, their mean and std, and standardised."""
    pixels = (random.integers(1, levels, 77) * (np.arange(77) % 3 > 0)).astype(dtype)
    values = torch.from_numpy(pixels.astype(np.int32))
    variance, mean = torch.var_mean(values.double(), unbiased=False)
    std = variance.sqrt()
    return {
        "pixels": base64_of(pixels.astype(np.dtype(dtype).newbyteorder("<"))),
        "floats": base64_of(values.float().numpy().astype("<f4")),
        "mean": mean.item(),
        "std": std.item(),
        "standardised": base64_of(((values.double() - mean) / std).float().numpy().astype("<f4")),
    }


def top_k_means():
    """Sigmoids, some of them equal, and the means of their k largest, accumulated in float64."""
    random = torch.Generator().manual_seed(3)
    values = torch.sigmoid(torch.randn(301, generator=random) * 4 - 3)
    values[100:140] = values[50]
    means = {k: torch.topk(values, k).values.double().mean().item() for k in (1, 9, 120, 301)}
    return {"values": base64_of(values.numpy().astype("<f4")), "means": means}


def resized_maps():
    """Two maps of 5 x 7 in other sizes, larger, smaller and both."""
    maps = torch.randn(2, 5, 7, generator=torch.Generator().manual_seed(4))
    sizes = [(5, 7), (1, 1), (2, 3), (11, 21), (16, 2), (3, 50)]
    resized = [{"size": size, "data": base64_of(nearest(maps, size).numpy().astype("<f4"))} for size in sizes]
    return {"maps": base64_of(maps.numpy().astype("<f4")), "resized": resized}


def write_steps():
    """steps.json: the steps around the networks."""
    random = np.random.default_rng(6)
    (OUT / "steps.json").write_text(json.dumps({
        "grey": [grey_levels(random, 256, np.uint8), grey_levels(random, 65536, np.uint16)],
        "topK": top_k_means(),
        "nearest": resized_maps(),
    }) + "\n")


def main():
    spec = load_spec(ROOT / "specs" / "glam-tiny.json")
    torch.manual_seed(11)
    model = Glam(spec)
    # Larger taps than a fresh network has, so that maps are not all near 0.5.
    for name, value in model.named_parameters():
        if "gn_conv" in name:
            value.data.mul_(4)
    samples = np.stack([standardise(seeded_image(spec, seed)) for seed in range(8)])
    settle(model, torch.from_numpy(samples)[:, None])

    OUT.mkdir(parents=True, exist_ok=True)
    write_steps()
    torch.save(model.state_dict(), OUT / "tiny-zip.pt")
    torch.save(model.state_dict(), OUT / "tiny-legacy.pt", _use_new_zipfile_serialization=False)
    pixels = seeded_image(spec, 100)
    result = segment(model, pixels)
    (OUT / "tiny.json").write_text(json.dumps({
        "spec": spec["name"],
        "pixels": base64_of(pixels),
        "maps": [base64_of(one.astype("<f4")) for one in result["maps"]],
        "saliency": base64_of(result["fused"].astype("<f4")),
        "scores": [float(score) for score in result["scores"]],
        "regions": [{"top": top, "left": left} for top, left in result["regions"]],
        "crop": base64_of(result["crops"][0].astype("<f4")),
        "local": [base64_of(one.astype("<f4")) for one in result["local"]],
        # Values of the merged map at every 16th pixel of each class, which is enough to catch a shift of one pixel.
        "mergedStride": 16,
        "merged": base64_of(result["merged"][:, 8::16, 8::16].astype("<f4")),
    }) + "\n")


if __name__ == "__main__":
    main()
