"""State dicts as `torch.save` writes them, in both forms."""

import torch
from networks import FORMS, network

TORCH = f"torch {torch.__version__.split('+')[0]}"


def write_round_trips(cases):
    for variant, depth, stem in (
        ("lesson", 18, "imagenet"),
        ("lesson", 50, "imagenet"),
        ("lesson", 18, "cifar"),
        ("torchvision", 18, "imagenet"),
        ("torchvision", 50, "imagenet"),
    ):
        net = network(variant, depth, stem)
        for form, is_zip in FORMS.items():
            path = f"{variant}-{depth}-{stem}-{form}.pth"
            torch.save(net.state_dict(), cases.path(path), _use_new_zipfile_serialization=is_zip)
            cases.read(f"state dict: ResNet-{depth}, {variant}, stem {stem}, {form} form", TORCH, path, net.state_dict())
