"""The spec JSON (`specs/*.json`) and the sizes that follow from it."""

import json


def load_spec(path):
    """Reads a spec; the TypeScript schema (`src/glam/spec.ts`) is the one that validates it."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def canvas_size(spec):
    """(height, width) of the preprocessed window, in pixels."""
    return spec["canvas"]["height"], spec["canvas"]["width"]


def saliency_size(spec):
    """(height, width) of the saliency maps, in cells."""
    return spec["saliency"]["height"], spec["saliency"]["width"]


def score_weights(spec):
    """What each of the three maps counts in an image's score, relative to the others; equally, as published, unless the spec says so."""
    return spec["saliency"].get("scoreWeights", [1, 1, 1])


def window_size(spec):
    """(height, width) of a crop in saliency cells."""
    height, width = canvas_size(spec)
    rows, cols = saliency_size(spec)
    return round(spec["crop"] * rows / height), round(spec["crop"] * cols / width)


def top_k(cells, fraction):
    """How many cells a top-k mean averages: at least one."""
    return max(1, round(cells * fraction))
