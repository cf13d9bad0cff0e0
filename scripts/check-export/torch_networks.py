"""Imports of the programs here that use PyTorch: its networks, and the numbers that fill them."""

import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[1]
sys.path += [str(SCRIPTS / "check-pytorch"), str(SCRIPTS.parent / "test/support")]

import libraries  # noqa: E402, F401, I001

import mnist  # noqa: E402, F401
from networks import network  # noqa: E402, F401
from reference_numbers import fill  # noqa: E402, F401
