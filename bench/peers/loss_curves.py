"""Compares losses over 50 steps of Adam on MNIST: this tool's with PyTorch's, and PyTorch's in two memory layouts.

Usage: npm run setup && python3 bench/peers/loss_curves.py
       (needs bench/peers/requirements.txt; ten minutes on 2 cores)

Rounding errors grow chaotically, because Adam's first steps are nearly the gradients' signs. So the distance between
PyTorch's two layouts is the yardstick. All start from the same weights; each order of the batches is one trial. A
distance is the mean of |a - b| over the steps. Fails if the median distance of this tool from PyTorch is more than
twice the median distance between PyTorch's layouts.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy

import mnist
from lesson_net import lesson_net

ORDERS = 5
STEPS = 50
BATCH = 128
OUR_CURVE = pathlib.Path(__file__).parents[2] / "dist/bench/peers/loss-curve.js"


def initial_net():
    torch.manual_seed(0)
    return lesson_net()


def pytorch_curve(batches, layout):
    net = initial_net().to(memory_format=layout).train()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    pixels, labels = mnist.load("train")
    losses = []
    for batch in batches:
        images, classes = mnist.tensors(pixels[batch], labels[batch])
        optimizer.zero_grad()
        loss = cross_entropy(net(images.to(memory_format=layout)), classes)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def our_curve(batches):
    with tempfile.TemporaryDirectory() as folder:
        initial, order = pathlib.Path(folder, "initial.safetensors"), pathlib.Path(folder, "batches.json")
        save_file(initial_net().state_dict(), initial)
        order.write_text(json.dumps(batches.tolist()))
        return json.loads(subprocess.run(["node", OUR_CURVE, initial, order], check=True, stdout=subprocess.PIPE).stdout)


def distance(a, b):
    return float(np.abs(np.subtract(a, b)).mean())


def main():
    ours, others = [], []
    print("| order | ours to PyTorch | PyTorch's two layouts | first losses: ours, PyTorch | last losses: ours, PyTorch |")
    print("|---|---|---|---|---|")
    for order in range(ORDERS):
        batches = np.random.default_rng(order).permutation(60000)[: STEPS * BATCH].reshape(STEPS, BATCH)
        usual = pytorch_curve(batches, torch.contiguous_format)
        other = pytorch_curve(batches, torch.channels_last)
        our = our_curve(batches)
        ours.append(distance(our, usual))
        others.append(distance(other, usual))
        ends = [f"{our[step]:.6f}, {usual[step]:.6f}" for step in (0, -1)]
        print(f"| {order} | {ours[-1]:.4f} | {others[-1]:.4f} | {ends[0]} | {ends[1]} |", flush=True)
    ratio = statistics.median(ours) / statistics.median(others)
    print(f"| median | {statistics.median(ours):.4f} | {statistics.median(others):.4f} | ratio {ratio:.2f} | |")
    return 0 if ratio <= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
