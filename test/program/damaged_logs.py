"""Made flights as GPX, KML, JSON, tables, subtitles, a flight record and a blackbox log, damaged at many places that a seed
chooses: bytes missing, bytes of noise or of the same log put in, zeros, flipped bits, cut off, something behind the end; and two
logs in one file: whole behind whole, whole behind a stump, in blocks of 4 KiB, row by row.

What must hold: the log is read up to the damage and behind it; where more than a few positions are gone the status or
the note says so, and in seconds where the log has times.  The damage is made and counted here."""
import datetime
import json
import os
import random
import struct
import sys

import scripts
from harness import SOURCE, Folder, equal, leash, run

sys.path.insert(0, os.path.join(SOURCE, "examples"))
import flight_text  # noqa: E402

ROUNDS = 6
COUNT = 600
START_S = 1714555800  # 2024-05-01T09:30:00Z
TRACK = [(i / 10, -5.25 + i * 1e-5, 45.5 + i * 1e-5, 60 + i / 100) for i in range(COUNT)]
ELSEWHERE = [(s, lon + 0.5, lat + 0.3, h) for s, lon, lat, h in TRACK]  # two days later


def clock(seconds):
    return datetime.datetime.fromtimestamp(START_S + seconds, datetime.timezone.utc)


def gutma(indent=None):
    rows = [[s, round(lon, 7), round(lat, 7), round(h, 2), 5.5] for s, lon, lat, h in TRACK]
    return json.dumps({"exchange": {"exchange_type": "flight_logging", "message": {
        "flight_data": {"aircraft": {"manufacturer": "Maker", "serial_number": "EX-01"}},
        "flight_logging": {"altitude_system": "WGS84", "logging_start_dtg": "2024-05-01T09:30:00Z", "flight_logging_items": rows,
                           "flight_logging_keys": ["timestamp", "gps_lon", "gps_lat", "gps_altitude", "speed"]}}}}, indent=indent).encode()


def parrot():
    names = ["product_gps_available", "product_gps_longitude", "product_gps_latitude", "time", "altitude"]
    rows = [[True, round(lon, 8), round(lat, 8), int(s * 1000), h * 1000] for s, lon, lat, h in TRACK]
    return json.dumps({"date": "2024-05-01T093000+0000", "product_name": "Anafi", "serial_number": "PIEXAMPLE",
                       "details_headers": names, "details_data": rows}).encode()


def autel():
    rows = [{"timestamp": int((START_S + s) * 1000), "droneLatitude": round(lat, 7), "droneLongitude": round(lon, 7),
             "relativeHeight": round(h, 1), "remainPower": 80, "flyMode": "GPS"} for s, lon, lat, h in TRACK]
    return json.dumps({"droneModel": "EXAMPLE", "flightRecords": rows}).encode()


def litchi():
    lines = ["latitude,longitude,altitude(feet),speed(mph),time(millisecond),battery(percent),datetime(utc),satellites"]
    lines += [f"{lat:.8f},{lon:.8f},{h * 3.28:.2f},2.0,{int(s * 1000)},80,{clock(s):%Y-%m-%d %H:%M:%S},12" for s, lon, lat, h in TRACK]
    return "\n".join(lines + [""]).encode()


def kml_line():
    return ('<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>flight</name><LineString>'
            "<altitudeMode>absolute</altitudeMode><coordinates>\n" + "\n".join(f"{lon:.7f},{lat:.7f},{h:.1f}" for _, lon, lat, h in TRACK)
            + "\n</coordinates></LineString></Placemark></Document></kml>").encode()


