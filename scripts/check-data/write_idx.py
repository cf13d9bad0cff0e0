"""Writes IDX files as MNIST, EMNIST and QMNIST have them, and notes what the trainer should read of them."""

import gzip
import struct

import numpy as np

from cases import Cases
from pictures import draw, resized

WRITER = f"NumPy {np.__version__}, gzip"
CODES = {"uint8": 8, "int32": 12}


def idx(array) -> bytes:
    """The bytes of an IDX file: its type, its dimensions, then big-endian values."""
    head = struct.pack(">BBBB", 0, 0, CODES[array.dtype.name], array.ndim) + struct.pack(
        f">{array.ndim}I", *array.shape
    )
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


def values(path) -> np.ndarray:
    """The array of an IDX file, as torchvision's `read_sn3_pascalvincent_tensor` reads it."""
    data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    dtype = {8: ">u1", 12: ">i4"}[data[2]]
    shape = struct.unpack(f">{data[3]}I", data[4 : 4 + 4 * data[3]])
    return np.frombuffer(data, dtype, offset=4 + 4 * data[3]).reshape(shape)


def images_of(count, mode="L"):
    return np.stack([np.asarray(draw(seed, 14, 14, mode)) for seed in range(count)])


def write_idx(cases: Cases) -> None:
    def write(root, files):
        for name, array in files.items():
            data = idx(array)
            cases.path(f"{root}/{name}").write_bytes(gzip.compress(data) if name.endswith(".gz") else data)

    def read(what, files, *, upright=False, first=0, names=None, size=None, **options):
        """Writes files of images and labels, the part to train on first, and notes each part."""
        root = f"idx/{len(cases.cases)}"
        write(root, {name: array for name, array in files.items()})
        paths = [cases.folder / root / name for name in files]
        for part, (images_file, labels_file) in zip(("train", "test"), zip(paths[::2], paths[1::2])):
            images, labels = values(images_file), values(labels_file)
            images = images.swapaxes(1, 2) if upright else images
            images = images if images.ndim == 4 else images[..., None]
            labels = (labels if labels.ndim == 1 else labels[:, 0]) - first
            options.update({"size": size} if size else {})
            images = resized(images, size) if size else images
            labels = labels if names is None else [names[label] for label in labels]
            cases.read(f"IDX: {what}, {part}", WRITER, root, images, labels, names=names, part=part, **options)

    images, labels = images_of(6), np.array([3, 0, 9, 1, 1, 7], np.uint8)
    for ending in ("", ".gz"):
        names = [
            f"{part}-{holds}{ending}"
            for part in ("train", "t10k")
            for holds in ("images-idx3-ubyte", "labels-idx1-ubyte")
        ]
        read(f"MNIST's names{ending and ', gzip'}", dict(zip(names, (images, labels, images[:2], labels[:2]))))
    files = {"train-images.idx3-ubyte": images, "train-labels.idx1-ubyte": labels}
    read("names with a dot", files)
    read("enlarged", files, size=(28, 30), fit="stretch")
    read("--transpose", files, upright=True, transpose=True)
    read("colour, N×H×W×3", {"train-images-idx4-ubyte": images_of(4, "RGB"), "train-labels-idx1-ubyte": labels[:4]})

    letters = [chr(ord("a") + i) for i in range(26)]
    from_one = np.arange(1, 27, dtype=np.uint8)
    says = ["run from 1 to 26 and are taken as 0 to 25", "are turned upright"]
    emnist = [
        f"emnist-letters-{part}-{holds}.gz"
        for part in ("train", "test")
        for holds in ("images-idx3-ubyte", "labels-idx1-ubyte")
    ]
    arrays = (images_of(26), from_one, images_of(26)[:3], from_one[:3])
    read("EMNIST's letters, gzip", dict(zip(emnist, arrays)), upright=True, first=1, names=letters, says=says)

    rows = np.zeros((6, 8), np.int32)
    rows[:, 0], rows[:, 1:] = labels, np.arange(42).reshape(6, 7) * 1000
    qmnist = {"qmnist-train-images-idx3-ubyte.gz": images, "qmnist-train-labels-idx2-int.gz": rows}
    read("QMNIST's int32 rows, gzip", qmnist)
    many = np.array([0, 299, 300, 7, 65534, 256], np.int32)
    read("more than 256 classes", {"big-train-images-idx3-ubyte": images, "big-train-labels-idx1-int": many})
    write_refused(cases, write, images, labels)


def write_refused(cases: Cases, write, images, labels) -> None:
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")

    def refused(what, arrays, sentence, *, file_names=names, cut=None, **choice):
        root = f"idx/{len(cases.cases)}"
        write(root, dict(zip(file_names, arrays)))
        if cut is not None:
            path = cases.folder / root / cut
            path.write_bytes(path.read_bytes()[:-5])
        cases.refused(f"IDX: {what}", WRITER, root, sentence, **choice)

    refused("fewer labels than images", (images, labels[:5]), "found 5 labels, expected 6")
    refused("images cut off", (images, labels), "expected", cut=names[0])
    zipped = tuple(f"{name}.gz" for name in names)
    refused("gzip cut off", (images, labels), "gz", file_names=zipped, cut=zipped[0])
    refused("a label beyond --classes", (images, labels), "give --classes 10", classes=5)
    refused("two channels", (np.stack([images, images], -1), labels), "1 (grey) or 3 (colour)")
    refused("labels without images", (labels[:0], labels), "expected", file_names=("other", names[1]))
    negative = np.array([0, 1, -1, 2, 3, 4], np.int32)
    refused(
        "a label of −1",
        (images, negative),
        "expected 0 to",
        file_names=("p-train-images-idx3-ubyte", "p-train-labels-idx1-int"),
    )
