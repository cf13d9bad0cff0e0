"""Weights and images of the parity tests, computed from integers; generator.ts makes the same."""

import math
import pathlib
import sys

import numpy as np
import torch

sys.path.append(str(pathlib.Path(__file__).parents[1] / "support"))
from uniform_numbers import uniform_numbers  # noqa: E402

# Number of different images in a batch; the other images repeat them with other labels. A ReLU whose input is as near
# to 0 as rounding errors are large may be on or off: one such value in 5 million changed gradients by 10 %. With few
# images, pytorch_fixtures.py finds some that have no such value.
DIFFERENT_IMAGES = 8


def fill(net):
    """Sets every weight and running statistic; the seed of a tensor is the place of its name among all, sorted."""
    with torch.no_grad():
        for seed, (name, tensor) in enumerate(sorted(net.state_dict().items())):
            if name.endswith("num_batches_tracked"):
                continue
            values = uniform_numbers(seed, tensor.numel())
            if tensor.dim() > 1:
                # The variance is 1 / fan-in. With a smaller one, all images look alike in the last stage, and its batch
                # norms divide by almost nothing.
                values = values * math.sqrt(3 / tensor[0].numel())
            elif name.endswith("running_var"):
                values = 0.75 + values / 4
            elif name.endswith("weight"):
                values = 0.375 + values / 8
            else:
                values = values / 2
            tensor.copy_(torch.from_numpy(values).reshape(tensor.shape))


def images(seed, batch, side):
    """Pixels [batch, 1, side, side], uint8, and labels [batch].

    A mosaic of 4 x 4 tiles makes the images differ; noise is on it.
    """
    different = min(batch, DIFFERENT_IMAGES)
    tile = np.arange(side) * 4 // side
    mosaic = uniform_numbers(seed, different * 16).reshape(different, 1, 4, 4)[:, :, tile][:, :, :, tile]
    noise = uniform_numbers(seed + 1, different * side * side).reshape(different, 1, side, side)
    pixels = np.floor(128 + 96 * mosaic + 31 * noise).astype(np.uint8)
    return pixels[np.arange(batch) % different], np.arange(batch) * 3 % 10


def sample(tensor):
    """Up to 40 of a tensor's values: far apart, and at every tap of a kernel."""
    flat = tensor.flatten()
    return flat[torch.arange(min(40, len(flat))) * 1000003 % len(flat)]
