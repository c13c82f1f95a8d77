"""The classifier whose activation maps are baselines: a small residual network on the canvas reduced to a quarter.

It answers `scores` [N,2], and maps [N,2,h,w] from 0 to 1: `cam` (class activation map, Zhou et al. 2016, of a linear head) and
`gradcam` (Grad-CAM, Selvaraju et al. 2017, of a head with a hidden layer). The heads share everything below them.
"""

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

from .model import PreActivationBlock, conv

REDUCED = 4
HIDDEN = 64


class Classifier(nn.Module):
    def __init__(self, widths=(16, 32, 64, 128)):
        super().__init__()
        self.stem = conv(1, widths[0], 5, 2, 2)
        stages, inputs = [], widths[0]
        for index, width in enumerate(widths):
            stages += [PreActivationBlock(inputs, width, 1 if index == 0 else 2, True), PreActivationBlock(width, width, 1, False)]
            inputs = width
        self.stages = nn.Sequential(*stages)
        self.norm = nn.BatchNorm2d(inputs)
        self.linear = nn.Linear(inputs, 2)
        self.hidden = nn.Linear(inputs, HIDDEN)
        self.out = nn.Linear(HIDDEN, 2)

    def features(self, x):
        return F.relu(self.norm(self.stages(self.stem(x))))

    def forward(self, x):
        """Reduced images [N,1,h,w] to the logits of both heads, each [N,2]."""
        pooled = self.features(x).mean((2, 3))
        return self.linear(pooled), self.out(F.relu(self.hidden(pooled)))


class ActivationMaps(nn.Module):
    """What is exported: scores and both maps. The gradient of Grad-CAM is written out, since pooling makes it the same everywhere."""

    def __init__(self, classifier):
        super().__init__()
        self.classifier = classifier

    def forward(self, image):
        net = self.classifier
        features = net.features(image)
        pooled = features.mean((2, 3))
        hidden = net.hidden(pooled)
        # d logit / d pooled: through the units of the hidden layer that are not cut off, [N,2,channels].
        slopes = (net.out.weight[None] * (hidden > 0).float()[:, None]) @ net.hidden.weight
        cam = self.normalised(torch.einsum("kc,nchw->nkhw", net.linear.weight, features))
        gradcam = self.normalised(torch.einsum("nkc,nchw->nkhw", slopes, features))
        scores = (torch.sigmoid(net.linear(pooled)) + torch.sigmoid(net.out(F.relu(hidden)))) / 2
        return scores, cam, gradcam

    @staticmethod
    def normalised(maps):
        """What speaks for the class, as a share of the largest value in the image."""
        maps = F.relu(maps)
        return maps / maps.amax((2, 3), keepdim=True).clamp_min(1e-6)


def reduced(images):
    """All images of a set averaged over blocks of 4 x 4 pixels, [N,H/4,W/4] float16, and mean and std of each canvas, [N,2]."""
    height, width = images.size
    small = np.empty((len(images), height // REDUCED, width // REDUCED), np.float16)
    levels = np.empty((len(images), 2), np.float32)
    for n in range(len(images)):
        image = np.asarray(images.images[n], np.float32)
        small[n] = image.reshape(height // REDUCED, REDUCED, width // REDUCED, REDUCED).mean((1, 3))
        levels[n] = image.mean(), max(image.std(), 1e-5)
    return small, levels


def export(module, shape, path, outputs):
    """Writes ONNX with the input `image` [1,1,h,w]."""
    module.eval()
    torch.onnx.export(module, torch.zeros(1, 1, *shape), str(path), input_names=["image"], output_names=outputs, opset_version=13)
