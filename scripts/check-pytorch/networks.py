"""The networks of the tool's variants in PyTorch, with random weights and statistics."""

import torch
import torchvision
from lesson_net import Bottleneck, Residual, lesson_net
from torch import nn

# By the names of the forms, whether `torch.save` writes a zip file.
FORMS = {"zip": True, "stream": False}

BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def network(variant, depth, stem="imagenet", width=None, channels=1, classes=10):
    """A network of a variant; width: 8 for the lesson's unless given, 64 for torchvision's."""
    if variant == "lesson":
        block = Bottleneck if depth >= 50 else Residual
        return shaken(lesson_net(BLOCKS[depth], width or 8, channels, classes, block, stem))
    net = torchvision.models.get_model(f"resnet{depth}", num_classes=classes)
    if width not in (None, 64):
        narrow(net, depth, width, classes)
    sizes = dict(kernel_size=7, stride=2, padding=3) if stem == "imagenet" else dict(kernel_size=3, padding=1)
    net.conv1 = nn.Conv2d(channels, width or 64, bias=False, **sizes)
    if stem == "cifar":
        net.maxpool = nn.Identity()
    return shaken(net)


def narrow(net, depth, width, classes):
    """Makes all of torchvision's network anew that depends on its width, but the first convolution."""
    block, net.inplanes = type(net.layer1[0]), width
    net.bn1 = nn.BatchNorm2d(width)
    for stage, count in enumerate(BLOCKS[depth]):
        layer = net._make_layer(block, width * 2**stage, count, stride=1 if stage == 0 else 2)
        setattr(net, f"layer{stage + 1}", layer)
    net.fc = nn.Linear(net.inplanes, classes)


def shaken(net):
    """The network with statistics and counters that are not those of a new one."""
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if name.endswith("running_mean"):
                tensor.normal_()
            elif name.endswith("running_var"):
                tensor.uniform_(0.5, 2)
            elif name.endswith("num_batches_tracked"):
                tensor.fill_(1234)
    return net
