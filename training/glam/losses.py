"""Pooled scores of saliency maps, and the area under the ROC curve."""

import torch
import torch.nn.functional as F

from .spec import score_weights, top_k


def pool(maps, fraction):
    """Mean of the largest `fraction` of each class's cells: [N,2,h,w] to [N,2]."""
    flat = maps.flatten(2)
    # int: a length that is traced for ONNX is a tensor.
    return flat.topk(top_k(int(flat.shape[2]), fraction), dim=2).values.mean(2)


def image_scores(spec, maps):
    """Scores [N,2] of images with maps s1, s2, s3 [N,2,h,w]."""
    weights = score_weights(spec)
    return sum(weight * pool(one, spec["saliency"]["topK"]) for weight, one in zip(weights, maps)) / sum(weights)


def auc(scores, labels):
    """Area under the ROC curve (ties count half), or NaN when a class is absent."""
    positive, negative = scores[labels > 0.5], scores[labels < 0.5]
    if len(positive) == 0 or len(negative) == 0:
        return float("nan")
    difference = torch.as_tensor(positive)[:, None] - torch.as_tensor(negative)[None, :]
    return ((difference > 0).float() + 0.5 * (difference == 0).float()).mean().item()
