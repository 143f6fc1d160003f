#!/usr/bin/python3
"""Writes the corpus of the readers of videos, HEIF and PNG: small files, each named for what it shows.

Everything in them is made up, by examples/video.py and by what is below.  Run from anywhere.
"""
import datetime
import pathlib
import struct
import sys
import zlib

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "examples")]
import make  # noqa: E402
import video as v  # noqa: E402

START = datetime.datetime(2024, 5, 1, 9, 30, tzinfo=datetime.timezone.utc)
CREATED = int(START.timestamp()) + v.EPOCH_1904


def keys(pairs):
    names = [v.box("mdta", k.encode()) for k, _ in pairs]
    items = [v.box(struct.pack(">I", i + 1), v.box("data", struct.pack(">II", 1, 0), t.encode())) for i, (_, t) in enumerate(pairs)]
    return v.box("meta", v.full_box("hdlr", 0, 0, b"\0" * 4, b"mdta", b"\0" * 13),
                 v.full_box("keys", 0, 0, struct.pack(">I", len(names)), *names), v.box("ilst", *items))


def still(items, brand=b"heic", construction=0):
    """items: (type, what follows the type in infe, bytes)."""
    head = v.box("ftyp", brand, b"\0\0\0\0", brand)
    data = b"".join(i[2] for i in items)
    infos = [v.full_box("infe", 2, 1, struct.pack(">HH", n + 1, 0), kind, b"name\0" + more) for n, (kind, more, _) in enumerate(items)]
    places, at = b"", 0 if construction else len(head) + 8
    for n, item in enumerate(items):
        places += struct.pack(">HHHHII", n + 1, construction, 0, 1, at, len(item[2]))
        at += len(item[2])
    meta = v.full_box("meta", 0, 0, v.full_box("hdlr", 0, 0, b"\0" * 4, b"pict", b"\0" * 13), v.full_box("pitm", 0, 0, b"\0\1"),
                      v.full_box("iinf", 0, 0, struct.pack(">H", len(infos)), *infos),
                      v.full_box("iloc", 1, 0, struct.pack(">HH", 0x4400, len(items)), places),
                      v.full_box("iref", 0, 0, v.box("cdsc", b"\0\2\0\1\0\1")), v.box("idat", data) if construction else b"")
    return head + (b"" if construction else v.box("mdat", data)) + meta


def mebx():
    key = v.box(struct.pack(">I", 1), v.box("keyd", b"mdta", b"com.apple.quicktime.location.ISO6709"), v.box("dtyp", b"\0\0\0\0\0\0\0\1"))
    sample = v.box(struct.pack(">I", 1), b"+52.5000-005.2500+010.0/")
    entry = v.box("keys", key)
    head = v.box("ftyp", b"qt  \0\0\0\0qt  ")
    return head + v.box("mdat", sample) + v.box("moov", v.full_box("mvhd", 0, 0, struct.pack(">IIII", CREATED, CREATED, 1000, 1000), b"\0" * 80),
        v.track(1, "meta", "Core Media Metadata", "mebx", CREATED, [1000], [len(sample)], [len(head) + 8], entry=entry))


def insta360(serial=b"0TESTCAM000360", latitude=52.5, longitude=-5.25, fixes=3, by_index=False):
    """What an Insta360 camera writes behind the last box, by exiftool's description; `by_index`: in an order that only the index tells."""
    camera = b"".join(bytes([number << 3 | 2, len(value)]) + value for number, value in ((1, serial), (2, b"Insta360 X3"), (3, b"v1.0.71_build1")))
    gps = b"".join(struct.pack("<IIHcdcdcddd", CREATED - v.EPOCH_1904 + i, 0, 250, b"A", latitude + i / 10000, b"N", -longitude, b"W", 3.0, 10.0, 34.5)
                   for i in range(fixes)) + struct.pack("<IIHcdcdcddd", CREATED - v.EPOCH_1904 + fixes, 0, 0, b"V", 0, b"\0", 0, b"\0", 0, 0, 0)
    records = [(0x101, camera), (0x300, bytes(20 * 4)), (0x200, make.SECOND), (0x700, gps)]
    body, index = b"", b""
    for kind, data in records:
        index += struct.pack("<HII", kind, len(data), len(body))
        body += data + struct.pack("<HI", 0x7777 if by_index else kind, 0xffffff if by_index else len(data))
    if by_index:
        body += index + struct.pack("<HI", 0, len(index))
    return body + bytes(32) + struct.pack("<II", len(body) + 72, 3) + b"8db42d694ccc418790edff439fe026bf"


