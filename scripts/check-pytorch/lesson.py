"""The lesson in PyTorch: trains its network on MNIST, and saves model.pth in both forms.

    lesson.py train FOLDER      prints loss and correct answers of the test images
    lesson.py evaluate FILE     prints the same of a file
"""

import libraries  # noqa: F401, I001

import json
import sys

import mnist
import torch
from lesson_net import lesson_net
from networks import FORMS
from torch import nn

STEPS = 200
BATCH = 32


def evaluate(model):
    """Mean loss, and number of correct answers, of the test images."""
    model.eval()
    images, labels = mnist.tensors(*mnist.load("t10k"))
    with torch.inference_mode():
        logits = torch.cat([model(batch) for batch in images.split(500)])
    return {"loss": nn.functional.cross_entropy(logits, labels).item(), "correct": int((logits.argmax(1) == labels).sum())}


def train(folder):
    torch.manual_seed(0)
    model = lesson_net()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    images, labels = mnist.tensors(*(part[: STEPS * BATCH] for part in mnist.load("train")))
    model.train()
    for inputs, classes in zip(images.split(BATCH), labels.split(BATCH)):
        optimizer.zero_grad()
        criterion(model(inputs), classes).backward()
        optimizer.step()
    for form, is_zip in FORMS.items():
        torch.save(model.state_dict(), f"{folder}/model-{form}.pth", _use_new_zipfile_serialization=is_zip)
    return evaluate(model)


def load(path):
    model = lesson_net()
    model.load_state_dict(torch.load(path, weights_only=True), strict=True)
    return evaluate(model)


print(json.dumps({"train": train, "evaluate": load}[sys.argv[1]](sys.argv[2])))
