"""The original lesson's network in PyTorch, with the stride that its text and trace describe and its code lacks.

The first convolution of stages 2 to 4 strides. The deeper networks, which the lesson leaves as an exercise, have
bottlenecks by the same conventions.
"""

import torch
from torch import nn


class Residual(nn.Module):
    expansion = 1

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


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        out_channels = channels * self.expansion
        self.conv1 = nn.Conv2d(in_channels, channels, 1, stride)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.conv3 = nn.Conv2d(channels, out_channels, 1)
        self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride) if in_channels != out_channels else None
        self.bn1 = nn.BatchNorm2d(channels)
        self.bn2 = nn.BatchNorm2d(channels)
        self.bn3 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        return torch.relu(self.bn3(self.conv3(y)) + (self.shortcut(x) if self.shortcut else x))


def lesson_net(blocks=(2, 2, 2, 2), width=64, channels=1, classes=10, block=Residual, stem="imagenet"):
    net = nn.Sequential()
    net.add_module("conv", nn.Conv2d(channels, width, *((7, 2, 3) if stem == "imagenet" else (3, 1, 1))))
    net.add_module("batchnorm", nn.BatchNorm2d(width))
    net.add_module("Relu", nn.ReLU())
    if stem == "imagenet":
        net.add_module("maxpool", nn.MaxPool2d(3, 2, 1))
    before = width
    for index, count in enumerate(blocks):
        inner = width * 2**index
        stage = nn.Sequential()
        for number in range(count):
            stage.add_module(f"residual_{number}", block(before, inner, 2 if index > 0 and number == 0 else 1))
            before = inner * block.expansion
        net.add_module(f"resnet_block{index + 1}", stage)
    net.add_module("GlobalAvr", nn.AdaptiveAvgPool2d((1, 1)))
    net.add_module("Flatten", nn.Flatten())
    net.add_module("FC", nn.Linear(before, classes))
    return net
