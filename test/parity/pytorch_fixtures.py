"""Writes fixtures.json: what PyTorch computes in double precision from the numbers of generator.py.

Usage: python3 test/parity/pytorch_fixtures.py && npx biome format --write test/parity/fixtures.json
       (needs test/parity/requirements.txt; ten minutes on 2 cores)

Double precision, because single precision has no one answer: PyTorch's two memory layouts differ from each other as much as
from ours. Both are held to the tests' tolerances here, with a part to spare, before anything is written: a test that fails
has then found more than rounding.
"""

import copy
import itertools
import json
import pathlib
import re
import sys

import torch
from torch.nn.functional import cross_entropy

from generator import DIFFERENT_IMAGES, fill, images, sample
from margin import Margin

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here / "../../bench/peers"))
import mnist  # noqa: E402
from lesson_net import lesson_net  # noqa: E402

# Batches and sides of images.
NETWORKS = [
    {
        "name": "ResNet-18",
        "blocks": [2, 2, 2, 2],
        "width": 64,
        "training": [(7, 28), (128, 28), (7, 32), (128, 32), (2, 64)],
        "evaluation": [(1, 28), (2, 28), (7, 28), (128, 28), (1, 64), (2, 64), (1, 224), (2, 224)],
    },
    {
        "name": "a narrow ResNet-18",
        "blocks": [2, 2, 2, 2],
        "width": 8,
        "training": [(7, 28)],
        "evaluation": [(7, 28)],
    },
    {
        "name": "a network of odd maps",
        "blocks": [1, 1, 1],
        "width": 4,
        "training": [(5, 9), (6, 20)],
        "evaluation": [(5, 9), (6, 20)],
    },
]

LEARNING_RATE = 1e-3

# The tests' tolerances, and how much of them PyTorch's own single precision may take.
TOLERANCES = {"logits": 1e-5, "loss 1": 1e-5, "loss 2": 5e-3, "gradients": 1e-4, "statistics": 1e-5, "step": 1e-4}
SHARE = 0.7

# Single precision's errors are 0.2 to 5 millionths of the values' root mean square, both measured as the root mean square.
SMALLEST_MARGIN = 2e-5

# Its gradient is zero but for rounding.
BIAS_BEFORE_BATCH_NORM = re.compile(r"(^|\.)conv[12]?\.bias$")


def find_seed(net, batch, side):
    """The first seed whose images leave no ReLU and no pool undecided in training."""
    net = copy.deepcopy(net).double().train()
    for seed in itertools.count(1000, 2):
        pixels, _ = mnist.tensors(*images(seed, min(batch, DIFFERENT_IMAGES), side))  # repeats change no mean, no variance
        with torch.no_grad(), Margin() as margin:
            net(pixels.double())
        if margin.smallest >= SMALLEST_MARGIN:
            return seed


def train(net, pixels, labels, dtype, layout=torch.contiguous_format):
    """The first step of Adam on a batch, and the loss before the second."""
    net = copy.deepcopy(net).to(dtype, memory_format=layout).train()
    pixels = pixels.to(dtype, memory_format=layout)
    optimizer = torch.optim.Adam(net.parameters(), lr=LEARNING_RATE)
    parameters = {name: p for name, p in net.named_parameters() if not BIAS_BEFORE_BATCH_NORM.search(name)}
    logits = net(pixels)
    loss = cross_entropy(logits, labels)
    loss.backward()
    optimizer.step()
    statistics = {name: value.clone() for name, value in net.state_dict().items() if "running" in name}
    second_loss = cross_entropy(net(pixels), labels)
    return {
        "logits": logits.detach(),
        "losses": torch.stack([loss, second_loss]).detach(),
        "gradients": {name: p.grad for name, p in parameters.items()},
        "statistics": statistics,
        "weights": {name: p.detach() for name, p in parameters.items()},
    }


def errors(actual, expected):
    """How far one `train` is from another, by the tests' measures."""
    relative = lambda a, b: ((a - b).abs().max() / b.abs().max()).item()  # noqa: E731
    worst = lambda kind: max(relative(actual[kind][name], value) for name, value in expected[kind].items())  # noqa: E731
    steps = []
    for name, gradient in expected["gradients"].items():
        certain = sample(gradient).abs() >= 1e-4 * gradient.abs().max()
        differences = sample(actual["weights"][name] - expected["weights"][name])[certain]
        steps.append(differences.abs().max().item() / LEARNING_RATE)
    losses = [relative(a, b) for a, b in zip(actual["losses"], expected["losses"])]
    return {
        "logits": relative(actual["logits"], expected["logits"]),
        "loss 1": losses[0],
        "loss 2": losses[1],
        "gradients": worst("gradients"),
        "statistics": worst("statistics"),
        "step": max(steps),
    }


def check_single_precision(net, batch, expected, case):
    for name, layout in (("default layout", torch.contiguous_format), ("channels last", torch.channels_last)):
        found = errors(train(net, *batch, torch.float32, layout), expected)
        print(f"{case}, {name}: " + ", ".join(f"{kind} {error:.1e}" for kind, error in found.items()), flush=True)
        for kind, error in found.items():
            if error > SHARE * TOLERANCES[kind]:
                sys.exit(f"{case}, {name}: {kind} {error:.1e} is more than {SHARE} of the tolerance {TOLERANCES[kind]}")


def listed(tensor, digits=7):
    return [float(f"{value:.{digits}g}") for value in tensor.flatten().tolist()]


def described(tensors):
    return {
        name: {"norm": tensor.norm().item(), "largest": tensor.abs().max().item(), "sample": listed(sample(tensor))}
        for name, tensor in tensors.items()
    }


def training_fixture(net, batch, side, network):
    seed = find_seed(net, batch, side)
    tensors = mnist.tensors(*images(seed, batch, side))
    expected = train(net, *tensors, torch.float64)
    check_single_precision(net, tensors, expected, f"{network}, batch {batch} at {side}, seed {seed}")
    return {
        "batch": batch,
        "side": side,
        "seed": seed,
        "logits": listed(expected["logits"]),
        "losses": listed(expected["losses"]),
        "gradients": described(expected["gradients"]),
        "statistics": described(expected["statistics"]),
        "weights": {name: listed(sample(value), digits=9) for name, value in expected["weights"].items()},
    }


def evaluation_fixture(net, batch, side):
    seed = 1000
    pixels, _ = mnist.tensors(*images(seed, batch, side))
    with torch.no_grad():
        logits = copy.deepcopy(net).double().eval()(pixels.double())
    return {"batch": batch, "side": side, "seed": seed, "logits": listed(logits)}


def fixture(network):
    net = lesson_net(network["blocks"], network["width"])
    fill(net)
    return {
        **network,
        "training": [training_fixture(net, *case, network["name"]) for case in network["training"]],
        "evaluation": [evaluation_fixture(net, *case) for case in network["evaluation"]],
    }


(here / "fixtures.json").write_text(json.dumps([fixture(network) for network in NETWORKS]) + "\n")
