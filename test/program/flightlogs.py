"""Every flight log among the samples against what other programs say of it: how many fixes, where, when, whose.

Positions must agree to 1e-9 degree and times to a millisecond wherever the truth has them.  Truth of subtitles comes
from their own text, read here by expressions that share nothing with leash, because the program that made the other
truth swaps and smooths."""
import csv
import datetime
import glob
import json
import os
import random
import re

from harness import Folder, equal, facts, leash, run, samples, skip

DEGREES, MS = 1e-9, 0.001


def truths(ending):
    found = []
    for path in sorted(glob.glob(os.path.join(glob.escape(samples("flightlog")), "*.truth.json"))):
        log = path[:-len(".truth.json")]
        if log.lower().endswith(ending) and os.path.exists(log):
            with open(path, encoding="utf-8") as f:
                found.append((log, json.load(f)))
    if not found:
        skip("no such samples")
    return found


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "T")).timestamp()


def utc(text):
    """The same where the text tells no zone."""
    return seconds(text if text.endswith("Z") or "+" in text else text + "+00:00")


class Log:
    def __init__(self, path):
        self.name = os.path.basename(path)
        rows = facts("--no-hash", path)
        self.rows = rows
        self.flights = [r for r in rows if r["fact"] == "flight"]
        self.devices = [r for r in rows if r["fact"] == "device"]
        self.flight = self.flights[0] if self.flights else None
        self.path = [r for r in rows if r["fact"] == "position" and r["subject"] == "aircraft"]

    def near(self, row, latitude, longitude, degrees=DEGREES):
        assert abs(row["latitude_deg"] - latitude) <= degrees and abs(row["longitude_deg"] - longitude) <= degrees, \
            (self.name, row["latitude_deg"], row["longitude_deg"], latitude, longitude)

    def box(self, south, west, north, east):
        for got, want in zip(self.flight["bbox"], (west, south, east, north)):
            assert abs(got - want) <= DEGREES, (self.name, self.flight["bbox"], (west, south, east, north))

    def at(self, row, want_s, within=MS):
        assert abs(seconds(row["time"]) - want_s) <= within + 1e-6, (self.name, row["time"], want_s)


def table_rows(path):
    """Latitude and longitude of each row of an exported table."""
    with open(path, newline="", encoding="utf-8-sig") as f:
        rows = csv.DictReader(f)
        return [(float(r["latitude"]), float(r["longitude"])) for r in rows if r["latitude"]]


def test_tables():
    for path, truth in truths(".csv"):
        log = Log(path)
        equal(len(log.path), truth["points"], log.name)
        equal(log.flight["points"], truth["points"], log.name)
        for row, place in zip(log.path, table_rows(path)):
            log.near(row, *place)
        log.box(*truth["bbox"])
        log.at(log.path[0], utc(truth["utc_first"]))
        assert abs(log.flight["duration_s"] - truth["duration_ms"] / 1000) <= MS, log.name
        # the table counts milliseconds; its own dates have whole seconds
        log.at(log.path[-1], utc(truth["utc_first"]) + truth["duration_ms"] / 1000)


def test_dat_logs():
    for path, truth in truths(".dat"):
        log = Log(path)
        equal(len(log.path), truth["points"], log.name)
        for row, want in ((log.path[0], truth["first"]), (log.path[-1], truth["last"])):
            log.near(row, *want[1:])
            log.at(row, seconds(want[0]))
        log.box(*truth["bbox"])
        equal(log.flight["aircraft_serial"], truth["aircraft_serial_in_header"])
        assert f"{truth['records']} whole records of {truth['types']} types" in log.flight["note"], log.flight["note"]
        for kind, count in truth["top"]:
            assert f"{count} of type {kind}" in log.flight["note"], (log.name, kind, count)


