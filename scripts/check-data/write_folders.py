"""Writes trees of pictures with Pillow, and notes what the trainer should read of them."""

import PIL
from PIL import Image

from cases import AVIF, EQUAL, REDUCED, Cases
from pictures import draw, png16, prepared, transparent

WRITER = f"Pillow {PIL.__version__}"
# formats.md of the trees that Hugging Face's loader takes for parts of a data set: all pictures count here.
TREES = {
    "words for parts in names of files": ["cat/cat_test_1.png", "cat/cat_2.png", "dog/dog_test_1.png", "dog/dog_2.png"],
    "a class named crash_test": ["crash_test/1.png", "crash_test/2.png", "road/1.png", "road/2.png"],
    "classes named test, contest, training shoes, validated": [
        f"{name}/{i}.png" for name in ("test", "contest", "training shoes", "validated") for i in (1, 2)
    ],
}
ELEVEN = ["0", "1", "2", "10", "11", "Ant", "Zebra", "apple", "class_2", "class_10", "éclair"]


def save(path, picture, **options):
    if isinstance(picture, bytes):
        path.write_bytes(picture)
    else:
        picture.save(path, **options)


def tree(cases: Cases, root, files):
    """Writes pictures. files: paths, or paths with pictures; returns the paths in the order of the images."""
    named = files if isinstance(files, dict) else {file: draw(seed) for seed, file in enumerate(files)}
    for file, picture in named.items():
        save(cases.path(f"{root}/{file}"), picture)
    return sorted(named)


def read_tree(cases: Cases, what, files, *, bounds=EQUAL, says=(), read=None, names=None, **choice):
    """Writes a tree and notes what should be read: all of it, or the files that `read` names."""
    root = f"folder/{len(cases.cases)}"
    paths = tree(cases, root, files)
    taken = paths if read is None else sorted(read)
    how = {key: choice[key] for key in ("size", "channels", "fit") if key in choice}
    images = prepared([cases.folder / root / each for each in taken], **how)
    labels = [each.split("/")[0] for each in taken]
    names = names or sorted(set(labels))
    cases.read(f"folder: {what}", WRITER, root, images, labels, names=names, bounds=bounds, says=says, **choice)
    return root


def write_folders(cases: Cases) -> None:
    files = [f"{name}/{i}.png" for name in ELEVEN for i in (1, 2)]
    read_tree(cases, "the eleven names of classes", files)
    read_tree(cases, "the order of --class-names", files, names=ELEVEN, classNames=ELEVEN)
    for what, paths in TREES.items():
        read_tree(cases, what, paths)
    read_tree(
        cases,
        "nested folders",
        ["cat/a/1.png", "cat/b/c/1.png", "dog/1.png"],
        says=["nested folders count for their top folder"],
    )
    hidden = ["cat/1.png", "dog/1.png", "cat/._1.png", ".ipynb_checkpoints/1.png", "__MACOSX/cat/1.png"]
    says = [
        "files whose names begin with a dot: 1",
        "folders whose names begin with a dot: 1",
        "folders named __MACOSX: 1",
    ]
    read_tree(cases, "hidden files and folders are left out", hidden, read=hidden[:2], says=says)
    write_parts(cases)
    write_kinds(cases)
    write_sizes(cases)
    write_broken(cases)


def write_parts(cases: Cases) -> None:
    for train, val, test in (("train", "valid", "test"), ("Training", "Validation", "Testing")):
        files = [f"{part}/{name}/{i}.png" for part in (train, val, test) for name in ("ant", "bee") for i in range(3)]
        root = f"folder/{len(cases.cases)}"
        tree(cases, root, {file: draw(seed) for seed, file in enumerate(files)})
        for part in ("train", "test"):
            # Loading the part to train on gives the validation part behind it.
            taken = [each for each in files if each.startswith((train, val) if part == "train" else test)]
            images = prepared([cases.folder / root / each for each in taken])
            labels = [each.split("/")[1] for each in taken]
            given = 6 if part == "train" else 0
            what = f"folder: {train}/, {val}/, {test}/, loaded to {part}"
            cases.read(what, WRITER, root, images, labels, names=["ant", "bee"], part=part, given_validation=given)
    lacking = ["train/ant/1.png", "train/bee/1.png", "val/ant/1.png"]
    root = f"folder/{len(cases.cases)}"
    images = prepared([cases.folder / root / each for each in tree(cases, root, lacking)])
    what = "folder: a class of train/ that val/ lacks"
    cases.read(what, WRITER, root, images, ["ant", "bee", "ant"], names=["ant", "bee"], given_validation=1)


