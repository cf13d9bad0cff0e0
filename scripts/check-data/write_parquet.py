"""Writes Parquet files with datasets, pandas and pyarrow, and notes what the trainer should read of them."""

import io

import datasets
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from datasets.table import embed_table_storage
from PIL import Image

from cases import Cases
from pictures import draw, encoded, prepared
from refuse_parquet import PYARROW, write_refused_parquet

HUB = f"datasets {datasets.__version__} (pyarrow {pa.__version__})"
PANDAS = f"pandas {pd.__version__}"
NAMES = ["emu", "cat", "dog"]
FEATURES = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=NAMES)})


def hub_file(path, seeds, labels, mode="RGB", side=24):
    rows = {"image": [draw(seed, side, side, mode) for seed in seeds], "label": labels}
    datasets.Dataset.from_dict(rows, features=FEATURES).to_parquet(str(path))


def labelled(cases: Cases, files):
    """Pictures and names of the labels of files, as datasets reads them; rows without a label left out."""
    cache = str(cases.folder / "datasets-cache")
    paths = [str(each) for each in files]
    rows = datasets.load_dataset("parquet", data_files=paths, split="train", cache_dir=cache)
    names = rows.features["label"].names
    kept = [row for row in rows if row["label"] is not None and row["label"] >= 0]
    return [row["image"] for row in kept], [names[row["label"]] for row in kept], names


def write_hub(cases: Cases) -> None:
    root = f"parquet/{len(cases.cases)}"
    train = [cases.path(f"{root}/data/train-0000{i}-of-00002.parquet") for i in range(2)]
    others = {part: cases.path(f"{root}/data/{part}-00000-of-00001.parquet") for part in ("validation", "test")}
    hub_file(train[0], range(4), [0, 2, 1, 2])
    hub_file(train[1], range(4, 8), [1, None, -1, 0])
    hub_file(others["validation"], range(8, 10), [1, 1])
    hub_file(others["test"], range(10, 13), [2, -1, 0])
    says = ["images without a label: 3"]

    def read(what, files, part="train", given=0, **choice):
        pictures, labels, names = labelled(cases, files)
        how = {key: choice[key] for key in ("size", "channels", "fit") if key in choice}
        images = prepared(pictures, **how)
        cases.read(
            f"Parquet: {what}",
            HUB,
            root,
            images,
            labels,
            names=names,
            part=part,
            given_validation=given,
            says=says,
            **choice,
        )

    read("the Hub's parts, two files, null and −1", [*train, others["validation"]], given=2)
    read("the Hub's test part", [others["test"]], part="test")
    read("enlarged", [*train, others["validation"]], given=2, size=(40, 30), fit="pad")
    read("grey", [*train, others["validation"]], given=2, channels=1)
    read("reduced", [*train, others["validation"]], given=2, size=(10, 10))
    order = ["dog", "emu", "cat"]
    pictures, labels, _ = labelled(cases, [*train, others["validation"]])
    cases.read(
        "Parquet: the order of --class-names",
        HUB,
        root,
        prepared(pictures),
        labels,
        names=order,
        given_validation=2,
        classNames=order,
    )
    for mode, stored in {
        "L": "grey PNG",
        "P": "TIFF of a palette",
        "CMYK": "TIFF of inks",
        "RGBA": "PNG with alpha",
    }.items():
        path = f"parquet/{len(cases.cases)}.parquet"
        hub_file(cases.path(path), range(3), [0, 1, 2], mode)
        pictures, labels, names = labelled(cases, [cases.folder / path])
        cases.read(f"Parquet: mode {mode}, {stored}", HUB, path, prepared(pictures), labels, names=names)


