"""Writes networks of PyTorch with random weights, and images for them.

    write_networks.py JSON FOLDER IMAGES

The file JSON: a list of {name, shape, architecture}, the last for random ones only. IMAGES: how many of each. In the folder
afterwards: NAME.safetensors of the random ones; NAME.images, bytes [images, height, width, channels].
"""

from torch_networks import fill, mnist, network  # noqa: I001

import copy
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file


def images(count, channels, height, width):
    """MNIST's test images where they fit; else noise, each image of its own brightness: pooling makes all noise alike."""
    if (channels, height, width) == (1, 28, 28):
        return mnist.load("t10k")[0][:count].reshape(count, height, width, 1)
    random = np.random.default_rng(0)
    brightness = np.linspace(0, 1, count).reshape(-1, 1, 1, 1)
    return (random.uniform(0, 255, (count, height, width, channels)) * brightness).astype(np.uint8)


@torch.no_grad()
def scale_logits(net, pixels):
    """Makes the largest logit 1: deep random networks have large ones, whose rounding exceeds any absolute bound."""
    normalised = (torch.from_numpy(pixels).double() / 255 - 0.5) / 0.5
    largest = copy.deepcopy(net).double().eval()(normalised.permute(0, 3, 1, 2)).abs().max()
    *_, weight, bias = net.parameters()
    for each in (weight, bias):
        each.div_(largest)


folder, count = Path(sys.argv[2]), int(sys.argv[3])
for each in json.loads(Path(sys.argv[1]).read_text()):
    name, [channels, height, width] = each["name"], each["shape"]
    pixels = images(count, channels, height, width)
    pixels.tofile(folder / f"{name}.images")
    if "architecture" in each:
        net = network(**each["architecture"])
        fill(net)
        scale_logits(net, pixels)
        save_file(net.state_dict(), folder / f"{name}.safetensors")
