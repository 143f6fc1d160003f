#!/usr/bin/python3
"""Writes the corpus of the planners of scrubbed copies: inputs that hold what must go in many places at once, each named
for what it shows.  Everything in them is made up.  Run from anywhere; the files land beside this script."""

import importlib.util
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def corpus(folder):
    spec = importlib.util.spec_from_file_location(folder, HERE.parent / folder / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


media = corpus("media")


def photos():
    second = media.jpeg(media.exif(media.camera_block(">")))
    everything = [media.exif(media.camera_block("<")), media.segment(0xe1, media.XMP + media.PACKET), *media.flir(), media.thermal(),
                  media.segment(0xe7, b"DJI-DBG\0[sensor_id:0TESTCAM000009]"), media.segment(0xed, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\0"),
                  media.segment(0xfe, b"a comment"), media.segment(0xe9, b"unknown segment")]
    yield "photo-with-everything.jpg", media.jpeg(*everything, behind=second + b"noise")
    yield "photo-cut-in-scan.jpg", media.jpeg(*everything)[:-3]
    yield "xmp-elements.jpg", media.jpeg(media.segment(0xe1, media.XMP + media.ELEMENTS))
    yield "extended-xmp.jpg", media.jpeg(media.extension(len(media.PACKET), 400, media.PACKET[400:]), media.extension(len(media.PACKET), 0, media.PACKET[:400]))
    yield "camera-big-endian.tif", media.camera_block(">")
    yield "camera-little-endian.tif", media.camera_block("<")
    yield "gps-directory-loops.tif", media.tiff("<", [(0x8825, 4, 2, struct.pack("<II", 8, 8))])


def main():
    folder = HERE / "plan"
    folder.mkdir(exist_ok=True)
    for name, content in photos():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
