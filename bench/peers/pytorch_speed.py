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

BATCH = 128
WARM_UP = 5


class Residual(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, 1)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.conv3 = nn.Conv2d(in_channels, channels, 1, stride) if stride > 1 else None
        self.bn1 = nn.BatchNorm2d(channels)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (self.conv3(x) if self.conv3 else x))


def stage(in_channels, channels, stride):
    blocks = [("residual_0", Residual(in_channels, channels, stride)), ("residual_1", Residual(channels, channels))]
    module = nn.Sequential()
    for name, block in blocks:
        module.add_module(name, block)
    return module


def resnet18():
    net = nn.Sequential()
    net.add_module("conv", nn.Conv2d(1, 64, 7, 2, 3))
    net.add_module("batchnorm", nn.BatchNorm2d(64))
    net.add_module("Relu", nn.ReLU())
    net.add_module("maxpool", nn.MaxPool2d(3, 2, 1))
    for index, (in_channels, channels) in enumerate([(64, 64), (64, 128), (128, 256), (256, 512)]):
        net.add_module(f"resnet_block{index + 1}", stage(in_channels, channels, 2 if index else 1))
    net.add_module("GlobalAvr", nn.AdaptiveAvgPool2d((1, 1)))
    net.add_module("Flatten", nn.Flatten())
    net.add_module("FC", nn.Linear(512, 10))
    return net


def batches(folder, count):
    pixels = np.fromfile(f"{folder}/train-images-idx3-ubyte", np.uint8, offset=16)
    labels = np.fromfile(f"{folder}/train-labels-idx1-ubyte", np.uint8, offset=8)
    images = torch.from_numpy(pixels[: count * BATCH * 784].reshape(-1, 1, 28, 28).astype(np.float32)) / 127.5 - 1
    return list(zip(images.split(BATCH), torch.from_numpy(labels[: count * BATCH].astype(np.int64)).split(BATCH)))


folder, steps = sys.argv[1], int(sys.argv[2])
layout = torch.channels_last if sys.argv[3:] == ["channels_last"] else torch.contiguous_format
torch.manual_seed(0)
net = resnet18().to(memory_format=layout).train()
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
