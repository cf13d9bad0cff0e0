"""Notes what the trainer should make of each data set: cases.json, and the pixels in expected.bin."""

import json
from pathlib import Path

import numpy as np

EQUAL = {"mean": 0, "most": 0}
# Levels by which pictures that libvips reduces may differ from Pillow's, in their outer rows and columns.
REDUCED = {"mean": 0.7, "most": 20}
# AVIF stores luma and two colours; the two libraries turn them into red, green and blue with other roundings.
AVIF = {"mean": 0.5, "most": 1}


class Cases:
    """The cases of a folder. A path in a case is one below the folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.cases: list[dict] = []
        self.pixels = bytearray()

    def path(self, name: str) -> Path:
        """A path in the folder, whose parents are there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def read(
        self,
        what,
        writer,
        path,
        images,
        labels,
        *,
        names=None,
        bounds=EQUAL,
        part="train",
        given_validation=0,
        says=(),
        **choice,
    ):
        """Notes a data set that is read.

        images: uint8 [count, height, width, channels]; labels: [count], names of classes or numbers; names: of the
        classes in order, None if labels are numbers; says: what notices must hold; choice: as `loadDataset` takes it
        """
        images = np.ascontiguousarray(images, np.uint8)
        assert images.ndim == 4 and len(images) == len(labels), (what, images.shape, len(labels))
        labels = [label if isinstance(label, str) else int(label) for label in labels]
        expected = {
            "shape": images.shape,
            "begin": len(self.pixels),
            "labels": labels,
            "classNames": names,
            "bounds": bounds,
            "givenValidation": given_validation,
            "says": list(says),
        }
        self.pixels.extend(images.tobytes())
        self.cases.append(
            {"what": what, "writer": writer, "path": path, "part": part, "choice": choice, "expected": expected}
        )

    def refused(self, what, writer, path, sentence, *, part="train", **choice):
        """Notes a data set that is refused; sentence: what the message must hold."""
        case = {"what": what, "writer": writer, "path": path, "part": part, "choice": choice, "sentence": sentence}
        self.cases.append(case)

    def save(self) -> None:
        (self.folder / "cases.json").write_text(json.dumps(self.cases, ensure_ascii=False))
        (self.folder / "expected.bin").write_bytes(self.pixels)
