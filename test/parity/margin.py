"""How safely a forward pass decides: each ReLU between on and off, each pool between its maximum and the next."""

import math

import torch
from torch.nn.functional import unfold
from torch.overrides import TorchFunctionMode


class Margin(TorchFunctionMode):
    """Watches what is computed inside `with Margin() as margin`."""

    # The smallest distance of a ReLU's input from 0 or of a maximum from the next, as a share of the root mean square.
    smallest = math.inf

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function is torch.relu:
            self.note(args[0].abs(), args[0])
        elif function is torch.max_pool2d:
            x = args[0]
            windows = unfold(x.transpose(0, 1).reshape(-1, 1, *x.shape[2:]), 3, padding=1, stride=2)
            first, second = windows.topk(2, dim=1).values.unbind(1)
            self.note((first - second)[first > 0], x)  # x comes from a ReLU: a maximum of 0 passes no gradient on
        return function(*args, **(kwargs or {}))

    def note(self, distances, values):
        self.smallest = min(self.smallest, (distances.min() / values.pow(2).mean().sqrt()).item())
