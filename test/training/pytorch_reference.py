"""Writes pytorch-reference.json: what PyTorch computes for small networks whose every number comes from `numbers` below.

Usage: python3 test/training/pytorch_reference.py   (needs bench/peers/requirements.txt)

pytorch-reference.test.ts makes the same numbers and compares. Only results are stored.
"""

import json
import math
import pathlib
import re
import sys

import numpy as np
import torch

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here / "../../bench/peers"))
from lesson_net import lesson_net  # noqa: E402

CASES = [
    {"name": "both kinds of block", "blocks": [1, 1], "width": 8, "channels": 2, "side": 20, "batch": 6},
    {"name": "maps of one pixel", "blocks": [1, 1, 1], "width": 4, "channels": 1, "side": 9, "batch": 5},
    {"name": "a narrow ResNet-18", "blocks": [2, 2, 2, 2], "width": 8, "channels": 1, "side": 28, "batch": 8},
]


# Its gradient is zero but for rounding.
BIAS_BEFORE_BATCH_NORM = re.compile(r"(^|\.)conv[12]?\.bias$")


def numbers(seed, count):
    """Uniform in [-1, 1): an integer hash of seed and index, in 32-bit arithmetic."""
    x = (np.arange(count, dtype=np.uint64) * 1103515245 + seed * 2654435769 + 12345) & 0xFFFFFFFF
    for _ in range(2):
        x ^= x >> np.uint64(16)
        x = (x * 73244475) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return torch.from_numpy((x.astype(np.float64) / 2**31 - 1).astype(np.float32))


def fill(net):
    for seed, (name, tensor) in enumerate(net.state_dict().items()):
        if name.endswith("num_batches_tracked"):
            continue
        values = numbers(seed, tensor.numel()).reshape(tensor.shape)
        if name.endswith("running_var") or (tensor.dim() == 1 and name.endswith("weight")):
            values = 1 + values / 2
        elif tensor.dim() > 1:
            values = values / math.sqrt(tensor[0].numel())
        tensor.copy_(values)


def head(tensor):
    return [float(value) for value in tensor.detach().flatten()[:5]]


def reference(case):
    net = lesson_net(case["blocks"], case["width"], case["channels"])
    with torch.no_grad():
        fill(net)
    shape = (case["batch"], case["channels"], case["side"], case["side"])
    images = numbers(1000, math.prod(shape)).reshape(shape)
    labels = torch.arange(case["batch"]) * 3 % 10
    with torch.no_grad():
        eval_logits = net.eval()(images)
    net.train()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    train_logits = net(images)
    loss = torch.nn.functional.cross_entropy(train_logits, labels)
    loss.backward()
    gradients = {
        name: {"norm": parameter.grad.norm().item(), "head": head(parameter.grad)}
        for name, parameter in net.named_parameters()
        if not BIAS_BEFORE_BATCH_NORM.search(name)
    }
    optimizer.step()
    return {
        **case,
        "names": list(net.state_dict()),
        "evalLogits": eval_logits.flatten().tolist(),
        "trainLogits": train_logits.flatten().tolist(),
        "loss": loss.item(),
        "gradients": gradients,
        "statistics": {name: head(value) for name, value in net.state_dict().items() if "running" in name},
        "afterAdam": {name: head(parameter) for name, parameter in net.named_parameters()},
    }


(here / "pytorch-reference.json").write_text(json.dumps([reference(case) for case in CASES]) + "\n")
