"""Writes fixtures.json: PyTorch's results in double precision from the weights and images of generator.py.

Usage: python3 test/parity/pytorch_fixtures.py && npx biome format --write test/parity/fixtures.json
       (needs test/parity/requirements.txt; half a minute on two idle cores)

Double precision, because results in single precision vary: PyTorch's two memory layouts differ from each other as much
as from this tool. Before anything is written, both are checked against a part of the tests' tolerances, so that a test
that fails has found more than rounding.
"""

import copy
import itertools
import json
import pathlib
import sys

import torch

from generator import DIFFERENT_IMAGES, fill, images, sample
from margin import Margin
from precision import evaluate, relative, train, training_errors

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here / "../../bench/peers"))
import mnist  # noqa: E402
from lesson_net import lesson_net  # noqa: E402

# Cases are (batch, side of the images).
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

# Tolerances of the tests, and the fraction of them that PyTorch's own single precision may reach.
TOLERANCES = {"logits": 1e-5, "loss 1": 1e-5, "loss 2": 5e-3, "gradients": 1e-4, "statistics": 1e-5, "step": 1e-4}
FRACTION = 0.7

# As a fraction of the values' root mean square; errors of single precision are 0.2 to 5 millionths of it.
SMALLEST_MARGIN = 2e-5


def find_seed(net, batch, side):
    """The first seed whose images have no margin below SMALLEST_MARGIN in training."""
    net = copy.deepcopy(net).double().train()
    for seed in itertools.count(1000, 2):
        # Repeated images change no mean and no variance.
        pixels, _ = mnist.tensors(*images(seed, min(batch, DIFFERENT_IMAGES), side))
        with torch.no_grad(), Margin() as margin:
            net(pixels.double())
        if margin.smallest >= SMALLEST_MARGIN:
            return seed


def check_single_precision(case, errors):
    """Ends the script if the errors of a layout are too large."""
    for name, layout in (("default layout", torch.contiguous_format), ("channels last", torch.channels_last)):
        found = errors(layout)
        print(f"{case}, {name}: " + ", ".join(f"{kind} {error:.1e}" for kind, error in found.items()), flush=True)
        for kind, error in found.items():
            if not error <= FRACTION * TOLERANCES[kind]:
                sys.exit(f"{case}, {name}: {kind} {error:.1e} is more than {FRACTION} of the tolerance {TOLERANCES[kind]}")


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
    check_single_precision(
        f"{network}, training, batch {batch} at {side}, seed {seed}",
        lambda layout: training_errors(train(net, *tensors, torch.float32, layout), expected),
    )
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


def evaluation_fixture(net, batch, side, network):
    seed = 1000
    pixels, _ = mnist.tensors(*images(seed, batch, side))
    expected = evaluate(net, pixels, torch.float64)
    check_single_precision(
        f"{network}, evaluation, batch {batch} at {side}",
        lambda layout: {"logits": relative(evaluate(net, pixels, torch.float32, layout), expected)},
    )
    return {"batch": batch, "side": side, "seed": seed, "logits": listed(expected)}


def fixture(network):
    net = lesson_net(network["blocks"], network["width"])
    fill(net)
    return {
        **network,
        "training": [training_fixture(net, *case, network["name"]) for case in network["training"]],
        "evaluation": [evaluation_fixture(net, *case, network["name"]) for case in network["evaluation"]],
    }


(here / "fixtures.json").write_text(json.dumps([fixture(network) for network in NETWORKS]) + "\n")
