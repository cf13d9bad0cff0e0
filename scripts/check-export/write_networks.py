"""Writes networks of PyTorch with random weights, and images for them.

    write_networks.py JSON FOLDER IMAGES

The file JSON: a list of {name, shape, architecture}, the last for random ones only. IMAGES: how many of each. In the folder
afterwards: NAME.safetensors of the random ones; NAME.images, bytes [images, height, width, channels].
"""

from torch_networks import fill, mnist, network  # noqa: I001

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.torch import save_file


def images(count, channels, height, width):
    """MNIST's test images where they fit; else noise, each image of its own brightness: pooling makes all noise alike."""
    if (channels, height, width) == (1, 28, 28):
        return mnist.load("t10k")[0][:count].reshape(count, height, width, 1)
    random = np.random.default_rng(0)
    brightness = np.linspace(0, 1, count).reshape(-1, 1, 1, 1)
    return (random.uniform(0, 255, (count, height, width, channels)) * brightness).astype(np.uint8)


folder, count = Path(sys.argv[2]), int(sys.argv[3])
for each in json.loads(Path(sys.argv[1]).read_text()):
    name, [channels, height, width] = each["name"], each["shape"]
    images(count, channels, height, width).tofile(folder / f"{name}.images")
    if "architecture" in each:
        net = network(**each["architecture"])
        fill(net)
        save_file(net.state_dict(), folder / f"{name}.safetensors")
