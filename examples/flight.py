#!/usr/bin/python3
"""Writes a made-up survey flight as a DJI flight record, a DJI .DAT log, CSV or JSON.

The same options always give the same flight, so that a log, a photo and a leak of "one
flight" can be made apart and still agree.  Nothing in it comes from a real flight: the
default place is open sea, and serial numbers say TEST.

    flight.py --format dji-txt -o DJIFlightRecord.txt
    flight.py --format json            points as [{"time", "lat", "lon", "height"}, ...]
    flight.py --format csv             the same as a table: the truth to test a reader with
    flight.py --version 14 -o new.txt  bodies are random bytes, as nobody has the keys

Formats: see the tables at the top of src/flightlog/dji_txt_*.c and dji_dat*.c.
"""

import argparse
import csv
import datetime
import json
import math
import random
import struct
import sys

METRES_PER_DEGREE = 111194.93
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


# The flight

class Sample:
    """One moment, ten in a second."""

    def __init__(self, ms, lat, lon, height, north, east, up, heading):
        self.ms, self.lat, self.lon, self.height = ms, lat, lon, height
        self.north, self.east, self.up, self.heading = north, east, up, heading


def survey(args):
    """Up, lawn-mower lines over a field, back, down; with a little wind."""
    wind = random.Random(args.seed)
    height, spacing, side, speed = args.height, 20.0, args.side, 6.0
    corners = []
    for line in range(int(side / spacing) + 1):
        x = line * spacing
        corners += [(x, 0.0), (x, side)] if line % 2 == 0 else [(x, side), (x, 0.0)]
    legs = [(0.0, 0.0, height)] + [(x + 10.0, y + 10.0, height) for x, y in corners]
    legs += [(0.0, 0.0, height), (0.0, 0.0, 0.0)]

    east = north = up = 0.0
    gust_e = gust_n = 0.0
    leg = 0
    samples = []
    wanted = int(args.duration * 10) if args.duration else 24 * 3600 * 10
    while len(samples) < wanted:
        before = (east, north, up)
        if leg < len(legs):
            de, dn, du = (legs[leg][0] - east, legs[leg][1] - north, legs[leg][2] - up)
            distance = math.sqrt(de * de + dn * dn + du * du)
            step = min(distance, speed * 0.1 if abs(du) < 1.0 else 0.25)
            if distance < 0.05:
                leg += 1
            else:
                east, north, up = east + de / distance * step, north + dn / distance * step, up + du / distance * step
        elif not args.duration:
            break
        gust_e = 0.95 * gust_e + wind.gauss(0, 0.01)
        gust_n = 0.95 * gust_n + wind.gauss(0, 0.01)
        ve, vn, vu = ((east - before[0]) * 10, (north - before[1]) * 10, (up - before[2]) * 10)
        heading = math.degrees(math.atan2(ve, vn)) if abs(ve) + abs(vn) > 0.5 else (samples[-1].heading if samples else 0.0)
        samples.append(Sample(args.start_ms + 100 * len(samples) + wind.randrange(0, 12),
                              args.lat + (north + gust_n) / METRES_PER_DEGREE,
                              args.lon + (east + gust_e) / METRES_PER_DEGREE / math.cos(math.radians(args.lat)),
                              up, vn, ve, vu, heading))
    return samples


def operator_at(args, second):
    """The operator stands 30 m south of take-off and paces up and down."""
    pace = 6.0 * math.sin(second / 40.0)
    return (args.lat - 30.0 / METRES_PER_DEGREE + 1e-8 * int(pace * 9),
            args.lon + pace / METRES_PER_DEGREE / math.cos(math.radians(args.lat)))


# DJIFlightRecord_*.txt

CRC64 = []
for i in range(256):
    c = i
    for _ in range(8):
        c = c >> 1 ^ (0x95AC9329AC4BC9B5 if c & 1 else 0)
    CRC64.append(c)


def mask_key(seed, kind):
    crc = (seed + kind) & 255
    for b in (0x123456789ABCDEF0 * seed & (1 << 64) - 1).to_bytes(8, "little"):
        crc = crc >> 8 ^ CRC64[(crc ^ b) & 255]
    return crc.to_bytes(8, "little")


