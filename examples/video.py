#!/usr/bin/python3
"""Writes a made-up video with a path in it, in one of the forms that cameras use.

The boxes are those of ISO/IEC 14496-12; there is no picture and no sound in it, only a track of metadata:

  gopro   GPMF with GPS5, as HERO5 to HERO10 write it            (gopro/gpmf-parser, README)
  gps9    GPMF with GPS9, as HERO11 and later write it
  camm    Camera Motion Metadata, kinds 5 and 6                  (Google's specification)
  dji     protocol buffers of DJI's djmd track, Air 3            (as exiftool's DJI.pm describes them)
  srt     DJI's subtitles as a text track

No free program writes GPMF, CAMM or djmd tracks, so this is our own encoder: files from it show that leash reads what is
described there, not that cameras write it so.

  video.py --form dji --start 2024-05-01T09:30:00Z --seconds 60 -o flight.mp4
"""
import argparse
import datetime
import math
import struct

EPOCH_1904 = 2082844800
GPS_EPOCH, LEAP_SECONDS = 315964800, 18


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + (kind if isinstance(kind, bytes) else kind.encode("latin-1")) + body


def full_box(kind, version, flags, *parts):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def international(kind, text):
    """A text of QuickTime's user data."""
    raw = text.encode()
    return box(kind, struct.pack(">HH", len(raw), 0x15c7), raw)


def track(number, handler, name, entry_kind, created, durations, sizes, offsets, timescale=1000, entry=b""):
    entries = []
    for d in durations:
        if entries and entries[-1][1] == d:
            entries[-1][0] += 1
        else:
            entries.append([1, d])
    stbl = box("stbl",
               full_box("stsd", 0, 0, struct.pack(">I", 1), box(entry_kind, b"\0" * 6 + b"\0\1", entry)),
               full_box("stts", 0, 0, struct.pack(">I", len(entries)), *[struct.pack(">II", *e) for e in entries]),
               full_box("stsc", 0, 0, struct.pack(">IIII", 1, 1, 1, 1)),
               full_box("stsz", 0, 0, struct.pack(">II", 0, len(sizes)), *[struct.pack(">I", s) for s in sizes]),
               full_box("stco", 0, 0, struct.pack(">I", len(offsets)), *[struct.pack(">I", o) for o in offsets]))
    media = box("mdia",
                full_box("mdhd", 0, 0, struct.pack(">IIIIHH", created, created, timescale, sum(durations), 0x55c4, 0)),
                full_box("hdlr", 0, 0, b"\0" * 4, handler.encode(), b"\0" * 12, name.encode() + b"\0"),
                box("minf", box("dinf", full_box("dref", 0, 0, struct.pack(">I", 1), full_box("url ", 0, 1))), stbl))
    return box("trak", full_box("tkhd", 0, 7, struct.pack(">III", created, created, number), b"\0" * 68), media)


def movie(samples, durations, handler, name, entry_kind, created, brand=b"isom", user_data=b""):
    """A file of ftyp, mdat and moov."""
    head = box("ftyp", brand, b"\0\0\2\0", brand)
    offsets, at = [], len(head) + 8
    for s in samples:
        offsets.append(at)
        at += len(s)
    moov = box("moov",
               full_box("mvhd", 0, 0, struct.pack(">IIII", created, created, 1000, sum(durations)), b"\0" * 76, struct.pack(">I", 2)),
               box("udta", user_data) if user_data else b"",
               track(1, handler, name, entry_kind, created, durations, [len(s) for s in samples], offsets))
    return head + box("mdat", *samples) + moov


