"""Writes torchvision-reference.json: results of torchvision's networks, and of the lesson's of other depths.

Usage: python3 test/engine/torchvision_reference.py   (needs torchvision-requirements.txt)

All weights and images come from reference_numbers.py. PyTorch computes in double precision, so that the results are
right to all digits of single precision. torchvision-reference.slow.test.ts makes the same weights and images and
compares.
"""

import json
import pathlib
import sys

import torch
import torchvision

here = pathlib.Path(__file__).parent
sys.path += [str(here / "../support"), str(here / "../../bench/peers")]
from lesson_net import Bottleneck, Residual, lesson_net  # noqa: E402
from reference_numbers import fill, images  # noqa: E402

CLASSES = 10
TORCHVISION_ITSELF = {"variant": "torchvision", "width": 64, "stem": "imagenet", "channels": 3, "side": 64, "batch": 2}
# With these, PyTorch's single precision has every gradient to 2e-6; with all 16 blocks only to 10 %: ReLUs flip near 0.
FEW_BLOCKS = {"depth": 50, "blocks": [1, 2, 1, 1], "width": 8, "stem": "cifar", "channels": 2, "side": 16, "batch": 8}

EVALUATED = [
    {**TORCHVISION_ITSELF, "depth": 18},
    {**TORCHVISION_ITSELF, "depth": 50},
    {"variant": "torchvision", "depth": 34, "width": 8, "stem": "imagenet", "channels": 1, "side": 28, "batch": 3},
    {"variant": "torchvision", "depth": 101, "width": 8, "stem": "cifar", "channels": 1, "side": 28, "batch": 3},
    {"variant": "torchvision", "depth": 152, "width": 4, "stem": "imagenet", "channels": 3, "side": 45, "batch": 3},
    {"variant": "lesson", "depth": 34, "width": 16, "stem": "imagenet", "channels": 1, "side": 28, "batch": 3},
    {"variant": "lesson", "depth": 50, "width": 16, "stem": "imagenet", "channels": 1, "side": 28, "batch": 3},
    {"variant": "lesson", "depth": 18, "width": 8, "stem": "cifar", "channels": 3, "side": 17, "batch": 3},
]
TRAINED = [{"variant": "torchvision", **FEW_BLOCKS}, {"variant": "lesson", **FEW_BLOCKS}]


def network(variant, depth, width, stem, channels, blocks=None):
    net = getattr(torchvision.models, f"resnet{depth}")(num_classes=CLASSES)
    block = type(net.layer1[0])
    blocks = blocks or [len(getattr(net, f"layer{stage}")) for stage in range(1, 5)]
    if variant == "lesson":
        return lesson_net(blocks, width, channels, CLASSES, Bottleneck if block.expansion > 1 else Residual, stem)
    if (width, stem, channels) == (64, "imagenet", 3):
        return net
    net.inplanes = width
    net.conv1 = torch.nn.Conv2d(channels, width, *((7, 2, 3) if stem == "imagenet" else (3, 1, 1)), bias=False)
    net.bn1 = torch.nn.BatchNorm2d(width)
    if stem == "cifar":
        net.maxpool = torch.nn.Identity()
    for stage, count in enumerate(blocks):
        layer = net._make_layer(block, width * 2**stage, count, stride=1 if stage == 0 else 2)
        setattr(net, f"layer{stage + 1}", layer)
    net.fc = torch.nn.Linear(net.inplanes, CLASSES)
    return net


def prepared(case):
    net = network(**{key: value for key, value in case.items() if key not in ("side", "batch")})
    fill(net)
    return net.double(), images(case["batch"], case["channels"], case["side"]).double()


def evaluated(case):
    net, x = prepared(case)
    with torch.no_grad():
        logits = net.eval()(x)
    return {**case, "names": list(net.state_dict()), "logits": logits.flatten().tolist()}


def head(tensor):
    return tensor.detach().flatten()[:8].tolist()


def trained(case):
    net, x = prepared(case)
    loss = torch.nn.functional.cross_entropy(net.train()(x), torch.arange(case["batch"]) * 3 % CLASSES)
    loss.backward()
    gradients = {name: parameter.grad for name, parameter in net.named_parameters()}
    return {
        **case,
        "names": list(net.state_dict()),
        "loss": loss.item(),
        "gradients": {
            name: {"largest": gradient.abs().max().item(), "norm": gradient.norm().item(), "head": head(gradient)}
            for name, gradient in gradients.items()
        },
        "statistics": {name: head(value) for name, value in net.state_dict().items() if "running" in name},
    }


results = {"evaluated": [evaluated(case) for case in EVALUATED], "trained": [trained(case) for case in TRAINED]}
(here / "torchvision-reference.json").write_text(json.dumps(results) + "\n")