class TxtWriter:
    def __init__(self, version, seed):
        self.version, self.noise, self.keys = version, random.Random(seed + 1), {}
        self.out = bytearray()

    def masked(self, kind, content):
        seed = self.noise.randrange(256)
        key = self.keys.setdefault((seed, kind), mask_key(seed, kind))
        return bytes([seed]) + bytes(b ^ key[i & 7] for i, b in enumerate(content)) + bytes([self.noise.randrange(256)])

    def record(self, kind, content):
        if self.version >= 13 and kind not in (50, 56):  # under AES: as good as random, padded to blocks
            content = self.noise.randbytes((len(content) // 16 + 1) * 16)
        body = self.masked(kind, content) if self.version >= 7 else content
        length = struct.pack("<H", len(body)) if self.version >= 13 else bytes([len(body)])
        self.out += bytes([kind]) + length + body + b"\xff"


def padded(text, width):
    raw = text.encode()[:width]
    return raw + bytes(width - len(raw))


def osd(s, n):
    def tenths(value):
        return max(-32768, min(32767, round(value * 10)))
    flying = s.height > 0.05
    return (struct.pack("<dd7h", math.radians(s.lon), math.radians(s.lat), tenths(s.height),
                        tenths(s.north), tenths(s.east), tenths(-s.up), tenths(-2.0), tenths(0.5), tenths(s.heading)) +
            bytes([14 if flying else 41, 0, (2 << 1 if flying else 0) | 8, 0x90, 5 << 2, 0, 16, 0, 0, 0,
                   max(20, 98 - n // 200), min(255, round(s.height * 10))]) +
            struct.pack("<H", min(65535, n)) + bytes([120, 0, 0, 9, 4, 0]))


def home(args):
    return (struct.pack("<ddf", math.radians(args.lon), math.radians(args.lat), 0.0) +
            struct.pack("<BBHhBBHH", 0x47, 32, 30, 0, 1, 12, 90, 7) + bytes(2))


def recover(args):
    width = 10 if args.version < 6 or len(args.serial) <= 10 else 16
    return (bytes([args.product, 2, 3, 1, 4]) + padded(args.serial, width) + padded(args.name, 32) +
            struct.pack("<q", args.start_ms - 86400000) + padded("CAM" + args.serial[-7:], width) +
            padded("RC" + args.serial[-8:], width) + padded("BAT" + args.serial[-7:], width))


def details(args, samples, pictures):
    first, last = samples[0], samples[-1]
    distance = sum(math.hypot(a.lat - b.lat, (a.lon - b.lon) * math.cos(math.radians(a.lat))) * METRES_PER_DEGREE
                   for a, b in zip(samples, samples[1:]))
    lengths = [len(p) for p in pictures] + [0] * (4 - len(pictures))
    where = [samples[len(samples) * (i + 1) // (len(pictures) + 1)] for i in range(len(pictures))]
    where += [None] * (4 - len(where))
    d = b"".join(padded(text, 20) for text in ("Map Loading", "", "Example Sea", ""))
    d += struct.pack("<BBBiiqddfifffiq", 2, 1, 1, len(samples), 12345, args.start_ms, first.lon, first.lat, distance,
                     last.ms - args.start_ms, max(s.height for s in samples),
                     max(math.hypot(s.north, s.east) for s in samples), max(abs(s.up) for s in samples), len(pictures), 0)
    d += struct.pack("<8I", *lengths, 0, 0, 0, 0)
    d += struct.pack("<8d", *[math.radians(w.lon) if w else 0.0 for w in where],
                     *[math.radians(w.lat) if w else 0.0 for w in where])
    d += struct.pack("<q", 0) + padded("0e5ae11e0e5ae11e", 16)
    camera, remote, battery = "CAM" + args.serial[-7:], "RC" + args.serial[-8:], "BAT" + args.serial[-7:]
    if args.version < 6:
        d += padded(args.serial, 10) + bytes([args.product]) + padded(args.name, 24)
        d += struct.pack("<qq", 0, args.start_ms // 1000 - 86400)
        d += padded(camera, 10) + padded(remote, 10) + padded(battery, 10) + bytes([2, 3, 1, 4]) + struct.pack("<f", 0.0)
    else:
        d += struct.pack("<fBq", 0.0, args.product, args.start_ms - 86400000) + padded(args.name, 32)
        d += padded(args.serial, 16) + padded(camera, 16) + padded(remote, 16) + padded(battery, 16) + bytes([2, 3, 1, 4])
    d = d.ljust(400, b"\0")
    return d + padded("7e57ab1e-0000-4000-8000-00000000e5a1", 36) if args.version >= 12 else d


def write_records(w, args, samples):
    meters = 0.0
    for n, s in enumerate(samples):
        w.record(1, osd(s, n))
        if n % 10 == 8:
            w.record(2, home(args))
        w.record(3, struct.pack("<3hBbbbbb", -900, 0, round(s.heading * 10), 0, 0, 0, 0, 0, 0))
        w.record(4, struct.pack("<5H3B", 1024, 1024, 1024, 1024, 1024, 0, 0, 0))
        if n % 5 == 4:
            w.record(6, b"\x05")
        meters += math.hypot(s.north, s.east) / 10
        w.record(5, struct.pack("<BBffq", n % 100 == 50, 0, math.hypot(s.north, s.east), meters, s.ms))
        if w.version >= 8:
            w.record(17, b"")
        if n % 10 == 8 and w.version >= 6:
            w.record(14, struct.pack("<ddf", *operator_at(args, n // 10), 6.0))
        if n == 8:
            w.record(13, recover(args))
            w.record(15, bytes([3, 0, 1, 4, 2, 0]) + bytes([1, 0, 1, 2, 9, 0]))
        if n == 20:
            w.record(9, "Home point recorded. Return height: 30 m".encode() + b"\0")
        if n == len(samples) // 2:
            w.record(10, "Strong wind. Fly with caution.".encode() + b"\0")


def dji_txt(args, samples):
    pictures = [open(path, "rb").read() for path in args.picture][:4]
    d = details(args, samples, pictures)
    w = TxtWriter(args.version, args.seed)
    write_records(w, args, samples)
    records, tail = bytes(w.out), b"".join(pictures)

    def prefix(offset):
        return struct.pack("<QHBB", offset, len(d), args.version, 2 if args.version >= 13 else 0)
    if args.version < 12:
        start = 12 if args.version < 6 else 100
        body = records + tail
        return prefix(start + len(body)).ljust(start, b"\0") + body + d
    if args.version == 12:
        return prefix(100 + len(d)).ljust(100, b"\0") + d + records + tail
    block = bytes([0]) + struct.pack("<H", len(d)) + d + struct.pack("<H", 256) + w.noise.randbytes(256)
    block = w.masked(0, block)
    blocks = bytes([0]) + struct.pack("<H", len(block)) + block + bytes([1, 4, 0, 4, 0, 3, 0])
    return (prefix(100 + len(blocks)).ljust(100, b"\0") + blocks + records + bytes([0x39, 0x30, 0, 0]) + tail)


# FLYnnn.DAT

CRC8, CRC16 = [], []
for i in range(256):
    c8 = c16 = i
    for _ in range(8):
        c8 = c8 >> 1 ^ (0x8C if c8 & 1 else 0)
        c16 = c16 >> 1 ^ (0x8408 if c16 & 1 else 0)
    CRC8.append(c8)
    CRC16.append(c16)


def dat_record(kind, tick, payload):
    head = bytes([0x55]) + struct.pack("<H", len(payload) + 12)
    crc = 0x77
    for b in head:
        crc = CRC8[crc ^ b]
    out = head + bytes([crc]) + struct.pack("<HI", kind, tick & 0xFFFFFFFF) + bytes(b ^ tick & 255 for b in payload)
    crc = 0x3692
    for b in out:
        crc = crc >> 8 ^ CRC16[(crc ^ b) & 255]
    return out + struct.pack("<H", crc)


def dat_fix(s):
    t = EPOCH + datetime.timedelta(milliseconds=s.ms)
    return struct.pack("<IIiiifffff", int(t.strftime("%Y%m%d")), int(t.strftime("%H%M%S")), round(s.lon * 1e7),
                       round(s.lat * 1e7), round((s.height + 12.0) * 1000), s.north * 100, s.east * 100, -s.up * 100,
                       52.0, 98.0) + struct.pack("<ffffIIH", 0.0, 439.0, 314.0, 0.0, 12, 6, 18)


def dji_dat(args, samples):
    header = bytearray(256)
    header[0:12] = bytes([0x59, 0, 0, 0, 3, 0, 0, 0, 0x5C, 0, 0, 0])
    header[16:42] = b"BUILD Jan  1 2020 00:00:00"
    header[0x3A:0x4A] = bytes(b ^ 0x55 for b in padded(args.serial, 16))
    header[242:252] = b"DJI_LOG_V3"
    out = bytearray(header)
    waiting = b""
    for n, s in enumerate(samples):
        tick = 0xF0000000 + round(n * 384000)  # wraps on the way, as real counters do
        records = [dat_record(2048, tick, struct.pack("<dd", math.radians(s.lon), math.radians(s.lat)) + bytes(44))]
        if n % 2 == 0:
            records.append(dat_record(2096, tick + 900, dat_fix(s)))
        if n % 8 == 0:
            records.append(dat_record(13, tick + 1800, struct.pack("<dd", math.radians(s.lon), math.radians(s.lat)) +
                                      bytes(36) + padded(args.serial, 20)))
        if n % 50 == 7:  # one record interrupts another
            whole = dat_record(32768, tick, b"{root}INFO: made-up log line %05d" % n)
            out += whole[:17]
            waiting = whole[17:]
        out += b"".join(records[:1]) + waiting + b"".join(records[1:])
        waiting = b""
    return bytes(out)


# Tables

def rfc3339(ms):
    t = EPOCH + datetime.timedelta(milliseconds=ms)
    return t.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (ms % 1000)


def as_json(args, samples):
    rows = [{"time": rfc3339(s.ms), "lat": s.lat, "lon": s.lon, "height": round(s.height, 1)} for s in samples]
    return (json.dumps(rows[::args.every], indent=None, separators=(",", ":")) + "\n").encode()


def as_csv(args, samples):
    lines = ["time_utc,latitude,longitude,height_m"]
    lines += ["%s,%.12f,%.12f,%.1f" % (rfc3339(s.ms), s.lat, s.lon, s.height) for s in samples[::args.every]]
    return ("\n".join(lines) + "\n").encode()


FORMATS = {"dji-txt": dji_txt, "dji-dat": dji_dat, "csv": as_csv, "json": as_json}


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--format", choices=FORMATS, default="dji-txt")
    p.add_argument("--version", type=int, choices=range(1, 15), default=8, help="of the dji-txt format")
    p.add_argument("--lat", type=float, default=45.5, help="of take-off, degrees (default: open sea)")
    p.add_argument("--lon", type=float, default=-5.25)
    p.add_argument("--start", default="2024-05-14T09:30:00Z", help="RFC 3339, UTC")
    p.add_argument("--duration", type=float, default=0, help="seconds; default: as long as the survey takes")
    p.add_argument("--height", type=float, default=40.0, help="of the survey above take-off, metres")
    p.add_argument("--side", type=float, default=120.0, help="of the square field, metres")
    p.add_argument("--serial", default="1TESTEXAMPLE001", help="of the aircraft")
    p.add_argument("--name", default="Example Survey Drone")
    p.add_argument("--product", type=int, default=24, help="DJI's product number; 24 is Phantom 4 Pro")
    p.add_argument("--picture", action="append", default=[], metavar="JPEG", help="embed it; up to four times")
    p.add_argument("--every", type=int, default=1, help="csv, json: only every nth point")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("-o", "--output", metavar="FILE")
    args = p.parse_args()
    try:
        start = datetime.datetime.strptime(args.start, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        p.error("--start must look like 2024-05-14T09:30:00Z")
    if not (-85 <= args.lat <= 85 and -180 <= args.lon <= 180):
        p.error("--lat and --lon must be on the globe, away from the poles")
    if args.every < 1 or args.duration < 0:
        p.error("--every must be at least 1 and --duration not negative")
    args.start_ms = int((start - EPOCH).total_seconds()) * 1000
    return args


def main():
    args = arguments()
    result = FORMATS[args.format](args, survey(args))
    if args.output:
        with open(args.output, "wb") as f:
            f.write(result)
    else:
        sys.stdout.buffer.write(result)


if __name__ == "__main__":
    main()
