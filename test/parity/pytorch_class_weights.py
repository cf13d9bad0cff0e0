"""Writes class-weights.json: PyTorch's loss and gradients with weights of classes, with and without label smoothing.

Usage: python3 test/parity/pytorch_class_weights.py && npx biome format --write test/parity/class-weights.json
       (needs test/parity/requirements.txt)

recipe-weighted.json has a step of a whole network with weights.
"""

import json
import pathlib

import torch

torch.manual_seed(20)
LABELS = [0, 2, 2, 1, 2, 0, 2, 2]
WEIGHTS = [1.5, 4.0, 0.25]
SMOOTHING = [0.0, 0.1, 0.7]

logits = (torch.randn(len(LABELS), len(WEIGHTS), dtype=torch.float64) * 3).round(decimals=3).requires_grad_()


def example(smoothing, weights):
    weight = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    loss = torch.nn.CrossEntropyLoss(weight=weight, label_smoothing=smoothing)(logits, torch.tensor(LABELS))
    (gradient,) = torch.autograd.grad(loss, logits)
    return {"smoothing": smoothing, "weights": weights, "loss": loss.item(), "gradient": gradient.flatten().tolist()}


examples = [example(smoothing, weights) for smoothing in SMOOTHING for weights in (None, WEIGHTS)]
result = {"labels": LABELS, "logits": logits.detach().flatten().tolist(), "examples": examples}
(pathlib.Path(__file__).parent / "class-weights.json").write_text(json.dumps(result) + "\n")
