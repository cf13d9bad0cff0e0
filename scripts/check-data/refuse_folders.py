"""Writes trees of pictures that the trainer should refuse, with Pillow."""

from cases import Cases
from pictures import draw
from write_folders import WRITER, tree


def write_refused_folders(cases: Cases) -> None:
    def refused(what, files, sentence, **choice):
        root = f"folder/{len(cases.cases)}"
        tree(cases, root, files)
        cases.refused(f"folder: {what}", WRITER, root, sentence, **choice)

    two = ["ant/1.png", "bee/1.png"]
    refused(
        "an empty class",
        {"ant/1.png": draw(0), "bee/1.png": draw(1), "cat/1.txt": b"no picture"},
        "the class cat has no picture",
    )
    refused(
        "a class in val/ that train/ lacks",
        [*(f"train/{each}" for each in two), "val/cow/1.png"],
        "the class cow is not in train",
    )
    refused(
        "a class in test/ that train/ lacks",
        [*(f"train/{each}" for each in two), "test/cow/1.png"],
        "the class cow is not in train",
    )
    refused("parts without classes", ["train/ant/1.png", "test/1.png"], "its pictures are in no folder of a class")
    refused("pictures in no folder", ["1.png", "2.png"], "make a folder for each class")
    refused("--class-names without one of the classes", two, "--class-names lacks", classNames=["ant"])
    refused("--class-names with another class", two, "--class-names has", classNames=["ant", "bee", "cow"])
    cut = cases.path("cut.jpg")
    draw(0, 64, 64).save(cut)
    refused(
        "a picture that is cut off",
        {"ant/1.jpg": cut.read_bytes()[:600], "bee/1.png": draw(1)},
        "is damaged or cut off",
    )
    refused("a text named .png", {"ant/1.png": b"hello", "bee/1.png": draw(1)}, "is text, not a picture")
