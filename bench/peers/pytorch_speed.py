"""Measures the speed of the original's network and recipe in PyTorch (see lesson_net.py).

Usage: python3 pytorch_speed.py FOLDER STEPS [channels_last]

FOLDER has MNIST's four IDX files. Trains STEPS steps of 128 images, then evaluates batches of 128, 500 and 1000, each
after some steps to warm up. Prints one line of JSON with the field names of `resnet bench --json`. Speeds are in images
per second, of the median step. Batches are prepared before the clock starts.
"""

import json
import resource
import sys
import time
from functools import partial

import numpy as np
import torch
from torch import nn

import mnist
from lesson_net import lesson_net

TRAIN_BATCH = 128
TRAIN_WARM_UP = 5
EVAL_BATCHES = (128, 500, 1000)
EVAL_IMAGES = 3000
EVAL_WARM_UP = 2


def batches(folder, name, size, count, layout):
    """Yields `count` batches of a part, "train" or "t10k"; after the last image it starts again."""
    pixels, labels = mnist.load(name, folder)
    for index in range(count):
        first = index % (len(labels) // size) * size
        images, classes = mnist.tensors(pixels[first : first + size], labels[first : first + size])
        yield images.to(memory_format=layout), classes


def train_step(net, optimizer, images, labels):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def count_correct(net, images, labels):
    return (net(images).argmax(1) == labels).sum().item()


def speed(step, prepared, warm_up):
    """Speed of the median step after `warm_up` steps, in images per second, and the result of the last step."""
    seconds = []
    for images, labels in prepared:
        began = time.perf_counter()
        result = step(images, labels)
        seconds.append(time.perf_counter() - began)
    return len(labels) / float(np.median(seconds[warm_up:])), result


def peak_memory():
    """Peak resident size in bytes; Linux counts it in KiB, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(folder, steps, layout):
    torch.manual_seed(0)
    net = lesson_net().to(memory_format=layout)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)

    net.train()
    train_batches = batches(folder, "train", TRAIN_BATCH, steps + TRAIN_WARM_UP, layout)
    train_speed, loss = speed(partial(train_step, net, optimizer), train_batches, TRAIN_WARM_UP)
    train_memory = peak_memory()

    net.eval()
    eval_speeds = {}
    with torch.inference_mode():
        for size in EVAL_BATCHES:
            eval_batches = batches(folder, "t10k", size, EVAL_IMAGES // size + EVAL_WARM_UP, layout)
            eval_speeds[size], _ = speed(partial(count_correct, net), eval_batches, EVAL_WARM_UP)

    result = {
        "trainImagesPerSecond": train_speed,
        "evalByBatchSize": eval_speeds,
        "evalImagesPerSecond": max(eval_speeds.values()),
        "trainPeakMemoryBytes": train_memory,
        "peakMemoryBytes": peak_memory(),
        "loss": loss,
        "pytorchVersion": torch.__version__,
    }
    print(json.dumps(result))


def layout_of(words):
    """The memory layout that the last words of a command line name: `channels_last`, or none for the default."""
    return torch.channels_last if words == ["channels_last"] else torch.contiguous_format


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), layout_of(sys.argv[3:]))
