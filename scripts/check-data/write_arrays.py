"""Writes .npz and .npy files with NumPy, and notes what the trainer should read of them."""

import numpy as np

from cases import Cases
from pictures import pixels, resized

WRITER = f"NumPy {np.__version__}"


def images_of(count, grey=False, width=12, height=10):
    images = np.stack([pixels(seed, width, height) for seed in range(count)])
    return images[..., 1] if grey else images


def as_images(array):
    return array if array.ndim == 4 else array[..., None]


def read_npz(
    cases: Cases, what, arrays, keys, *, writer=np.savez_compressed, change=lambda x: x, given=0, names=None, **choice
):
    """Writes arrays and notes a part of them; keys: images and labels of the part, and of what follows it."""
    path = f"npz/{len(cases.cases)}.npz"
    writer(cases.path(path), **arrays)
    with np.load(cases.folder / path) as stored:
        images = np.concatenate([as_images(change(stored[key])) for key in keys[::2]])
        labels = np.concatenate([stored[key].reshape(-1).astype(np.int64) for key in keys[1::2]])
    images = resized(images, choice["size"], choice["fit"]) if "size" in choice else images
    labels = labels if names is None else [names[label] for label in labels]
    cases.read(f".npz: {what}", WRITER, path, images, labels, given_validation=given, names=names, **choice)


def medmnist(grey=False, dtype=np.uint8):
    labels = {"train": [[3], [1], [0], [8]], "val": [[2], [1]], "test": [[5], [0], [1]]}
    parts = {}
    for part, column in labels.items():
        parts[f"{part}_images"] = images_of(len(column), grey)[::-1]
        parts[f"{part}_labels"] = np.array(column, dtype)
    return parts


def keras(**changes):
    images = images_of(5, grey=True)
    arrays = {
        "x_train": images,
        "y_train": np.array([5, 0, 4, 1, 9], np.uint8),
        "x_test": images[:2],
        "y_test": np.array([7, 2], np.uint8),
    }
    return {**arrays, **changes}


def write_npz(cases: Cases) -> None:
    keys = ["train_images", "train_labels", "val_images", "val_labels"]
    for what, arrays in {
        "MedMNIST, colour, labels N×1": medmnist(),
        "MedMNIST, grey": medmnist(grey=True),
        "MedMNIST, int64 labels N×1": medmnist(dtype=np.int64),
    }.items():
        read_npz(cases, what, arrays, keys, given=2)
    read_npz(cases, "MedMNIST, test", medmnist(), ["test_images", "test_labels"], part="test")
    train = ["x_train", "y_train"]
    read_npz(cases, "Keras, uncompressed", keras(), train, writer=np.savez)
    read_npz(cases, "Keras, test", keras(), ["x_test", "y_test"], part="test")
    read_npz(cases, "Fortran order", keras(x_train=np.asfortranarray(images_of(5))), train)
    read_npz(cases, "transposed in place", keras(x_train=images_of(5, grey=True).T.copy().T), train)
    read_npz(cases, "big-endian labels", keras(y_train=np.array([5, 0, 400, 1, 9], ">i8")), train)
    read_npz(cases, "whole labels as floats", keras(y_train=np.array([5, 0, 4, 1, 9], np.float32)), train)
    read_npz(cases, "boolean labels", keras(y_train=np.array([True, False, True, True, False])), train)
    first = np.ascontiguousarray(images_of(5).transpose(0, 3, 1, 2))
    says = ["has its channels first"]
    read_npz(cases, "channels first", keras(x_train=first), train, change=lambda x: x.transpose(0, 2, 3, 1), says=says)
    read_npz(cases, "names for the numbers", keras(), train, names=list("abcdefghij"), classNames=list("abcdefghij"))
    for fit in ("pad", "crop", "stretch"):
        # Arrays are resized by the trainer itself: no level may differ, made smaller or larger.
        read_npz(cases, f"enlarged by {fit}", keras(), train, size=(31, 40), fit=fit)
        read_npz(cases, f"reduced by {fit}", medmnist(), keys, given=2, size=(7, 8), fit=fit)
    write_refused_npz(cases)


