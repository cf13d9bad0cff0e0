"""Notes what the tool should make of each file: cases.json, and the tensors as safetensors."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file


class Cases:
    """The cases of a folder. A path in a case is one below the folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.cases: list[dict] = []

    def path(self, name: str) -> Path:
        """A path in the folder, whose parents are there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def read(self, what, writer, path, tensors, *, says=(), words=()):
        """Notes a file that is read.

        tensors: as they should come out, under the names of the tool's variant; floats of any type are compared in
        float32, counters in int64; says: what the notices must hold; words: flags of the command
        """
        expected = self.path(f"expected/{len(self.cases)}.safetensors")
        counters = {name for name in tensors if name.endswith("num_batches_tracked")}
        plain = {
            name: tensor.detach().to(torch.int64 if name in counters else torch.float32).contiguous().clone()
            for name, tensor in tensors.items()
        }
        save_file(plain, expected)
        expected = str(expected.relative_to(self.folder))
        self.cases.append(dict(what=what, writer=writer, path=path, words=list(words), says=list(says), expected=expected))

    def refused(self, what, writer, path, sentence, *, code=4, words=()):
        """Notes a file that is refused; sentence: what the message must hold."""
        self.cases.append(dict(what=what, writer=writer, path=path, words=list(words), sentence=sentence, code=code))

    def save(self) -> None:
        (self.folder / "cases.json").write_text(json.dumps(self.cases))
