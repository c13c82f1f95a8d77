"""Which regions a map chooses, vectorised over a batch."""

import torch
import torch.nn.functional as F

from .spec import canvas_size, window_size


def regions(spec, fused, count):
    """As `glam.pipeline.choose_regions`, for a batch: tops and lefts [N,K], largest saliency in each [N,K,2]."""
    low, high = fused.amin((2, 3), keepdim=True), fused.amax((2, 3), keepdim=True)
    total = ((fused - low) / (high - low).clamp_min(1e-12)).sum(1, keepdim=True)
    window = window_size(spec)
    step = canvas_size(spec)[0] / fused.shape[2], canvas_size(spec)[1] / fused.shape[3]
    peaks_of = F.max_pool2d(fused, window, 1)
    tops, lefts, peaks = [], [], []
    for _ in range(count):
        means = F.avg_pool2d(total, window, 1)
        best = means.flatten(1).argmax(1)
        rows, cols = best // means.shape[3], best % means.shape[3]
        for n, (row, col) in enumerate(zip(rows, cols)):
            total[n, :, row:row + window[0], col:col + window[1]] = 0
        peaks.append(peaks_of.flatten(2)[torch.arange(len(best)), :, best])
        tops.append((rows * step[0]).round())
        lefts.append((cols * step[1]).round())
    return torch.stack(tops, 1), torch.stack(lefts, 1), torch.stack(peaks, 1)
