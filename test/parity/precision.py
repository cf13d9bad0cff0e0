"""Computes a network in a given precision and memory layout, and the errors between two such results."""

import copy
import re

import torch
from torch.nn.functional import cross_entropy

from generator import sample

LEARNING_RATE = 1e-3

# Names of parameters whose gradient is zero apart from rounding.
BIAS_BEFORE_BATCH_NORM = re.compile(r"(^|\.)conv[12]?\.bias$")


def evaluate(net, pixels, dtype, layout=torch.contiguous_format):
    net = copy.deepcopy(net).to(dtype, memory_format=layout).eval()
    with torch.no_grad():
        return net(pixels.to(dtype, memory_format=layout))


def train(net, pixels, labels, dtype, layout=torch.contiguous_format):
    """Results of the first step of Adam on a batch, and the loss before the second step."""
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


def relative(actual, expected):
    return ((actual - expected).abs().max() / expected.abs().max()).item()


def training_errors(actual, expected):
    """Errors of one result of `train` against another, by the tests' measures."""

    def worst(kind):
        return max(relative(actual[kind][name], value) for name, value in expected[kind].items())

    def step(name):
        gradient = expected["gradients"][name]
        certain = sample(gradient).abs() >= 1e-4 * gradient.abs().max()
        differences = sample(actual["weights"][name] - expected["weights"][name])[certain]
        return differences.abs().max().item() / LEARNING_RATE

    return {
        "logits": relative(actual["logits"], expected["logits"]),
        "loss 1": relative(actual["losses"][0], expected["losses"][0]),
        "loss 2": relative(actual["losses"][1], expected["losses"][1]),
        "gradients": worst("gradients"),
        "statistics": worst("statistics"),
        "step": max(step(name) for name in expected["weights"]),
    }