def test_flight_records():
    read = 0
    for path, truth in truths(".txt"):
        log = Log(path)
        details, version = truth["details"], truth["version"]
        serials = {d["role"]: d["serial"] for d in log.devices}
        for role, key in (("aircraft", "aircraftSn"), ("camera", "cameraSn"), ("controller", "rcSn"), ("battery", "batterySn")):
            if details[key].strip("0"):
                equal(serials.get(role), details[key], log.name)
        log.at({"time": log.flight["start"]}, seconds(details["startTime"]))
        if version >= 13:  # bodies are encrypted: the start alone, and how many there are
            log.near(log.path[0], details["latitude"], details["longitude"])
            assert log.flight["encrypted_records"] > details["recordLineCount"], log.name
            continue
        equal(log.flight["points"], details["recordLineCount"], log.name)
        if "recordCounts" in truth:
            equal(len(log.path), truth["recordCounts"]["OSD"], log.name)
            log.near(log.path[0], *truth["first"][:2])
            log.box(*truth["bbox"])
            moments = [seconds(r["time"]) for r in log.path]
            for want in (truth["first"][3], truth["last"][3]):
                # that program gives a moment to each frame; every moment it names must be one of ours
                assert min(abs(m - seconds(want)) for m in moments) <= MS + 1e-6, (log.name, want)
        if "csv_file" in truth:  # every position, in order: also of version 8, where that program loses nearly all
            want = table_rows(os.path.join(os.path.dirname(path), truth["csv_file"]))
            equal(len(log.path), len(want), log.name)
            for row, place in zip(log.path, want):
                log.near(row, *place)
            read += 1
    assert read >= 1


# What stands in a subtitle: two forms of places, and the clock.
LABELLED = re.compile(r"\[latitude ?: ?(-?[\d.]+)\] \[longt?itude ?: ?(-?[\d.]+)\]")
PAIR = re.compile(r"GPS ?\( ?(-?[\d.]+), ?(-?[\d.]+), ?(-?[\d.]+)(M?) ?\)")
CLOCK = re.compile(r"(\d{4})[-.](\d{1,2})[-.](\d{1,2}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{3})(?:,(\d{3}))?)?")


def subtitles(path):
    """(latitude, longitude, clock) of every subtitle with a place that is not 0/0."""
    with open(path, encoding="utf-8-sig", errors="replace") as f:
        text = f.read().replace("\r", "")
    for cue in re.split(r"\n\s*\n", text):
        labelled, pair, clock = LABELLED.search(cue), PAIR.search(cue), CLOCK.search(cue)
        if labelled:
            place = float(labelled[1]), float(labelled[2])
        elif pair:
            first, second = float(pair[1]), float(pair[2])
            place = (first, second) if pair[4] and abs(first) <= 90 else (second, first)
        else:
            continue
        if place != (0, 0):
            yield *place, clock


def local(clock):
    micro = int(clock[7] or 0) * 1000 + int(clock[8] or 0)
    return datetime.datetime(*map(int, clock.group(1, 2, 3, 4, 5, 6)), micro, datetime.timezone.utc).timestamp()


def test_subtitles():
    for path, truth in truths(".srt"):
        want = list(subtitles(path))
        if truth["bytes"] < 10:
            equal(leash("facts", "--no-hash", path).returncode, 2)
            continue
        log = Log(path)
        equal(len(log.path), len(want), log.name)
        for row, (latitude, longitude, clock) in zip(log.path, want):
            log.near(row, latitude, longitude)
            equal(row["time"], None)
            equal(row["time_local"] is None, clock is None, log.name)
            if clock:
                assert abs(utc(row["time_local"]) - local(clock)) <= MS, (log.name, row["time_local"], clock[0])
        if "home" in truth:
            place = (truth["home"]["LATITUDE"], truth["home"]["LONGITUDE"])
            for got, number in zip(reversed(log.flight["home"]), place):
                assert abs(got - number) <= DEGREES, (log.name, log.flight["home"], place)


def test_ulog():
    for path, truth in truths(".ulg"):
        log = Log(path)
        assert abs(log.flight["duration_s"] - truth["duration_s"]) <= MS or truth["last_us"] - truth["start_us"] > 1e9, log.name
        assert f"records of {truth['datasets']} topics" in log.flight["note"], log.name
        gps = truth.get("vehicle_gps_position")
        equal(len(log.path), gps["n"] if gps else 0, log.name)
        if gps:
            log.near(log.path[0], *gps["first"])
            log.near(log.path[-1], *gps["last"])
            log.box(*gps["bbox"])
            log.at(log.path[0], truth["gps_utc_first"] / 1e6)


