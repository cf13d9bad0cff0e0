#!/usr/bin/env bash
# torchvision's Grayscale makes a grey picture one level darker if it is a tensor of bytes, and leaves it as it is if it is
# a picture of Pillow. Contrast and saturation inherit it.
#
# Versions: torch 2.13.0, torchvision 0.28.0, Pillow 12.3.0, numpy 2.4.6, Python 3.11, Linux.
#
# A reasonable guess: transforms take a tensor or a picture, with the same numbers but for rounding; and the grey of a
# picture whose red, green and blue are equal is that picture.
#
# Behaviour seen: on tensors the weights of red, green and blue are 0.2989, 0.587 and 0.114, which add up to 0.9999, and
# the sum is cut off, not rounded. So each level from 1 to 255 becomes one lower: white is 254, and of 256 levels black
# alone stays. In Pillow the weights add up to 1 and the sum is rounded. `adjust_contrast` and `adjust_saturation` blend
# with that grey: of a white picture, every factor below 1 makes 254. The transforms of v2 do the same.
#
# A pipeline that is moved from pictures to tensors, or from v1 to v2 with `ToImage` at its head, so darkens its images,
# and twice what it makes grey twice. With floats from 0 to 1 the factor of 0.9999 stays, and nothing is cut off.
#
# The script needs Python 3 with pip, and a few seconds once torch is fetched. It uses no compiled op of torchvision, so
# it has torch accept that they are missing, as they are where torchvision was built for another build of torch.
#
# Output seen:
#   levels that change: Pillow 0 of 256, tensor 255 of 256, by [-1]
#   grey of white: Pillow 255, tensor 254, v2 254; twice 253
#   white with half the contrast: Pillow 255, tensor 254; with half the saturation: Pillow 255, tensor 254
#   As described.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip install --quiet --target "$folder/packages" torch==2.13.0 numpy==2.4.6 pillow==12.3.0
python3 -m pip install --quiet --no-deps --target "$folder/packages" torchvision==0.28.0
export PYTHONPATH=$folder/packages

cat > "$folder/grey.py" <<'PY'
import sys
import warnings

import numpy
import torch

warnings.filterwarnings('ignore')
register_fake = torch.library.register_fake
torch.library.register_fake = lambda name, *rest, **named: (
    (lambda function: function) if str(name).startswith('torchvision::') else register_fake(name, *rest, **named))
from PIL import Image
from torchvision.transforms import functional as v1
from torchvision.transforms.v2 import functional as v2

levels = numpy.arange(256, dtype=numpy.uint8)
picture = Image.fromarray(numpy.repeat(levels[None, :, None], 3, axis=2))
tensor = v1.pil_to_tensor(picture)

def changes(grey):
    return numpy.asarray(grey).reshape(-1)[:256].astype(int) - levels

pillow, bytes_ = changes(v1.rgb_to_grayscale(picture)), changes(v1.rgb_to_grayscale(tensor))
by = sorted({int(each) for each in bytes_} - {0})
print(f'levels that change: Pillow {(pillow != 0).sum()} of 256, tensor {(bytes_ != 0).sum()} of 256, by {by}')

white, white_tensor = Image.new('RGB', (2, 2), 'white'), torch.full((3, 2, 2), 255, dtype=torch.uint8)
def first(image):
    return int(numpy.asarray(image).reshape(-1)[0])
once = v1.rgb_to_grayscale(white_tensor, 3)
greys = [first(each) for each in (v1.rgb_to_grayscale(white), once, v2.rgb_to_grayscale(white_tensor))]
twice = first(v1.rgb_to_grayscale(once))
print(f'grey of white: Pillow {greys[0]}, tensor {greys[1]}, v2 {greys[2]}; twice {twice}')
contrast = [first(v1.adjust_contrast(each, 0.5)) for each in (white, white_tensor)]
colour = [first(v1.adjust_saturation(each, 0.5)) for each in (white, white_tensor)]
print(f'white with half the contrast: Pillow {contrast[0]}, tensor {contrast[1]}; '
      f'with half the saturation: Pillow {colour[0]}, tensor {colour[1]}')
holds = (pillow == 0).all() and (bytes_ != 0).sum() == 255 and by == [-1] and greys == [255, 254, 254] \
    and twice == 253 and contrast == colour == [255, 254]
print('As described.' if holds else 'Not as described: the behaviour has changed.')
sys.exit(0 if holds else 1)
PY
python3 "$folder/grey.py"
