#!/usr/bin/env bash
# With class weights and label smoothing, PyTorch's cross-entropy is least where a frequent class's image is called frequent
# with less than even odds.
#
# Versions: torch 2.13.0, numpy 2.4.6, Python 3.11, Linux.
#
# A reasonable guess: `weight` says how much an image counts, and `label_smoothing` what its target is: 1 - eps for the
# label, eps spread over all classes. So weights change which images matter, and not what a network should answer: with
# eps = 0.1 and ten classes, the loss of an image is least where its class has 0.91, however the classes are weighted.
#
# Behaviour seen: in the part of eps each class counts by its own weight, eps / classes * sum of w_c * (-log p_c). Where
# five classes have 20 times the images of five others and the weights are scikit-learn's `balanced` (0.525 and 10.5),
# the loss of a frequent class's image is least where that class has 0.47 and each rare one 0.10. A rare class's image is
# least at 0.96. So the answer for the frequent half is pulled down, and that for the rare half up, a second time, by
# what was meant to be a mild regulariser. With equal weights it is 0.91, as guessed; with targets that are
# smoothed by hand and weighted by their images' classes too.
#
# It needs Python 3 with pip, and a few seconds once torch is fetched.
#
# Output seen:
#   probability of the own class where the loss is least, equal weights: frequent 0.91, rare 0.91
#   balanced weights: frequent 0.47, rare 0.96
#   the same as targets of probabilities, weighted image by image: frequent 0.91, rare 0.91
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip install --quiet --target "$folder/packages" torch==2.13.0 numpy==2.4.6
export PYTHONPATH=$folder/packages

cat > "$folder/smoothing.py" <<'PY'
import sys

import torch
from torch.nn.functional import cross_entropy

CLASSES, EPSILON = 10, 0.1
sizes = torch.tensor([200.0] * 5 + [10.0] * 5)
balanced = sizes.sum() / (CLASSES * sizes)
FREQUENT, RARE = 0, 9

def least(loss):
    """The probabilities at which a loss of logits is least."""
    logits = torch.zeros(1, CLASSES, requires_grad=True)
    optimizer = torch.optim.LBFGS([logits], max_iter=500, tolerance_grad=1e-9, tolerance_change=1e-12)
    def closure():
        optimizer.zero_grad()
        value = loss(logits)
        value.backward()
        return value
    optimizer.step(closure)
    return torch.softmax(logits.detach(), 1)[0]

def own(weight, label):
    found = least(lambda logits: cross_entropy(logits, torch.tensor([label]), weight, label_smoothing=EPSILON))
    return round(found[label].item(), 2)

def by_hand(label):
    target = torch.full((1, CLASSES), EPSILON / CLASSES)
    target[0, label] += 1 - EPSILON
    found = least(lambda logits: balanced[label] * cross_entropy(logits, target))
    return round(found[label].item(), 2)

equal = own(None, FREQUENT), own(None, RARE)
weighted = own(balanced, FREQUENT), own(balanced, RARE)
hand = by_hand(FREQUENT), by_hand(RARE)
print(f'probability of the own class where the loss is least, equal weights: frequent {equal[0]}, rare {equal[1]}')
print(f'balanced weights: frequent {weighted[0]}, rare {weighted[1]}')
print(f'the same as targets of probabilities, weighted image by image: frequent {hand[0]}, rare {hand[1]}')
holds = equal == hand == (0.91, 0.91) and weighted == (0.47, 0.96)
print('As described.' if holds else 'Not as described: the behaviour has changed.')
sys.exit(0 if holds else 1)
PY
python3 "$folder/smoothing.py"
