"""A packed set of canvases: pixels, labels, and where lesions lie, in cells of four pixels."""

import csv
import json
import pathlib

import numpy as np

CELL = 4
# Bits of a cell: a benign lesion, a malignant one, a lesion of unknown class.
BENIGN, MALIGNANT, UNKNOWN = 1, 2, 4
BITS = {"benign": BENIGN, "malignant": MALIGNANT, "unknown": UNKNOWN}


class Canvases:
    """A folder of `images.u8` ([N,H,W] bytes, 0 is background), `labels.csv`, `dataset.json` and `places.json` or `codes.u8`."""

    def __init__(self, name, folder):
        folder = pathlib.Path(folder)
        self.name = name
        info = json.loads((folder / "dataset.json").read_text())
        self.size = height, width = info["height"], info["width"]
        with open(folder / "labels.csv", newline="", encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))
        count = len(self.rows)
        self.images = np.memmap(folder / "images.u8", np.uint8, "r", shape=(count, height, width))
        path = folder / "codes.u8"
        if not path.exists():
            draw_codes(folder, path, count, self.size)
        self.codes = np.memmap(path, np.uint8, "r", shape=(count, height // CELL, width // CELL))
        self.labels = np.array([[float(row[kind]) for kind in ("benign", "malignant")] for row in self.rows], np.float32)
        self.patients = np.array([row["patient"] for row in self.rows])
        self.looks = np.array([row.get("scanner") or "" for row in self.rows])
        self.counts = np.stack([np.bincount(image.ravel(), minlength=256) for image in self.images])
        # Box of what is not background, in pixels: top, bottom, left, right.
        self.boxes = np.array([box_of(image) for image in self.images])
        self.centres = [places_of(code) for code in self.codes]
        self.part = np.array(["train"] * count)

    def __len__(self):
        return len(self.rows)


def box_of(image):
    small = image[::4, ::4] > 0
    rows, cols = np.flatnonzero(small.any(1)), np.flatnonzero(small.any(0))
    if len(rows) == 0:
        return 0, image.shape[0], 0, image.shape[1]
    return 4 * rows[0], 4 * rows[-1] + 4, 4 * cols[0], 4 * cols[-1] + 4


def places_of(code):
    """(kind bit, row, col, height, width) of every connected lesion, in pixels; 4-neighbours."""
    found = []
    for bit in BITS.values():
        left = set(zip(*(line.tolist() for line in np.nonzero(code & bit))))
        while left:
            edge = [left.pop()]
            rows, cols = [edge[0][0]], [edge[0][1]]
            while edge:
                row, col = edge.pop()
                for one in ((row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)):
                    if one in left:
                        left.remove(one)
                        edge.append(one)
                        rows.append(one[0])
                        cols.append(one[1])
            top, bottom, first, last = min(rows), max(rows) + 1, min(cols), max(cols) + 1
            found.append((bit, CELL * (top + bottom) / 2, CELL * (first + last) / 2, CELL * (bottom - top), CELL * (last - first)))
    return found


def draw_codes(folder, path, count, size):
    """`places.json` to `codes.u8`: which kinds of lesion hold the middle of each cell of 4 x 4 pixels."""
    places = json.loads((folder / "places.json").read_text())
    part = path.with_suffix(".part")
    codes = np.memmap(part, np.uint8, "w+", shape=(count, size[0] // CELL, size[1] // CELL))
    rows, cols = (CELL * np.arange(n // CELL) + (CELL - 1) / 2 for n in size)
    for index in range(count):
        for place in places[index]:
            codes[index][inside(place, rows[:, None], cols[None, :])] |= BITS[place["kind"]]
    codes.flush()
    part.rename(path)


def inside(place, rows, cols):
    """Whether cells lie in a place: an ellipse {cx, cy, rx, ry} or a polygon {points: [[x, y], ...]}."""
    if "rx" in place:
        # A lesion has at least the cell that holds its middle.
        rx, ry = max(place["rx"], CELL * 0.75), max(place["ry"], CELL * 0.75)
        return ((cols - place["cx"]) / rx) ** 2 + ((rows - place["cy"]) / ry) ** 2 <= 1
    odd = np.zeros(np.broadcast_shapes(rows.shape, cols.shape), bool)
    points = place["points"]
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
        if y1 != y2:
            odd ^= ((rows >= min(y1, y2)) & (rows < max(y1, y2))) & (cols < x1 + (rows - y1) * (x2 - x1) / (y2 - y1))
    return odd
