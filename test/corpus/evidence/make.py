#!/usr/bin/python3
"""Makes the corpus of archives, each file named for what it shows."""
import bz2
import gzip
import io
import lzma
import os
import struct
import subprocess
import tarfile
import zipfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "archive")
TEXT = b"a made-up text, " * 20


def write(name, content):
    os.makedirs(HERE, exist_ok=True)
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(content)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as box:
        for name, content in members:
            box.writestr(zipfile.ZipInfo(name, (2024, 5, 14, 9, 30, 0)), content, compress_type=method)
    return out.getvalue()


def tarred(entries, kind=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as tar:
        for info, content in entries:
            info = tarfile.TarInfo(info) if isinstance(info, str) else info
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue().rstrip(b"\0") + bytes(1024)


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


two = zipped([("one", TEXT), ("../two", b"2")])
packed = gzip.compress(TEXT, mtime=0)
write("zip-two-files", two)
write("zip-stored", zipped([("one", TEXT)], zipfile.ZIP_STORED))
write("zip-empty", zipped([]))
write("zip-without-directory", two[:two.index(b"PK\1\2")])
write("zip-wrong-check-value", two.replace(two[14:18], b"\1\2\3\4"))
write("zip-encrypted-flag", two[:6] + b"\1" + two[7:])
write("zip-huge-sizes", two[:18] + b"\xfe\xff\xff\xff\xfe\xff\xff\xff" + two[26:])
write("zip-in-zip", zipped([("inner.zip", two)], zipfile.ZIP_STORED))
write("zip-unknown-method", two[:8] + b"\x63" + two[9:])
write("tar-pax-long-name", tarred([("d/" * 80 + "file", TEXT)]))
write("tar-gnu-long-name", tarred([("d/" * 80 + "file", TEXT)], tarfile.GNU_FORMAT))
write("tar-links-and-devices", tarred([special("l", tarfile.SYMTYPE, "/etc/passwd"), special("h", tarfile.LNKTYPE, "f"),
                                       special("c", tarfile.CHRTYPE), special("p", tarfile.FIFOTYPE), ("f", TEXT)]))
write("tar-cut-in-a-file", tarred([("f", TEXT)])[:600])
write("tar-wrong-checksum", bytes([65]) + tarred([("f", TEXT)])[1:])
holes = tarfile.TarInfo("holes")
holes.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": "70000",
                     "GNU.sparse.map": "69999,1", "GNU.sparse.numblocks": "1"}
write("tar-sparse", tarred([(holes, b"x")]))
write("gzip", packed)
write("gzip-with-name", packed[:3] + b"\x08" + packed[4:10] + b"log.txt\0" + packed[10:])
write("gzip-name-without-end", packed[:3] + b"\x08" + packed[4:10] + b"x" * 30)
write("gzip-two-members", packed + gzip.compress(b"more", mtime=0))
write("gzip-cut", packed[:-9])
write("gzip-wrong-check-value", packed[:-8] + struct.pack("<I", 1) + packed[-4:])
write("gzip-something-behind", packed + b"not compressed")
write("gzip-of-a-tar", gzip.compress(tarred([("f", TEXT)]), mtime=0))
write("bzip2", bz2.compress(TEXT))
write("bzip2-cut", bz2.compress(TEXT)[:-7])
write("bzip2-of-zeros", bz2.compress(bytes(20000)))
write("bzip2-two", bz2.compress(TEXT) + bz2.compress(b"more"))
write("xz", lzma.compress(TEXT))
write("xz-cut", lzma.compress(TEXT)[:-20])
write("xz-of-zeros", lzma.compress(bytes(20000)))
write("zstd", subprocess.run(["zstd", "-q", "-c"], input=TEXT, capture_output=True, check=True).stdout)
write("text", TEXT)


# texts as other programs save them: UTF-16 with and without its mark, lines that end with CR alone
def texts():
    logs = os.path.join(os.path.dirname(HERE), "..", "flightlog")
    here = os.path.join(os.path.dirname(HERE), "text_front")
    cue = "".join("%d\n00:00:0%d,000 --> 00:00:0%d,000\n[latitude: 41.%d] [longitude: -5.%d] caf\u00e9 \U0001f681\n\n" % (i, i, i + 1, i, i) for i in range(1, 5))
    gpx = ("<?xml version='1.0' encoding='UTF-16'?><gpx creator='caf\u00e9'><trk><trkseg>"
           "<trkpt lat='41.5' lon='-5.25'><time>2021-04-19T09:31:07Z</time></trkpt></trkseg></trk></gpx>\n")
    with open(os.path.join(logs, "dataflash", "five-fixes.log"), encoding="utf-8") as f:
        dataflash = f.read()
    with open(os.path.join(logs, "csv_log", "operator-home-and-serial.csv"), encoding="utf-8") as f:
        table = f.read()
    with open(os.path.join(logs, "json_log", "objects-of-a-list.json"), encoding="utf-8") as f:
        objects = f.read()
    made = {
        "subtitles-in-utf-16.srt": b"\xff\xfe" + cue.encode("utf-16-le"),
        "subtitles-with-cr.srt": cue.replace("\n", "\r").encode(),
        "subtitles-that-lost-a-byte.srt": b"\xff\xfe" + cue.encode("utf-16-le")[:201] + cue.encode("utf-16-le")[202:],
        "big-endian-without-a-mark.gpx": gpx.encode("utf-16-be"),
        "half-a-pair.gpx": b"\xff\xfe" + gpx.encode("utf-16-le") + b"\x3d\xd8<\0",
        "dataflash-with-cr.log": dataflash.replace("\r\n", "\n").replace("\n", "\r").encode(),
        "table-with-cr.csv": table.replace("\r\n", "\n").replace("\n", "\r").encode(),
        "objects-in-utf-16.json": b"\xfe\xff" + objects.encode("utf-16-be"),
    }
    os.makedirs(here, exist_ok=True)
    for name, content in made.items():
        with open(os.path.join(here, name), "wb") as f:
            f.write(content)


texts()
