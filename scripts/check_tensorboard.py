"""Reads a run's event files with TensorBoard's own loader and compares them with the run's other files.

    check_tensorboard.py RUN

Scalars are compared with events.ndjson and metrics.csv (in single precision), histograms of the last epoch with the
tensors of last.safetensors. Prints what was compared, or exits with 1 and the first difference.
"""

import csv
import json
import struct
import sys
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.version import VERSION

EVERYTHING = {"scalars": 0, "histograms": 0, "tensors": 0}  # 0 loads all records; the default is a sample


def expected_scalars(run: Path) -> dict[str, list[tuple[int, np.float32]]]:
    """The steps and values of each scalar by its tag, from events.ndjson and metrics.csv."""
    curves: dict[str, list[tuple[int, np.float32]]] = {}

    def add(tag: str, step, value) -> None:
        curves.setdefault(tag, []).append((int(step), np.float32(float(value))))

    for line in (run / "events.ndjson").read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "step":
            add("step/loss", event["step"], event["loss"])
            add("step/learning_rate", event["step"], event["learningRate"])
    with (run / "metrics.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            for column in row.keys() - {"epoch", "step", "seconds"}:
                add(f"epoch/{column}", row["step"], row[column])
    return curves


def tensors(path: Path) -> dict[str, np.ndarray]:
    """The float32 tensors of a safetensors file, without Adam's moments."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    found = {}
    for name, about in json.loads(data[8 : 8 + length]).items():
        if about.get("dtype") == "F32" and not name.startswith("adam."):
            begin, end = (8 + length + offset for offset in about["data_offsets"])
            found[name] = np.frombuffer(data[begin:end], "<f4").reshape(about["shape"])
    return found


def expect(what: str, seen, expected) -> None:
    """Exits with a message unless both values are equal."""
    if seen != expected:
        sys.exit(f"{what}: TensorBoard shows {seen}, expected {expected}")


run = Path(sys.argv[1])
board = EventAccumulator(str(run / "tensorboard"), size_guidance=EVERYTHING)
board.Reload()
tags = board.Tags()

curves = expected_scalars(run)
expect("scalars", sorted(tags["scalars"]), sorted(curves))
for tag, points in curves.items():
    expect(tag, [(point.step, np.float32(point.value)) for point in board.Scalars(tag)], points)

weights = {f"weights/{name}": values for name, values in tensors(run / "last.safetensors").items() if "running_" not in name}
expect("histograms", sorted(tags["histograms"]), sorted(weights))
ends = [step for step, _ in curves["epoch/val_loss"]]
for tag, values in weights.items():
    histograms = board.Histograms(tag)
    expect(f"{tag}: steps", [each.step for each in histograms], ends)
    last = histograms[-1].histogram_value
    if values.ndim == 4:  # histograms of a kernel leave out the weights that only ever meet padding
        seen = (0 < last.num <= values.size, last.min >= values.min(), last.max <= values.max())
        expect(f"{tag}: within the kernel", seen, (True, True, True))
    else:
        expect(f"{tag}: values, least, largest", (last.num, last.min, last.max), (values.size, values.min(), values.max()))

print(
    f"TensorBoard {VERSION} shows {len(curves)} curves and {len(weights)} histograms of {len(ends)} epochs, no step twice, "
    f"{len(curves['step/loss'])} logged steps: all as in events.ndjson, metrics.csv and last.safetensors"
)
