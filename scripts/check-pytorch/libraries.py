"""Imports that need a word of explanation; every program here imports this first."""

import logging
import os
import sys
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # nothing is fetched here
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
sys.path.append(str(Path(__file__).parents[2] / "bench/peers"))

import torch  # noqa: E402

# torchvision's compiled ops load beside the build of torch that they were made with only. Without them it registers
# substitutes for ops that are not there, and fails. Its networks need none of these ops.
register_fake = torch.library.register_fake


def register_known(name, *rest, **named):
    if str(name).startswith("torchvision::"):
        return lambda function: function
    return register_fake(name, *rest, **named)


torch.library.register_fake = register_known
import torchvision  # noqa: E402, F401

torch.library.register_fake = register_fake
