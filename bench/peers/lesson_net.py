"""The original's network in PyTorch, corrected as its own text and trace ask: the first convolution of stages 2 to 4 strides."""

import torch
from torch import nn


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


def lesson_net(blocks=(2, 2, 2, 2), width=64, channels=1, classes=10):
    net = nn.Sequential()
    net.add_module("conv", nn.Conv2d(channels, width, 7, 2, 3))
    net.add_module("batchnorm", nn.BatchNorm2d(width))
    net.add_module("Relu", nn.ReLU())
    net.add_module("maxpool", nn.MaxPool2d(3, 2, 1))
    before = width
    for index, count in enumerate(blocks):
        after = width * 2**index
        stage = nn.Sequential()
        for block in range(count):
            stage.add_module(f"residual_{block}", Residual(before, after, 2 if index > 0 and block == 0 else 1))
            before = after
        net.add_module(f"resnet_block{index + 1}", stage)
    net.add_module("GlobalAvr", nn.AdaptiveAvgPool2d((1, 1)))
    net.add_module("Flatten", nn.Flatten())
    net.add_module("FC", nn.Linear(before, classes))
    return net
