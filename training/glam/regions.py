"""The crops that a trained global network chooses, and what image labels say of each."""

import numpy as np
import torch
import torch.nn.functional as F

from .data import whole_images
from .model import fused_saliency
from .pipeline import crop
from .spec import canvas_size, window_size
from .stage import device


@torch.no_grad()
def choose_crops(model, images, folder, count):
    """The regions of every image: standardised crops [N,K,side,side] float16 on disk; how salient the global network finds
    each and how much of it is breast, [N,K,3]; and s1, its finest map, there: [N,K,2,h,w]. Finished files are used again."""
    folder.mkdir(parents=True, exist_ok=True)
    side = model.spec["crop"]
    shape = (len(images), count, side, side)
    path, notes = folder / f"crops-{len(images)}-{count}.f16", folder / f"notes-{len(images)}-{count}.npz"
    if notes.exists():
        saved = np.load(notes)
        return np.memmap(path, np.float16, "r", shape=shape), saved["found"], saved["coarse"]
    crops = np.memmap(path, np.float16, "w+", shape=shape)
    found = np.zeros((len(images), count, 3), np.float32)
    cell = canvas_size(model.spec)[0] // model.spec["saliency"]["height"]
    coarse = np.zeros((len(images), count, 2, *window_size(model.spec)), np.float16)
    network = model.global_network.eval()
    for start in range(0, len(images), 4):
        chosen = list(range(start, min(start + 4, len(images))))
        whole = whole_images(images, chosen, full=True)
        canvases = whole.cpu().numpy()
        with torch.autocast(device(), dtype=torch.bfloat16):
            logits = network(whole)
        maps = [torch.sigmoid(one.float()) for one in logits]
        fused = fused_saliency(model.spec, maps)
        tops, lefts, peaks = regions(model.spec, fused, count)
        for n, index in enumerate(chosen):
            found[index, :, :2] = peaks[n].cpu()
            for k in range(count):
                row, col = int(tops[n, k]) // cell, int(lefts[n, k]) // cell
                coarse[index, k] = maps[0][n, :, row:row + coarse.shape[3], col:col + coarse.shape[4]].cpu().numpy()
                one = crop(model.spec, canvases[n, 0], int(tops[n, k]), int(lefts[n, k]))
                crops[index, k] = one
                found[index, k, 2] = (one > canvases[n].min()).mean()
        if start % 200 == 0:
            print(f"crops of {start} of {len(images)} images", flush=True)
    crops.flush()
    np.savez(notes, found=found, coarse=coarse)
    return crops, found, coarse


def regions(spec, fused, count):
    """As `glam.pipeline.choose_regions`, for a batch and fast: tops and lefts [N,K], largest saliency in each [N,K,2]."""
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


def crop_labels(labels, salience, sure=0.5, unsure=0.15):
    """What a crop shows, as far as image labels and the global network tell, and how much that counts, both [N,K,2].

    A class that the image lacks is in no crop of it. A class that it has is in the crop that the global network finds
    most salient for it (and in those that come near), and not in those that it finds blank; the rest does not count.
    """
    present = labels[:, None] > 0.5
    near_the_best = (salience > sure) & (salience > 0.9 * salience.max(1, keepdims=True))
    counts = ~present | near_the_best | (salience < unsure)
    return (present & near_the_best).astype(np.float32), counts.astype(np.float32)
