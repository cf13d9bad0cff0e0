#!/usr/bin/env bash
# A batch norm's counter that went through float16 comes back as -9223372036854775808, and no check of PyTorch tells.
#
# Versions: torch 2.13.0, numpy 2.4.6, Python 3.11, Linux on x86-64.
#
# A reasonable guess: weights are published in half precision by `{k: v.half() for k, v in state_dict().items()}`, as
# float16 has all of their values but for rounding. What does not fit is refused by `load_state_dict(strict=True)`, or
# does no harm: `num_batches_tracked` is a count that no prediction uses.
#
# Behaviour seen: from 65,520 batches on, in the 14th epoch of ImageNet in batches of 256, the count is infinity in
# float16. `load_state_dict` says that all keys matched and makes it the least number of 64 bits. (`model.half()` leaves
# the count an integer.) Predictions stay right. But where the network is trained on with `momentum=None`, the running
# averages give each batch a weight of one divided by the count: about zero, for ever. The weights learn on, while the
# statistics stand still; from a count of 0 they become those of the batches. With a momentum no harm is done.
#
# What an infinity becomes as an integer is the processor's choice. The script asks for x86-64's. It needs Python 3 with
# pip, and half a minute once torch is fetched.
#
# Output seen:
#   in float16: inf
#   loaded: <All keys matched successfully> -9223372036854775808
#   running mean of data with mean 5.0 after 200 batches, momentum None: from a count of 0 5.0, from the loaded one 0.0
#   momentum 0.1: from a count of 0 5.0, from the loaded one 5.0
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip install --quiet --target "$folder/packages" torch==2.13.0 numpy==2.4.6
export PYTHONPATH=$folder/packages

cat > "$folder/count.py" <<'PY'
import sys
import torch

saved = torch.nn.BatchNorm2d(2).state_dict()
saved['num_batches_tracked'] = torch.tensor(65_520)
halved = {key: value.half() for key, value in saved.items()}

def norm(momentum, state):
    layer = torch.nn.BatchNorm2d(2, momentum=momentum)
    return layer, str(layer.load_state_dict(state, strict=True))

loaded, answer = norm(None, halved)
print('in float16:', halved['num_batches_tracked'].item())
print('loaded:', answer, loaded.num_batches_tracked.item())
holds = answer == '<All keys matched successfully>' and loaded.num_batches_tracked.item() == -2**63

def mean_after_training(momentum, state):
    torch.manual_seed(0)
    layer, _ = norm(momentum, state)
    for _ in range(200):
        layer(5 + torch.randn(16, 2, 4, 4))
    return round(layer.running_mean.mean().item(), 1)

fresh = {**halved, 'num_batches_tracked': torch.tensor(0)}
for momentum in None, 0.1:
    means = mean_after_training(momentum, fresh), mean_after_training(momentum, halved)
    before = 'running mean of data with mean 5.0 after 200 batches, ' if momentum is None else ''
    print(f'{before}momentum {momentum}: from a count of 0 {means[0]}, from the loaded one {abs(means[1])}')
    holds = holds and means == ((5, 0) if momentum is None else (5, 5))
print('As described.' if holds else 'Not as described: the behaviour has changed.')
sys.exit(0 if holds else 1)
PY
python3 "$folder/count.py"
