"""Writes files/*.safetensors as safetensors 0.8.0 writes them, and files/expected.json with what is in them.

python make_safetensors.py (torch 2.13.0, safetensors 0.8.0, numpy)
"""
import json
import os
import torch
from safetensors.torch import save_file, save_model

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'files')
os.makedirs(here, exist_ok=True)
# Halves, a subnormal of each small type, a value that only float64 has, and the largest float16.
values = torch.tensor([0.0, -0.0, 1.0, -2.5, 0.1, 65504.0, 2.0**-24, 3.0e-39, 1 / 3], dtype=torch.float64)
floats = {'F16': torch.float16, 'BF16': torch.bfloat16, 'F32': torch.float32, 'F64': torch.float64}
whole = {
    'I8': torch.int8, 'I16': torch.int16, 'I32': torch.int32, 'I64': torch.int64,
    'U8': torch.uint8, 'U16': torch.uint16, 'U32': torch.uint32, 'U64': torch.uint64,
}
tensors = {name: values.to(kind) for name, kind in floats.items()}
tensors |= {name: torch.tensor(97, dtype=kind) for name, kind in whole.items()}
save_file(tensors, f'{here}/types.safetensors')
unread = {'F8_E4M3': torch.zeros(2, 3, dtype=torch.float8_e4m3fn), 'C64': torch.zeros(2, dtype=torch.complex64)}
save_file(unread, f'{here}/unread.safetensors')


class Tied(torch.nn.Module):
    """Two names of one tensor: `save_model` writes one of them and notes the other."""

    def __init__(self):
        super().__init__()
        self.a = torch.nn.Linear(2, 2, bias=False)
        self.b = self.a


tied = Tied()
with torch.no_grad():
    tied.a.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
save_model(tied, f'{here}/tied.safetensors')
expected = {name: tensors[name].to(torch.float32).double().tolist() for name in floats}
json.dump(expected, open(f'{here}/expected.json', 'w'), indent=2)
