"""Writes recipe.json: PyTorch's weights after one step with no hyper-parameter at its default, in double precision.
Writes recipe-weighted.json: the same with weights of the classes.

Usage: python3 test/parity/pytorch_recipe.py && npx biome format --write test/parity/recipe*.json
       (needs test/parity/requirements.txt)

Adam's first step hardly depends on the size of the gradients, which would hide clipping; an epsilon as large as the
gradients makes clipping visible.
"""

import json
import pathlib
import sys

import torch

from generator import fill, images, sample

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here / "../../bench/peers"))
import mnist  # noqa: E402
from lesson_net import lesson_net  # noqa: E402

NETWORK = {"blocks": [2, 2, 2, 2], "width": 8}
BATCH = {"batch": 7, "side": 28, "seed": 1002}  # a case of fixtures.json: no ReLU's input is near 0
RECIPE = {
    "learningRate": 0.01,
    "betas": [0.8, 0.98],
    "epsilon": 0.001,
    "weightDecay": 0.3,
    "clipNorm": 0.5,
    "labelSmoothing": 0.1,
    "bodyRate": 0.4,
}

CLASS_WEIGHTS = [0.5, 3.0, 4.0, 0.25, 1.0, 2.0, 0.125, 6.0, 1.5, 0.75]


def example(class_weights=None):
    net = lesson_net(NETWORK["blocks"], NETWORK["width"])
    fill(net)
    net.double().train()
    pixels, labels = mnist.tensors(*images(BATCH["seed"], BATCH["batch"], BATCH["side"]))
    head = list(net.FC.parameters())
    body = [parameter for name, parameter in net.named_parameters() if not name.startswith("FC.")]
    optimizer = torch.optim.AdamW(
        [{"params": head}, {"params": body, "lr": RECIPE["learningRate"] * RECIPE["bodyRate"]}],
        lr=RECIPE["learningRate"],
        betas=tuple(RECIPE["betas"]),
        eps=RECIPE["epsilon"],
        weight_decay=RECIPE["weightDecay"],
    )
    weight = None if class_weights is None else torch.tensor(class_weights, dtype=torch.float64)
    criterion = torch.nn.CrossEntropyLoss(weight=weight, label_smoothing=RECIPE["labelSmoothing"])
    loss = criterion(net(pixels.double()), labels)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(net.parameters(), RECIPE["clipNorm"])
    optimizer.step()
    named = net.named_parameters()
    weights = {name: [float(f"{value:.9g}") for value in sample(tensor.detach()).tolist()] for name, tensor in named}
    weighted = {} if class_weights is None else {"classWeights": class_weights}
    step = {"recipe": RECIPE, **weighted, "loss": loss.item(), "norm": norm.item(), "weights": weights}
    return {**NETWORK, **BATCH, **step}


(here / "recipe.json").write_text(json.dumps(example()) + "\n")
(here / "recipe-weighted.json").write_text(json.dumps(example(CLASS_WEIGHTS)) + "\n")
