"""Trains the lesson's recipe in PyTorch, with the initial weights, split and order of `resnet train --recipe lesson`.

Usage: npm run setup && python3 bench/recipes/pytorch_lesson.py SEED...
       (needs bench/peers/requirements.txt; six minutes a seed on 2 cores)

Prints, for each seed, a line of JSON: validation loss and accuracy after each epoch, and the test accuracy of the epoch
with the lowest validation loss.
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench/peers"))

import mnist  # noqa: E402
from lesson_net import lesson_net  # noqa: E402

BATCH = 128
LAYOUT = torch.channels_last  # the faster of PyTorch's two layouts


def starting_point(seed):
    """Initial weights, indices of the validation images, and for each epoch indices of the images in training order."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", ROOT / "dist/bench/recipes/starting-point.js", str(seed), folder], check=True)
        indices = json.loads(pathlib.Path(folder, "indices.json").read_text())
        return load_file(f"{folder}/initial.safetensors"), indices["validation"], indices["epochs"]


def evaluate(net, pixels, labels):
    """Mean loss and accuracy over images."""
    net.eval()
    loss = correct = 0
    with torch.no_grad():
        for begin in range(0, len(labels), 500):
            images, classes = mnist.tensors(pixels[begin : begin + 500], labels[begin : begin + 500])
            logits = net(images.to(memory_format=LAYOUT))
            loss += cross_entropy(logits, classes, reduction="sum").item()
            correct += (logits.argmax(1) == classes).sum().item()
    return loss / len(labels), correct / len(labels)


def train(seed):
    weights, validation, epochs = starting_point(seed)
    pixels, labels = mnist.load("train")
    net = lesson_net()
    net.load_state_dict(weights)
    net.to(memory_format=LAYOUT)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    validated = []
    best = None
    for order in epochs:
        net.train()
        for begin in range(0, len(order), BATCH):
            batch = order[begin : begin + BATCH]
            images, classes = mnist.tensors(pixels[batch], labels[batch])
            optimizer.zero_grad()
            cross_entropy(net(images.to(memory_format=LAYOUT)), classes).backward()
            optimizer.step()
        validated.append(evaluate(net, pixels[validation], labels[validation]))
        if validated[-1] == min(validated):
            best = copy.deepcopy(net.state_dict())
    net.load_state_dict(best)
    _, accuracy = evaluate(net, *mnist.load("t10k"))
    return {"seed": seed, "validation": validated, "testAccuracy": accuracy}


for word in sys.argv[1:]:
    print(json.dumps(train(int(word))), flush=True)