def fragmented(whole, per_fragment):
    """The same movie with its samples in fragments (8.8 of the standard): each says where they lie by another of the ways there are."""
    head, moov = whole[:whole.index(b"mdat") - 4], whole[whole.index(b"moov") - 4:]
    tables = {kind: whole.index(kind.encode()) + 4 for kind in ("stts", "stsz", "stco")}
    words = lambda kind, skip, per: struct.iter_unpack(">" + "I" * per, whole[tables[kind] + skip:tables[kind] + skip + 4 * per * struct.unpack_from(">I", whole, tables[kind] + skip - 4)[0]])
    durations = [d for count, d in words("stts", 8, 2) for _ in range(count)]
    samples = [whole[o:o + n] for (o,), (n,) in zip(words("stco", 8, 1), words("stsz", 12, 1))]
    stbl = moov.index(b"stbl") - 4
    stsd = moov[stbl + 8:moov.index(b"stts") - 4]
    empty = box("stbl", stsd, *[full_box(kind, 0, 0, b"\0" * n) for kind, n in (("stts", 4), ("stsc", 4), ("stsz", 8), ("stco", 4))])

    def rebuilt(part, at):
        """The boxes around the tables, with the size that they have now."""
        size, kind = struct.unpack_from(">I4s", part, at)
        if kind == b"stbl":
            return empty
        if kind not in (b"moov", b"trak", b"mdia", b"minf"):
            return part[at:at + size]
        inside, i = [], at + 8
        while i < at + size:
            inside.append(rebuilt(part, i))
            i += struct.unpack_from(">I", part, i)[0]
        if kind == b"moov":
            inside.append(box("mvex", full_box("trex", 0, 0, struct.pack(">IIIII", 1, 1, durations[0], len(samples[0]), 0))))
        return box(kind, *inside)

    out, time = head + rebuilt(moov, 0), 0
    for number, first in enumerate(range(0, len(samples), per_fragment)):
        some, lengths = samples[first:first + per_fragment], durations[first:first + per_fragment]
        entries = b"".join(struct.pack(">II", d, len(s)) for d, s in zip(lengths, some))
        flags, base = ((0x20000, b""), (0, b""), (1, struct.pack(">Q", len(out))))[number % 3]
        def moof(offset):
            return box("moof", full_box("mfhd", 0, 0, struct.pack(">I", number + 1)),
                       box("traf", full_box("tfhd", 0, flags, struct.pack(">I", 1), base), full_box("tfdt", 1, 0, struct.pack(">Q", time)),
                           full_box("trun", 0, 0x301, struct.pack(">Ii", len(some), offset), entries)))
        out += moof(len(moof(0)) + 8) + box("mdat", *some)
        time += sum(lengths)
    return out


# GPMF

def klv(key, kind, size, count, data):
    return key.encode() + struct.pack(">BBH", ord(kind) if kind else 0, size, count) + data + b"\0" * (-len(data) % 4)


