#!/usr/bin/env python3
"""The reference pipeline for another program: prints "ready", then for every JSON line {"canvas", "regions", "out"} that it
reads it segments the raw canvas, writes the maps to the file `out` and prints one line of JSON.

python3 training/reference.py --spec specs/glam-2944x1920.json --checkpoint glam.pt

`out` holds little-endian float32: s1, s2, s3 and S [2,h,w], the local maps [K,2,side,side], the fused map [2,H,W].
"""

import argparse
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

from glam.model import Glam
from glam.pipeline import min_max, segment
from glam.raw import read_canvas
from glam.spec import load_spec, window_size


def load(spec, path):
    """A checkpoint as `glam import` takes it: perhaps wrapped, perhaps of DataParallel."""
    state = torch.load(path, map_location="cpu")
    state = state.get("state_dict", state)
    model = Glam(spec)
    state = {name[len("module."):] if name.startswith("module.") else name: value for name, value in state.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    wrong = [n for n in missing if not n.endswith(("combine.weight", "num_batches_tracked"))] + unexpected
    if wrong:
        raise SystemExit(f"The checkpoint does not fit the spec: {', '.join(wrong)}")
    return model.eval()


def margin(spec, fused):
    """How much better the best window is than the best that is more than a cell away, in mean normalised saliency."""
    total = torch.from_numpy(min_max(fused).sum(0))
    means = F.avg_pool2d(total[None, None], window_size(spec), 1)[0, 0].numpy()
    row, col = np.unravel_index(means.argmax(), means.shape)
    best = means[row, col]
    means[max(row - 1, 0):row + 2, max(col - 1, 0):col + 2] = -np.inf
    return float(best - means.max())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spec", required=True, help="a spec's JSON file")
    parser.add_argument("--checkpoint", required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    spec = load_spec(args.spec)
    model = load(spec, args.checkpoint)
    print("ready", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        found = segment(model, read_canvas(spec, request["canvas"]), request["regions"])
        with open(request["out"], "wb") as file:
            for array in (*found["maps"], found["fused"], *found["local"], found["merged"]):
                np.ascontiguousarray(array, "<f4").tofile(file)
        answer = {"scores": [float(score) for score in found["scores"]], "margin": margin(spec, found["fused"])}
        answer["regions"] = [{"top": top, "left": left} for top, left in found["regions"]]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
