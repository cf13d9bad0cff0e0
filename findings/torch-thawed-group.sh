#!/usr/bin/env bash
# A parameter group that is added during a warm-up ends with a larger learning rate than it was given.
#
# Versions: torch 2.13.0, numpy 2.4.6, Python 3.11, Linux on x86-64.
#
# A reasonable guess: whoever thaws a part of a network during training calls `optimizer.add_param_group`, which is made
# for that: "useful when fine tuning a pre-trained network as frozen layers can be made trainable". The group's learning
# rate is the one that it is given, and the scheduler takes the group over, or leaves it alone.
#
# Behaviour seen: it depends on the scheduler. Some take the group over, but multiply its rate by what is left of the
# schedule, as if it had been there from the start. A warm-up by LinearLR from a tenth to the whole, of which the group
# missed one step of ten, makes its rate five times as large as it was given, and there it stays. ConstantLR halves
# rates and later takes that back: it doubles the rate that it never halved. Other schedulers raise a ValueError or a
# KeyError at the next step, when the optimizer has the group already.
#
# The script asks for exactly these rates and errors. It needs Python 3 with pip, and half a minute once torch is
# fetched.
#
# Output seen:
#   a group is added after step 1 with the rate 0.01; rates of the first group, and of the added one, at the end:
#   LinearLR, a warm-up: 0.1000 0.0526
#   ConstantLR: 0.1000 0.0200
#   StepLR: 0.0500 0.0050
#   LambdaLR: ValueError
#   CosineAnnealingWarmRestarts: ValueError
#   OneCycleLR: KeyError
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip install --quiet --target "$folder/packages" torch==2.13.0 numpy==2.4.6
export PYTHONPATH=$folder/packages

cat > "$folder/thaw.py" <<'PY'
import sys
import torch
from torch.optim import lr_scheduler as schedulers

STEPS = 12

def parameter():
    return torch.nn.Parameter(torch.zeros(1))

def rates(make):
    """The rates of both groups at the end, or the error's name."""
    optimizer = torch.optim.SGD([parameter()], lr=0.1)
    scheduler = make(optimizer)
    try:
        for step in range(1, STEPS + 1):
            optimizer.step()
            scheduler.step()
            if step == 1:
                optimizer.add_param_group({'params': [parameter()], 'lr': 0.01})
        return ' '.join(f'{group["lr"]:.4f}' for group in optimizer.param_groups)
    except Exception as error:
        return type(error).__name__

# The factor after one step of the warm-up is 0.19: the rest of it multiplies by 1 / 0.19.
SEEN = {
    'LinearLR, a warm-up': (lambda o: schedulers.LinearLR(o, 0.1, 1, 10), '0.1000 0.0526'),
    'ConstantLR': (lambda o: schedulers.ConstantLR(o, 0.5, 4), '0.1000 0.0200'),
    'StepLR': (lambda o: schedulers.StepLR(o, 8, 0.5), '0.0500 0.0050'),
    'LambdaLR': (lambda o: schedulers.LambdaLR(o, lambda step: min(1, 0.1 + 0.09 * step)), 'ValueError'),
    'CosineAnnealingWarmRestarts': (lambda o: schedulers.CosineAnnealingWarmRestarts(o, 10), 'ValueError'),
    'OneCycleLR': (lambda o: schedulers.OneCycleLR(o, 0.1, total_steps=20), 'KeyError'),
}

holds = True
print('a group is added after step 1 with the rate 0.01; rates of the first group, and of the added one, at the end:')
for name, (make, expected) in SEEN.items():
    seen = rates(make)
    print(f'{name}: {seen}')
    holds = holds and seen == expected
print('As described.' if holds else 'Not as described: the behaviour has changed.')
sys.exit(0 if holds else 1)
PY
python3 -W ignore "$folder/thaw.py"
