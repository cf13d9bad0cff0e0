"""Makes the files of this folder by the libraries that people write data sets with, and what they hold as expected.json.

Run in this folder: python make_files.py, with numpy 2.4.6, datasets 5.2.0 (pyarrow 26.0.1), polars 2.1.0, pandas 3.1.1
and pillow, then npx biome check --write expected.json. The same versions make the same bytes.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from datasets.table import embed_table_storage
from PIL import Image

random = np.random.default_rng(18)
expected = {}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def images(*shape):
    return random.integers(0, 256, shape, dtype=np.uint8)


def picture(seed, side=6):
    """A small colour picture, the same for the same seed."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8))


def png(seed):
    out = io.BytesIO()
    picture(seed).save(out, "PNG")
    return out.getvalue()


def note(name, **facts):
    expected[name] = {
        key: digest(np.ascontiguousarray(value).tobytes()) if getattr(value, "ndim", 0) > 2 else np.asarray(value).tolist()
        for key, value in facts.items()
    }


# MedMNIST's keys and shapes: labels (N, 1), compressed.
arrays = {
    "train_images": images(7, 6, 6, 3),
    "train_labels": random.integers(0, 9, (7, 1), dtype=np.uint8),
    "val_images": images(3, 6, 6, 3),
    "val_labels": random.integers(0, 9, (3, 1), dtype=np.uint8),
    "test_images": images(4, 6, 6, 3),
    "test_labels": random.integers(0, 9, (4, 1), dtype=np.uint8),
}
np.savez_compressed("medmnist.npz", **arrays)
note("medmnist.npz", **arrays)

# Keras's keys, not compressed.
arrays = {
    "x_train": images(5, 8, 8),
    "y_train": np.array([3, 1, 4, 1, 5], np.uint8),
    "x_test": images(2, 8, 8),
    "y_test": np.array([9, 2], np.int64),
}
np.savez("keras.npz", **arrays)
note("keras.npz", **arrays)

# PyTorch's order of dimensions, whole numbers as floats, Fortran order.
first = images(4, 3, 5, 6)
labels = np.array([2, 0, 1, 300], np.float64)
np.savez_compressed("channels_first.npz", X_train=np.asfortranarray(first), y_train=labels)
note("channels_first.npz", images=first.transpose(0, 2, 3, 1), labels=labels)

# What is refused: ChestMNIST's 14 labels an image, Python objects, floats as images.
many = np.zeros((3, 14), np.uint8)
np.savez_compressed("multilabel.npz", train_images=images(3, 4, 4), train_labels=many)
np.savez_compressed("objects.npz", train_images=images(2, 4, 4), train_labels=np.array(["cat", 1], object))
np.savez_compressed("floats.npz", train_images=np.zeros((2, 4, 4), np.float32), train_labels=np.arange(2))
np.savez_compressed("unnamed.npz", images(2, 4, 4), np.arange(2))

# Every type and both orders, in versions 1 to 3.
arrays = {}
for code in ["?", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]:
    for order in "<>":
        values = (np.arange(24) % 2 if code == "?" else np.arange(24) * 5 - (60 if code[0] in "if" else 0)).reshape(2, 3, 4)
        for name, array in (("c", np.ascontiguousarray(values)), ("f", np.asfortranarray(values))):
            arrays[f"{name}-{'l' if order == '<' else 'b'}-{code.replace('?', 'b1')}"] = array.astype(order + code)
np.savez_compressed("types.npz", **arrays)
for version in (1, 2, 3):
    with open(f"version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(6, dtype=">i2").reshape(3, 2), version=(version, 0))

# A data set of the Hub: pictures as PNG, labels with names, two files of one part.
features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=["emu", "cat", "dog"])})


def hub(name, seeds, labels):
    rows = {"image": [picture(seed) for seed in seeds], "label": labels}
    datasets.Dataset.from_dict(rows, features=features).to_parquet(name)
    table = pq.read_table(name)
    found = [digest(each["bytes"]) for each in table["image"].to_pylist()]
    expected[name] = {"pictures": found, "labels": table["label"].to_pylist()}


shutil.rmtree("hub", ignore_errors=True)
os.makedirs("hub/data")
hub("hub/data/train-00000-of-00002.parquet", range(4), [0, 2, 1, 2])
hub("hub/data/train-00001-of-00002.parquet", range(4, 7), [1, None, -1])
hub("hub/data/test-00000-of-00001.parquet", range(7, 9), [2, 0])

