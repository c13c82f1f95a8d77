"""Real films: folds by patient."""

import numpy as np


def folds(patients, labels, count, seed=0):
    """Fold of every image, [N]; images of a patient share one, and folds have about as many patients of each kind.

    patients: [N] integers; labels: [N,2]. A patient's kind is malignant before benign before normal, over all images.
    """
    random = np.random.default_rng(seed)
    kind = {one: labels[patients == one].max(0) @ (1, 2) for one in np.unique(patients)}
    fold_of, following = {}, 0
    for group in sorted(set(kind.values())):
        members = [one for one in kind if kind[one] == group]
        for one in random.permutation(members):
            fold_of[one] = following % count
            following += 1
    return np.array([fold_of[one] for one in patients])
