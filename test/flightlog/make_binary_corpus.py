#!/usr/bin/python3
"""Makes the binary logs of test/corpus/flightlog/{json_log,dji_dat} anew that are not made by test/flightlog/log_builder.c:
Parrot's older flight data (PUD), and DJI flight controller logs of which the GPS receiver is missing.  The flights never
took place; they lie over open sea.  Written from the formats' tables, with none of the reader's code."""
import json
import math
import os
import struct

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORPUS = os.path.join(ROOT, "test", "corpus", "flightlog")
LATITUDE, LONGITUDE, RADIAN = 45.5, -5.25, math.pi / 180


def save(folder, name, content):
    with open(os.path.join(CORPUS, folder, name), "wb") as f:
        f.write(content)


# Parrot: a JSON document that describes the rows, a NUL, the rows

COLUMNS = [("time", "integer", 4), ("controller_gps_longitude", "double", 8), ("controller_gps_latitude", "double", 8),
           ("product_gps_longitude", "double", 8), ("product_gps_latitude", "double", 8), ("flip_type", "integer", 1)]
HEAD = json.dumps({"version": "1.0", "date": "2014-11-30T160423+0000", "product_name": "Bebop", "serial_number": "PIEXAMPLE2",
                   "details_headers": [dict(zip(("name", "type", "size"), c)) for c in COLUMNS]}).encode() + b"\0"
ROW = "<i4db"


def make_pud():
    rows = b"".join(struct.pack(ROW, 500 + 33 * i, -5.2, 45.4, LONGITUDE, LATITUDE + i / 1000, 0) for i in range(10))
    cut = 3 * struct.calcsize(ROW) + 9
    save("json_log", "rows-in-binary.pud", HEAD + rows)
    save("json_log", "bytes-missing-in-a-row.pud", HEAD + rows[:cut] + rows[cut + 7:])
    save("json_log", "integer-of-three-bytes.pud", HEAD.replace(b'"size": 4', b'"size": 3') + rows)


# DJI

def crc(value, data, polynomial):
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
    return value


def record(kind, tick, payload):
    head = b"\x55" + struct.pack("<H", len(payload) + 12)
    whole = head + bytes([crc(0x77, head, 0x8c)]) + struct.pack("<HI", kind, tick) + bytes(b ^ tick & 255 for b in payload)
    return whole + struct.pack("<H", crc(0x3692, whole, 0x8408))


def header(mark=b"DJI_LOG_V3"):
    out = bytearray(256 if mark else 128)
    out[16:42] = b"BUILD Jan  1 2024 00:00:00"
    out[0x3a:0x4a] = bytes(b ^ 0x55 for b in b"0TESTEXAMPLE0001")
    if mark:
        out[242:252] = mark
    return bytes(out)


def make_dat():
    place = struct.pack("<dd", LONGITUDE * RADIAN, LATITUDE * RADIAN)
    out = header()
    for i in range(6):
        tick = 1000 + i * 768000
        out += record(2048, tick, struct.pack("<ddf28x4f56x", LONGITUDE * RADIAN, (LATITUDE + i / 10000) * RADIAN, 12.5, 1, 0, 0, 0))
        out += record(53234, tick + 1, struct.pack("<IIddf50x", 2314, 18000 + 200 * i, LONGITUDE, LATITUDE, 30))
        out += record(2064, tick + 2, bytes(32) + place + struct.pack("<f8x", 30))
        out += record(2211, tick + 3, bytes(64) + place + place + bytes(32))
        out += record(13, tick + 4, place + struct.pack("<fH30x16s15x", 1800, 1, b"0TESTEXAMPLE0001"))
        out += record(32768, tick + 5, b"  12 [L-HOME]set home\0") + record(4711, tick + 6, b"abc")
    save("dji_dat", "older-form-without-mark.dat", header(b"") + b"".join(
        record(2096, 1000 + i * 768000, struct.pack("<IIiii62x", 20240514, 93000 + i, int(LONGITUDE * 1e7), int(LATITUDE * 1e7) + i * 1000, 30000)) for i in range(6)))
    save("dji_dat", "all-positions-but-the-receivers.dat", out)
    save("dji_dat", "records-too-short.dat", header() + b"".join(
        record(kind, 9, bytes(n)) for kind in (1, 5, 13, 2048, 2064, 2096, 2211, 53234, 32768) for n in (0, 1, 15, 17)))


make_pud()
make_dat()
