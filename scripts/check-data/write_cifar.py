"""Writes CIFAR-10 and CIFAR-100 in their binary version, and notes what the trainer should read of them."""

import pickle

import numpy as np

from cases import Cases
from pictures import pixels, resized

WRITER = f"NumPy {np.__version__}"
NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def records(seeds, labels) -> bytes:
    """Records of labels and the planes red, green, blue. labels: uint8 [count, 1 or 2]"""
    planes = np.stack([pixels(seed, 32, 32).transpose(2, 0, 1).reshape(-1) for seed in seeds])
    return np.hstack([np.asarray(labels, np.uint8), planes]).tobytes()


def read_records(path, label_bytes):
    """Images and the last labels, as CIFAR's page describes the records."""
    rows = np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, label_bytes + 3072)
    return rows[:, label_bytes:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), rows[:, label_bytes - 1]


def write_cifar(cases: Cases) -> None:
    def write(files):
        root = f"cifar/{len(cases.cases)}"
        for name, content in files.items():
            data = content if isinstance(content, bytes) else ("\n".join(content) + "\n\n").encode()
            cases.path(f"{root}/{name}").write_bytes(data)
        return root

    def read(what, root, files, label_bytes, names, **choice):
        parts = [read_records(cases.folder / root / name, label_bytes) for name in files]
        images, labels = (np.concatenate(arrays) for arrays in zip(*parts))
        labels = labels if names is None else [names[label] for label in labels]
        images = resized(images, choice["size"]) if "size" in choice else images
        cases.read(f"CIFAR: {what}", WRITER, root, images, labels, names=names, **choice)

    first, second, test = [[3], [0], [9]], [[1], [1]], [[7], [2]]
    batches = {
        "data_batch_1.bin": records(range(3), first),
        "data_batch_2.bin": records(range(3, 5), second),
        "test_batch.bin": records(range(5, 7), test),
    }
    root = write({**batches, "batches.meta.txt": NAMES})
    train = ["data_batch_1.bin", "data_batch_2.bin"]
    read("CIFAR-10, two batches", root, train, 1, NAMES)
    read("CIFAR-10, test", root, ["test_batch.bin"], 1, NAMES, part="test")
    read("CIFAR-10, enlarged", root, train, 1, NAMES, size=(64, 64))
    read("CIFAR-10 without names", write(batches), train, 1, None, says=["the classes are numbers"])
    nested = write(
        {f"cifar-10-batches-bin/{name}": data for name, data in {**batches, "batches.meta.txt": NAMES}.items()}
    )
    read("CIFAR-10, the folder above", nested, [f"cifar-10-batches-bin/{name}" for name in train], 1, NAMES)

    fine = [f"kind_{i:02}" for i in range(100)]
    hundred = {
        "train.bin": records(range(4), [[0, 99], [19, 5], [3, 0], [3, 42]]),
        "test.bin": records(range(4, 6), [[1, 7], [2, 8]]),
    }
    root = write({**hundred, "fine_label_names.txt": fine})
    read("CIFAR-100, fine labels", root, ["train.bin"], 2, fine)
    read("CIFAR-100, test", root, ["test.bin"], 2, fine, part="test")

    def refused(what, files, sentence):
        cases.refused(f"CIFAR: {what}", WRITER, write(files), sentence)

    refused(
        "a batch cut off",
        {"data_batch_1.bin": records(range(3), first)[:-100]},
        "not a whole number of CIFAR-10's records",
    )
    refused("an empty batch", {"data_batch_1.bin": b""}, "holds 0 bytes")
    refused(
        "a label beyond the names",
        {"data_batch_1.bin": records([1], [[10]]), "batches.meta.txt": NAMES},
        "label 10, but batches.meta.txt names 10 classes",
    )
    data = pickle.dumps({b"labels": [0], b"data": np.zeros((1, 3072), np.uint8)})
    refused("the version for Python", {"data_batch_1": data, "batches.meta": data}, "pickles are never executed")