def write_imagefolder(cases: Cases) -> None:
    """A folder of pictures by datasets: with pictures, and, as `to_parquet` writes it, without."""
    for i, name in enumerate(("ant", "ant", "bee")):
        draw(i).save(cases.path(f"imagefolder/{name}/{i}.png"))
    rows = datasets.load_dataset(
        "imagefolder",
        data_dir=str(cases.folder / "imagefolder"),
        split="train",
        cache_dir=str(cases.folder / "datasets-cache"),
    )
    path = f"parquet/{len(cases.cases)}.parquet"
    pq.write_table(embed_table_storage(rows.with_format("arrow")[:]), cases.path(path))
    pictures, labels, names = labelled(cases, [cases.folder / path])
    cases.read(
        "Parquet: a folder of pictures, by embed_table_storage", HUB, path, prepared(pictures), labels, names=names
    )
    path = f"parquet/{len(cases.cases)}.parquet"
    rows.to_parquet(str(cases.path(path)))
    cases.refused(
        "Parquet: a folder of pictures, by to_parquet",
        HUB,
        path,
        "row 0 holds a file's name and no picture; write it again with embed_table_storage",
    )


def write_others(cases: Cases) -> None:
    def read(what, writer, write, label="label", says=()):
        path = f"parquet/{len(cases.cases)}.parquet"
        write(cases.path(path))
        frame = pd.read_parquet(cases.folder / path)
        cells = [each["bytes"] if isinstance(each, dict) else each for each in frame["image"]]
        kept = [i for i, value in enumerate(frame[label]) if not pd.isna(value)]
        found = [frame[label][i] for i in kept]
        is_text = isinstance(found[0], str)
        images = prepared([Image.open(io.BytesIO(cells[i])) for i in kept])
        names = sorted(set(found)) if is_text else None
        sorted_names = ["classes are in the order of their names"] if is_text else []
        cases.read(f"Parquet: {what}", writer, path, images, found, names=names, says=[*sorted_names, *says])

    texts = ["b", "a", None, "b", "é", "Z"]
    cells = [encoded(seed) for seed in range(6)]
    frame = pd.DataFrame({"image": cells, "label": texts})
    read("texts as labels", PANDAS, frame.to_parquet)
    read("texts as labels, Categorical", PANDAS, frame.assign(label=pd.Categorical(texts)).to_parquet)
    large = pa.table({"image": pa.array(cells, pa.large_binary()), "label": pa.array(texts, pa.large_string())})
    read("large_string and large_binary", PYARROW, lambda path: pq.write_table(large, path))
    ids = frame.assign(label=[3, 0, 1, 1, 2, 2]).rename(columns={"label": "kind_id"})
    read(
        "a column of another name", PANDAS, ids.to_parquet, label="kind_id", says=['"kind_id" is taken for the labels']
    )
    numbers = frame.assign(label=[3, 0, 1, 1, 300, 7])
    for codec in ("snappy", "zstd", "gzip", "brotli", "lz4", None):
        read(
            f"numbers as labels, codec {codec}",
            PANDAS,
            lambda path, codec=codec: numbers.to_parquet(path, compression=codec),
        )
    pages = {
        "compression": "zstd",
        "data_page_version": "2.0",
        "data_page_size": 500,
        "write_batch_size": 1,
        "row_group_size": 4,
    }
    structs = pa.table(
        {
            "image": [{"bytes": cell, "path": None} for cell in cells],
            "label": pa.array([0, 1, 2, 3, None, 5], pa.int8()),
        }
    )
    read("small pages of version 2, Zstandard", PYARROW, lambda path: pq.write_table(structs, path, **pages))
    mixed = pa.table({"image": [encoded(0, "JPEG"), encoded(1, "WEBP"), encoded(2, "GIF", "L")], "label": [2, 0, 1]})
    read("JPEG, WebP and GIF in one column", PYARROW, lambda path: pq.write_table(mixed, path))


def write_parquet(cases: Cases) -> None:
    datasets.disable_progress_bars()
    write_hub(cases)
    write_imagefolder(cases)
    write_others(cases)
    write_refused_parquet(cases)