def write_broken(cases: Cases) -> None:
    """Pictures that cannot be read are left out by --skip-broken."""
    files = {"ant/1.png": draw(0), "ant/2.png": b"no picture", "bee/1.png": draw(1), "bee/2.jpg": b"\xff\xd8\xff\xe0"}
    read_tree(cases, "--skip-broken", files, read=["ant/1.png", "bee/1.png"], skipBroken=True)


def write_kinds(cases: Cases) -> None:
    """Every kind of picture, at its own size: no level may differ."""
    kinds = {
        "png": (draw(0), {}),
        "jpg": (draw(1), {"quality": 90}),
        "jpeg": (draw(2, mode="L"), {}),
        "webp": (draw(3), {}),
        "gif": (draw(4).quantize(32), {}),
        "tif": (draw(5), {"compression": "tiff_lzw"}),
        "tiff": (draw(6, mode="L"), {}),
        "ppm": (draw(7), {}),
        "pgm": (draw(8, mode="L"), {}),
    }
    turned = Image.Exif()
    turned[0x0112] = 6
    special = {
        "bilevel.png": (draw(9).convert("1"), {}),
        "palette.png": (draw(10).quantize(16), {}),
        "alpha.png": (transparent(11), {}),
        "grey-alpha.png": (transparent(12).convert("LA"), {}),
        "grey-16-bits.png": (draw(13, mode="L").convert("I;16"), {}),
        "colour-16-bits.png": (png16(14), {}),
        "inks.jpg": (draw(15).convert("CMYK"), {"quality": 95}),
        "turned.jpg": (draw(16, 20, 24), {"exif": turned}),
        "halved-colours.jpg": (draw(17), {"subsampling": 2}),
    }
    for what, files in {
        "PNG, JPEG, WebP, GIF, TIFF, PPM": {f"{kind}/1.{kind}": each for kind, each in kinds.items()},
        "alpha, palettes, 1 and 16 bits, CMYK, EXIF": {
            f"{name.split('.')[0]}/{name}": each for name, each in special.items()
        },
    }.items():
        root = f"folder/{len(cases.cases)}"
        for file, (picture, options) in files.items():
            save(cases.path(f"{root}/{file}"), picture, **options)
        for channels in (3, 1):
            images = prepared([cases.folder / root / each for each in sorted(files)], channels=channels)
            names = sorted(each.split("/")[0] for each in files)
            cases.read(
                f"folder: {what}, {channels} channels", WRITER, root, images, names, names=names, channels=channels
            )
    root = f"folder/{len(cases.cases)}"
    for i in range(2):
        draw(i).save(cases.path(f"{root}/{i}/1.avif"), quality=80, subsampling="4:4:4")
    images = prepared([cases.folder / root / f"{i}/1.avif" for i in range(2)])
    cases.read("folder: AVIF", WRITER, root, images, ["0", "1"], names=["0", "1"], bounds=AVIF)


def write_sizes(cases: Cases) -> None:
    small = {
        f"{name}/{i}.png": draw(9 * i + len(name), 17 + i, 23 - 2 * i)
        for name in ("ant", "butterfly")
        for i in range(3)
    }
    medium = {f"{name}/{i}.png": draw(i, 90 + 31 * i, 120 - 17 * i) for name in ("ant", "bee") for i in range(3)}
    large = {f"{name}/{i}.png": draw(i, 300 + 131 * i, 420 - 17 * i) for name in ("ant", "bee") for i in range(2)}
    read_tree(cases, "pictures of many sizes become 64 × 64, by default", small)
    for fit in ("pad", "crop", "stretch"):
        read_tree(cases, f"enlarged by {fit}", small, size=(40, 48), fit=fit)
        read_tree(cases, f"reduced by {fit}", medium, size=(32, 28), fit=fit)
        read_tree(cases, f"more than 65,536 pixels, reduced by {fit}", large, size=(140, 160), fit=fit, bounds=REDUCED)
        read_tree(
            cases, f"more than 65,536 pixels, reduced by far, {fit}", large, size=(32, 32), fit=fit, bounds=REDUCED
        )
