"""The figures of `glam evaluate films`, in Python: on maps of a cell for each 4 x 4 pixels."""

import functools

import numpy as np
import torch
from scipy import ndimage

from .canvases import BENIGN, BITS, CELL, MALIGNANT
from .looks import levels_of
from .losses import auc
from .model import nearest
from .pipeline import fuse
from .regions import regions

KINDS = ("benign", "malignant")
PEAKS, PLATEAU_RADIUS = 10, 7
# Share of the threshold that outlines reach down to.
HYSTERESIS = 0.5
THRESHOLDS = [(i + 1) / 50 for i in range(49)]


@torch.no_grad()
def coarse_maps(network, canvases, indices, way, size=8, mirrored=False):
    """s1, s2, s3 of whole canvases, [M,3,2,h,w] float16 at s1's size; `mirrored`: the mean with those of the canvas from right to left."""
    network.eval()
    out = []
    for start in range(0, len(indices), size):
        chosen = indices[start:start + size]
        x = np.stack([levels_of(canvases.counts[i], way)[canvases.images[i]] for i in chosen])
        x = torch.from_numpy(x)[:, None].contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = torch.stack([torch.sigmoid(one.float()) for one in network(x)], 1)
            if mirrored:
                found = (found + torch.stack([torch.sigmoid(one.float()) for one in network(x.flip(3))], 1).flip(4)) / 2
        out.append(found.half())
    return torch.cat(out)


