#!/usr/bin/python3
"""Writes the corpus of media/picture_hash: small JPEGs by python3-pil, each named for what it shows."""
import io
import pathlib
import random

from PIL import Image

HERE = pathlib.Path(__file__).parent / "picture_hash"


def jpeg(size=(72, 64), mode="RGB", **options):
    patches = Image.frombytes(mode, (5, 4), random.Random(1).randbytes(20 * len(mode)))
    out = io.BytesIO()
    patches.resize(size, Image.BICUBIC).save(out, "JPEG", quality=60, **options)
    return out.getvalue()


def main():
    HERE.mkdir(exist_ok=True)
    plain, progressive = jpeg(), jpeg(progressive=True)
    frame = plain.index(b"\xff\xc0")
    files = {
        "baseline": plain, "progressive": progressive, "grey": jpeg(mode="L"), "cmyk": jpeg(mode="CMYK"),
        "cut-in-scan": plain[:-len(plain) // 4], "cut-in-tables": plain[:100], "too-small": jpeg((31, 31)),
        "huge-frame": plain[:frame + 5] + b"\xea\x60\xea\x60" + plain[frame + 9:],
        "progressive-larger-than-its-data": progressive.replace(b"\xff\xc2\x00\x11\x08\x00\x40\x00\x48", b"\xff\xc2\x00\x11\x08\x0f\xa0\x0f\xa0"),
    }
    for name, content in files.items():
        (HERE / (name + ".jpg")).write_bytes(content)


main()
