"""Reads exported files by PyTorch, and compares them with the checkpoints that they were made of.

    check_exports.py JSON

The file JSON: a list of {path, checkpoint, half, variant, depth, stem}. Standard output: for each what is not as it
should be.
"""

import libraries  # noqa: F401, I001

import json
import sys
from pathlib import Path

import torch
from networks import network
from safetensors.torch import load_file


def faults(export):
    """What is wrong with an exported file; empty if nothing is."""
    wanted = load_file(export["checkpoint"])
    if export["half"]:
        wanted = {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in wanted.items()}
    net = network(export["variant"], export["depth"], export["stem"])
    found = []
    for way, load in ways(export["path"]):
        tensors = load()
        if list(tensors) != list(net.state_dict()) and way != "safetensors":
            found.append(f"{way}: the order of names differs")
        if set(tensors) != set(wanted):
            found.append(f"{way}: other names")
        found += [f"{way}: {name} differs" for name, tensor in wanted.items() if not same(tensors.get(name), tensor)]
        net.load_state_dict(tensors, strict=True)
    return found


def ways(path):
    if path.endswith(".safetensors"):
        return [("safetensors", lambda: load_file(path))]
    return [
        ("torch.load", lambda: torch.load(path, weights_only=True)),
        ("mmap", lambda: torch.load(path, weights_only=True, mmap=True)),
    ]


def same(one, other):
    """Whether two tensors are equal to the last bit."""
    if one is None or one.dtype != other.dtype or one.shape != other.shape or not one.is_contiguous():
        return False
    return one.numpy().tobytes() == other.numpy().tobytes()


exports = json.loads(Path(sys.argv[1]).read_text())
print(json.dumps([faults(export) for export in exports]))
