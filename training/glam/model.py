"""The global and the local network, for any spec, with the parameter names of the published checkpoints.

Modules return logits; `GlobalNetwork.maps` and `LocalNetwork.maps` return probabilities.
"""

import torch
from torch import nn
import torch.nn.functional as F

from .spec import saliency_size

CLASSES = 2


def conv(inputs, outputs, kernel, stride=1, padding=0):
    return nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=padding, bias=False)


def nearest(x, size):
    """Nearest neighbour with source index floor(i * in / out), in integers (`F.interpolate` rounds its scale)."""
    rows = torch.arange(size[0], device=x.device) * x.shape[-2] // size[0]
    cols = torch.arange(size[1], device=x.device) * x.shape[-1] // size[1]
    return x.index_select(-2, rows).index_select(-1, cols)


class PreActivationBlock(nn.Module):
    """out = conv2(relu(bn2(conv1(a)))) + shortcut, a = relu(bn1(x)); a stage's first block projects its shortcut."""

    def __init__(self, inputs, outputs, stride, first):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = conv(inputs, outputs, 3, stride, 1)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = conv(outputs, outputs, 3, 1, 1)
        self.downsample = nn.Sequential(conv(inputs, outputs, 1, stride)) if first else None

    def forward(self, x):
        a = F.relu(self.bn1(x))
        shortcut = x if self.downsample is None else self.downsample(a)
        return self.conv2(F.relu(self.bn2(self.conv1(a)))) + shortcut


class DownsamplingBranch(nn.Module):
    """Canvas [N,1,H,W] to the three tapped feature maps: raw, raw, and after the final bn and relu."""

    def __init__(self, spec):
        super().__init__()
        widths, blocks, strides = (spec["global"][key] for key in ("widths", "blocks", "strides"))
        self.first_conv = conv(1, widths[0], 7, 2, 3)
        stages = []
        inputs = widths[0]
        for width, count, stride in zip(widths, blocks, strides):
            stage = [PreActivationBlock(inputs, width, stride, True)]
            stage += [PreActivationBlock(width, width, 1, False) for _ in range(count - 1)]
            stages.append(nn.Sequential(*stage))
            inputs = width
        self.layer_list = nn.ModuleList(stages)
        self.final_bn = nn.BatchNorm2d(inputs)

    def forward(self, x):
        x = F.max_pool2d(self.first_conv(x), 3, 2, 0)
        taps = []
        for stage in self.layer_list:
            x = stage(x)
            taps.append(x)
        return taps[-3], taps[-2], F.relu(self.final_bn(x))


class PostprocessModule(nn.Module):
    """One 1x1 convolution per tap. `combine` is in the published checkpoints but unused."""

    def __init__(self, widths):
        super().__init__()
        self.gn_conv_1 = conv(widths[-3], CLASSES, 1)
        self.gn_conv_2 = conv(widths[-2], CLASSES, 1)
        self.gn_conv_last = conv(widths[-1], CLASSES, 1)
        self.combine = conv(3 * CLASSES, CLASSES, 1)
        self.combine.weight.requires_grad_(False)

    def forward(self, taps):
        return self.gn_conv_1(taps[0]), self.gn_conv_2(taps[1]), self.gn_conv_last(taps[2])


class GlobalNetwork(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.downsampling_branch = DownsamplingBranch(spec)
        self.postprocess_module = PostprocessModule(spec["global"]["widths"])

    def forward(self, x):
        """Standardised canvas [N,1,H,W] to three logit maps [N,2,h,w], all at the first tap's size."""
        first, second, last = self.postprocess_module(self.downsampling_branch(x))
        size = first.shape[-2:]
        return first, nearest(second, size), nearest(last, size)

    def maps(self, x):
        """The saliency maps s1, s2, s3, each [N,2,h,w], probability."""
        return tuple(torch.sigmoid(logits.float()) for logits in self(x))


class BasicBlock(nn.Module):
    """relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut), stride 1; conv1x1 + bn where the width changes."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = conv(inputs, outputs, 3, 1, 1)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv(outputs, outputs, 3, 1, 1)
        self.bn2 = nn.BatchNorm2d(outputs)
        same = inputs == outputs
        self.downsample = None if same else nn.Sequential(conv(inputs, outputs, 1), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class FullResolutionResNet(nn.Module):
    """Stem to a quarter of the crop's side, then layers that keep it."""

    def __init__(self, spec):
        super().__init__()
        widths, blocks = spec["local"]["widths"], spec["local"]["blocks"]
        self.input_channels = spec["local"]["inputChannels"]
        self.conv1 = conv(self.input_channels, widths[0], 7, 2, 3)
        self.bn1 = nn.BatchNorm2d(widths[0])
        inputs = widths[0]
        self.layers = len(widths)
        for index, (width, count) in enumerate(zip(widths, blocks)):
            layer = [BasicBlock(inputs if j == 0 else width, width) for j in range(count)]
            self.add_module(f"layer{index + 1}", nn.Sequential(*layer))
            inputs = width

    def forward(self, x):
        # Grey is repeated over the channels, so the kernel summed over them gives the same map for less work.
        x = F.conv2d(x, self.conv1.weight.sum(1, keepdim=True), stride=2, padding=3)
        x = F.max_pool2d(F.relu(self.bn1(x)), 3, 2, 1)
        for index in range(self.layers):
            x = getattr(self, f"layer{index + 1}")(x)
        return x


class LocalNetwork(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.dn_resnet = FullResolutionResNet(spec)
        self.gn_conv_last = conv(spec["local"]["widths"][-1], CLASSES, 1)

    def forward(self, x):
        """Standardised crops [N,1,side,side] to logit maps [N,2,side/4,side/4]."""
        return self.gn_conv_last(self.dn_resnet(x))

    def maps(self, x):
        """Saliency of crops [N,2,side/4,side/4], probability."""
        return torch.sigmoid(self(x).float())


class Glam(nn.Module):
    """Both networks under the names of a published checkpoint."""

    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        self.global_network = GlobalNetwork(spec)
        self.detection_network = LocalNetwork(spec)


def fused_saliency(spec, maps):
    """S = the spec's weighted sum of s1, s2, s3, [N,2,h,w]."""
    assert tuple(maps[0].shape[-2:]) == saliency_size(spec)
    return sum(weight * one for weight, one in zip(spec["saliency"]["weights"], maps))
