"""Raw grey canvases in files, the input from other programs."""

import os

import numpy as np

from .spec import canvas_size


def read_canvas(spec, path):
    """[H,W] bytes, or little-endian 16-bit words when the file is twice as long."""
    height, width = canvas_size(spec)
    kind = np.uint8 if os.path.getsize(path) == height * width else np.dtype("<u2")
    return np.fromfile(path, kind).reshape(height, width)
