"""The original's network and recipe in PyTorch, corrected as its own text and trace ask: images a second.

Usage: python3 pytorch_speed.py FOLDER STEPS [channels_last]

FOLDER holds MNIST's four IDX files. Trains STEPS steps of 128 images, then evaluates by batches of 128, 500 and 1000,
each after some to warm up, and prints one line of JSON with the names of `resnet bench --json`. The speeds are of the
median step. Batches are tensors that were prepared before the clock starts.
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
    """Yields `count` batches of the images called `name` ("train" or "t10k"), from the first again where they end."""
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
    """Images a second of the median step after `warm_up` steps, and what the last step returned."""
    seconds = []
    for images, labels in prepared:
        began = time.perf_counter()
        result = step(images, labels)
        seconds.append(time.perf_counter() - began)
    return len(labels) / float(np.median(seconds[warm_up:])), result


def peak_memory():
    """Bytes; the system counts in KiB, macOS in bytes."""
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


main(sys.argv[1], int(sys.argv[2]), torch.channels_last if sys.argv[3:] == ["channels_last"] else torch.contiguous_format)
