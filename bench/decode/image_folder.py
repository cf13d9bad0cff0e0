"""Reads a folder of pictures with torchvision's ImageFolder and PyTorch's DataLoader; prints the seconds as JSON.

Usage: python image_folder.py FOLDER SIDE PIXELS, where PIXELS is the file that the pixels are written to (8 bits).
"""

import json
import resource
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "scripts/check-pytorch"))
import libraries  # noqa: E402, F401
import PIL  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
from torchvision import transforms  # noqa: E402

BATCH_SIZE = 64
WORKERS = 2

folder, side, pixels = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
transform = transforms.Compose([transforms.Resize((side, side)), transforms.ToTensor()])

began = time.perf_counter()
data = torchvision.datasets.ImageFolder(folder, transform)
batches = [images for images, _ in torch.utils.data.DataLoader(data, batch_size=BATCH_SIZE, num_workers=WORKERS)]
seconds = time.perf_counter() - began
kibibytes = [resource.getrusage(of).ru_maxrss for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
peak = 1024 * (kibibytes[0] + WORKERS * kibibytes[1])  # that of the children is the largest one's

levels = (torch.cat(batches) * 255).round().to(torch.uint8)  # ToTensor divides by 255
pixels.write_bytes(levels.permute(0, 2, 3, 1).contiguous().numpy().tobytes())
versions = [f"torch {torch.__version__}", f"torchvision {torchvision.__version__}", f"Pillow {PIL.__version__}"]
print(json.dumps({"seconds": seconds, "images": len(data), "peakMemoryBytes": peak, "versions": versions}))
