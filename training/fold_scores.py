#!/usr/bin/env python3
"""Area under the curve of a cross-validation: the scores that each fold's model gave to the films it had not seen, together.

python3 training/fold_scores.py training/runs/films0 training/runs/films1 ...
"""

import json
import pathlib
import sys

import torch

from glam.data import CLASSES
from glam.losses import auc


def main():
    folds = [json.loads((pathlib.Path(folder) / "scores.json").read_text()) for folder in sys.argv[1:]]
    if not folds:
        sys.exit("Which folds? Give the folders that train_films.py wrote with --fold.")
    scores = torch.tensor([row for fold in folds for row in fold["scores"]])
    labels = torch.tensor([row for fold in folds for row in fold["labels"]])
    for c, name in enumerate(CLASSES):
        alone = [auc(torch.tensor(fold["scores"])[:, c], torch.tensor(fold["labels"])[:, c]) for fold in folds]
        print(f"{name}: {auc(scores[:, c], labels[:, c]):.3f} together, by fold {', '.join(f'{one:.3f}' for one in alone)}")


if __name__ == "__main__":
    main()
