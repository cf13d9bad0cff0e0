"""Computes in double precision by PyTorch what exported networks have to answer.

    references.py JSON

The file JSON: a list of {weights, images, shape, architecture, mean, std, temperature}: the path of a state dict; the path of
bytes of a shape, [images, height, width, channels]; and what the export's own description says, with the temperature null
for logits. Standard output: for each the outputs, one number after the other.
"""

from torch_networks import network  # noqa: I001

import functools
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file


def logits(of):
    return computed(of["weights"], of["images"], *(json.dumps(of[name]) for name in ("shape", "architecture", "mean", "std")))


@functools.cache
def computed(weights, images, *texts):
    shape, architecture, mean, std = map(json.loads, texts)
    net = network(**architecture)
    net.load_state_dict(load_file(weights), strict=True)
    pixels = torch.from_numpy(np.fromfile(images, np.uint8)).double().reshape(shape)
    normalised = (pixels / 255 - torch.tensor(mean).double()) / torch.tensor(std).double()
    with torch.inference_mode():
        return net.double().eval()(normalised.permute(0, 3, 1, 2))


def output(of):
    if of["temperature"] is None:
        return logits(of)
    return torch.softmax(logits(of) / of["temperature"], 1)


print(json.dumps([output(of).flatten().tolist() for of in json.loads(Path(sys.argv[1]).read_text())]))