def unsigned_vb(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def signed_vb(value):
    return unsigned_vb(((value << 1) ^ (value >> 31)) & 0xffffffff)


def blackbox():
    """Frames of the loop and of the receiver, a tenth of a second apart; predictors: none, and the home position for places."""
    head = ("H Product:Blackbox flight data recorder by Nicholas Sherlock\nH Data version:2\nH I interval:1\nH P interval:1/1\n"
            "H Field I name:loopIteration,time\nH Field I signed:0,0\nH Field I predictor:0,0\nH Field I encoding:1,1\n"
            "H Field P predictor:6,2\nH Field P encoding:9,0\n"
            "H Field H name:GPS_home[0],GPS_home[1]\nH Field H signed:1,1\nH Field H predictor:0,0\nH Field H encoding:0,0\n"
            "H Field G name:time,GPS_numSat,GPS_coord[0],GPS_coord[1],GPS_altitude\nH Field G signed:0,0,1,1,0\n"
            "H Field G predictor:10,0,7,7,0\nH Field G encoding:1,1,0,0,1\n"
            "H Firmware type:Cleanflight\nH Firmware revision:Betaflight 4.4.0 (abcdef) STM32F405\nH Log start datetime:2024-05-01T09:30:00.000+00:00\n")
    home = int(round(45.5e7)), int(round(-5.25e7))
    out = bytearray(head.encode()) + b"H" + signed_vb(home[0]) + signed_vb(home[1])
    for i, (s, lon, lat, h) in enumerate(TRACK):
        out += b"I" + unsigned_vb(i) + unsigned_vb(1000000 + int(s * 1e6))
        out += (b"G" + unsigned_vb(5) + unsigned_vb(12) + signed_vb(int(round(lat * 1e7)) - home[0])
                + signed_vb(int(round(lon * 1e7)) - home[1]) + unsigned_vb(int(h * 10)))
    return bytes(out + b"E\xffEnd of log\0")


def of_example(folder, script, *arguments):
    path = folder / "example"
    scripts.write(path, script, *arguments)
    with open(path, "rb") as f:
        return f.read()


# Whether each fix has a time; whether what stands between two rows, or in digits, may go without a trace of its own.
TIMED, UNTIMED = True, False


def logs(folder):
    for form in ("srt", "csv", "gpx", "kml"):
        yield form, of_example(folder, "flight_text", "--form", form, "--points", str(COUNT)), TIMED
    yield "gutma", gutma(), TIMED
    yield "gutma with line ends", gutma(1), TIMED
    yield "parrot", parrot(), TIMED
    yield "autel", autel(), TIMED
    yield "litchi", litchi(), TIMED
    yield "kml line", kml_line(), UNTIMED
    yield "blackbox", blackbox(), TIMED
    yield "dji txt", of_example(folder, "flight", "--version", "8", "--seed", "3", "--side", "100", "--duration", "60"), TIMED


class Read:
    def __init__(self, folder, content):
        done = leash("facts", "--no-hash", folder.write("log", content), timeout=120)
        assert done.returncode in (0, 2, 3), (done.returncode, done.stderr.decode())
        rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
        self.status = next(r["status"] for r in rows if r["fact"] == "evidence")
        self.path = [(r["latitude_deg"], r["longitude_deg"]) for r in rows if r["fact"] == "position" and r["subject"] == "aircraft"]
        self.told = [r["statement"] for r in rows if r["fact"] == "damage"]
        self.note = " ".join(r["note"] or "" for r in rows if r["fact"] == "flight")
        assert (self.status == "partial") == bool(self.told) or self.status == "unreadable", (self.status, self.told)
        assert (self.status == "read") == (done.returncode == 0)

    def says_seconds(self):
        return "would stand" in self.note or any(" s pass" in t or t.endswith(" s") or " s by " in t or " s of " in t for t in self.told)


def damages(whole, draw):
    """(what, content, whether something is behind it)"""
    head, end = len(whole) // 20, len(whole) - len(whole) // 10
    at = draw.randrange(head, end)
    yield "missing", whole[:at] + whole[at + draw.choice([1, 2, 20, 100, 1000]):], True
    yield "noise", whole[:at] + draw.randbytes(draw.choice([1, 5, 50, 500, 3000])) + whole[at:], True
    other = draw.randrange(head, end)
    yield "the log itself in between", whole[:at] + whole[other:other + draw.choice([10, 100, 2000])] + whole[at:], True
    size = min(512, len(whole) // 20)
    yield "zeros", whole[:at] + bytes(size) + whole[at + size:], True
    flipped = bytearray(whole)
    for _ in range(draw.choice([1, 3, 10])):
        flipped[draw.randrange(head, end)] ^= 1 << draw.randrange(8)
    yield "flipped bits", bytes(flipped), True
    yield "cut off", whole[:at], False


def check(name, what, read, good, timed, behind):
    lost = len(set(good) - set(read.path))
    context = (name, what, read.status, lost, read.told[:4], read.note[:300])
    if behind:
        assert read.path and read.path[-1] == good[-1], context
        assert lost <= len(good) // 3, context
    if lost > 3 and (timed or not behind):
        assert read.status == "partial" or "would stand" in read.note or "may be cut off" in read.note or "no end mark" in read.note, context
        assert not behind or read.says_seconds(), context
    if what == "noise" and lost > 1:
        assert read.status == "partial", context
    if what == "cut off":
        assert read.path == good[:len(read.path)] or lost <= len(good) - len(read.path) + 1, context


def test_what_is_whole_has_no_damage():
    with Folder() as folder:
        for name, content, _ in logs(folder):
            read = Read(folder, content)
            equal(read.status, "read", (name, read.told))
            equal(len(read.path), COUNT, name)
            assert "would stand" not in read.note, (name, read.note)


def test_read_up_to_the_damage_and_behind_it():
    with Folder() as folder:
        for name, content, timed in logs(folder):
            draw, good = random.Random("damage of " + name), Read(folder, content).path
            for _ in range(ROUNDS):
                for what, damaged, behind in damages(content, draw):
                    check(name, what, Read(folder, damaged), good, timed, behind)


def test_what_stands_behind_the_end():
    with Folder() as folder:
        for name, content, _ in logs(folder):
            good = Read(folder, content).path
            for behind in (random.Random(1).randbytes(2000), bytes(4096)):
                read = Read(folder, content + behind)
                equal(read.path[:len(good)], good, name)
                if name != "blackbox" or any(behind):  # zeros are flash memory that nothing was written to
                    assert read.status == "partial", (name, read.note)


# Two logs in one file

def of_forms(form, track, start_s):
    """Its rows, as examples/flight_text.py writes them."""
    flight_text.START_S = start_s
    return [row.encode() for row in flight_text.FORMS[form](track)]


def pud(track):
    columns = [("time", "integer", 4), ("product_gps_longitude", "double", 8), ("product_gps_latitude", "double", 8), ("flip_type", "integer", 1)]
    head = {"version": "1.0", "date": "2014-11-30T160423+0000", "product_name": "Bebop", "serial_number": "PIEXAMPLE2",
            "details_headers": [dict(zip(("name", "type", "size"), c)) for c in columns]}
    return [json.dumps(head).encode() + b"\0"] + [struct.pack("<iddb", int(s * 1000), lon, lat, 0) for s, lon, lat, _ in track]


def crc(value, content, polynomial):
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
    return value


def dat(track, start_s, serial):
    """The receiver's records of a DJI flight controller log, and one of attitudes behind each."""
    header = bytearray(256)
    header[16:42] = b"BUILD Jan  1 2024 00:00:00"
    header[0x3a:0x4a] = bytes(b ^ 0x55 for b in serial)
    header[242:252] = b"DJI_LOG_V3"
    records = [bytes(header)]
    for s, lon, lat, h in track:
        at, tick = datetime.datetime.fromtimestamp(start_s + int(s), datetime.timezone.utc), 1000000 + int(s * 3.84e6)
        fix = struct.pack("<IIiii10fIIH", int(at.strftime("%Y%m%d")), int(at.strftime("%H%M%S")), round(lon * 1e7), round(lat * 1e7), int(h * 1000),
                          0, 0, 0, 52, 98, 0, 439, 314, 0, 0, 14, 14, 28)
        for kind, payload in ((2096, fix), (1000, bytes(60))):
            head = b"\x55" + struct.pack("<H", len(payload) + 12)
            whole = head + bytes([crc(0x77, head, 0x8c)]) + struct.pack("<HI", kind, tick) + bytes(b ^ tick & 255 for b in payload)
            records.append(whole + struct.pack("<H", crc(0x3692, whole, 0x8408)))
    return records


def dataflash_text(track, start_s, board):
    rows = ["FMT, 128, 89, FMT, BBnNZ, Type,Length,Name,Format,Columns", "FMT, 132, 75, MSG, QZ, TimeUS,Message",
            "FMT, 130, 50, GPS, QBBIHBcLLef, TimeUS,I,Status,GMS,GWk,NSats,HDop,Lat,Lng,Alt,Spd", f"MSG, 1000, Board {board}"]
    for s, lon, lat, h in track:
        week, ms = divmod((start_s + 18 - 315964800) * 1000 + int(s * 1000), 604800000)
        rows.append(f"GPS, {11000000 + int(s * 1e6)}, 0, 3, {ms}, {week}, 12, 0.8, {lat:.7f}, {lon:.7f}, {h:.2f}, 1.5")
    return [(row + "\r\n").encode() for row in rows]


def dji_txt(folder, start_s, *more):
    """The prefix of a flight record of version 8, its records, its summary."""
    whole = of_example(folder, "flight", "--version", "8", "--side", "100", "--duration", "60", "--start",
                       datetime.datetime.fromtimestamp(start_s, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), *more)
    at, end = 100, int.from_bytes(whole[:8], "little")
    pieces = [whole[:at]]
    while at < end:
        length = whole[at + 1] + 3
        assert whole[at + length - 1] == 255
        pieces.append(whole[at:at + length])
        at += length
    return pieces + [whole[end:]]


def pairs(later=START_S + 2 * 86400):
    """The rows of two logs of each form."""
    for form in ("srt", "csv", "gpx", "kml"):
        yield form, of_forms(form, TRACK, START_S), of_forms(form, ELSEWHERE, later)
    yield "pud", pud(TRACK), pud(ELSEWHERE)
    yield "dat", dat(TRACK, START_S, b"0TESTEXAMPLE0001"), dat(ELSEWHERE, later, b"0TESTEXAMPLE0002")
    yield "dataflash text", dataflash_text(TRACK, START_S, "00112233"), dataflash_text(ELSEWHERE, later, "44556677")


def places(track):
    return {(round(lat, 5), round(lon, 5)) for _, lon, lat, _ in track}


def read_both(folder, content):
    read = Read(folder, content)
    found = {(round(lat, 5), round(lon, 5)) for lat, lon in read.path}
    return read, [len(found & places(track)) / len(places(track)) for track in (TRACK, ELSEWHERE)]


def test_whole_behind_whole():
    with Folder() as folder:
        for name, one, other in pairs():
            read, shares = read_both(folder, b"".join(one + other))
            equal((shares, read.status), ([1, 1], "read"), (name, read.told))


def test_whole_behind_a_stump():
    with Folder() as folder:
        for name, one, other in pairs():
            whole, draw = b"".join(one), random.Random("stump of " + name)
            for _ in range(ROUNDS):
                cut = draw.randrange(len(whole) // 2, len(whole) * 3 // 4)
                if any(len(b"".join(one[:n])) in (cut, cut + 1, cut + 2) for n in range(len(one))):
                    continue  # between two rows: nothing is damaged
                read, shares = read_both(folder, whole[:cut] + b"".join(other))
                assert shares[0] > 0.45 and shares[1] > 0.99, (name, cut, shares, read.told)
                equal(read.status, "partial", (name, cut, whole[cut - 80:cut], read.note))


def test_in_blocks():
    with Folder() as folder:
        for name, one, other in pairs():
            a, b = b"".join(one), b"".join(other)
            mixed = b"".join(a[n:n + 4096] + b[n:n + 4096] for n in range(0, max(len(a), len(b)), 4096))
            read, shares = read_both(folder, mixed)
            assert min(shares) > 0.9, (name, shares, read.told[:5])
            equal(read.status, "partial", name)


def test_row_by_row():
    with Folder() as folder:
        for name, one, other in pairs():
            mixed = b"".join(x for row in zip(one, other) for x in row) + b"".join(one[len(other):] + other[len(one):])
            read, shares = read_both(folder, mixed)
            equal(read.status, "partial", (name, read.note))
            if name != "pud":  # rows without marks, whose clocks are the same: none is believed
                assert min(shares) > 0.99, (name, shares, read.told[:5])


def test_flight_records():
    """The same of DJI flight records, whose places are their own."""
    with Folder() as folder:
        one, other = dji_txt(folder, START_S, "--seed", "3"), dji_txt(folder, START_S + 2 * 86400, "--seed", "4", "--lat", "45.8", "--lon", "-4.75")
        a, b = b"".join(one), b"".join(other)
        paths = [set(Read(folder, whole).path) for whole in (a, b)]

        def look(what, content, least, status="partial"):
            read = Read(folder, content)
            shares = [len(path & set(read.path)) / len(path) for path in paths]
            assert all(share >= wanted for share, wanted in zip(shares, least)), (what, shares, read.told[:5])
            equal(read.status, status, (what, read.told))

        look("behind", a + b, (1, 1), "read")
        look("cut", a[:len(a) * 6 // 10 + 3] + b, (0.4, 1))
        look("blocks", b"".join(a[n:n + 4096] + b[n:n + 4096] for n in range(0, max(len(a), len(b)), 4096)), (0.97, 0.97))
        look("records in turn", b"".join(x for pair in zip(one, other) for x in pair) + b"".join(one[len(other):] + other[len(one):]), (0.95, 0.95))


run(globals())