def movies():
    exif = struct.pack(">I", 6) + b"Exif\0\0" + make.camera_block("<")
    user = v.international("\xa9xyz", "+52.5000-005.2500/") + v.box("loci", b"\0\0\0\0\x55\xc4Home\0\0" + struct.pack(">iii", -344064, 3440640, 0) + b"earth\0\0") + \
        v.box("LENS", b"LENS000001") + v.box("MUID", bytes(range(16))) + v.box("XMP_", make.PACKET) + v.box("thmb", make.SECOND) + v.box("what", b"who knows")
    plain = v.movie([b"sample"], [1000], "vide", "video", "avc1", CREATED, user_data=user)
    files = {form + "-track.mp4": v.video(form, START, 3) for form in ("gopro", "gps9", "camm", "dji", "srt")}
    files |= {
        "user-data.mp4": plain,
        "insta360-trailer.insv": v.movie([b"sample"], [1000], "vide", "video", "avc1", CREATED) + insta360(),
        "insta360-box.mp4": v.movie([b"sample"], [1000], "vide", "video", "avc1", CREATED) + v.box("inst", insta360(by_index=True)),
        "keys.mov": v.box("ftyp", b"qt  \0\0\0\0qt  ") + v.box("moov", v.full_box("mvhd", 0, 0, struct.pack(">IIII", CREATED, CREATED, 1000, 1000), b"\0" * 80),
            keys([("com.apple.quicktime.location.ISO6709", "+52.5000-005.2500+012.5/"), ("com.apple.quicktime.creationdate", "2024-05-01T11:30:00+0200"), ("com.example.other", "x")])),
        "timed-location.mov": mebx(),
        "schema-of-nobody-known.mp4": v.movie([v.dji_frame(p, i == 0, "0TESTUAV000001", START, "dvtm_new.proto") for i, p in enumerate(v.circle(START, 1, 3, 52.0, -5.0))],
            [33] * 3, "meta", "DJI meta", "djmd", CREATED),
        "no-table-of-contents.mp4": v.box("ftyp", b"isom\0\0\2\0isom") + v.box("mdat", b"frames"),
        "size-to-the-end.mp4": v.box("ftyp", b"isom\0\0\2\0isom") + b"\0\0\0\0mdat" + b"frames",
        "long-size.mp4": v.box("ftyp", b"isom\0\0\2\0isom") + struct.pack(">I4sQ", 1, b"mdat", 22) + b"frames" + plain[plain.index(b"moov") - 4:],
        "size-of-seven.mp4": plain[:20] + struct.pack(">I", 7) + plain[24:],
        "size-past-the-end.mp4": plain.replace(struct.pack(">I", len(plain) - plain.index(b"moov") + 4) + b"moov", b"\x7f\xff\xff\xffmoov"),
        "sample-outside.mp4": v.movie([b"x" * 20], [1000], "meta", "GoPro MET", "gpmd", CREATED).replace(struct.pack(">I", 32), b"\x7f\0\0\0"),
        "gigantic-counts.mp4": v.movie([b"x"], [1], "meta", "m", "camm", CREATED).replace(struct.pack(">II", 0, 1) + struct.pack(">I", 1), struct.pack(">II", 1, 0xffffffff) + b"\xff\xff\xff\xff"),
        "fragmented-gopro-track.mp4": v.fragmented(v.video("gopro", START, 3), 1),
        "fragmented-dji-track.mp4": v.fragmented(v.video("dji", START, 2), 4),
        "fragment-promises-samples.mp4": v.fragmented(v.video("camm", START, 1), 5).replace(struct.pack(">II", 0x301, 5), struct.pack(">II", 0x301, 0x7fffffff)),
        "fragment-of-bytes-without-end.mp4": v.fragmented(v.video("camm", START, 1), 5).replace(struct.pack(">II", 0x301, 5), struct.pack(">II", 1, 0xfffffffe)),
        "fragments.mp4": plain + v.box("moof", b"\0" * 7 + b"x") + v.box("free", b"what was here before"),
        "old-movie-without-type.mov": plain[20:],
        "exif-and-xmp.heic": still([(b"hvc1", b"", b"picture"), (b"Exif", b"", exif), (b"mime", b"application/rdf+xml\0", make.PACKET), (b"jpeg", b"", make.SECOND), (b"what", b"", b"?")]),
        "exif-alone.heic": still([(b"hvc1", b"", b"picture"), (b"Exif", b"", exif)]),
        "items-in-idat.avif": still([(b"av01", b"", b"picture"), (b"Exif", b"", exif)], b"avif", 1),
    }
    return files


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def pngs():
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    end = chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    exif = make.camera_block(">")
    hexed = b"\nexif\n%8d\n" % (len(exif) + 6) + (b"Exif\0\0" + exif).hex().encode() + b"\n"
    return {
        "exif.png": start + chunk(b"eXIf", exif) + end,
        "xmp-in-text.png": start + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + make.PACKET) + end,
        "xmp-packed.png": start + chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(make.PACKET)) + end,
        "profile-in-text.png": start + chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(hexed)) + end,
        "texts.png": start + chunk(b"tEXt", b"Author\0A Person") + chunk(b"tEXt", b"Creation Time\0002024-05-01T11:30:00+02:00") + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"words")) + end,
        "unknown-chunk.png": start + chunk(b"abCd", b"who knows") + end + b"behind",
        "wrong-check-sum.png": start + chunk(b"tEXt", b"Author\0A Person")[:-1] + b"\0" + end,
        "chunk-past-the-end.png": start + b"\x7f\xff\xff\xfftEXtAuthor",
        "bomb.png": start + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 3000000)) + end,
    }


def main():
    for folder, files in (("movie", movies()), ("png", pngs())):
        (HERE / folder).mkdir(exist_ok=True)
        for name, content in files.items():
            (HERE / folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
