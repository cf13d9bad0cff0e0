"""Writes small data sets in every format that the trainer reads, and what Python reads of them.

    write_data.py FOLDER

The folder gets cases.json, expected.bin (`cases.py`) and the data sets.
"""

import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # before datasets is loaded: nothing is fetched here

from cases import Cases  # noqa: E402
from refuse_folders import write_refused_folders  # noqa: E402
from write_arrays import write_npy, write_npz  # noqa: E402
from write_cifar import write_cifar  # noqa: E402
from write_csv import write_csv  # noqa: E402
from write_folders import write_folders  # noqa: E402
from write_idx import write_idx  # noqa: E402
from write_parquet import write_parquet  # noqa: E402

cases = Cases(Path(sys.argv[1]))
for write in (
    write_idx,
    write_folders,
    write_refused_folders,
    write_cifar,
    write_npz,
    write_npy,
    write_parquet,
    write_csv,
):
    write(cases)
cases.save()
