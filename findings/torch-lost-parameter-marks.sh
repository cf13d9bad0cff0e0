#!/usr/bin/env bash
# A copy of a network has lost the marks on its parameters, which saving and loading the network keeps.
#
# Versions: torch 2.13.0, numpy 2.4.6, Python 3.11, Linux on x86-64.
#
# A reasonable guess: code marks parameters that want a treatment of their own, as by `weight._no_weight_decay = True`,
# and builds the optimizer from these marks. `copy.deepcopy`, and AveragedModel, which makes its copy so, keep them, as
# Python's copies keep attributes and as a copy of a plain tensor does.
#
# Behaviour seen: the copy of a Parameter has neither its attributes nor its gradient. That of a plain tensor has both,
# and that of a Buffer has its attributes. Nothing tells. An optimizer that is built from the copy of a network
# therefore decays what the original's left alone. `load_state_dict(assign=True)` loses marks, too; without `assign` it
# keeps them.
#
# Pickle, and torch.save with torch.load, keep a Parameter's attributes, even with `weights_only=True`. (A plain
# `state_dict()` has detached tensors without any.) A mark makes torch.save write another function into the file,
# `torch._utils._rebuild_parameter_with_state`, so that a reader of such files other than PyTorch's must know both.
#
# The script asks for each of these answers. It needs Python 3 with pip, and half a minute once torch is fetched.
#
# Output seen:
#   a Parameter's mark after copy.deepcopy: lost, with its gradient
#   a plain tensor's after copy.deepcopy: kept, with its gradient
#   a Buffer's after copy.deepcopy: kept
#   a Parameter's in AveragedModel: lost
#   a Parameter's after pickle: kept
#   a Parameter's after torch.save and torch.load(weights_only=True): kept
#   a Parameter's after load_state_dict: kept
#   a Parameter's after load_state_dict(assign=True): lost
#   functions in the file, without and with a mark: _rebuild_parameter, _rebuild_parameter_with_state
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip install --quiet --target "$folder/packages" torch==2.13.0 numpy==2.4.6
export PYTHONPATH=$folder/packages

cat > "$folder/marks.py" <<'PY'
import copy, io, pickle, re, sys, zipfile
import torch
from torch.optim.swa_utils import AveragedModel

def marked(tensor, gradient=True):
    tensor._no_weight_decay = True
    if gradient:
        tensor.grad = torch.ones_like(tensor)
    return tensor

def told(tensor, gradient=False):
    """Whether a tensor has the mark, and whether its gradient went the same way."""
    mark, grad = hasattr(tensor, '_no_weight_decay'), tensor.grad is not None
    return ('kept' if mark else 'lost') + (', with its gradient' if gradient and mark == grad else '')

def saved(value):
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return file

def function_in(file):
    return re.search(rb'_rebuild_parameter\w*', zipfile.ZipFile(file).read('archive/data.pkl'))[0].decode()

network = torch.nn.Linear(2, 1)
weight = marked(network.weight)
loaded = torch.nn.Linear(2, 1)
marked(loaded.weight)
loaded.load_state_dict(network.state_dict())
assigned = copy.deepcopy(network)
marked(assigned.weight)
assigned.load_state_dict(network.state_dict(), assign=True)
marks = {
    "a Parameter's mark after copy.deepcopy": (told(copy.deepcopy(network).weight, True), 'lost, with its gradient'),
    "a plain tensor's after copy.deepcopy":
        (told(copy.deepcopy(marked(torch.ones(2, requires_grad=True))), True), 'kept, with its gradient'),
    "a Buffer's after copy.deepcopy": (told(copy.deepcopy(marked(torch.nn.Buffer(torch.ones(2)), False))), 'kept'),
    "a Parameter's in AveragedModel": (told(AveragedModel(network).module.weight), 'lost'),
    "a Parameter's after pickle": (told(pickle.loads(pickle.dumps(network)).weight), 'kept'),
    "a Parameter's after torch.save and torch.load(weights_only=True)":
        (told(torch.load(saved({'w': weight}), weights_only=True)['w']), 'kept'),
    "a Parameter's after load_state_dict": (told(loaded.weight), 'kept'),
    "a Parameter's after load_state_dict(assign=True)": (told(assigned.weight), 'lost'),
    'functions in the file, without and with a mark': (
        ', '.join(function_in(saved({'w': each})) for each in (network.bias, weight)),
        '_rebuild_parameter, _rebuild_parameter_with_state'),
}
for name, (seen, _) in marks.items():
    print(f'{name}: {seen}')
holds = all(seen == expected for seen, expected in marks.values())
print('As described.' if holds else 'Not as described: the behaviour has changed.')
sys.exit(0 if holds else 1)
PY
python3 "$folder/marks.py"
