"""Writes photo.json: crops and colours of pictures by torchvision's formulas, in double precision.

Usage: python3 test/parity/pytorch_photo.py && npx biome format --write test/parity/photo.json
       (needs test/parity/requirements.txt)

The crop is torchvision's `resized_crop` of a tensor: `interpolate` of the part alone, with edges on edges. The colours
are its `adjust_brightness` and `adjust_contrast`, with the weights of grey of Pillow: torchvision's tensors have 0.2989
for red.
"""

import json
import pathlib

import torch

torch.manual_seed(20)
CASES = [
    {"channels": 3, "height": 9, "width": 12, "crop": [2, 1, 7, 6], "mirrored": False, "colours": [1.3, 0.7]},
    {"channels": 3, "height": 9, "width": 12, "crop": [0, 0, 12, 9], "mirrored": True, "colours": [0.6, 1.4]},
    {"channels": 1, "height": 8, "width": 8, "crop": [3, 2, 5, 6], "mirrored": True, "colours": [1.4, 1.4]},
    {"channels": 1, "height": 8, "width": 8, "crop": [0, 0, 8, 8], "mirrored": False, "colours": [0.8, 0.6]},
]
GREY = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64).reshape(1, 3, 1, 1)


def cropped(pixels, crop, mirrored):
    """Pictures [1, C, H, W], of which a part is enlarged to their size, and mirrored."""
    left, top, width, height = crop
    part = pixels[:, :, top : top + height, left : left + width]
    changed = torch.nn.functional.interpolate(part, pixels.shape[2:], mode="bilinear", align_corners=False)
    return changed.flip(-1) if mirrored else changed


def recoloured(pixels, colours):
    """Pictures [1, C, H, W] from 0 to 1, of another brightness and then of another contrast."""
    brightness, contrast = colours
    bright = (pixels * brightness).clamp(0, 1)
    grey = (bright * GREY).sum(1, keepdim=True) if bright.shape[1] == 3 else bright
    mean = grey.mean(dim=(-3, -2, -1), keepdim=True)
    return (contrast * bright + (1 - contrast) * mean).clamp(0, 1)


def example(case):
    picture = torch.randint(0, 256, [1, case["channels"], case["height"], case["width"]])
    pixels = picture.double() / 255
    listed = lambda tensor: [round(value, 7) for value in tensor.permute(0, 2, 3, 1).flatten().tolist()]
    return {
        **case,
        "picture": listed(picture),
        "cropped": listed(cropped(pixels, case["crop"], case["mirrored"])),
        "recoloured": listed(recoloured(pixels, case["colours"])),
    }


path = pathlib.Path(__file__).parent / "photo.json"
path.write_text(json.dumps([example(case) for case in CASES]) + "\n")
