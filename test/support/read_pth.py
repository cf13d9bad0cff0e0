"""Reads a .pth file by Python's own zipfile and pickle, and prints what is in it as JSON.

    read_pth.py FILE

Every class and function that the pickle names becomes its name, so that nothing of PyTorch is needed.
"""

import io
import json
import pickle
import struct
import sys
import zipfile


class Call:
    """A global of the pickle; a call of it is noted."""

    def __init__(self, name):
        self.name = name

    def __call__(self, *arguments):
        return Dictionary() if self.name == "collections OrderedDict" else [self.name, *arguments]


class Dictionary(dict):
    pass


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        return Call(f"{module} {name}")

    def persistent_load(self, storage):
        kind, storage_type, key, location, count = storage
        return [kind, storage_type.name, key, location, count]


path = sys.argv[1]
with zipfile.ZipFile(path) as archive, open(path, "rb") as file:
    entries = []
    for info in archive.infolist():
        file.seek(info.header_offset)
        name_bytes, extra_bytes = struct.unpack("<HH", file.read(30)[26:])
        entries.append(
            {
                "name": info.filename,
                "stored": info.compress_type == zipfile.ZIP_STORED,
                "remainder": (info.header_offset + 30 + name_bytes + extra_bytes) % 64,
                "hex": archive.read(info).hex(),  # checks the CRC-32
            }
        )
    pickled = next(entry for entry in entries if entry["name"].endswith("/data.pkl"))
    tensors = Unpickler(io.BytesIO(bytes.fromhex(pickled["hex"]))).load()
print(json.dumps({"entries": entries, "tensors": list(tensors.items())}))
