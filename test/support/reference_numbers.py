"""The numbers of the reference networks, made alike here and in reference-numbers.ts: only results are stored."""

import math

import numpy as np
import torch

from uniform_numbers import uniform_numbers


def numbers(seed, count):
    """Numbers in single precision."""
    return torch.from_numpy(uniform_numbers(seed, count).astype(np.float32))


@torch.no_grad()
def fill(net):
    """Weights, biases and running statistics; a key's place in the state_dict is the seed of its numbers.

    Weights have variance 4/3 divided by the fan-in, and shifts are small beside it. So even the logits of 152 layers depend
    on the image, by 3 to 20 %, and not on the shifts alone.
    """
    for seed, (name, tensor) in enumerate(net.state_dict().items()):
        if name.endswith("num_batches_tracked"):
            continue
        scale = name.endswith("running_var") or (tensor.dim() == 1 and name.endswith("weight"))
        spread = 2 / math.sqrt(tensor[0].numel()) if tensor.dim() > 1 else 1 / 2
        values = numbers(seed, tensor.numel()).double() * spread + (1 if scale else 0)
        tensor.copy_(values.reshape(tensor.shape))


def images(batch, channels, side):
    """Noise, each image of its own brightness: pooling makes all noise alike."""
    noise = numbers(1000, batch * channels * side**2).reshape(batch, channels, side, side)
    return noise + numbers(1001, batch).reshape(-1, 1, 1, 1)
