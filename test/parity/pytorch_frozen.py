"""Writes frozen.json: PyTorch's weights and running statistics after a step with frozen parts and after one that follows
their thaw, in double precision.

Usage: python3 test/parity/pytorch_frozen.py && npx biome format --write test/parity/frozen.json
       (needs test/parity/requirements.txt)

One frozen part is in front of trained ones, the other between them. An epsilon as large as the gradients makes the size of
the gradients visible, as in pytorch_recipe.py.
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
BATCH = {"batch": 7, "side": 28, "seed": 1002}
FROZEN = ["stem", "stage3"]
RECIPE = {"learningRate": 0.01, "epsilon": 0.001, "weightDecay": 0.3, "clipNorm": 0.5, "bodyRate": 0.4}

net = lesson_net(NETWORK["blocks"], NETWORK["width"])
fill(net)
net.double().train()
parts = {
    "stem": [net.conv, net.batchnorm],
    **{f"stage{index}": [getattr(net, f"resnet_block{index}")] for index in range(1, 5)},
}
parameters = {part: [each for module in modules for each in module.parameters()] for part, modules in parts.items()}
frozen_modules = [module for part in FROZEN for module in parts[part]]
frozen_parameters = [each for part in FROZEN for each in parameters[part]]
for module in frozen_modules:
    module.eval()
    module.requires_grad_(False)
body_rate = RECIPE["learningRate"] * RECIPE["bodyRate"]
body = [each for part, group in parameters.items() if part not in FROZEN for each in group]
optimizer = torch.optim.AdamW(
    [{"params": list(net.FC.parameters())}, {"params": body, "lr": body_rate}],
    lr=RECIPE["learningRate"],
    eps=RECIPE["epsilon"],
    weight_decay=RECIPE["weightDecay"],
)
pixels, labels = mnist.tensors(*images(BATCH["seed"], BATCH["batch"], BATCH["side"]))


def step():
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(pixels.double()), labels)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(net.parameters(), RECIPE["clipNorm"])
    optimizer.step()
    state = {
        name: [float(f"{value:.9g}") for value in sample(tensor.detach()).tolist()]
        for name, tensor in net.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    return {"loss": loss.item(), "norm": norm.item(), "state": state}


before = step()
for module in frozen_modules:
    module.train()
    module.requires_grad_(True)
optimizer.add_param_group({"params": frozen_parameters, "lr": body_rate})
result = {**NETWORK, **BATCH, "frozen": FROZEN, "recipe": RECIPE, "steps": [before, step()]}
(here / "frozen.json").write_text(json.dumps(result) + "\n")
