"""The original's network and recipe in PyTorch, corrected as its own text and trace ask: images a second of training.

Usage: python3 pytorch_speed.py FOLDER STEPS [channels_last]

FOLDER holds MNIST's four IDX files. Trains STEPS steps of 128 images after five to warm up, from tensors that were
prepared before the clock starts, and prints one line of JSON.
"""

import json
import resource
import sys
import time

import numpy as np
import torch
from torch import nn

from lesson_net import lesson_net

BATCH = 128
WARM_UP = 5


def batches(folder, count):
    pixels = np.fromfile(f"{folder}/train-images-idx3-ubyte", np.uint8, offset=16)
    labels = np.fromfile(f"{folder}/train-labels-idx1-ubyte", np.uint8, offset=8)
    images = torch.from_numpy(pixels[: count * BATCH * 784].reshape(-1, 1, 28, 28).astype(np.float32)) / 127.5 - 1
    return list(zip(images.split(BATCH), torch.from_numpy(labels[: count * BATCH].astype(np.int64)).split(BATCH)))


folder, steps = sys.argv[1], int(sys.argv[2])
layout = torch.channels_last if sys.argv[3:] == ["channels_last"] else torch.contiguous_format
torch.manual_seed(0)
net = lesson_net().to(memory_format=layout).train()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
milliseconds = []
for images, labels in batches(folder, steps + WARM_UP):
    images = images.to(memory_format=layout)
    began = time.perf_counter()
    optimizer.zero_grad()
    loss = criterion(net(images), labels)
    loss.backward()
    optimizer.step()
    milliseconds.append(1e3 * (time.perf_counter() - began))
median = float(np.median(milliseconds[WARM_UP:]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"imagesPerSecond": BATCH / median * 1e3, "loss": loss.item(), "peakMemoryBytes": peak}))