def nested(key, *items):
    data = b"".join(items)
    return klv(key, "", 4, len(data) // 4, data)


def gopro_payload(at, points):
    fixes = b"".join(struct.pack(">iiiii", round(lat * 1e7), round(lon * 1e7), round(alt * 1000), 0, 0) for _, lat, lon, alt in points)
    stream = nested("STRM", klv("GPSF", "L", 4, 1, struct.pack(">I", 3)),
                    klv("GPSU", "U", 16, 1, at.strftime("%y%m%d%H%M%S.").encode() + b"%03d" % (at.microsecond // 1000)),
                    klv("SCAL", "l", 4, 5, struct.pack(">5i", 10000000, 10000000, 1000, 1000, 100)),
                    klv("GPS5", "l", 20, len(points), fixes))
    return nested("DEVC", klv("DVID", "L", 4, 1, struct.pack(">I", 1)), klv("DVNM", "c", 11, 1, b"Hero6 Black"), stream)


def gps9_payload(_, points):
    day0 = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
    fixes = b""
    for at, lat, lon, alt in points:
        since = at - day0
        fixes += struct.pack(">7iHH", round(lat * 1e7), round(lon * 1e7), round(alt * 1000), 0, 0, since.days,
                             since.seconds * 1000 + since.microseconds // 1000, 120, 3)
    stream = nested("STRM", klv("TYPE", "c", 1, 9, b"lllllllSS"), klv("GPSA", "F", 4, 1, b"MSLV"),
                    klv("SCAL", "l", 4, 9, struct.pack(">9i", 10000000, 10000000, 1000, 1000, 100, 1, 1000, 100, 1)),
                    klv("GPS9", "?", 32, len(points), fixes))
    return nested("DEVC", klv("DVNM", "c", 13, 1, b"Hero13 Black\0"), stream)


# Protocol buffers

def varint(value):
    out = b""
    while value > 0x7f:
        out += bytes([value & 0x7f | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """ints are varints, floats doubles, bytes and texts have a length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack("<d", value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def f32(number, value):
    return varint(number << 3 | 5) + struct.pack("<f", value)


def dji_frame(point, first, serial, start, schema="dvtm_Air3.proto"):
    at, lat, lon, alt = point
    place = field(1, field(1, 1) + field(2, lat) + field(3, lon)) + field(2, round((alt + 100) * 1000))
    frame = field(1, field(2, round((at - start).total_seconds() * 1e6))) + field(3, field(4, place) + field(5, f32(1, alt * 1000)))
    head = field(1, field(1, field(1, schema) + field(2, "02.01.16") + field(5, serial) + field(6, "01.00.0000") +
                          field(10, "DJI Air 3"))) if first else b""
    return head + field(3, frame)


def subtitle(point, local_offset):
    at, lat, lon, alt = point
    local = at + datetime.timedelta(hours=local_offset)
    text = "%s\n[iso: 100] [latitude: %.6f] [longitude: %.6f] [rel_alt: %.3f abs_alt: %.3f]" % (
        local.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3], lat, lon, alt, alt + 100)
    return struct.pack(">H", len(text)) + text.encode()


def camm_sample(point, kind):
    at, lat, lon, alt = point
    if kind == 5:
        return struct.pack("<HHddd", 0, 5, lat, lon, alt)
    return struct.pack("<HHdIddfffffff", 0, 6, at.timestamp() - GPS_EPOCH + LEAP_SECONDS, 3, lat, lon, alt, 0, 0, 0, 0, 0, 0)


def circle(start, seconds, per_second, latitude, longitude):
    """A flight around a point, 60 m wide, that drifts north: (time, latitude, longitude, height above take-off)."""
    for i in range(seconds * per_second):
        angle = 2 * math.pi * i / (60 * per_second)
        yield (start + datetime.timedelta(seconds=i / per_second), latitude + 0.00027 * math.cos(angle) + 2e-6 * i / per_second,
               longitude + 0.00043 * math.sin(angle), min(30.0, i / per_second))


def video(form, start, seconds, latitude=52.0901, longitude=-5.12023, serial="0TESTUAV000001", local_offset=2):
    created = int(start.timestamp()) + EPOCH_1904
    if form in ("gopro", "gps9"):
        points = list(circle(start, seconds, 10, latitude, longitude))
        payload = gopro_payload if form == "gopro" else gps9_payload
        return movie([payload(points[10 * i][0], points[10 * i:10 * i + 10]) for i in range(seconds)], [1000] * seconds, "meta",
                     "GoPro MET", "gpmd", created, b"mp41", box("FIRM", b"HD0.01.00.00.00"))
    points = list(circle(start, seconds, 5, latitude, longitude))
    if form == "camm":
        return movie([camm_sample(p, 6 if i % 2 else 5) for i, p in enumerate(points)], [200] * len(points), "camm",
                     "CameraMetadataMotionHandler", "camm", created)
    if form == "dji":
        return movie([dji_frame(p, i == 0, serial, start) for i, p in enumerate(points)], [200] * len(points), "meta", "DJI meta",
                     "djmd", created)
    return movie([subtitle(p, local_offset) for p in points], [200] * len(points), "sbtl", "subtitles", "tx3g", created,
                 user_data=international("\xa9xyz", "%+08.4f%+09.4f/" % (latitude, longitude)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--form", choices=["gopro", "gps9", "camm", "dji", "srt"], default="dji")
    parser.add_argument("--start", default="2024-05-01T09:30:00Z")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--latitude", type=float, default=52.0901)
    parser.add_argument("--longitude", type=float, default=-5.12023)
    parser.add_argument("--serial", default="0TESTUAV000001")
    parser.add_argument("--fragments", type=int, metavar="SAMPLES", help="so many samples in each fragment")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    start = datetime.datetime.fromisoformat(options.start.replace("Z", "+00:00"))
    whole = video(options.form, start, options.seconds, options.latitude, options.longitude, options.serial)
    with open(options.output, "wb") as out:
        out.write(fragmented(whole, options.fragments) if options.fragments else whole)


if __name__ == "__main__":
    main()
