"""The integer generator that the fixtures' numbers come from; uniform-numbers.ts makes the same."""

import numpy as np


def uniform_numbers(seed, count):
    """Uniform in [-1, 1): a hash of seed and index, in 32-bit arithmetic."""
    x = (np.arange(count, dtype=np.uint64) * 1103515245 + seed * 2654435769 + 12345) & 0xFFFFFFFF
    for _ in range(2):
        x ^= x >> np.uint64(16)
        x = (x * 73244475) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return x / 2**31 - 1
