"""Draws pictures, and prepares pictures for a network with Pillow as the trainer should."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

BILINEAR = Image.Resampling.BILINEAR
LARGEST_OWN_SIDE = 96
USUAL_SIDE = 64


def pixels(seed, width=24, height=20):
    """A picture with shades, edges and some noise: uint8 [height, width, 3], the same for the same seed."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    turn = seed % 7
    shades = np.stack([255 * x / width, 255 * y / height, 128 + 100 * np.sin(x / (5 + turn) + y / 5)], axis=-1)
    shades[(x - width * 0.6) ** 2 + (y - height * (0.3 + turn / 20)) ** 2 < (height * 0.3) ** 2] = (230, 40, 30 * turn)
    shades[height // 6 : height // 3, width // 8 : width // 3] = (10, 60, 220)
    return np.clip(shades + random.integers(-6, 7, shades.shape), 0, 255).astype(np.uint8)


def draw(seed, width=24, height=20, mode="RGB"):
    """The same as a picture of Pillow."""
    return Image.fromarray(pixels(seed, width, height)).convert(mode)


def encoded(seed, form="PNG", mode="RGB") -> bytes:
    out = io.BytesIO()
    draw(seed, mode=mode).save(out, form)
    return out.getvalue()


def transparent(seed, width=24, height=20):
    """A picture on a transparent ground, under which its colours go on."""
    alpha = np.clip(np.hypot(*np.mgrid[-height // 2 : height // 2, -width // 2 : width // 2]) * 25, 0, 255)
    return Image.fromarray(np.dstack([pixels(seed, width, height), 255 - alpha.astype(np.uint8)]))


def png16(seed, width=24, height=20):
    """Bytes of a coloured PNG of 16 bits a channel, which Pillow does not write."""
    rows = pixels(seed, width, height).astype(np.uint16) * 251 + seed
    data = b"".join(b"\0" + row.astype(">u2").tobytes() for row in rows)

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def upright(image):
    """A picture as it is seen, with 8 bits a channel, on white: of mode L or RGB."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("I;16", "I;16B", "I"):
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, (255, 255, 255))
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image if image.mode == "L" else image.convert("RGB")


def has_colour(image):
    values = np.asarray(image)
    return values.ndim == 3 and bool((values != values[..., :1]).any())


def fitted(image, height, width, fit):
    """The picture in an image's shape; padding is black, which training fills with the mean colour later."""
    if fit == "stretch":
        return image.resize((width, height), BILINEAR)
    if fit == "pad":
        return ImageOps.pad(image, (width, height), BILINEAR, color=0)
    # torchvision's Resize of the side that would not cover the image otherwise, and its CenterCrop.
    covering = int(height * image.width / image.height)
    size = (covering, height) if covering >= width else (width, int(width * image.height / image.width))
    left, top = round((size[0] - width) / 2), round((size[1] - height) / 2)
    return image.resize(size, BILINEAR).crop((left, top, left + width, top + height))


def prepared(pictures, size=None, channels=None, fit="pad"):
    """Images of pictures, of Pillow or paths: uint8 [count, height, width, channels]. size: height, width."""
    images = [upright(each if isinstance(each, Image.Image) else Image.open(each)) for each in pictures]
    first = (images[0].height, images[0].width)
    is_alike = all((each.height, each.width) == first for each in images) and max(first) <= LARGEST_OWN_SIDE
    height, width = size or (first if is_alike else (USUAL_SIDE, USUAL_SIDE))
    channels = channels or (3 if any(map(has_colour, images)) else 1)
    shaped = [np.asarray(fitted(each.convert("L" if channels == 1 else "RGB"), height, width, fit)) for each in images]
    return np.stack(shaped).reshape(len(shaped), height, width, channels)


def resized(arrays, size, fit="stretch"):
    """Images of arrays: [count, height, width, channels] before and after."""
    channels = arrays.shape[-1]
    pictures = [Image.fromarray(each[..., 0] if channels == 1 else each) for each in arrays]
    return prepared(pictures, size, channels, fit)
