"""Makes the pictures and the images that Pillow and torchvision make of them: python3 make_golden.py, in this folder.

Versions: Pillow 12.3.0, torchvision 0.28.0, NumPy 2.4.6. Each line of
pictures.ndjson names a picture, how it is prepared, and where in expected.bin.z (zlib) the pixels are that Python's stack
makes of it: [height, width, channels], without padding. The lines of arrays.ndjson are arrays that Pillow resizes.
"""
import io
import json
import random
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps
from torchvision import transforms

WIDTH, HEIGHT = 30, 22
BILINEAR = Image.Resampling.BILINEAR


def scene(width=WIDTH, height=HEIGHT):
    """A picture with shades, edges and some noise, [height, width, 3]."""
    noise = np.random.RandomState(7).randint(-6, 7, (height, width, 3))
    y, x = np.mgrid[0:height, 0:width]
    shades = np.stack([255 * x / width, 255 * y / height, 128 + 100 * np.sin(x / 7 + y / 5)], axis=-1)
    shades[(x - width * 0.6) ** 2 + (y - height * 0.5) ** 2 < (height * 0.3) ** 2] = (230, 40, 30)
    shades[height // 6 : height // 3, width // 8 : width // 3] = (10, 60, 220)
    return np.clip(shades + noise, 0, 255).astype(np.uint8)


def png16(pixels):
    """A PNG with 16 bits a channel, which Pillow writes of grey alone. pixels: [height, width, channels]"""
    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def exchanged_profile():
    """A valid ICC profile that takes red for blue."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)  # else the time of writing
    profile[84:100] = bytes(16)
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


colour = Image.fromarray(scene())
grey = colour.convert("L")
ramp = np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) * 99 % 65536  # 16 bits

pictures = {}


def picture(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, **options)
    pictures[name] = buffer.getvalue()


def hidden(rgb):
    """An ink drop on a transparent ground; the colour under the ground is `rgb`."""
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    distance = np.hypot(x - 15, y - 11)
    pixels[..., :3] = rgb
    pixels[distance < 9, :3] = (20, 30, 160)
    pixels[..., 3] = np.clip(255 - 60 * (distance - 6), 0, 255)
    return Image.fromarray(pixels)


picture("colour.png", colour, format="PNG")
picture("grey.png", grey, format="PNG")
picture("bilevel.png", grey.point(lambda level: 255 * (level > 120)).convert("1"), format="PNG")
picture("palette.png", colour.quantize(16), format="PNG")
picture("palette-transparent.png", colour.quantize(16), format="PNG", transparency=3)
picture("hidden-black.png", hidden((0, 0, 0)), format="PNG")
picture("hidden-white.png", hidden((255, 255, 255)), format="PNG")
picture("grey-alpha.png", Image.merge("LA", (grey, hidden((0, 0, 0)).getchannel("A"))), format="PNG")
pictures["grey16.png"] = png16(ramp[..., None])
pictures["colour16.png"] = png16(np.stack([ramp, 65535 - ramp, ramp * 7 % 65536], axis=-1))
pictures["alpha16.png"] = png16(np.stack([ramp, 65535 - ramp, ramp * 7 % 65536, ramp * 3 % 65536], axis=-1))
picture("colour-444.jpg", colour, format="JPEG", quality=90, subsampling=0)
picture("large.jpg", Image.fromarray(scene(200, 150)), format="JPEG", quality=75)
picture("colour-420.jpg", colour, format="JPEG", quality=90, subsampling=2)
picture("profile.jpg", colour, format="JPEG", quality=90, icc_profile=exchanged_profile())
picture("profile.png", colour, format="PNG", icc_profile=exchanged_profile())
picture("grey.jpg", grey, format="JPEG", quality=90)
cmyk = np.dstack([scene(), scene()[::-1, :, 1] // 2])
cmyk[:8, :8] = (0, 255, 255, 0)  # red
cmyk[:8, 8:16] = (255, 255, 0, 0)  # blue
picture("cmyk.jpg", Image.fromarray(cmyk, "CMYK"), format="JPEG", quality=95)
picture("cmyk.tif", Image.fromarray(cmyk, "CMYK"), format="TIFF", compression="tiff_lzw")
turned = Image.Exif()
turned[0x0112] = 6
picture("turned.jpg", colour, format="JPEG", quality=90, exif=turned)
picture("colour.webp", colour, format="WEBP", quality=80)
picture("lossless.webp", hidden((9, 200, 9)), format="WEBP", lossless=True, exact=True)
picture("colour.tif", colour, format="TIFF", compression="tiff_lzw")
picture("moving.gif", colour.quantize(32), format="GIF", save_all=True, append_images=[grey.quantize(8)], duration=50)
picture("colour.ppm", colour, format="PPM")
picture("grey.pgm", grey, format="PPM")
pictures["few-levels.ppm"] = b"P6\n# fifteen levels\n30 22\n15\n" + (scene() // 16).tobytes()
picture("colour.avif", colour, format="AVIF", quality=80, subsampling="4:4:4")


def opened(name):
    """The picture upright with 8 bits a channel, on white: an image of mode L or RGB."""
    image = Image.open(io.BytesIO(pictures[name]))
    image.seek(0)
    image = ImageOps.exif_transpose(image)
    if image.mode in ("I;16", "I"):
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, (255, 255, 255))
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image.convert("RGB")


def fitted(image, height, width, fit):
    """The image without padding, and where it lies: left, top, width, height."""
    if fit == "stretch":
        return image.resize((width, height), BILINEAR), (0, 0, width, height)
    if fit == "pad":
        part = ImageOps.contain(image, (width, height), BILINEAR)
        whole = np.asarray(ImageOps.pad(Image.new("L", image.size, 255), (width, height), BILINEAR))
        rows, columns = np.nonzero(whole.any(axis=1))[0], np.nonzero(whole.any(axis=0))[0]
        assert (len(columns), len(rows)) == part.size
        return part, (int(columns[0]), int(rows[0]), *part.size)
    # torchvision's Resize takes the shorter side: the side that would not cover the image otherwise
    is_wide = int(height * image.width / image.height) >= width
    size = (height, int(height * image.width / image.height)) if is_wide else (int(width * image.height / image.width), width)
    resized = transforms.Resize(size)(image)
    if height == width:
        assert resized.size == transforms.Resize(height)(image).size
    return transforms.CenterCrop((height, width))(resized), (0, 0, width, height)


cases = []
expected = bytearray()


def case(name, height, width, channels, fit):
    image = opened(name)
    image = image.convert("L" if channels == 1 else "RGB")
    part, content = fitted(image, height, width, fit)
    pixels = np.asarray(part).tobytes()
    cases.append(
        {"picture": name, "height": height, "width": width, "channels": channels, "fit": fit, "content": content,
         "begin": len(expected), "length": len(pixels)}
    )
    expected.extend(pixels)


for name in [each for each in pictures if each != "large.jpg"]:
    side = (WIDTH, HEIGHT) if name == "turned.jpg" else (HEIGHT, WIDTH)
    case(name, *side, 3, "stretch")
for name in ("colour.png", "grey16.png", "cmyk.jpg", "hidden-white.png"):
    case(name, HEIGHT, WIDTH, 1, "stretch")
for fit in ("pad", "crop", "stretch"):
    case("colour.png", 14, 14, 3, fit)
    case("colour.png", 14, 14, 1, fit)
    case("colour.png", 35, 35, 3, fit)
    case("colour.png", 23, 15, 3, fit)
    case("colour.png", 8, 21, 3, fit)
    case("hidden-white.png", 12, 12, 3, fit)
    case("turned.jpg", 15, 15, 3, fit)
    case("large.jpg", 20, 20, 3, fit)
    case("grey.jpg", 33, 40, 1, fit)
case("colour.png", 8, 50, 3, "stretch")
case("large.jpg", 20, 150, 1, "stretch")

# Arrays that are resized. Pixel i of the array is (i * i * 31 + i * 7) % 251, which the test computes too.
draw = random.Random(3)
arrays = []
for _ in range(30):
    before, after = [(draw.randint(1, 30), draw.randint(1, 30)) for _ in range(2)]
    mode = draw.choice(["L", "RGB"])
    pixels = bytes((at * at * 31 + at * 7) % 251 for at in range(before[0] * before[1] * len(mode)))
    resized = Image.frombytes(mode, (before[1], before[0]), pixels).resize((after[1], after[0]), BILINEAR).tobytes()
    arrays.append({"channels": len(mode), "from": before, "to": after, "begin": len(expected), "length": len(resized)})
    expected.extend(resized)

for name, data in pictures.items():
    with open(name, "wb") as file:
        file.write(data)
with open("expected.bin.z", "wb") as file:
    file.write(zlib.compress(bytes(expected), 9))
for name, rows in {"pictures": cases, "arrays": arrays}.items():
    with open(f"{name}.ndjson", "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
