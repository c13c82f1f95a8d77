"""Batches of patches: around lesions, around false positives, or anywhere on a breast; a whole canvas is a large patch."""

import numpy as np
import torch

from .canvases import BENIGN, CELL, MALIGNANT
from .looks import Change, borrowed, levels_of, show
from .pasted import BITS, paste, turned

# How malignant a benign and a malignant lesion is, where only its label is known.
SURE = np.array([0.05, 0.95], np.float32)
KINDS = {"malignant": MALIGNANT, "benign": BENIGN}


class Pool:
    """Images of one set that may be drawn, and what of each kind is in them."""

    def __init__(self, canvases, parts=("train",)):
        self.canvases = canvases
        self.indices = np.flatnonzero(np.isin(canvases.part, parts))
        self.lesions = {kind: [(i, place) for i in self.indices for place in canvases.centres[i] if place[0] == bit]
                        for kind, bit in KINDS.items()}
        # Peaks of a model's map that lie in no lesion: (index, row, col).
        self.mined = []
        looks = canvases.looks
        self.looks = sorted(set(looks[self.indices]))
        self.share = np.array([np.sum(looks[self.indices] == look) for look in self.looks], float)
        self.share /= max(self.share.sum(), 1)

    def draw(self, kind, look, size, random):
        """(index, centre) of a patch."""
        c = self.canvases
        if kind in KINDS or kind.startswith("image-"):
            name = kind.removeprefix("image-")
            if kind in KINDS:
                some = [one for one in self.lesions[name] if c.looks[one[0]] == look] or self.lesions[name]
                # Images count equally, however many lesions they have.
                index = random.choice(np.unique([one[0] for one in some]))
                _, row, col, height, width = [one for i, one in some if i == index][random.integers(sum(i == index for i, _ in some))]
                reach = [max(0, min(s / 2 - 24, s / 2 - 0.3 * extent)) for s, extent in zip(size, (height, width))]
                centre = np.array([row, col]) + [random.uniform(-r, r) * 0.8 for r in reach]
                return index, centre
            wanted = {"malignant": c.labels[:, 1] > 0.5, "benign": (c.labels[:, 1] < 0.5) & (c.labels[:, 0] > 0.5),
                      "normal": c.labels.sum(1) < 0.5}[name]
            some = self.indices[wanted[self.indices] & (c.looks[self.indices] == look)]
            some = some if len(some) else self.indices[wanted[self.indices]]
            return random.choice(some), np.array(c.size) / 2
        if kind == "any":
            return random.choice(self.indices), np.array(c.size) / 2
        if kind == "mined" and self.mined:
            index, row, col = self.mined[random.integers(len(self.mined))]
            return index, np.array([row, col]) + random.uniform(-0.3, 0.3, 2) * size
        return self.normal(size, random)

    def normal(self, size, random):
        """Tissue whose middle half holds no lesion."""
        c = self.canvases
        for _ in range(20):
            index = random.choice(self.indices)
            top, bottom, left, right = c.boxes[index]
            row, col = random.uniform(top, bottom), random.uniform(left, right)
            if c.images[index][int(min(row, c.size[0] - 1)), int(min(col, c.size[1] - 1))] == 0:
                continue
            r0, r1 = (int(max(0, (row + s * size[0] / 4) / CELL)) for s in (-1, 1))
            c0, c1 = (int(max(0, (col + s * size[1] / 4) / CELL)) for s in (-1, 1))
            if not c.codes[index][r0:r1, c0:c1].any():
                break
        return index, np.array([row, col])


def with_pasted(pools, name, kind, patch, way, random):
    """A patch of normal tissue with a lesion of `kind`, or with tissue of another image, pasted into it, so that the seam does not reveal the label."""
    pool, crops = pools[name], pools["crops"]
    x, code, index = patch
    background = float(levels_of(pool.canvases.counts[index], way)[0])
    if kind in BITS:
        crop = crops.draw(kind, random)
    else:
        other, centre = pool.normal((256, 256), random)
        side = random.integers(32, 200, 2)
        crop = show(pool.canvases, other, centre, tuple(CELL * (side // CELL)), None, "bytes")[0].numpy()
    return paste(x, code, turned(crop, random), BITS.get(kind, 0), random, background)


def look_of_another(pools, name, index, random):
    """Grey levels that give an image the distribution of one of another set or scanner."""
    mine = name, pools[name].canvases.looks[index]
    others = [(other, look) for other, pool in pools.items() if other != "crops" for look in pool.looks if (other, look) != mine]
    other, look = others[random.integers(len(others))]
    pool = pools[other]
    chosen = random.choice(pool.indices[pool.canvases.looks[pool.indices] == look])
    return borrowed(pools[name].canvases.counts[index], pool.canvases.counts[chosen])


def batch(pools, picks, size, way, random, strength=1.0, blurred=0.2, mixed=0.0):
    """x [N,1,h,w], codes [N,h/4,w/4], how suspicious benign and malignant lesions are [N,2].

    picks: [(set, kind, how many), ...]; the j-th of every kind of a set comes from the same scanner.
    mixed: share of patches that get the grey levels of an image of another set or scanner.
    """
    images, codes, suspicion = [], [], []
    looks = {name: random.choice(len(pool.looks), 16, p=pool.share) for name, pool in pools.items() if len(pool.indices)}
    for name, kind, count in picks:
        pool = pools[name]
        count = int(count) + (random.random() < count - int(count))
        for j in range(count):
            wanted = "normal" if kind.startswith("pasted-") else kind
            index, centre = pool.draw(wanted, pool.looks[looks[name][j % 16]], np.array(size), random)
            # What lies beside the canvas is never an input.
            half = np.array(size) / 2
            centre = np.clip(centre, half - 16, np.maximum(np.array(pool.canvases.size) - half + 16, half - 16))
            greys = look_of_another(pools, name, index, random) if mixed and random.random() < mixed else None
            change = Change(random, strength, blurred, greys=greys)
            x, code = show(pool.canvases, index, centre, size, change, way)
            if kind.startswith("pasted-"):
                x, code = with_pasted(pools, name, kind.removeprefix("pasted-"), (x, code, index), way, random)
            images.append(x), codes.append(torch.from_numpy(code))
            suspicion.append(SURE if kind.startswith("pasted-") else pool.canvases.suspicion[index])
    x = torch.stack(images)[:, None].contiguous(memory_format=torch.channels_last)
    return x, torch.stack(codes), torch.from_numpy(np.stack(suspicion))