def test_dataflash_and_telemetry():
    for path, truth in truths((".bin", ".tlog")):
        log = Log(path)
        equal(len(log.path), truth["nonzero"], log.name)
        for row, want in ((0, truth["first"]), (-1, truth["last"])) if truth["points"] else ():
            log.near(log.path[row], *want[1:3])
            log.at(log.path[row], want[0])
            assert abs(log.path[row]["altitude_m"] - want[3]) < 1e-6, log.name
        if truth["points"]:
            log.box(*truth["bbox"])
        for text in truth["text"][:3]:
            assert text in log.flight["note"], (log.name, text)


# Of text, one flipped bit in a hundred bytes leaves digits that are others; of a heading or a layout that the log itself
# gives, nothing that says so.  Binary forms have check sums, or records that must fit.
CHECKED = ("dji-dat", "tlog")
CUTS, FLIP_SHARE = 12, 0.01


def damaged(folder, content):
    """Facts of a log that was damaged: no crash, no hang, and a status that says whether all was read."""
    log = folder.write("damaged", content)
    done = leash("facts", "--no-hash", log, timeout=120)
    assert done.returncode in (0, 2, 3), (done.returncode, done.stderr.decode())
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    evidence = next(r for r in rows if r["fact"] == "evidence")
    assert (evidence["status"] == "read") == (done.returncode == 0), (evidence, done.returncode)
    places = [(r["latitude_deg"], r["longitude_deg"]) for r in rows if r["fact"] == "position" and r["subject"] == "aircraft"]
    losses = [r for r in rows if r["fact"] == "damage"]
    assert (evidence["status"] == "partial") == bool(losses) or evidence["status"] == "unreadable", evidence
    return evidence["status"], places, losses


def test_damage_is_told_and_the_rest_is_read():
    """Every sample cut, with bytes missing, with noise in it and behind it, and with flipped bits."""
    folder_path = samples("flightlog")
    read = 0
    for path in sorted(glob.glob(os.path.join(glob.escape(folder_path), "*"))):
        if not path.lower().endswith((".csv", ".dat", ".txt", ".srt", ".ulg", ".bin", ".tlog")) or ".expected" in path:
            continue
        with open(path, "rb") as f:
            whole = f.read()
        log = Log(path)
        if len(whole) < 20000 or len(log.path) < 2:
            continue
        read += 1
        good = [(r["latitude_deg"], r["longitude_deg"]) for r in log.path]
        kind, random_numbers, middle = log.flight["format"], random.Random(1), len(whole) // 2
        with Folder() as folder:
            before = 0
            for i in range(1, CUTS):
                status, places, _ = damaged(folder, whole[:len(whole) * i // CUTS])
                assert len(places) >= before, (log.name, i)  # more of the log never gives less
                before = len(places)
                # text ends where it may; all others say that they are cut
                assert status != "read" or kind in ("dji-srt", "flight-csv", "tlog", "ulog", "dji-dat"), (log.name, i)
                if kind != "dataflash":  # whose lesser source tells the path until the better one begins
                    assert set(places) <= set(good), (log.name, i, set(places) - set(good))
            status, places, losses = damaged(folder, whole[:middle] + whole[middle + 3000:])
            assert status == "partial" and losses, log.name
            assert len(good) * 0.8 < len(places) < len(good) or kind == "dataflash" or len(good) < 60, (log.name, len(places), len(good))
            assert places[0] == good[0] and places[-1] == good[-1], log.name  # before and behind the damage
            noise = random_numbers.randbytes(3000)
            for content in (whole[:middle] + noise + whole[middle:], whole + noise):
                status, places, losses = damaged(folder, content)
                assert status == "partial" and losses and len(places) >= len(good) - 2, (log.name, len(places), len(good))
            flipped = bytearray(whole)
            for at in range(len(flipped)):
                if random_numbers.random() < FLIP_SHARE:
                    flipped[at] ^= 1 << random_numbers.randrange(8)
            status, places, losses = damaged(folder, bytes(flipped))
            assert status != "read", log.name
            if kind in CHECKED:
                assert set(places) <= set(good) and len(places) > len(good) / 4, (log.name, len(places), len(good))
    if not read:
        skip("no samples")


def test_nothing_is_left_out():
    """A new sample with truth is of one of the kinds above."""
    known = (".csv", ".dat", ".txt", ".srt", ".ulg", ".bin", ".tlog", ".json")
    for path in glob.glob(os.path.join(glob.escape(samples("flightlog")), "*.truth.json")):
        assert path[:-len(".truth.json")].lower().endswith(known), path


run(globals())
