"""The PyTorch row of `npm run bench -- engine`: prints "ready", then for every line it reads runs once and prints milliseconds."""

import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))
from glam.model import Glam  # noqa: E402

torch.set_num_threads(1)
spec = json.loads(sys.argv[1])
which = sys.argv[2]
clock = time.process_time if sys.argv[3] == "cpu" else time.perf_counter
glam = Glam(spec).eval()
network = glam.global_network if which == "global" else glam.detection_network
size = spec["canvas"] if which == "global" else {"height": spec["crop"], "width": spec["crop"]}
image = torch.randn(1, 1, size["height"], size["width"])
print("ready", flush=True)
with torch.inference_mode():
    for _ in sys.stdin:
        start = clock()
        network.maps(image)
        print((clock() - start) * 1000, flush=True)
