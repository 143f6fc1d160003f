#!/usr/bin/python3
"""Writes a small JPEG such as a drone's camera would: a made-up landscape, with EXIF (place,
times, serial, card path), DJI's XMP attributes, and a maker note in DJI's text style.

    photo.py --latitude 52.1 --longitude 5.3 --time 2024-05-01T09:30:00Z -o DJI_0001.JPG

The same options give the same bytes. Needs nothing but Python's standard library.
"""

import argparse
import datetime
import functools
import math
import struct
import sys
from xml.sax.saxutils import quoteattr

WIDTH, HEIGHT = 480, 320

# The picture: baseline JPEG, YCbCr 4:2:0 (ITU-T T.81).

ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, i // 8 if (i // 8 + i % 8) % 2 else i % 8))
# Coarser for higher frequencies; of our own making, the standard prescribes none.
QUANT_Y = [6 + 3 * (i // 8 + i % 8) for i in range(64)]
QUANT_C = [10 + 6 * (i // 8 + i % 8) for i in range(64)]
COS = [[math.cos((2 * x + 1) * u * math.pi / 16) * (math.sqrt(0.125) if u == 0 else 0.5) for x in range(8)]
       for u in range(8)]

# Huffman tables need not be optimal, only valid: one short code for the commonest symbol.
DC_SYMBOLS = list(range(12))
AC_SYMBOLS = [0x00] + [run << 4 | size for size in range(1, 11) for run in range(16)] + [0xf0]
DC_LENGTHS = [4] * len(DC_SYMBOLS)
AC_LENGTHS = [2] + [8] * (len(AC_SYMBOLS) - 1)


def huffman_codes(symbols, lengths):
    codes, code, last = {}, 0, lengths[0]
    for symbol, length in zip(symbols, lengths):
        code <<= length - last
        codes[symbol] = (code, length)
        code, last = code + 1, length
    return codes


DC_CODES = huffman_codes(DC_SYMBOLS, DC_LENGTHS)
AC_CODES = huffman_codes(AC_SYMBOLS, AC_LENGTHS)


class BitWriter:
    def __init__(self):
        self.out, self.held, self.count = bytearray(), 0, 0

    def put(self, value, bits):
        self.held = self.held << bits | value
        self.count += bits
        while self.count >= 8:
            self.count -= 8
            byte = self.held >> self.count & 0xff
            self.out.append(byte)
            if byte == 0xff:
                self.out.append(0)
        self.held &= (1 << self.count) - 1

    def finish(self):
        if self.count:
            self.put((1 << 8 - self.count) - 1, 8 - self.count)
        return bytes(self.out)


def scene(x, y):
    """Red, green, blue of one point: sky, hills, a field in stripes, a red roof."""
    horizon = HEIGHT * 0.45 + 14 * math.sin(x / 61) + 7 * math.sin(x / 23 + 1)
    if 300 <= x < 352 and 150 <= y < 190:
        return (176, 66, 52) if y < 168 else (232, 226, 210)
    if y < horizon:
        t = y / HEIGHT
        return 110 + 190 * t, 160 + 120 * t, 226 + 30 * t
    stripe = 14 * math.sin((x - WIDTH / 2) * 90 / (y - horizon + 40))
    t = (y - horizon) / HEIGHT
    return 78 + 60 * t + stripe, 122 - 40 * t + stripe, 58 + 10 * t


def transform(block):
    """Two-dimensional DCT-II of 64 samples."""
    rows = [[sum(c * s for c, s in zip(COS[u], block[8 * y:8 * y + 8])) for u in range(8)] for y in range(8)]
    return [sum(COS[v][y] * rows[y][u] for y in range(8)) for v in range(8) for u in range(8)]


def magnitude(value):
    size = abs(value).bit_length()
    return size, value if value >= 0 else value + (1 << size) - 1


def put_block(bits, block, quant, before):
    coefficients = [round(c / q) for c, q in zip(transform(block), quant)]
    size, value = magnitude(coefficients[0] - before)
    bits.put(*DC_CODES[size])
    bits.put(value, size)
    run = 0
    for i in ZIGZAG[1:]:
        if coefficients[i] == 0:
            run += 1
            continue
        while run > 15:
            bits.put(*AC_CODES[0xf0])
            run -= 16
        size, value = magnitude(coefficients[i])
        bits.put(*AC_CODES[run << 4 | size])
        bits.put(value, size)
        run = 0
    if run:
        bits.put(*AC_CODES[0x00])
    return coefficients[0]


def planes():
    y_plane = [[0.0] * WIDTH for _ in range(HEIGHT)]
    cb = [[0.0] * (WIDTH // 2) for _ in range(HEIGHT // 2)]
    cr = [[0.0] * (WIDTH // 2) for _ in range(HEIGHT // 2)]
    for y in range(HEIGHT):
        for x in range(WIDTH):
            r, g, b = (min(255, max(0, v)) for v in scene(x, y))
            luma = 0.299 * r + 0.587 * g + 0.114 * b
            y_plane[y][x] = luma - 128
            cb[y // 2][x // 2] += 0.564 * (b - luma) / 4
            cr[y // 2][x // 2] += 0.713 * (r - luma) / 4
    return y_plane, cb, cr


@functools.lru_cache(maxsize=None)
def scan():
    """The picture is always the same: who writes many photos waits for it once."""
    bits, before = BitWriter(), [0, 0, 0]
    y_plane, cb, cr = planes()

    def block(plane, x, y):
        return [v for row in plane[y:y + 8] for v in row[x:x + 8]]

    for y in range(0, HEIGHT, 16):
        for x in range(0, WIDTH, 16):
            for dy, dx in ((0, 0), (0, 8), (8, 0), (8, 8)):
                before[0] = put_block(bits, block(y_plane, x + dx, y + dy), QUANT_Y, before[0])
            before[1] = put_block(bits, block(cb, x // 2, y // 2), QUANT_C, before[1])
            before[2] = put_block(bits, block(cr, x // 2, y // 2), QUANT_C, before[2])
    return bits.finish()


def segment(marker, body):
    return struct.pack(">BBH", 0xff, marker, len(body) + 2) + body


def quant_table(number, table):
    return segment(0xdb, bytes([number]) + bytes(table[i] for i in ZIGZAG))


def huffman_table(kind, symbols, lengths):
    return segment(0xc4, bytes([kind]) + bytes(lengths.count(n) for n in range(1, 17)) + bytes(symbols))


def picture():
    frame = struct.pack(">BHHB", 8, HEIGHT, WIDTH, 3) + bytes([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
    return (quant_table(0, QUANT_Y) + quant_table(1, QUANT_C) + segment(0xc0, frame) +
            huffman_table(0x00, DC_SYMBOLS, DC_LENGTHS) + huffman_table(0x10, AC_SYMBOLS, AC_LENGTHS) +
            segment(0xda, bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])) + scan() + b"\xff\xd9")


# EXIF: a little-endian TIFF block.

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7


def text(value):
    return ASCII, len(value.encode()) + 1, value.encode() + b"\0"


def rationals(*pairs):
    return RATIONAL, len(pairs), b"".join(struct.pack("<II", a, b) for a, b in pairs)


def directory(entries, offset, next_offset=0):
    """The directory at `offset`, its longer values right behind it."""
    head, values = struct.pack("<H", len(entries)), b""
    behind = offset + 2 + 12 * len(entries) + 4
    for tag, (kind, count, data) in sorted(entries.items()):
        if len(data) <= 4:
            field = data.ljust(4, b"\0")
        else:
            field = struct.pack("<I", behind + len(values))
            values += data + b"\0" * (len(data) % 2)
        head += struct.pack("<HHI", tag, kind, count) + field
    return head + struct.pack("<I", next_offset) + values


def angle(degrees):
    """Degrees, minutes and ten-thousandths of a second, as DJI writes them."""
    total = round(abs(degrees) * 3600 * 10000)
    return rationals((total // 36000000, 1), (total // 600000 % 60, 1), (total % 600000, 10000))


def exif(o, local):
    maker_note = f"[sensor_id:{o.serial}".encode().ljust(43, b"\0") + b"]"
    stamp = local.strftime("%Y:%m:%d %H:%M:%S")
    ifd0 = {0x010e: text(o.card_path), 0x010f: text(o.make), 0x0110: text(o.model), 0x0112: (SHORT, 1, b"\1\0"),
            0x0131: text("00.00.00.01"), 0x0132: text(stamp),
            0x8769: (LONG, 1, bytes(4)), 0x8825: (LONG, 1, bytes(4))}
    sub = {0x829a: rationals((1, 500)), 0x829d: rationals((28, 10)), 0x8827: (SHORT, 1, struct.pack("<H", 100)),
           0x9000: (UNDEFINED, 4, b"0230"), 0x9003: text(stamp), 0x9004: text(stamp),
           0x927c: (UNDEFINED, len(maker_note), maker_note),
           0xa002: (LONG, 1, struct.pack("<I", WIDTH)), 0xa003: (LONG, 1, struct.pack("<I", HEIGHT)),
           0xa431: text(o.serial)}
    gps = {0: (BYTE, 4, bytes([2, 3, 0, 0])), 1: text("N" if o.latitude >= 0 else "S"), 2: angle(o.latitude),
           3: text("E" if o.longitude >= 0 else "W"), 4: angle(o.longitude),
           5: (BYTE, 1, b"\0" if o.altitude >= 0 else b"\1"), 6: rationals((round(abs(o.altitude) * 1000), 1000)),
           9: text("A"), 0x12: text("WGS-84")}
    sub_at = 8 + len(directory(ifd0, 8))
    gps_at = sub_at + len(directory(sub, sub_at))
    ifd0[0x8769] = (LONG, 1, struct.pack("<I", sub_at))
    ifd0[0x8825] = (LONG, 1, struct.pack("<I", gps_at))
    return (b"Exif\0\0II*\0" + struct.pack("<I", 8) + directory(ifd0, 8) + directory(sub, sub_at) +
            directory(gps, gps_at))


# XMP, with the packet padded as cameras pad it.

def xmp(o, local, utc):
    drone = {"GpsStatus": "Normal", "AltitudeType": "GpsFusionAlt",
             "GpsLatitude": f"{o.latitude:+.7f}", "GpsLongitude": f"{o.longitude:+.7f}",
             "AbsoluteAltitude": f"{o.altitude:+.3f}", "RelativeAltitude": f"{o.relative_altitude:+.3f}",
             "GimbalRollDegree": "+0.00", "GimbalYawDegree": f"{o.yaw:+.2f}", "GimbalPitchDegree": "-30.00",
             "FlightRollDegree": "+0.40", "FlightYawDegree": f"{o.yaw:+.2f}", "FlightPitchDegree": "-1.20",
             "DroneModel": o.drone_model, "DroneSerialNumber": o.drone_serial, "CameraSerialNumber": o.serial,
             "UTCAtExposure": utc.strftime("%Y-%m-%dT%H:%M:%S.%f")}
    day = local.strftime("%Y-%m-%d")
    attributes = [f"xmp:CreateDate={quoteattr(day)}", f"tiff:Make={quoteattr(o.make)}",
                  f"tiff:Model={quoteattr(o.model)}"]
    attributes += [f"drone-dji:{name}={quoteattr(value)}" for name, value in drone.items()]
    lines = "\n   ".join(attributes)
    packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="Example"
   xmlns:xmp="http://ns.adobe.com/xap/1.0/"
   xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
   xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/"
   {lines}/>
 </rdf:RDF>
</x:xmpmeta>
""" + " " * 400 + "\n<?xpacket end=\"w\"?>"
    return b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()


def time_utc(value):
    when = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if when.tzinfo is None:
        raise argparse.ArgumentTypeError("needs a zone, such as a Z at its end")
    return when.astimezone(datetime.timezone.utc)


def options():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("-o", "--output", required=True, help="file to write")
    p.add_argument("--latitude", type=float, required=True, help="degrees, WGS-84")
    p.add_argument("--longitude", type=float, required=True, help="degrees, WGS-84")
    p.add_argument("--altitude", type=float, default=120.0, help="m above sea level")
    p.add_argument("--relative-altitude", type=float, default=50.0, help="m above the take-off point")
    p.add_argument("--yaw", type=float, default=0.0, help="degrees from north")
    p.add_argument("--time", type=time_utc, required=True, help="of the exposure, RFC 3339")
    p.add_argument("--local-offset", type=float, default=0.0, help="hours that the camera's clock is ahead of UTC")
    p.add_argument("--make", default="DJI")
    p.add_argument("--model", default="FC-EXAMPLE")
    p.add_argument("--serial", default="0EXAMPLECAM001", help="of the camera")
    p.add_argument("--drone-model", default="EXAMPLE-1")
    p.add_argument("--drone-serial", default="0EXAMPLEUAV001")
    p.add_argument("--card-path", default="DCIM\\100MEDIA\\DJI_0001.JPG")
    return p.parse_args()


def main():
    o = options()
    local = o.time + datetime.timedelta(hours=o.local_offset)
    with open(o.output, "wb") as f:
        f.write(b"\xff\xd8" + segment(0xe1, exif(o, local)) + segment(0xe1, xmp(o, local, o.time)) + picture())


if __name__ == "__main__":
    sys.exit(main())
