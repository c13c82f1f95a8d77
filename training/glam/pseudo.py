"""Pseudo-masks: what a trained model and the pixels say together of where the lesions of a labelled image are.

Made from images and image-level labels only. Of each map 0 says nothing there, 1 lesion, 2 not known (counts for nothing).
"""

import multiprocessing
import os

import numpy as np
import torch
import torch.nn.functional as F

from .data import ImageSet, whole_images
from .model import LocalNetwork
from .outline import CELL, SIDE, SMALLEST, flood, margin, outline
from .stage import device

NOTHING, LESION, UNKNOWN = 0, 1, 2
# A place counts when the maps are this high on average over 5 x 5 cells; a lower rise makes it unknown.
SURE, UNSURE = 0.35, 0.15
# Where the local network's probabilities of both classes add up to more, it sees a lesion.
RECOGNISED = 0.7
# Cells around a place that belong to it.
REACH = 6
MOST = 3


def mask_path(folder):
    """What `write_masks` fills."""
    return folder / "pseudo.u8"


def open_masks(path, images):
    """[n,2,H/4,W/4] bytes of a file that has the masks of the first n images."""
    shape = 2, images.size[0] // CELL, images.size[1] // CELL
    count = min(len(images), path.stat().st_size // int(np.prod(shape)))
    return np.memmap(path, np.uint8, "r", shape=(count, *shape))


@torch.no_grad()
def centred_saliency(network, images, chosen):
    """The mean of the three maps of the images and of the images turned by 180 degrees and back: [N,2,h,w].

    Image labels do not say where, so a network may learn to answer a little beside a lesion; the turn makes that cancel out.
    """
    x = whole_images(images, chosen, full=True)
    total = 0
    for turned in (False, True):
        with torch.autocast(device(), dtype=torch.bfloat16):
            logits = network(x.flip(2, 3) if turned else x)
        one = sum(torch.sigmoid(each.float()) for each in logits) / 3
        total = total + (one.flip(2, 3) if turned else one)
    return (total / 2).cpu()


def places(saliency):
    """Centres of the places that stand out in [h,w], in cells, best first; and where the map is high but no place was taken."""
    smooth = F.avg_pool2d(saliency[None, None], 5, 1, 2)[0, 0]
    rows, cols = torch.meshgrid(*(torch.arange(float(n)) for n in saliency.shape), indexing="ij")
    found = []
    while len(found) < MOST and smooth.max() > SURE:
        row, col = divmod(int(smooth.argmax()), smooth.shape[1])
        near = (rows - row) ** 2 + (cols - col) ** 2 <= REACH**2
        weight = saliency * near
        found.append((float((weight * rows).sum() / weight.sum()), float((weight * cols).sum() / weight.sum())))
        smooth = smooth * ~((rows - row) ** 2 + (cols - col) ** 2 <= (1.5 * REACH) ** 2)
    return found, smooth > UNSURE


@torch.no_grad()
def recognised(local, image, row, col):
    """What the local network takes for a lesion around a place, of whatever class: the image's label says which one it is.

    image: standardised canvas [1,1,H,W]; row, col: the place in cells. The crop around it lies on the canvas, as the crops do that the
    network knows: what is beyond looks like an edge. Returns the region [H/4,W/4] that the place means, or None.
    """
    height, width = (side // CELL for side in image.shape[2:])
    top, left = (min(max(at - SIDE // 2, 0), most - SIDE) for at, most in ((row, height), (col, width)))
    crop = image[:, :, top * CELL:(top + SIDE) * CELL, left * CELL:(left + SIDE) * CELL]
    # Four pictures of the same, and their answers turned back.
    turns = (), (2,), (3,), (2, 3)
    with torch.autocast(device(), dtype=torch.bfloat16):
        both = local(torch.cat([crop.flip(turn) for turn in turns]).contiguous(memory_format=torch.channels_last))
    both = torch.sigmoid(both.float()).cpu().sum(1, keepdim=True)
    probability = sum(one[None].flip(turn) for one, turn in zip(both, turns)) / len(turns)
    above = torch.zeros(1, 1, height, width)
    above[:, :, top:top + SIDE, left:left + SIDE] = probability > RECOGNISED
    region = flood(above * near(row, col, height, width), above)[0, 0]
    return region if region.sum() >= SMALLEST else None


def outlined(pixels, row, col):
    """The region [H/4,W/4] that the pixels [H,W] alone show around a place in cells, or None."""
    half = SIDE // 2
    patch = np.pad(pixels, half * CELL)[row * CELL:(row + SIDE) * CELL, col * CELL:(col + SIDE) * CELL]
    region = outline(torch.from_numpy(patch), near(half, half, SIDE, SIDE))
    if region is None:
        return None
    height, width = (side // CELL for side in pixels.shape)
    whole = torch.zeros(height + SIDE, width + SIDE)
    whole[row:row + SIDE, col:col + SIDE] = region
    return whole[half:-half, half:-half]


def near(row, col, height, width):
    """[height,width], 1 where a lesion must be that is meant by a place."""
    rows, cols = torch.meshgrid(torch.arange(height) - row + 0.5, torch.arange(width) - col + 0.5, indexing="ij")
    return ((rows**2 + cols**2) < 100).float()


def pseudo_mask(images, index, saliency, margins, local=None):
    """An image and [h,w] of one class that it has, to [H/4,W/4]; with `margins` those of what the local network outlines by the
    pixels."""
    pixels = images.images[index]
    height, width = (side // CELL for side in pixels.shape)
    factor = height // saliency.shape[0]
    centres, unsure = places(saliency)
    if not centres:
        return np.full((height, width), UNKNOWN, np.uint8)
    answer = np.where(np.kron(unsure.numpy(), np.ones((factor, factor), bool)), UNKNOWN, NOTHING).astype(np.uint8)
    spots = [[int(round((at + 0.5) * factor)) for at in centre] for centre in centres]
    regions = [None] * len(spots)
    if local is not None:
        image = whole_images(images, [index], full=True)
        regions = [recognised(local, image, *spot) for spot in spots]
        if margins:
            grey = F.avg_pool2d(torch.from_numpy(pixels.astype(np.float32))[None, None], CELL)[0, 0]
            regions = [None if region is None else margin(region, grey) for region in regions]
    if all(region is None for region in regions):
        regions = [outlined(pixels, *spot) for spot in spots]
    half = SIDE // 2
    for (row, col), region in zip(spots, regions):
        if region is None:
            part = answer[max(0, row - half):row + half, max(0, col - half):col + half]
            part[part != LESION] = UNKNOWN
        else:
            answer[region.numpy() > 0] = LESION
    return answer


class Drawer:
    """Draws the masks of images of one set. Several processes have one each, and none of them needs the accelerator."""

    def __init__(self, folder, spec, local_weights, margins):
        self.images = ImageSet(folder)
        self.margins = margins
        self.local = None
        if local_weights is not None:
            self.local = LocalNetwork(spec).to(memory_format=torch.channels_last).eval()
            self.local.load_state_dict(local_weights)

    def draw(self, index, saliency):
        """[2,H/4,W/4] bytes of an image with saliency [2,h,w]; None for an image without labels."""
        masks = np.zeros((2, *(side // CELL for side in self.images.size)), np.uint8)
        for c in np.flatnonzero(self.images.labels[index] > 0.5):
            # Benign masses have smooth margins, and the local network draws those.
            masks[c] = pseudo_mask(self.images, index, torch.from_numpy(saliency[c]), self.margins and c == 1, self.local)
        return masks


def start_drawing(*args):
    """In a process of its own: one thread, no accelerator."""
    global drawer
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    torch.set_num_threads(1)
    drawer = Drawer(*args)


def draw(one):
    return drawer.draw(*one)


def write_masks(network, folder, out, spec, local=None, margins=True, workers=1):
    """Writes the pseudo-masks of the set in `folder`; goes on where it stopped. The global network answers here; `workers`
    processes draw. margins: of malignant masses by the pixels, see `margin`."""
    images = ImageSet(folder)
    bytes_each = 2 * (images.size[0] // CELL) * (images.size[1] // CELL)
    path = mask_path(out)
    done = path.stat().st_size // bytes_each if path.exists() else 0
    weights = None if local is None else {name: value.cpu() for name, value in local.state_dict().items()}
    with multiprocessing.get_context("spawn").Pool(workers, start_drawing, (folder, spec, weights, margins)) as pool, \
            open(path, "r+b" if path.exists() else "wb") as file:
        file.truncate(done * bytes_each)
        file.seek(0, 2)
        for start in range(done, len(images), 4 * workers):
            chosen = np.arange(start, min(start + 4 * workers, len(images)))
            # Of an image without labels nothing is asked.
            saliency = dict.fromkeys(chosen)
            labelled = chosen[images.labels[chosen].any(1)]
            for few in np.split(labelled, range(4, len(labelled), 4)):
                if len(few):
                    saliency.update(zip(few, centred_saliency(network, images, few).numpy()))
            for masks in pool.imap(draw, saliency.items()):
                file.write(masks.tobytes())
            print(f"pseudo-masks of {chosen[-1] + 1} of {len(images)} images", flush=True)
