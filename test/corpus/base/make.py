#!/usr/bin/python3
"""Makes the corpus of fuzz/base/decompress.c, each file named for what it shows."""
import bz2
import gzip
import lzma
import os
import struct
import subprocess

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "decompress")
TEXT = b"".join(b"line %d of a made-up text\n" % i for i in range(300))
SKIPPABLE = struct.pack("<II", 0x184d2a53, 5) + b"notes"


def write(name, packed, sizes=bytes([1, 2, 3, 17, 100])):
    os.makedirs(HERE, exist_ok=True)
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(bytes([len(sizes)]) + sizes + packed)


def zstd(content, *options):
    # The size of the content is in the header, as where a file is compressed.
    command = ["zstd", "-q", "-c", "--stream-size=%d" % len(content), *options]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def flipped(packed, at):
    return packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at:][1:]


KINDS = {"gzip": gzip.compress(TEXT, mtime=0), "zstd": zstd(TEXT), "xz": lzma.compress(TEXT), "bzip2": bz2.compress(TEXT)}
for kind, whole in KINDS.items():
    write(kind, whole)
    write(kind + "-byte-by-byte", whole, bytes([1]) * 255)
    write(kind + "-twice", whole + whole)
    write(kind + "-cut", whole[:-11])
    write(kind + "-damaged-within", flipped(whole, len(whole) // 2))
    write(kind + "-wrong-check-value", flipped(whole, -6 if kind == "gzip" else -2 if kind == "zstd" else -40))
    write(kind + "-wrong-check-value-in-pieces", flipped(whole, -6 if kind == "gzip" else -2 if kind == "zstd" else -40), bytes([2]) * 255)
    write(kind + "-something-behind", whole + b"not compressed")
    write(kind + "-zeros-beyond-the-limit", {"gzip": gzip.compress(bytes(1 << 21), mtime=0), "zstd": zstd(bytes(1 << 21)), "bzip2": bz2.compress(bytes(1 << 21)),
                                             "xz": lzma.compress(bytes(1 << 21))}[kind])
write("zstd-skippable-frame-between", KINDS["zstd"] + SKIPPABLE + KINDS["zstd"])
write("zstd-window-too-large", zstd(TEXT)[:4] + b"\x00\xa8" + zstd(TEXT)[6:])
write("xz-padding-between", KINDS["xz"] + bytes(8) + KINDS["xz"])
write("xz-padding-of-odd-length", KINDS["xz"] + bytes(3) + KINDS["xz"])
write("xz-crc64-and-filters", lzma.compress(TEXT, check=lzma.CHECK_SHA256, filters=[{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "dict_size": 4096}]))
