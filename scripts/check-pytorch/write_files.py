"""Writes files with weights as the libraries that people use write them, and what they hold.

    write_files.py FOLDER

The folder gets cases.json (`cases.py`) and the files.
"""

import libraries  # noqa: F401, I001

import sys
from pathlib import Path

import torch
from cases import Cases
from write_foreign import write_foreign
from write_round_trips import write_round_trips
from write_wrapped import write_converted, write_no_state_dict, write_wrapped

torch.manual_seed(0)
cases = Cases(Path(sys.argv[1]))
for write in (write_round_trips, write_foreign, write_wrapped, write_converted, write_no_state_dict):
    write(cases)
cases.save()
