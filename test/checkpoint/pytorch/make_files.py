"""Writes the small files of PyTorch 2.13.0 in files/, in both forms, and golden.json with the values that are in them.

Run by hand: python test/checkpoint/pytorch/make_files.py; then npm run lint formats golden.json.
"""

import argparse
import collections
import io
import json
import pathlib
import warnings
import zipfile

import numpy
import torch

warnings.filterwarnings("ignore")
FILES = pathlib.Path(__file__).parent / "files"
golden = {}


def numbers(*shape, dtype=torch.float32):
    """Distinct values with fractions that each type has exactly."""
    count = int(numpy.prod(shape))
    return ((torch.arange(count) - count // 2) * 0.25).reshape(shape).to(dtype)


def write(name, data, tensors):
    """Writes NAME.FORM.pth. `tensors`: the state dict that is expected; None for a file that is refused."""
    (FILES / name).write_bytes(data)
    if tensors is None:
        return
    golden[name.split(".")[0]] = {
        key: {
            "type": str(value.dtype).removeprefix("torch."),
            "shape": list(value.shape),
            "values": value.detach().to(torch.float64 if value.is_floating_point() else torch.int64).reshape(-1).tolist(),
        }
        for key, value in tensors.items()
    }


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def both(name, value, tensors=None):
    """Writes a value in both forms."""
    write(f"{name}.zip.pth", saved(value), tensors)
    write(f"{name}.stream.pth", saved(value, _use_new_zipfile_serialization=False), tensors)


class Network(torch.nn.Module):
    def __init__(self, channels=3):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(channels, 2, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(2)
        self.shortcut = torch.nn.Conv2d(2, 3, 1)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(numbers(*parameter.shape))


def as_stored(data, change):
    """The zip file with its entries changed, written by Python's own library in torch's manner: stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename)
            new.writestr(entry, change(info.filename, old.read(info)))
    return out.getvalue()


def main():
    FILES.mkdir(exist_ok=True)
    network = Network()
    state = network.state_dict()
    both("bare", state, state)
    both("parameters", dict(network.named_parameters()), dict(network.named_parameters()))
    kept = network.state_dict(keep_vars=True)
    both("keep-vars", kept, kept)
    both("one", {"w": numbers(2, 3)}, {"w": numbers(2, 3)})
    for channels in (3, 1):
        last = Network(channels).to(memory_format=torch.channels_last).state_dict()
        both(f"channels-last-{channels}", last, last)

    weight = numbers(4, 8)
    tied = {"w": weight, "again": weight, "turned": weight.T, "part": weight[1:3, 2:7]}
    both("tied", tied, tied)
    view = {"rows": numbers(40, 8)[30:32], "column": numbers(20, 9)[:, 7]}
    both("view", view, view)
    shapes = {"empty": torch.zeros(0, 5), "scalar": torch.tensor(2.5), "count": torch.tensor(7)}
    both("shapes", shapes, shapes)
    types = {str(t).removeprefix("torch."): numbers(2, 3, dtype=t) for t in (torch.float16, torch.bfloat16, torch.float64)}
    for t in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool):
        types[str(t).removeprefix("torch.")] = torch.tensor([0, 1, 1, 100]).to(t)
    both("types", types, types)
    unsigned = {str(t).removeprefix("torch."): torch.tensor([0, 1, 100]).to(t) for t in (torch.uint16, torch.uint32, torch.uint64)}
    write("unsigned.zip.pth", saved(unsigned), unsigned)

    averaged = torch.optim.swa_utils.AveragedModel(network).state_dict()
    both("averaged", averaged, averaged)
    write("protocol-4.zip.pth", saved(state, pickle_protocol=4), state)
    # Below 2, PyTorch does not read its own files.
    for protocol in (3, 4, 5):
        data = saved(state, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
        write(f"protocol-{protocol}.stream.pth", data, state)
    marked = torch.nn.Parameter(numbers(3))
    marked.note = "an attribute"
    plain = numbers(3)
    plain.note = "an attribute"
    attributes = {"parameter": marked, "tensor": plain}
    both("attributes", attributes, attributes)

    optimizer = torch.optim.Adam(network.parameters())
    beside = {
        "epoch": 3,
        "arch": "resnet18",
        "state_dict": state,
        "optimizer": optimizer.state_dict(),
        "args": argparse.Namespace(lr=0.1, betas=(0.9, 0.999), name="run"),
        "best_acc1": numpy.float64(0.75),
        "best_tensor": torch.tensor(0.75),
        "history": numpy.arange(3.0),
        "names": {"a", "b"},
        "seed": 2**80,
        3: "a key that is no text",
        "__proto__": {"polluted": True},
    }
    both("beside", beside, state)
    lightning = {
        "epoch": 1,
        "global_step": 10,
        "pytorch-lightning_version": "2.6.6",
        "state_dict": {f"net.{key}": value for key, value in state.items()},
        "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 1}}}},
        "callbacks": {"ModelCheckpoint{'monitor': None}": {"best_model_score": torch.tensor(0.5)}},
        "optimizer_states": [optimizer.state_dict()],
        "hparams_name": "kwargs",
        "hyper_parameters": collections.OrderedDict(lr=0.1),
    }
    both("lightning", lightning, lightning["state_dict"])
    both("several", {"model": {"w": numbers(2)}, "state_dict_ema": {"w": numbers(3)}})
    both("unusual-key", {"generator": {"w": numbers(2), "b": numbers(1)}, "best": torch.tensor(0.5)})

    torch.serialization.set_crc32_options(False)
    write("no-crc.zip.pth", saved(state), state)
    torch.serialization.set_crc32_options(True)

    numeric = {"double": numbers(3, dtype=torch.float64), "single": numbers(2, 2), "half": numbers(3, dtype=torch.float16), "count": torch.tensor([7, -2])}
    widths = dict(enumerate((8, 4, 2, 8)))

    def swap(name, content):
        if name.endswith("/byteorder"):
            return b"big"
        if "/data/" not in name:
            return content
        width = widths[int(name.rsplit("/", 1)[1])]
        return b"".join(content[i : i + width][::-1] for i in range(0, len(content), width))

    big = as_stored(saved(numeric), swap)
    loaded = torch.load(io.BytesIO(big))
    assert all(torch.equal(loaded[key], value) for key, value in numeric.items())
    write("big-endian.zip.pth", big, numeric)

    # A location of eight letters stands for 'cpu' with five letters more: the pickle's texts tell their lengths.
    cuda = as_stored(saved(state), lambda name, content: content.replace(b"X\3\0\0\0cpu", b"X\6\0\0\0cuda:0"))
    write("cuda.zip.pth", cuda, state)
    stream = saved(state, _use_new_zipfile_serialization=False)
    write("cuda.stream.pth", stream.replace(b"X\3\0\0\0cpu", b"X\6\0\0\0cuda:0"), state)
    # PyTorch ignores the byte order that the stream form tells, and what follows the last storage.
    at = stream.index(b"\x88", stream.index(b"little_endian"))
    other = stream[:at] + b"\x89" + stream[at + 1 :] + b"more"
    loaded = torch.load(io.BytesIO(other))
    assert all(torch.equal(loaded[key], value) for key, value in state.items())
    write("order-and-rest.stream.pth", other, state)
    # The tuple of a persistent id ends in N t: no view. A view begins at value 2 and has 3 values.
    viewed = saved({"w": numbers(6)}, _use_new_zipfile_serialization=False)
    at = viewed.index(b"K\6Nt") + 2
    viewed = viewed[:at] + b"(U\1vK\2K\3t" + viewed[at + 1 :]
    viewed = viewed.replace(b"K\0K\6\x85", b"K\0K\3\x85")
    loaded = torch.load(io.BytesIO(viewed), weights_only=False)
    write("storage-view.stream.pth", viewed, loaded)
    assert torch.equal(loaded["w"], numbers(6)[2:5])

    complex_values = torch.ones(2, dtype=torch.complex64)
    refused = {
        "complex": complex_values,
        "conj": complex_values.conj(),
        "neg": complex_values.conj().imag,
        "quantised": torch.quantize_per_tensor(torch.ones(2, 3), 0.1, 0, torch.qint8),
        "sparse": torch.eye(2).to_sparse(),
        "expanded": torch.ones(1).expand(5),
        "meta": torch.ones(2, device="meta"),
    }
    for kind, tensor in refused.items():
        write(f"refused-{kind}.stream.pth", saved({"w": tensor, "b": numbers(2)}, _use_new_zipfile_serialization=False), None)
    write("refused-float8.zip.pth", saved({"w": torch.ones(2).to(torch.float8_e4m3fn), "b": numbers(2)}), None)
    write("refused-module.zip.pth", saved(network), None)
    # This form holds the source of the classes.
    write("refused-module.stream.pth", saved(torch.nn.Identity(), _use_new_zipfile_serialization=False), None)
    write("refused-module-inside.zip.pth", saved({"model": network, "epoch": 1}), None)
    write("refused-tensor.zip.pth", saved(numbers(2)), None)
    write("refused-list.zip.pth", saved([numbers(2)]), None)
    write("refused-nothing.zip.pth", saved({"epoch": 1}), None)
    write("refused-optimizer.zip.pth", saved(optimizer.state_dict()), None)
    script = io.BytesIO()
    torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 1), torch.zeros(1, 2)), script)
    write("refused-torchscript.zip.pth", script.getvalue(), None)
    deflated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved({"w": numbers(64)}))) as old, zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    write("refused-compressed.zip.pth", deflated.getvalue(), None)
    with open(FILES / "golden.json", "w") as out:
        json.dump(golden, out)
        out.write("\n")


if __name__ == "__main__":
    main()
