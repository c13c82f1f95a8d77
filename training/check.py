#!/usr/bin/env python3
"""Self check of the networks: parameter counts and tensor names of the published size, map sizes of every spec.

python3 training/check.py      exits with 1 and prints what differs
"""

import pathlib
import sys

import torch

from glam.model import Glam
from glam.spec import canvas_size, load_spec, saliency_size

SPECS = pathlib.Path(__file__).resolve().parent.parent / "specs"
failures = []


def expect(what, got, wanted):
    print(f"{'ok  ' if got == wanted else 'FAIL'} {what}: {got}" + ("" if got == wanted else f", wanted {wanted}"))
    if got != wanted:
        failures.append(what)


def bn(name):
    return [f"{name}.{part}" for part in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")]


def published_names():
    """Names of a checkpoint of the published size, spelled out apart from the modules."""
    branch, detect = "global_network.downsampling_branch", "detection_network.dn_resnet"
    names = [f"{branch}.first_conv.weight", *bn(f"{branch}.final_bn")]
    for stage in range(5):
        names.append(f"{branch}.layer_list.{stage}.0.downsample.0.weight")
        for block in (f"{branch}.layer_list.{stage}.{j}" for j in range(2)):
            names += [f"{block}.conv1.weight", f"{block}.conv2.weight", *bn(f"{block}.bn1"), *bn(f"{block}.bn2")]
    names += [f"global_network.postprocess_module.{one}.weight"
              for one in ("gn_conv_1", "gn_conv_2", "gn_conv_last", "combine")]
    names += [f"{detect}.conv1.weight", *bn(f"{detect}.bn1"), "detection_network.gn_conv_last.weight"]
    for layer, count in enumerate((3, 4, 6, 3), start=1):
        if layer > 1:
            names += [f"{detect}.layer{layer}.0.downsample.0.weight", *bn(f"{detect}.layer{layer}.0.downsample.1")]
        for block in (f"{detect}.layer{layer}.{j}" for j in range(count)):
            names += [f"{block}.conv1.weight", f"{block}.conv2.weight", *bn(f"{block}.bn1"), *bn(f"{block}.bn2")]
    return sorted(names)


def millions(module):
    return f"{sum(p.numel() for p in module.parameters()) / 1e6:.{2 if module_is_global(module) else 1}f} M"


def module_is_global(module):
    return hasattr(module, "downsampling_branch")


published = Glam(load_spec(SPECS / "glam-2944x1920.json"))
expect("global network, parameters", millions(published.global_network), "2.80 M")
expect("local network, parameters", millions(published.detection_network), "21.3 M")
names, wanted = sorted(published.state_dict()), published_names()
expect("names that are missing", [n for n in wanted if n not in names], [])
expect("names that are unexpected", [n for n in names if n not in wanted], [])
del published

with torch.no_grad():
    for path in sorted(SPECS.glob("*.json")):
        spec = load_spec(path)
        model = Glam({**spec, "local": {**spec["local"], "widths": [4], "blocks": [1]}}).eval()
        maps = model.global_network.maps(torch.zeros(1, 1, *canvas_size(spec)))
        expect(f"{spec['name']}, saliency", [tuple(m.shape) for m in maps], [(1, 2, *saliency_size(spec))] * 3)
        side = spec["crop"] // 4
        expect(f"{spec['name']}, local map", tuple(model.detection_network(torch.zeros(1, 1, side * 4, side * 4)).shape),
               (1, 2, side, side))

sys.exit(1 if failures else 0)
