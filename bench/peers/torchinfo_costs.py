"""Prints parameters and mult-adds of the original's network by torchinfo, to compare with `resnet summary`.

Usage: python3 torchinfo_costs.py [BATCH CHANNELS HEIGHT WIDTH CLASSES]

Without a size it prints the numbers that test/net/cost.test.ts expects.
"""

import sys

import torchinfo
from lesson_net import lesson_net

SIZES = [(1, 1, 28, 28, 10), (7, 1, 28, 28, 10), (1, 1, 224, 224, 10), (1, 3, 64, 64, 1000), (3, 2, 33, 50, 5)]

for *shape, classes in [tuple(map(int, sys.argv[1:]))] if len(sys.argv) > 1 else SIZES:
    found = torchinfo.summary(lesson_net(channels=shape[1], classes=classes), input_size=shape, verbose=0)
    print(*shape, classes, found.total_params, found.total_mult_adds)
