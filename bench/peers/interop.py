"""Checks that checkpoints go both ways: this tool's into the network in PyTorch, PyTorch's into `resnet eval`.

Usage: npm run setup && python3 bench/peers/interop.py      (needs bench/peers/requirements.txt; two minutes)

Each side trains on 2,000 images, and the other evaluates its file on the 10,000 test images. Fails if the numbers of
correct predictions differ, or the losses by more than a part in 10,000.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy

import mnist
from lesson_net import lesson_net

RESNET = pathlib.Path(__file__).parents[2] / "bin/resnet.js"


def resnet(*words):
    """Runs the tool and parses the last line that it prints."""
    done = subprocess.run(["node", RESNET, *words, "--json"], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def train_ours(folder):
    sizes = ["--limit-train", "2000", "--limit-val", "500", "--epochs", "1"]
    return resnet("train", *sizes, "--checkpoint-dir", folder)["checkpoint"]


def train_pytorch(folder):
    torch.manual_seed(0)
    net = lesson_net().train()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    images, labels = mnist.tensors(*(part[:2000] for part in mnist.load("train")))
    for batch, classes in zip(images.split(125), labels.split(125)):
        optimizer.zero_grad()
        cross_entropy(net(batch), classes).backward()
        optimizer.step()
    path = f"{folder}/pytorch.safetensors"
    save_file(net.state_dict(), path)
    return path


def pytorch_test(path):
    """Mean loss and number of correct predictions of a file's network on the test images, by PyTorch."""
    net = lesson_net()
    net.load_state_dict(load_file(path), strict=True)
    net.eval()
    images, labels = mnist.tensors(*mnist.load("t10k"))
    with torch.inference_mode():
        logits = torch.cat([net(batch) for batch in images.split(500)])
    return cross_entropy(logits, labels).item(), (logits.argmax(1) == labels).sum().item()


def our_test(path):
    """Mean loss and number of correct predictions, by this tool."""
    result = resnet("eval", "--checkpoint", path)
    return result["loss"], round(result["accuracy"] * result["images"])


def main():
    same = True
    print("| trained by | loss: PyTorch, ours | relative difference | correct of 10,000: PyTorch, ours |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, path in (("resnet train", train_ours(folder)), ("PyTorch", train_pytorch(folder))):
            (loss, correct), (our_loss, our_correct) = pytorch_test(path), our_test(path)
            difference = abs(our_loss / loss - 1)
            print(f"| {name} | {loss:.7f}, {our_loss:.7f} | {difference:.1e} | {correct}, {our_correct} |", flush=True)
            same = same and correct == our_correct and difference <= 1e-4
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
