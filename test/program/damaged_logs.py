"""Made flights as GPX, KML, JSON, tables, subtitles, a flight record and a blackbox log, damaged at many places that a seed
chooses: bytes missing, bytes of noise or of the same log put in, zeros, flipped bits, cut off, something behind the end.

What must hold: the log is read up to the damage and behind it; where more than a few positions are gone the status or
the note says so, and in seconds where the log has times.  The damage is made and counted here."""
import datetime
import json
import os
import random
import subprocess
import sys

from harness import SOURCE, Folder, equal, leash, run

ROUNDS = 6
COUNT = 600
START_S = 1714555800  # 2024-05-01T09:30:00Z
TRACK = [(i / 10, -5.25 + i * 1e-5, 45.5 + i * 1e-5, 60 + i / 100) for i in range(COUNT)]


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
    subprocess.run([sys.executable, os.path.join(SOURCE, "examples", script), *arguments, "-o", path], check=True)
    with open(path, "rb") as f:
        return f.read()


# Whether each fix has a time; whether what stands between two rows, or in digits, may go without a trace of its own.
TIMED, UNTIMED = True, False


def logs(folder):
    for form in ("srt", "csv", "gpx", "kml"):
        yield form, of_example(folder, "flight_text.py", "--form", form, "--points", str(COUNT)), TIMED
    yield "gutma", gutma(), TIMED
    yield "gutma with line ends", gutma(1), TIMED
    yield "parrot", parrot(), TIMED
    yield "autel", autel(), TIMED
    yield "litchi", litchi(), TIMED
    yield "kml line", kml_line(), UNTIMED
    yield "blackbox", blackbox(), TIMED
    yield "dji txt", of_example(folder, "flight.py", "--version", "8", "--seed", "3", "--side", "100", "--duration", "60"), TIMED


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


run(globals())