def write_refused_npz(cases: Cases) -> None:
    def refused(what, arrays, sentence, **choice):
        path = f"npz/{len(cases.cases)}.npz"
        np.savez_compressed(cases.path(path), **arrays)
        cases.refused(f".npz: {what}", WRITER, path, sentence, **choice)
        return cases.folder / path

    refused(
        "ChestMNIST's 14 labels an image",
        {**medmnist(), "train_labels": np.zeros((4, 14), np.uint8)},
        "holds 14 labels for each image",
    )
    refused("images as floats", keras(x_train=np.zeros((5, 4, 4), np.float32)), "(x * 255).astype('uint8')")
    refused("images as rows", keras(x_train=np.zeros((5, 16), np.uint8)), "x.reshape(-1, 4, 4)")
    refused("transparent images", keras(x_train=np.zeros((5, 8, 8, 4), np.uint8)), "x[..., :3]")
    refused(
        "no images",
        keras(x_train=np.zeros((0, 8, 8), np.uint8), y_train=np.zeros(0, np.uint8)),
        "store at least one image",
    )
    refused("labels as one-hot rows", keras(y_train=np.eye(5, dtype=np.uint8)), "labels.argmax(1)")
    refused("labels as texts", keras(y_train=np.array(list("abcde"))), "np.unique")
    refused(
        "labels as objects", keras(y_train=np.array([1, "a", 2, 3, 4], object)), "a pickle, which is never executed"
    )
    refused("fewer labels than images", keras(y_train=np.zeros(3, np.uint8)), "holds 3 labels, but")
    refused("a label of −1", keras(y_train=np.array([0, 1, -1, 2, 3])), "label -1; labels are whole numbers from 0")
    refused("a label of 0.5", keras(y_train=np.array([0, 1, 0.5, 2, 3])), "label 0.5; labels are whole numbers from 0")
    refused("a label beyond --classes", keras(), "give a larger --classes", classes=9)
    refused(
        "arrays without names",
        {"arr_0": images_of(2), "arr_1": np.arange(2)},
        "name the arrays train_images and train_labels",
    )
    path = refused("one bit damaged", keras(), "damaged")
    data = bytearray(path.read_bytes())
    data[300] ^= 1
    path.write_bytes(data)
    path = refused("cut off", keras(), "fetch it again")
    path.write_bytes(path.read_bytes()[:-30])


def write_npy(cases: Cases) -> None:
    def write(arrays, version=None):
        root = f"npy/{len(cases.cases)}"
        for name, array in arrays.items():
            with cases.path(f"{root}/{name}.npy").open("wb") as file:
                np.lib.format.write_array(file, array, version=version)
        return root

    def read(what, arrays, version=None, **choice):
        root = write(arrays, version)
        images, labels = (np.load(cases.folder / root / f"{name}.npy") for name in list(arrays)[:2])
        images = resized(as_images(images), choice["size"], choice["fit"]) if "size" in choice else as_images(images)
        cases.read(f".npy pairs: {what}", WRITER, root, images, labels.reshape(-1), **choice)

    labels = np.array([2, 0, 1], np.int64)
    test = {"test_images": images_of(2), "test_labels": labels[:2]}
    for version in ((1, 0), (2, 0), (3, 0)):
        read(
            f"header {version[0]}.{version[1]}", {"train_images": images_of(3), "train_labels": labels, **test}, version
        )
    read("test", {**test, "train_images": images_of(3), "train_labels": labels}, part="test")
    read(
        "grey, Fortran order, big-endian labels",
        {"X_train": np.asfortranarray(images_of(3, True)), "y_train": labels.astype(">u2")},
    )
    read("images and labels", {"images": images_of(3), "labels": labels[:, None]})
    read("reduced", {"images": images_of(3), "labels": labels}, size=(6, 5), fit="stretch")

    def refused(what, arrays, sentence):
        cases.refused(f".npy pairs: {what}", WRITER, write(arrays), sentence)

    refused("images alone", {"train_images": images_of(3)}, "holds no data that are read")
    refused("more labels than images", {"images": images_of(2), "labels": labels}, "holds 3 labels, but")
    twice = {"train_images": images_of(3), "x_train": images_of(3), "labels": labels}
    refused("two arrays of images", twice, "are images of the part train; remove or rename one")