@torch.no_grad()
def local_maps(model, canvases, indices, way, maps, count, use_local=True):
    """S [M,2,H/4,W/4], one value a cell; local maps of the regions [M,K,2,side,side] or None; the regions' tops and lefts [M,K]."""
    spec = model.spec
    side = spec["crop"]
    coarse = sum(w * maps[:, i].float() for i, w in enumerate(spec["saliency"]["weights"]))
    tops, lefts, _ = regions(spec, coarse, count)
    tops, lefts = tops.int(), lefts.int()
    large = nearest(coarse, (canvases.size[0] // CELL, canvases.size[1] // CELL))
    if not use_local:
        return large, None, tops, lefts
    network = model.detection_network.eval()
    found = []
    for m, index in enumerate(indices):
        image = levels_of(canvases.counts[index], way)[canvases.images[index]]
        crops = np.stack([image[t:t + side, l:l + side] for t, l in zip(tops[m].tolist(), lefts[m].tolist())])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            local = network(torch.from_numpy(crops)[:, None].contiguous(memory_format=torch.channels_last))
        found.append(torch.sigmoid(local.float()).half())
    return large, torch.stack(found), tops, lefts


def fused_maps(large, local, tops, lefts, rule=functools.partial(fuse, "weighted-mean")):
    """The final map [M,2,H/4,W/4]: S with `rule(local, coarse)` in the regions, a later one over an earlier one, as `pipeline.merge`."""
    if local is None:
        return large
    out = large.clone()
    cells = local.shape[-1]
    for m, maps in enumerate(local):
        for t, l, one in zip(tops[m].tolist(), lefts[m].tolist(), maps):
            box = np.s_[:, t // CELL:t // CELL + cells, l // CELL:l // CELL + cells]
            out[m][box] = rule(one.float(), large[m][box])
    return out


def peaks(grey, radius, most=PEAKS):
    """Up to `most` (row, col, grey) of a byte map [h,w], each further than `radius` cells from those before."""
    left = grey.astype(np.int16).copy()
    height, width = left.shape
    found = []
    reach = int(np.ceil(radius))
    disc = np.hypot(*np.mgrid[-reach:reach + 1, -reach:reach + 1]) <= radius
    while len(found) < most:
        first = int(left.argmax())
        row, col = divmod(first, width)
        value = left[row, col]
        if value == 0:
            break
        r1, c0, c1 = min(height, row + 2 * reach + 1), max(0, col - reach), min(width, col + reach + 1)
        rows, cols = np.nonzero(left[row:r1, c0:c1] == value)
        rows, cols = rows + row, cols + c0
        best = ((rows - rows.mean()) ** 2 + (cols - cols.mean()) ** 2).argmin()
        y, x = int(rows[best]), int(cols[best])
        found.append((y, x, int(value)))
        y0, y1, x0, x1 = max(0, y - reach), min(height, y + reach + 1), max(0, x - reach), min(width, x + reach + 1)
        part = left[y0:y1, x0:x1]
        part[disc[y0 - y + reach:y1 - y + reach, x0 - x + reach:x1 - x + reach]] = 0
        left[row, col] = 0
    return found


def outline_marks(grey, lesion_at):
    """Outlines of a byte map [h,w] at each of THRESHOLDS, as `tools/evaluate/free-response.ts`: (how many in no lesion, lesions with one).

    `lesion_at`: a lesion's index or None by row and column.
    """
    out = []
    for threshold in THRESHOLDS:
        labels, _ = ndimage.label(grey >= max(1, np.ceil(255 * HYSTERESIS * threshold - 1e-9)))
        wrong, found = 0, set()
        for n, box in enumerate(ndimage.find_objects(labels), 1):
            values = np.where(labels[box] == n, grey[box], 0)
            if values.max() < 255 * threshold - 1e-9:
                continue
            places = np.argwhere(values == values.max()) + [box[0].start, box[1].start]
            row, col = places[((places - places.mean(0)) ** 2).sum(1).argmin()]
            lesion = lesion_at(row, col)
            if lesion is None:
                wrong += 1
            else:
                found.add(lesion)
        out.append((wrong, found))
    return out


def measure(canvases, index, fused, tops, lefts, side, spacing):
    """Measurements of one image's final map [2,h,w] against its truth."""
    code, places = canvases.codes[index], canvases.centres[index]
    result = {"patient": canvases.patients[index], "labels": canvases.labels[index], "look": canvases.looks[index]}
    grey = np.round(255 * np.asarray(fused)).astype(np.uint8)
    unknown = any(place[0] == BITS["unknown"] for place in places)
    for c, kind in enumerate(KINDS):
        bit = (BENIGN, MALIGNANT)[c]
        mine = [place for place in places if place[0] == bit]
        if unknown or (canvases.labels[index][c] > 0.5 and not mine):
            continue

        def lesion_at(row, col):
            if not code[row, col] & bit:
                return None
            return int(np.argmin([np.hypot(CELL * row - p[1], CELL * col - p[2]) / (p[3] + p[4]) for p in mine]))

        result[f"marks.{kind}"] = (len(mine), outline_marks(grey[c], lesion_at))
        result[f"held.{kind}"] = [any(t <= p[1] < t + side and l <= p[2] < l + side for t, l in zip(tops, lefts)) for p in mine]
        if canvases.labels[index][c] > 0.5:
            mask = code & bit > 0
            above = [grey[c] >= np.ceil(255 * t - 1e-9) for t in THRESHOLDS]
            result[f"dice.{kind}"] = np.array([2 * (a & mask).sum() / max(1, a.sum() + mask.sum()) for a in above])
            highest = peaks(grey[c], PLATEAU_RADIUS / spacing / CELL, 1)
            result[f"pointing.{kind}"] = any(code[row, col] & bit for row, col, _ in highest)
    return result


def free_response(measured, kind, rates=(0.5, 1.0)):
    """Sensitivity at each rate of false outlines an image, and the lowest threshold down to which they are as few."""
    images = [one[f"marks.{kind}"] for one in measured if f"marks.{kind}" in one]
    total = max(1, sum(lesions for lesions, _ in images))
    wrong = np.array([[one[0] for one in at] for _, at in images]).sum(0) / len(images)
    found = np.array([[len(one[1]) for one in at] for _, at in images]).sum(0) / total
    best = {}
    for rate in rates:
        index = len(THRESHOLDS)
        # Below the most false marks outlines grow together.
        while index > wrong.argmax() and wrong[index - 1] <= rate:
            index -= 1
        best[rate] = (float(found[index:].max(initial=0)), THRESHOLDS[min(index, len(THRESHOLDS) - 1)])
    return best


def figures(measured, scores, threshold=None):
    """Every figure of a set by name."""
    labels = np.stack([one["labels"] for one in measured])
    out = {}
    for c, kind in enumerate(KINDS):
        out[f"auc.{kind}"] = auc(torch.as_tensor(scores[:, c]), torch.as_tensor(labels[:, c]))
        dice = [one[f"dice.{kind}"] for one in measured if f"dice.{kind}" in one]
        if dice:
            curve = np.mean(dice, 0)
            at = int(curve.argmax()) if threshold is None else int(round(threshold * 50) - 1)
            out[f"dice.{kind}"], out[f"threshold.{kind}"] = curve[at], THRESHOLDS[at]
        points = [one[f"pointing.{kind}"] for one in measured if f"pointing.{kind}" in one]
        if points:
            out[f"pointing.{kind}"] = np.mean(points)
        held = sum([one.get(f"held.{kind}", []) for one in measured], [])
        if held:
            out[f"recall.{kind}"] = np.mean(held)
    curve = free_response(measured, "malignant")
    out["sens@0.5"], out["sens@1"] = curve[0.5][0], curve[1.0][0]
    t = threshold or curve[0.5][1]
    out["outlined.at"] = t
    at = int(round(t * 50) - 1)
    for name, wanted in (("benign", (labels[:, 1] < 0.5) & (labels[:, 0] > 0.5)), ("normal", labels.sum(1) < 0.5)):
        those = [one for one, w in zip(measured, wanted) if w and "marks.malignant" in one]
        if those:
            out[f"outlined.{name}"] = np.mean([one["marks.malignant"][1][at][0] > 0 for one in those])
    return out