# A folder of pictures written by to_parquet: names, no pictures. With embed_table_storage: pictures.
with tempfile.TemporaryDirectory() as folder:
    for kind in ("ant", "bee"):
        os.makedirs(f"{folder}/{kind}")
        for seed in range(2):
            picture(seed).save(f"{folder}/{kind}/{seed}.png")
    tree = datasets.load_dataset("imagefolder", data_dir=folder, split="train", cache_dir=f"{folder}/cache")
    table = tree.with_format("arrow")[:]
    # The path on the writer's disk, which differs from run to run, is made short.
    paths = [os.path.relpath(each["path"], folder) for each in table["image"].to_pylist()]
    struct = pa.StructArray.from_arrays(
        [table["image"].combine_chunks().field("bytes"), pa.array(paths)], names=["bytes", "path"]
    )
    pq.write_table(table.set_column(0, "image", struct).replace_schema_metadata(table.schema.metadata), "names_only.parquet")
    embedded = embed_table_storage(table)
    pq.write_table(embedded, "embedded.parquet")
    expected["embedded.parquet"] = {"pictures": [digest(each["bytes"]) for each in embedded["image"].to_pylist()]}

# Polars: Zstandard. pandas: a categorical label becomes a column of texts.
cells = [{"bytes": png(seed), "path": None} for seed in range(5)]
names = ["b", "a", "b", None, "é"]
pl.DataFrame({"image": cells, "label": names}).write_parquet("polars.parquet")
frame = pd.DataFrame({"picture": [png(seed) for seed in range(4)], "category": pd.Categorical(["b", "a", "b", "é"])})
frame.to_parquet("pandas.parquet")

# Every codec, both versions of pages, small pages, and the encodings that pyarrow can be asked for.
table = pa.table({"img": [png(seed % 3) for seed in range(8)], "label": pa.array([0, 1, 2, 3, None, 5, 6, 7], pa.int32())})
for codec in ("none", "snappy", "gzip", "brotli", "lz4", "zstd"):
    for version in ("1.0", "2.0"):
        pq.write_table(
            table,
            f"codec-{codec}-{version[0]}.parquet",
            compression=codec,
            data_page_version=version,
            data_page_size=200,
            write_batch_size=2,
            row_group_size=5,
            use_dictionary=version == "1.0",
            write_page_checksum=version == "2.0",
            column_encoding=None
            if version == "1.0"
            else {"img": "DELTA_LENGTH_BYTE_ARRAY", "label": "DELTA_BINARY_PACKED"},
        )
# One row of three whose bytes are missing; columns of other names.
rows = [{"bytes": None if seed == 1 else png(seed), "path": f"{seed}.png"} for seed in range(3)]
pq.write_table(pa.table({"image": rows, "label": [0, 1, 0]}), "names_in_one_row.parquet")
columns = {"scan": [b"S0", b"S1"], "thumbnail": [b"T0", b"T1"], "kind": ["a", "b"], "size": [1, 0], "scores": [[1, 2], [3]]}
pq.write_table(pa.table(columns), "columns.parquet")
expected["codecs"] = {"pictures": [digest(png(seed % 3)) for seed in range(8)], "labels": [0, 1, 2, 3, 5, 6, 7]}

# A column whose name says nothing, and an empty text as a label.
cells = [png(seed) for seed in range(2)]
pq.write_table(pa.table({"image": cells, "id": [0, 1]}), "guessed.parquet")
pq.write_table(pa.table({"image": cells, "label": ["a", ""]}), "empty_label.parquet")

# pandas's CSV: a list of files, and Kaggle's rows of pixels.
frame = pd.DataFrame({"filename": ["a.png", "sub/b, c.png", "a.png"], "label": ["zebra", "ant", "zebra"]})
frame["split"] = ["train", "train", "test"]
frame.to_csv("list.csv", index=False)
pixels = images(4, 25)
digits = np.array([7, 2, 1, 0])
os.makedirs("kaggle", exist_ok=True)
for name, with_labels in (("kaggle/train.csv", True), ("kaggle/test.csv", False)):
    frame = pd.DataFrame(pixels, columns=[f"pixel{i}" for i in range(25)])
    if with_labels:
        frame.insert(0, "label", digits)
    frame.to_csv(name, index=False)
expected["kaggle/train.csv"] = {"labels": digits.tolist(), "images": digest(pixels.tobytes())}

with open("expected.json", "w") as file:
    json.dump(expected, file, indent=1, ensure_ascii=False)
    file.write("\n")
