"""Writes CSV files with pandas, and notes what the trainer should read of them."""

import numpy as np
import pandas as pd

from cases import Cases
from pictures import draw, pixels, prepared, resized

WRITER = f"pandas {pd.__version__}"
PARTS = ["train", "train", "val", "train", "test", "train"]


def frame_of_files(labels):
    return pd.DataFrame({"file": [f"pictures/{i}, {i % 2}.png" for i in range(len(labels))], "label": labels})


def write_files(cases: Cases) -> None:
    for i in range(6):
        draw(i).save(cases.path(f"csv/pictures/{i}, {i % 2}.png"))

    def read(
        what,
        frame,
        *,
        label="label",
        file="file",
        part=None,
        given=0,
        sep=",",
        encoding="utf-8",
        lines="\n",
        says=(),
        **choice,
    ):
        """Writes a list of files, and notes the rows of a part, None being those to train on and validate with."""
        path = f"csv/{len(cases.cases)}.csv"
        frame.to_csv(cases.path(path), index=False, sep=sep, encoding=encoding, lineterminator=lines)
        stored = pd.read_csv(cases.folder / path, sep=sep, encoding=encoding, dtype={label: str})
        if "split" in stored:
            parts = ["test"] if part == "test" else ["train", "val"]
            stored = pd.concat([stored[stored["split"] == each] for each in parts])
        labels = list(stored[label])
        is_bare = all(each.replace(".0", "").isdigit() for each in labels)
        labels = [int(float(each)) for each in labels] if is_bare else labels
        names = None if is_bare else sorted(set(labels))
        how = {key: choice[key] for key in ("size", "channels", "fit") if key in choice}
        images = prepared([cases.folder / "csv" / each for each in stored[file]], **how)
        cases.read(
            f"CSV of files: {what}",
            WRITER,
            path,
            images,
            labels,
            names=names,
            part=part or "train",
            given_validation=given,
            says=says,
            **choice,
        )

    says = ["classes are in the order of their names"]
    named = frame_of_files(["zebra", "ant", "zebra", "ant", "zebra", "éclair"])
    read("names as labels", named, says=says)
    read("numbers as labels", frame_of_files([3, 0, 1, 1, 12, 0]))
    read("numbers as floats", frame_of_files([3.0, 0.0, 1.0, 1.0, 12.0, 0.0]))
    read("semicolons", named, sep=";")
    read("tabs", named, sep="\t")
    read("a byte order mark, lines ended as in Windows", named, encoding="utf-8-sig", lines="\r\n")
    read("UTF-16", named, sep="\t", encoding="utf-16")
    whole = named.assign(split=PARTS)
    whole.loc[4, "label"] = "ant"
    read("train and val", whole[whole["split"] != "test"], given=1)
    numbers = frame_of_files([0, 1, 2, 2, 1, 0]).assign(split=PARTS)
    read("the column split", numbers, given=1)
    read("the column split, test", numbers, part="test")
    other = named.rename(columns={"file": "scan", "label": "kind"})
    read("other names of columns", other, file="scan", label="kind", columns={"file": "scan", "label": "kind"})
    read("enlarged", named, size=(50, 50), fit="crop")
    read("reduced", named, size=(9, 9), fit="stretch")

    def refused(what, frame, sentence, **choice):
        path = f"csv/{len(cases.cases)}.csv"
        frame.to_csv(cases.path(path), index=False)
        cases.refused(f"CSV of files: {what}", WRITER, path, sentence, **choice)

    refused("a file that is not there", named.assign(file=["0.png", *named["file"][1:]]), "line 2")
    refused("a row without a label", named.assign(label=["ant", None, *named["label"][2:]]), "has no label")
    refused("a label beyond --classes", frame_of_files([0, 1, 2, 5, 1, 0]), "give a larger --classes", classes=5)
    refused(
        "a class in test that train lacks",
        named.assign(split=["train"] * 5 + ["test"]),
        'the class "éclair" has no pictures to train on',
    )
    refused(
        "an unknown part", named.assign(split=["train"] * 5 + ["dev"]), 'belongs to "dev", expected train, val or test'
    )
    refused("other columns", pd.DataFrame({"a": ["x"], "b": ["y"]}), "expected file and label, or label and pixels")
    path = f"csv/{len(cases.cases)}.csv"
    named.to_csv(cases.path(path), index=False, encoding="cp1252")
    cases.refused("CSV of files: the code of Windows", WRITER, path, "is no text in UTF-8; save it as UTF-8")
    path = f"csv/{len(cases.cases)}.csv"
    cases.path(path).write_text("file,label\na.png,ant\nb.png\n")
    cases.refused("CSV of files: a cell too few", "a text editor", path, "cannot be read as CSV")


def write_pixels(cases: Cases) -> None:
    def frame_of(images, labels=None):
        rows = images.reshape(len(images), -1)
        frame = pd.DataFrame(rows, columns=[f"pixel{i}" for i in range(rows.shape[1])])
        if labels is not None:
            frame.insert(0, "label", labels)
        return frame

    def read(what, files, *, shape, part="train", header=True, says=(), **choice):
        root = f"csv/{len(cases.cases)}"
        for name, frame in files.items():
            frame.to_csv(cases.path(f"{root}/{name}.csv"), index=False, header=header)
        stored = pd.read_csv(cases.folder / root / f"{part}.csv", header=0 if header else None).to_numpy()
        images = stored[:, 1:].astype(np.uint8).reshape(-1, *shape)
        images = resized(images, choice["size"], choice["fit"]) if "size" in choice else images
        cases.read(f"CSV of pixels: {what}", WRITER, root, images, stored[:, 0], part=part, says=says, **choice)

    colour = np.stack([pixels(seed, 9, 9) for seed in range(4)])
    grey = colour[..., 1]
    labels = [7, 2, 1, 0]
    train = {"train": frame_of(grey, labels)}
    read(
        "Kaggle's train and unlabelled test",
        {**train, "test": frame_of(grey)},
        shape=(9, 9, 1),
        says=["test.csv has no column of labels"],
    )
    read("test", {**train, "test": frame_of(grey[::-1], labels)}, shape=(9, 9, 1), part="test")
    read("colour", {"train": frame_of(colour, labels)}, shape=(9, 9, 3))
    read("without a header", train, shape=(9, 9, 1), header=False, says=["the first column is the label"])
    read("enlarged", train, shape=(9, 9, 1), size=(28, 28), fit="pad")

    def refused(what, frame, sentence, **choice):
        path = f"csv/{len(cases.cases)}.csv"
        frame.to_csv(cases.path(path), index=False)
        cases.refused(f"CSV of pixels: {what}", WRITER, path, sentence, **choice)

    refused("a pixel of 256", frame_of(grey.astype(int) + 256, labels), "expected a pixel from 0 to 255")
    refused("pixels as fractions", frame_of(grey / 510 + 0.2, labels), "expected a pixel from 0 to 255")
    refused("a label of −1", frame_of(grey, [7, -1, 1, 0]), 'label "-1", expected a whole number from 0')
    refused("a label beyond --classes", frame_of(grey, labels), "give a larger --classes", classes=7)
    refused("no square", frame_of(grey[:, :, :8], labels), "store square images")


def write_csv(cases: Cases) -> None:
    write_files(cases)
    write_pixels(cases)
