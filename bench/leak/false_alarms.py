#!/usr/bin/python3
"""What is found where nothing was planted: with 100 flights and 1,000 identifiers loaded, in
gigabytes of data of several kinds, in the sample captures, and in tracks of others in the same area.

    bench/leak/false_alarms.py                     1,000 MB of each kind of data
    bench/leak/false_alarms.py --megabytes 100     less
    bench/leak/false_alarms.py --only random,cars  only these

Prints a table: what was tried, how often, what was claimed, and the rate that 95 of 100 such
results would stay below (3 / trials when there was none).  Exit status 1 when there was one.
"""
import argparse
import glob
import os
import random
import shutil
import sqlite3
import struct
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import flights  # noqa: E402
import forms  # noqa: E402
import layers  # noqa: E402
import plants  # noqa: E402

FLIGHTS, IDENTIFIERS, TRACKS = 100, 1000, 200
PIECE = 128_000_000   # bytes a capture
FLOW = 8_000_000      # bytes a connection


# What is known

def serial(rng):
    return rng.choice(("1ZNBX", "0K1CG", "3YTBJ", "F4XFD")) + "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(9))


def known(folder):
    """Logs of 100 flights, four or so over each town, and an inventory with 1,000 serial numbers."""
    rng = random.Random("known")
    made, logs = [], []
    places = list(flights.PLACES)
    for i in range(FLIGHTS):
        place, style = places[i % len(places)], flights.STYLES[i // len(places) % len(flights.STYLES)]
        samples = flights.fly(place, style, 5000 + i, 1_700_000_000_000 + i * 86_400_000, 240, (rng.uniform(-1500, 1500), rng.uniform(-1500, 1500)))
        made.append(flights.Flight("known %d" % i, place, samples, serial(rng)))
        logs.append(os.path.join(folder, "DJIFlightRecord_%03d.txt" % i))
        made[-1].log(logs[-1])
    serials = [serial(rng) for _ in range(IDENTIFIERS)]
    logs.append(os.path.join(folder, "inventory.csv"))
    with open(logs[-1], "w") as f:
        f.write("Category,Manufacturer,Model,Serial number\n" + "".join("Aircraft,DJI,Matrice 30,%s\n" % s for s in serials))
    return made, serials, logs


# Data

def random_bytes(rng):
    while True:
        yield rng.randbytes(1 << 20)


def jpeg_bytes(rng):
    """Pictures by libjpeg: noise on shapes, so that the scans are as dense as a camera's."""
    import io
    from PIL import Image
    while True:
        small = Image.frombytes("RGB", (40, 30), rng.randbytes(3600)).resize((1600, 1200), Image.BICUBIC)
        noise = Image.frombytes("RGB", (1600, 1200), rng.randbytes(5_760_000))
        out = io.BytesIO()
        Image.blend(small, noise, 0.15).save(out, "JPEG", quality=rng.randrange(80, 96))
        yield out.getvalue()


def files_under(rng, folders, suffixes, most=1 << 26):
    paths = [os.path.join(d, f) for folder in folders for d, _, names in os.walk(folder) for f in names if not suffixes or any(s in f for s in suffixes)]
    paths = sorted(p for p in paths if os.path.isfile(p) and not os.path.islink(p))
    rng.shuffle(paths)
    while True:
        for p in paths:
            with open(p, "rb") as f:
                yield f.read(most)


def elf_bytes(rng):
    return files_under(rng, ("/usr/lib", "/usr/bin"), (".so",))


def text_bytes(rng):
    """Documents and sources of this system, and made-up tables full of numbers, each line of which
    has what looks like a coordinate."""
    documents = files_under(rng, ("/usr/share/doc", "/usr/share/perl", "/usr/lib/python3", "/usr/include", "/usr/share/common-licenses"), ())
    while True:
        for _ in range(8):
            text = next(documents)
            yield zlib.decompress(text, 31) if text[:2] == b"\x1f\x8b" and len(text) < 1 << 20 else text
        yield "".join('{"id":%d,"lat":%.6f,"lon":%.6f,"v":%.3f,"t":%d}\n' % (
            rng.randrange(1 << 31), rng.uniform(-90, 90), rng.uniform(-180, 180), rng.random(), 1_700_000_000 + rng.randrange(10**7)) for _ in range(4000)).encode()


def compressed_bytes(rng):
    source = elf_bytes(rng)
    while True:
        yield zlib.compress(next(source), 1)


DATA = {"random": random_bytes, "JPEG": jpeg_bytes, "ELF": elf_bytes, "text": text_bytes, "compressed": compressed_bytes}


def write_capture(path, source, size):
    """`size` bytes of `source` as TCP connections of the phone; segments as large as IP allows, as captures of
    machines that segment in the card have them.  Gives the bytes and connections."""
    segment, seconds, sent, port, waiting = 60000, 1_710_000_000, 0, 20000, b""

    def frame(f, flags, sequence, payload, out):
        ends = (bytes([192, 168, 50, 10]), bytes([198, 51, 100, 7]))
        ports = (port, 9000)
        tcp = struct.pack(">HHIIBBHHH", *(ports if out else ports[::-1]), sequence, 1, 0x50, flags, 64000, 0, 0)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp) + len(payload), 0, 0x4000, 64, 6, 0) + b"".join(ends if out else ends[::-1])
        head = (b"\x02\0\0\0\x50\x01\x02\0\0\0\x50\x10" if out else b"\x02\0\0\0\x50\x10\x02\0\0\0\x50\x01") + b"\x08\0" + ip + tcp
        f.write(struct.pack("<IIII", seconds, 0, len(head) + len(payload), len(head) + len(payload)) + head + payload)

    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        while sent < size:
            port += 1
            seconds += 1
            frame(f, layers.SYN, 1000, b"", True)
            frame(f, layers.SYN | layers.ACK, 0, b"", False)
            sequence = 1001
            for _ in range(FLOW // segment):
                while len(waiting) < segment:
                    waiting += next(source)
                frame(f, layers.ACK | layers.PUSH, sequence, waiting[:segment], True)
                waiting, sequence, sent = waiting[segment:], sequence + segment & 0xFFFFFFFF, sent + segment
            frame(f, layers.ACK | layers.FIN, sequence, b"", True)
    return sent, port - 20000


# Tracks of others

def moved(flight, rng, east_m, north_m, ms):
    k = flights.METRES_PER_DEGREE
    return [forms.Point(s.lat + north_m / k + rng.gauss(0, 1e-6), s.lon + east_m / k / max(0.2, abs(__import__("math").cos(s.lat * 0.01745))) + rng.gauss(0, 1e-6),
                        ms + s.ms - flight.samples[0].ms, 40.0, {}) for s in flight.samples]


def another_flight(rng, made):
    """Another aircraft over the same town, on another day."""
    place = rng.choice(list(flights.PLACES))
    samples = flights.fly(place, rng.choice(flights.STYLES), 10**6 + rng.randrange(10**6), 1_710_000_000_000, 240,
                          (rng.uniform(-1500, 1500), rng.uniform(-1500, 1500)))
    return [forms.Point(s.lat, s.lon, s.ms, 60.0, {}) for s in samples]


def same_field(rng, made):
    """The same pattern, shifted by some rows: a colleague's survey of the field next to it."""
    flight = rng.choice(made)
    return moved(flight, rng, rng.choice((-1, 1)) * rng.uniform(25, 120), rng.choice((-1, 1)) * rng.uniform(25, 120), 1_710_000_000_000)


def straight(rng, made):
    """A straight line through where a flight was: from one of its points to another and beyond."""
    s = rng.choice(made).samples
    a, b = s[rng.randrange(len(s))], s[rng.randrange(len(s))]
    steps = rng.randrange(30, 120)
    return [forms.Point(a.lat + (b.lat - a.lat) * (2 * i / steps - 0.5), a.lon + (b.lon - a.lon) * (2 * i / steps - 0.5), 1_710_000_000_000 + i * 1000, 40.0, {})
            for i in range(steps)]


def along_a_row(rng, made):
    """Along a stretch that the flight flew, at another speed: the case that cannot be told from it, but by its turns."""
    s = rng.choice(made).samples
    first = rng.randrange(len(s) - 400)
    a, b = s[first], s[first + rng.randrange(60, 250)]
    steps = rng.randrange(20, 60)
    return [forms.Point(a.lat + (b.lat - a.lat) * i / steps, a.lon + (b.lon - a.lon) * i / steps, 1_710_000_000_000 + i * 1000, 40.0, {}) for i in range(steps)]


def cars(rng, made):
    """A car on a grid of streets, 100 m apart, with a phone's receiver."""
    s = rng.choice(made).samples
    lat, lon, k = s[0].lat, s[0].lon, flights.METRES_PER_DEGREE
    east, north, heading, points = rng.uniform(-900, 900), rng.uniform(-900, 900), rng.choice(((1, 0), (0, 1), (-1, 0), (0, -1))), []
    cos = __import__("math").cos(lat * 0.0174533)
    speed, noise = rng.uniform(6, 15), [0.0, 0.0]
    for i in range(300):
        before = east // 100, north // 100
        east, north = east + heading[0] * speed, north + heading[1] * speed
        if (east // 100, north // 100) != before and rng.random() < 0.4:
            heading = rng.choice(((heading[1], heading[0]), (-heading[1], -heading[0])))
        noise = [0.95 * n + rng.gauss(0, 0.6) for n in noise]
        points.append(forms.Point(lat + (north + noise[1]) / k, lon + (east + noise[0]) / k / cos, 1_710_000_000_000 + i * 1000, 0.0, {}))
    return points


TRACKS_OF = {"another flight over the town": another_flight, "the field next to it": same_field, "a straight line": straight,
             "along a row": along_a_row, "cars": cars}
WRITTEN_AS = ("JSON 7 decimals", "JSON with times", "double degrees LE, lat first", "int32 1e7 BE, lon first", "protobuf double", "NMEA GGA")


def tracks(name, make, made, folder, logs):
    """Trials, claims of this flight, and the other claims, which may be true: somebody was there."""
    rng = random.Random("tracks " + name)
    capture = flights.example("capture").Capture(1_710_000_000)
    sender = layers.Sender(capture, rng)
    for i in range(TRACKS):
        points = make(rng, made)
        points = [p._replace(lon=p.lon - 360 if p.lon > 180 else p.lon + 360 if p.lon < -180 else p.lon) for p in points][::rng.choice((1, 2, 5))][:150]
        e = forms.ENCODINGS[WRITTEN_AS[i % len(WRITTEN_AS)]]
        sender.tcp([layers.post(e.join.join(e.records(p) for p in points)), layers.ANSWER])
    path = os.path.join(folder, "tracks.pcap")
    with open(path, "wb") as f:
        f.write(capture.pcap())
    claims = [r["claim_key"] for rows in plants.audit(folder, [path] + logs).values() for r in rows]
    return TRACKS, [c for c in claims if c == plants.PATH], claims


# The table

def searched(case):
    db = sqlite3.connect(case)
    row = db.execute("SELECT sum(bytes_searched), sum(candidates), sum(expected_false_hits) FROM search").fetchone()
    db.close()
    return tuple(v or 0 for v in row)


def data(name, megabytes, folder, logs):
    source, left, found, total, flows, candidates, chance = DATA[name](random.Random("data " + name)), megabytes * 1_000_000, [], 0, 0, 0, 0.0
    path = os.path.join(folder, "data.pcap")
    while left > 0:
        sent, connections = write_capture(path, source, min(left, PIECE))
        rows = plants.audit(folder, [path] + logs)
        found += ["%s (%s points, %s, %.0f bits)" % (r["claim"], r["points"], r["decoding"], r["evidence_bits"] or 0) for f in rows.values() for r in f]
        bytes_searched, c, e = searched(os.path.join(folder, "case.gpkg"))
        total, flows, candidates, chance, left = total + bytes_searched, flows + connections, candidates + c, chance + e, left - sent
        print("%s: %d MB left" % (name, left // 1_000_000), file=sys.stderr, flush=True)
    return total, flows, found, candidates, chance


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--megabytes", type=int, default=1000)
    p.add_argument("--only", default="")
    args = p.parse_args()
    only = [n for n in args.only.split(",") if n]
    folder = tempfile.mkdtemp(prefix="leash-alarms-")
    made, serials, logs = known(folder)
    alarms = []
    print("%d flights and %d serial numbers loaded.\n" % (len(made), len(serials)))
    print("| data | MB searched | connections | pairs below the threshold | findings | false findings per GB, 95 % below |\n|---|---|---|---|---|---|")
    for name in DATA:
        if only and name not in only:
            continue
        total, flows, found, candidates, chance = data(name, args.megabytes, folder, logs)
        alarms += ["%s: %s" % (name, c) for c in found]
        print("| %s | %d | %d | %d | %d | %.1f |" % (name, total // 1_000_000, flows, candidates, len(found), upper(len(found)) / (total / 1e9)), flush=True)
    captures = sorted(glob.glob(os.path.join(glob.escape(os.environ.get("LEASH_SAMPLES", "/nowhere")), "traffic", "*.pcap*")))
    captures = [c for c in captures if c.endswith((".pcap", ".pcapng"))]
    if captures and (not only or "samples" in only):
        found = [r["claim"] for rows in plants.audit(folder, captures + logs).values() for r in rows]
        total, candidates, _ = searched(os.path.join(folder, "case.gpkg"))
        alarms += ["sample captures: %s" % c for c in found]
        print("| %d sample captures | %d | | %d | %d | |" % (len(captures), total // 1_000_000, candidates, len(found)), flush=True)
    print("\n| tracks of others | trials | \"the path of this flight\" | 95 % below | other claims, true of somebody who was there |\n|---|---|---|---|---|")
    for name, make in TRACKS_OF.items():
        if only and name not in only:
            continue
        trials, wrong, claims = tracks(name, make, made, folder, logs)
        alarms += ["%s: %s" % (name, c) for c in wrong]
        others = ", ".join("%s %d" % (c, claims.count(c)) for c in sorted(set(claims)) if c != plants.PATH) or "none"
        print("| %s | %d | %d | %.1f %% | %s |" % (name, trials, len(wrong), 100 * upper(len(wrong)) / trials, others), flush=True)
    shutil.rmtree(folder)
    for a in alarms:
        print("false: " + a, file=sys.stderr)
    sys.exit(1 if alarms else 0)


def upper(events):
    """The mean of a Poisson count that 95 of 100 times gives more than `events`."""
    import math
    low, high = 0.0, 50.0 + 10 * events
    for _ in range(60):
        m = (low + high) / 2
        term, total = math.exp(-m), 0.0
        for k in range(events + 1):
            total += term
            term *= m / (k + 1)
        low, high = (m, high) if total > 0.05 else (low, m)
    return high


if __name__ == "__main__":
    main()
