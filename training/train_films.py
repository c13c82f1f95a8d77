#!/usr/bin/env python3
"""Fine-tunes the global network on real films with image-level labels, mixed with normal films that got lesions of phantoms.

python3 training/train_films.py training/configs/films.json --init GLAM.pt --train FILMS --implants DIR --out DIR [--fold 0]

With --fold the patients of that fold of five are left out, and their scores are written to scores.json.
"""

import json

import numpy as np
import torch

from glam.data import ImageSet, whole_images
from glam.films import film_batch, folds
from glam.losses import auc, breast, pool, weak_loss
from glam.model import Glam
from glam.run import Run, save_atomically
from glam.stage import arguments, device, optimise, optimiser_of, recalibrate, to_device
from train_global import logits_of


@torch.no_grad()
def scores_of(network, spec, images, chosen):
    """Scores of whole films, [n,2], as the pipeline makes them."""
    network.eval()
    scores = []
    for n in range(0, len(chosen), 4):
        logits = logits_of(network, to_device(whole_images(images, chosen[n:n + 4], full=True)))
        scores.append(sum(pool(torch.sigmoid(one), spec["saliency"]["topK"]) for one in logits).cpu() / 3)
    return torch.cat(scores)


def freeze_statistics(network):
    """Batches of a few films are too small for statistics of their own."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()


def main():
    args, config, spec = arguments(__doc__, lambda parser: (
        parser.add_argument("--init", required=True, help="`glam.pt` trained on phantoms"),
        parser.add_argument("--implants", required=True, help="folder of `glam films implants` of the same films"),
        parser.add_argument("--fold", type=int, help="0 to 4: leave out a fifth of the patients")), val=False)
    model = Glam(spec)
    model.load_state_dict(torch.load(args.init, map_location="cpu"))
    network = model.global_network.to(device(), memory_format=torch.channels_last)
    films, implants = ImageSet(args.train), ImageSet(args.implants)
    held_out = np.zeros(len(films), bool)
    if args.fold is not None:
        held_out = folds(films.patients, films.labels, config["folds"]) == args.fold
    pools = [np.flatnonzero(~held_out & wanted) for wanted in
             (films.labels[:, 1] > 0, films.labels[:, 0] > 0, films.labels.max(1) == 0)]
    # Groups of patients that are not left out.
    breasts = np.flatnonzero(~np.isin(implants.patients[::implants.group], films.patients[held_out]))

    def implanted_of(groups):
        """Indices of all images of these breasts."""
        return (implants.group * groups[:, None] + np.arange(implants.group)).ravel()

    random = np.random.default_rng(config["seed"])
    recalibrate(network, (to_device(whole_images(images, list(random.choice(where, 8, replace=False)), full=True))
                          for _ in range(6)
                          for images, where in ((films, np.flatnonzero(~held_out)), (implants, implanted_of(breasts)))))
    optimiser = optimiser_of(network, config)
    run = Run(args.out, {"network": network, "optimiser": optimiser})
    run.resume()

    def validate():
        if not held_out.any():
            return {}
        scores = scores_of(network, spec, films, list(np.flatnonzero(held_out)))
        network.train()
        freeze_statistics(network)
        return {f"auc_{name}": auc(scores[:, c], films.labels[held_out, c]) for c, name in enumerate(spec["classes"])}

    def weak_losses(images, labels):
        """Mean over the three maps of the loss and of the cross-entropy in it."""
        x = to_device(np.ascontiguousarray(images))
        maps = [torch.sigmoid(one) for one in logits_of(network, x)]
        seen = breast(x, maps[0].shape[-2:])
        labels = torch.from_numpy(labels).to(device())
        weak = [weak_loss(one, seen, labels, config["topK"], config["sparsity"]) for one in maps]
        return tuple(sum(part) / 3 for part in zip(*weak))

    def step_loss(step):
        chosen = np.concatenate([run.random.choice(pool_of, n) for pool_of, n in zip(pools, config["films"])])
        loss, entropy = weak_losses(film_batch(films, chosen, run.random), films.labels[chosen])
        members = implanted_of(run.random.choice(breasts, 1))
        implanted, _ = weak_losses(film_batch(implants, members, run.random, implants.group), implants.labels[members])
        return loss + implanted, entropy

    network.train()
    freeze_statistics(network)
    optimise(run, network, optimiser, config, step_loss, validate)
    if held_out.any():
        chosen = np.flatnonzero(held_out)
        scores = scores_of(network, spec, films, list(chosen))
        (run.folder / "scores.json").write_text(json.dumps(
            {"index": chosen.tolist(), "labels": films.labels[chosen].tolist(), "scores": scores.tolist()}))
    network.eval()
    save_atomically({name: value.cpu() for name, value in model.state_dict().items()}, run.folder / "glam.pt")


if __name__ == "__main__":
    main()
