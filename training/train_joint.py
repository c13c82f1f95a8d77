#!/usr/bin/env python3
"""Trains both networks by one gradient: the losses of either on pseudo-masks, and that of the fused map in the crops that the global
network chooses. A share of the weights from before is kept ("keep").

python3 training/train_joint.py training/configs/joint.json --init GLAM.pt --train DIR --masks DIR --val DIR --out DIR

Several sets as for `train_masks.py`.
"""

import pathlib
import sys

import torch

from glam.data import ImageSet, one_of
from glam.fusion import crops_of, fused_logits, saliency_of
from glam.model import Glam
from glam.run import save_model
from glam.stage import arguments, begin, between, device, optimise
from glam.targets import Source, crop_batch, whole_batch
from train_global import logits_of, validate
from train_masks import decided_loss, fine_logits_of, outline_loss, recalibrate_on_canvases, recalibrate_on_crops, saliency_loss


def joint_loss(model, sources, config, random):
    """The global network on whole canvases, the local one on crops as ever, and both on their fused map; and the cross-entropy of the
    image's score."""
    spec = model.spec
    source = one_of(sources, random)
    chosen = source.draw(config["batch"], random)
    x, y = whole_batch(source, chosen, random, full=True)
    logits = logits_of(model.global_network, x)
    coarse, entropy = saliency_loss(logits, spec, x, y, source.images.labels[chosen], config["saliency"])
    outlines, _ = outline_loss(model.detection_network, *crop_batch(sources, config["crops"], config["side"], random), config["outline"])
    crops, masks, saliency = crops_of(spec, x, y, saliency_of(spec, logits), random)
    # Chosen crops are another mixture than those that batch-norm statistics are of.
    model.detection_network.eval()
    local = fine_logits_of(model.detection_network, crops)
    model.detection_network.train()
    fused, _ = decided_loss(fused_logits(local, saliency), masks, config["outline"])
    return coarse + outlines + config["fused"] * fused, entropy


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--init", required=True, help="`glam.pt` to start from"),
        parser.add_argument("--masks", required=True, nargs="+", type=pathlib.Path,
                            help="what `pseudo_masks.py` wrote for each set")), sets="+")
    if spec.get("fusion") != "weighted-geometric-mean":
        sys.exit("Only a spec that fuses by the weighted geometric mean can be trained jointly.")
    model = Glam(spec)
    before = torch.load(args.init, map_location="cpu")
    model.load_state_dict(before)
    model.to(device(), memory_format=torch.channels_last).train()
    run, optimiser = begin(args.out, model, config)
    val = ImageSet(args.val)
    sources = Source.open_all(args.train, args.masks)
    optimise(run, model, optimiser, config, lambda step: joint_loss(model, sources, config, run.random),
             lambda: validate(model.global_network, spec, val))
    recalibrate_on_canvases(model.global_network, sources)
    recalibrate_on_crops(model.detection_network, sources, spec, run.random)
    model.load_state_dict(between(model.state_dict(), before, config["keep"]))
    print("mixed", validate(model.global_network, spec, val), flush=True)
    save_model(model, run.folder)


if __name__ == "__main__":
    main()
