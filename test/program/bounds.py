"""Memory has bounds whatever the evidence's size: logs of any length take the same; a capture of one million flows, all open at
once, stays under 256 MiB in each reader, and what was set aside early is counted.

LEASH_BIG=1 makes the capture 4 GB instead of what a million flows need at least."""
import datetime
import os
import re
import struct
import subprocess
import time

from harness import PROGRAM, SANITIZED, Folder, equal, run, skip

import json

FLOWS = 1_000_000
READER_KIB_MAX = 256 * 1024
BIG = os.environ.get("LEASH_BIG") == "1"
TOTAL_BYTES = 4_000_000_000 if BIG else 2 * 82 * FLOWS


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(n) for n in f.read().split()]
    except OSError:
        return []


def status_of(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as f:
            fields = dict(line.split(":", 1) for line in f if ":" in line)
            return {k: int(fields[k].split()[0]) for k in ("VmHWM", "VmRSS", "RssAnon", "RssFile", "RssShmem") if k in fields}
    except (OSError, ValueError):
        return {}


class Measured:
    """A run of leash, looked at every few milliseconds."""

    def __init__(self, *arguments, out=subprocess.PIPE):
        self.readers, self.parent, began = {}, 0, time.monotonic()
        self.anonymous = 0
        process = subprocess.Popen([PROGRAM, *arguments], stdout=out, stderr=subprocess.PIPE)
        if process.stdout:
            os.set_blocking(process.stdout.fileno(), False)
        while process.poll() is None:
            for pid in children_of(process.pid):
                now = status_of(pid)
                self.readers[pid] = max(self.readers.get(pid, 0), now.get("VmHWM", 0))
                self.anonymous = max(self.anonymous, now.get("RssAnon", 0))
            self.parent = max(self.parent, status_of(process.pid).get("VmHWM", 0))
            time.sleep(0.01)
        self.said = process.communicate()
        self.seconds = time.monotonic() - began
        self.status = process.returncode


def test_a_million_flows():
    if SANITIZED:
        skip("a sanitized program needs more memory by design")
    generator = os.environ.get("LEASH_BULK")
    if not generator or not os.path.exists(generator):
        skip("the generator of captures is not built")
    with Folder() as folder:
        path = folder / "many.pcap"
        told = subprocess.run([generator, "--flows", str(FLOWS), path, str(TOTAL_BYTES)], check=True, capture_output=True,
                              text=True).stdout
        truth = {name: int(n) for name, n in re.findall(r"(\w+) (\d+)", told)}
        size = os.path.getsize(path)
        ran = Measured("audit", "--readers", "2", "-o", folder / "case.gpkg", "--html", folder / "r.html",
                       "--json", folder / "r.json", path)
        print(f"# {size / 1e9:.2f} GB, {truth['packets']} packets: {ran.seconds:.1f} s, readers' peak "
              f"{max(ran.readers.values()) / 1024:.0f} MiB (anonymous {ran.anonymous / 1024:.0f} MiB), parent "
              f"{ran.parent / 1024:.0f} MiB, case {os.path.getsize(folder / 'case.gpkg') / 1e6:.0f} MB")
        assert ran.status in (1, 3), (ran.status, ran.said)
        assert ran.readers and max(ran.readers.values()) < READER_KIB_MAX, ran.readers
        import sqlite3
        db = sqlite3.connect(folder / "case.gpkg")
        packets, payload, rows = db.execute("SELECT sum(packets_out + packets_in), sum(payload_out), count(*) FROM flow").fetchone()
        equal((packets, payload), (truth["packets"], truth["payload"]))
        assert rows >= FLOWS, rows
        coverage = json.loads(db.execute("SELECT value FROM run WHERE key = 'coverage'").fetchone()[0])
        db.close()
        # a flow that was set aside and came again has a row for each time
        assert rows > FLOWS if coverage["evicted"] else rows == FLOWS, (rows, coverage)


def moments(points):
    """(time, latitude, longitude) of a flight that goes on and on; texts."""
    began = datetime.datetime(2024, 5, 1, 9, 30)
    for i in range(points):
        yield (began + datetime.timedelta(milliseconds=100 * i)).isoformat(timespec="milliseconds"), "%.7f" % (45.5 + i % 5000 * 1e-6), "%.7f" % (-5.25 + i % 7000 * 1e-6)


def text_log(form, points):
    rows = moments(points)
    if form == "csv":
        return "time(utc),latitude,longitude\n" + "".join(f"{time}Z,{lat},{lon}\n" for time, lat, lon in rows)
    if form == "gpx":
        return '<gpx version="1.1"><trk><trkseg>' + "".join(f'<trkpt lat="{lat}" lon="{lon}"><time>{time}Z</time></trkpt>\n' for time, lat, lon in rows) + "</trkseg></trk></gpx>"
    if form == "kml":
        whens, places = zip(*((f"<when>{time}Z</when>\n", f"<gx:coord>{lon} {lat}</gx:coord>\n") for time, lat, lon in rows))
        return ('<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Placemark><gx:Track>' + "".join(whens) + "".join(places) +
                "</gx:Track></Placemark></kml>")
    if form == "srt":
        return "".join(f"{i + 1}\n00:00:00,000 --> 00:00:00,100\n{time.replace('T', ' ')}\n[latitude: {lat}] [longitude: {lon}]\n\n" for i, (time, lat, lon) in enumerate(rows))
    if form == "gutma":
        return ('{"exchange":{"message":{"flight_logging":{"flight_logging_keys":["timestamp","gps_lat","gps_lon"],"flight_logging_items":[' +
                ",".join(f"[{i / 10},{lat},{lon}]" for i, (_, lat, lon) in enumerate(rows)) + "]}}}}")
    if form == "pud":
        columns = ",".join(f'{{"name":"{name}","type":"{kind}","size":{size}}}' for name, kind, size in
                           (("time", "integer", 4), ("product_gps_longitude", "double", 8), ("product_gps_latitude", "double", 8), *((f"speed_{i}", "double", 8) for i in range(8))))
        head = '{"date":"2024-05-01T093000+0000","product_name":"Example","details_headers":[' + columns + "]}\0"
        return head.encode() + b"".join(struct.pack("<I10d", 100 * i, float(lon), float(lat), *[1.5] * 8) for i, (_, lat, lon) in enumerate(rows))
    return "[" + ",".join(f'{{"timestamp":"{time}Z","droneLatitude":{lat},"droneLongitude":{lon}}}' for time, lat, lon in rows) + "]"


def test_a_log_a_hundred_times_as_long_takes_no_more():
    if SANITIZED:
        skip("a sanitized program needs more memory by design")
    with Folder() as folder:
        for form in ("csv", "gpx", "kml", "srt", "gutma", "autel", "pud"):
            peaks = []
            for points in (2500, 250_000):
                log = text_log(form, points)
                path = folder.write(f"{form}-{points}", log if form == "pud" else log.encode())
                ran = Measured("facts", "--no-hash", "--readers", "1", path, out=subprocess.DEVNULL)
                equal(ran.status, 0, (form, ran.said))
                peaks.append(max(ran.readers.values(), default=0))
            print(f"# {form}: {os.path.getsize(path) / 1e6:.0f} MB, reader's peak {peaks[1] / 1024:.1f} MiB, anonymous {ran.anonymous / 1024:.1f} MiB")
            assert ran.anonymous < 8 * 1024, (form, ran.anonymous)
            if form != "kml":  # whose times all come first: what lies between the two places that are read stays mapped
                assert peaks[1] < 16 * 1024, (form, peaks)


run(globals())
