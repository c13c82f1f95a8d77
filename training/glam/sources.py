"""The sets of a recipe, each image with its part: train, val or test."""

import numpy as np

from .canvases import Canvases
from .suspicion import suspicion


def open_sets(folder, names):
    """{name: Canvases}. `labels.csv` gives parts in the column `part`; without it a set `...-val` is val and any other train."""
    sets = {}
    for name in names:
        sets[name] = one = Canvases(name, folder / name)
        if "part" in one.rows[0]:
            one.part = np.array([row["part"] for row in one.rows])
        elif name.endswith("-val"):
            one.part[:] = "val"
        findings = [row.get("findings") or "" for row in one.rows]
        one.suspicion = suspicion(findings, one.labels[:, 1], (one.part == "train") & (one.labels.sum(1) < 1.5))
    return sets
