"""Margins of a forward pass: distances of ReLUs' inputs from 0, and of pools' maxima from the second largest values."""

import math

import torch
from torch.nn.functional import unfold
from torch.overrides import TorchFunctionMode


class Margin(TorchFunctionMode):
    """Watches the forward passes inside `with Margin() as margin`."""

    # The smallest distance, as a fraction of the root mean square of the layer's input.
    smallest = math.inf

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function is torch.relu:
            self.note(args[0].abs(), args[0])
        elif function is torch.max_pool2d:
            x = args[0]
            windows = unfold(x.transpose(0, 1).reshape(-1, 1, *x.shape[2:]), 3, padding=1, stride=2)
            first, second = windows.topk(2, dim=1).values.unbind(1)
            self.note((first - second)[first > 0], x)  # x comes from a ReLU: a maximum of 0 has no gradient
        return function(*args, **(kwargs or {}))

    def note(self, distances, values):
        self.smallest = min(self.smallest, (distances.min() / values.pow(2).mean().sqrt()).item())
