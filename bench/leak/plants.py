"""What is planted: stretches of flights, sampled as programs do, written in an encoding, wrapped,
and put into a capture as flows; and what an audit of it must say about each."""
import json
import math
import os
import random
import shutil
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True
import forms  # noqa: E402
import flights  # noqa: E402
import layers  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
LEASH = os.environ.get("LEASH", os.path.join(flights.ROOT, "build", "leash"))
DATUMS = ("WGS-84", "GCJ-02", "BD-09")


# Datums: the public algorithm, see doc/leak-detection.md

def gcj02(lat, lon):
    a, ee, pi, sin = 6378245.0, 0.00669342162296594323, math.pi, math.sin
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    wave = 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
    d_lat = (-100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
             2 / 3 * (wave + 20 * sin(pi * y) + 40 * sin(pi * y / 3) + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)))
    d_lon = (300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
             2 / 3 * (wave + 20 * sin(pi * x) + 40 * sin(pi * x / 3) + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)))
    phi = math.radians(lat)
    m = 1 - ee * sin(phi) ** 2
    return (lat + d_lat * 180 / (pi * a * (1 - ee) / (m * math.sqrt(m))), lon + d_lon * 180 / (pi * a / math.sqrt(m) * math.cos(phi)))


def bd09(lat, lon):
    lat, lon = gcj02(lat, lon)
    k = math.pi * 3000 / 180
    z, t = math.hypot(lon, lat) + 0.00002 * math.sin(lat * k), math.atan2(lat, lon) + 0.000003 * math.cos(lon * k)
    return z * math.sin(t) + 0.006, z * math.cos(t) + 0.0065


SHIFTS = {"WGS-84": lambda lat, lon: (lat, lon), "GCJ-02": gcj02, "BD-09": bd09}


# Stretches

class Stretch:
    """Part of a flight as another program recorded it: `points`; how it turns; whether its receiver was another one."""

    def __init__(self, flight, rng, datum="WGS-84", noisy=None, at_least=16):
        self.flight, self.datum = flight, datum
        self.noisy = rng.random() < 0.3 if noisy is None else noisy
        while True:
            self.points = self.sample(rng)
            if len({(round(p.lat, 5), round(p.lon, 5)) for p in self.points}) >= at_least:
                break
        self.cross_m, self.hovers = self.width(), self.stays()

    def sample(self, rng):
        s, points = self.flight.samples, []
        wanted, step = rng.randrange(17, 61), rng.uniform(3, 30)
        at = rng.uniform(0, max(1.0, len(s) - wanted * step * 1.4))
        noise_e = noise_n = 0.0
        while len(points) < wanted and at < len(s):
            p = s[int(at)]
            noise_e, noise_n = 0.95 * noise_e + rng.gauss(0, 0.4), 0.95 * noise_n + rng.gauss(0, 0.4)
            lat, lon = p.lat, p.lon
            if self.noisy:
                lat += noise_n / flights.METRES_PER_DEGREE
                lon += noise_e / flights.METRES_PER_DEGREE / math.cos(math.radians(lat))
            lat, lon = SHIFTS[self.datum](lat, lon)
            lon = lon - 360 if lon > 180 else lon + 360 if lon < -180 else lon
            points.append(forms.Point(lat, lon, p.ms, p.height, {}))
            at += step * rng.uniform(0.6, 1.4) + (rng.uniform(30, 150) if rng.random() < 0.03 else 0)
        return points

    def stays(self):
        """A place and no track, by the table of claims: fewer than 16 positions two metres from the one before, or all within 30 m."""
        k, kept = flights.METRES_PER_DEGREE, []
        for p in self.points:
            xy = ((p.lon - self.points[0].lon + 180) % 360 - 180) * k * math.cos(math.radians(p.lat)), (p.lat - self.points[0].lat) * k
            if not kept or math.dist(kept[-1], xy) >= 2:
                kept.append(xy)
        return len(kept) < 16 or max(math.dist(a, b) for a in kept for b in kept) < 30

    def width(self):
        """Metres across the main direction: what a straight line does not have."""
        lat0, lon0 = self.points[0].lat, self.points[0].lon
        k = flights.METRES_PER_DEGREE
        xy = [(((p.lon - lon0 + 180) % 360 - 180) * k * math.cos(math.radians(lat0)), (p.lat - lat0) * k) for p in self.points]
        mx, my = sum(x for x, _ in xy) / len(xy), sum(y for _, y in xy) / len(xy)
        xx, yy = sum((x - mx) ** 2 for x, _ in xy), sum((y - my) ** 2 for _, y in xy)
        angle = 0.5 * math.atan2(2 * sum((x - mx) * (y - my) for x, y in xy), xx - yy)
        across = [(y - my) * math.cos(angle) - (x - mx) * math.sin(angle) for x, y in xy]
        return max(across) - min(across)


def name_cells(stretches):
    """Fills in the cells of all points at once; False: node or the libraries are not there."""
    folder = os.path.join(flights.ROOT, "build", "bench", "cells")
    os.makedirs(folder, exist_ok=True)
    for f in ("package.json", "package-lock.json", "cells.mjs"):
        shutil.copy(os.path.join(HERE, f), folder)
    if not shutil.which("node"):
        return False
    if not os.path.isdir(os.path.join(folder, "node_modules")):
        if subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, stdout=subprocess.DEVNULL).returncode:
            return False
    points = [p for s in stretches for p in s.points]
    out = subprocess.run(["node", "cells.mjs"], cwd=folder, capture_output=True, text=True, check=True,
                         input="".join("%.9f %.9f\n" % (p.lat, p.lon) for p in points)).stdout
    for p, line in zip(points, out.splitlines()):
        p.cell.update(json.loads(line))
    return True


# Plants

class Plant:
    def __init__(self, encoding, layer, transport, stretch):
        self.encoding, self.layer, self.transport, self.stretch = encoding, layer, transport, stretch
        self.port = None

    def label(self):
        return "%s | %s | %s | %s | %s%s" % (self.encoding.name, self.layer.name, self.transport, self.stretch.datum, self.stretch.flight.name,
                                             ", noisy" if self.stretch.noisy else "")

    def send(self, sender, rng):
        """False: the three do not suit one another."""
        e, layer = self.encoding, self.layer
        if layer.text and not e.text:
            return False
        if layer.content_encoding and self.transport not in ("HTTP", "HTTP in chunks"):
            return False
        records, put = None, layer.keep(rng) if layer.keep else layer.put
        if e.records:
            single = [e.records(p) for p in self.stretch.points]
            content = e.join.join(single)
            batch = 1 if layer.name == "none" else rng.choice((4, 8))
            records = [put(e.join.join(single[i:i + batch]), rng) for i in range(0, len(single), batch)]
        else:
            content = e.whole(self.stretch.points)
        transport = layers.TRANSPORTS[self.transport]
        if layer.content_encoding:
            self.port = transport(sender, put(content, rng), None, rng, layer.content_encoding)
        else:
            self.port = transport(sender, put(content, rng), records, rng)
        return self.port is not None


def audit(folder, evidence, extra=()):
    """Rows of leak by source port of their flow; the case stays in the folder."""
    case = os.path.join(folder, "case.gpkg")
    command = [LEASH, "audit", "--force", "-o", case, "--html", os.path.join(folder, "page.html"), *extra, *evidence]
    status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if status.returncode not in (0, 1, 3):
        sys.exit("leash audit failed (%d): %s" % (status.returncode, status.stderr.decode()))
    db = sqlite3.connect(case)
    unread = db.execute("SELECT path, note FROM evidence WHERE status NOT IN ('read', 'partial')").fetchall()
    db.close()
    if unread:
        sys.exit("not read: %s" % unread)
    return read_leaks(case)


def read_leaks(case):
    db = sqlite3.connect(case)
    db.row_factory = sqlite3.Row
    found = {}
    for row in db.execute("SELECT leak.*, flow.src_port AS port, flight.aircraft_serial AS flight_serial, flight.id AS flight_id FROM leak "
                          "LEFT JOIN flow ON flow.id = leak.flow LEFT JOIN flight ON flight.id = leak.secret ORDER BY leak.fid"):
        found.setdefault(row["port"], []).append(row)
    db.close()
    return found


# What is right

PATH, ROWS, NEAR, AREA = "path_sent", "track_along_rows", "positions_near_path", "positions_in_area"
REVEALED, TAKEOFF, OPERATOR = "area_revealed", "positions_at_takeoff", "positions_at_operator"
ABOUT_A_FLIGHT = {PATH, ROWS, NEAR, AREA, REVEALED, TAKEOFF, OPERATOR}


def right_claims(plant):
    """The claims that say what was planted and no more; and those that are true but say less."""
    kind, stretch = plant.encoding.kind, plant.stretch
    # Who stays near the take-off point is told so: it says more than "near the path", and is as true.
    at_a_point = {TAKEOFF, OPERATOR}
    if kind == "area":
        return {REVEALED, AREA}, {NEAR}
    if kind == "near":
        return {PATH, ROWS, NEAR, AREA, REVEALED} | at_a_point, set()
    if stretch.noisy:
        return {PATH, ROWS, NEAR} | at_a_point, {AREA, REVEALED}
    if stretch.hovers:
        return {PATH, ROWS, NEAR} | at_a_point, {AREA, REVEALED}
    if stretch.cross_m >= 60:
        return {PATH}, {ROWS, NEAR, AREA, REVEALED} | at_a_point
    return {PATH, ROWS}, {NEAR, AREA, REVEALED} | at_a_point


def judge(plant, rows):
    """right | weaker | datum | other flight | missed"""
    right, weaker = right_claims(plant)
    about = [r for r in rows if r["claim_key"] in ABOUT_A_FLIGHT]
    own = [r for r in about if r["flight_serial"] in (plant.stretch.flight.serial, None)]
    for r in about:
        if r["claim_key"] in (PATH, ROWS) and r not in own:
            return "other flight"
    best = [r for r in own if r["claim_key"] in right]
    if best:
        fine = plant.encoding.kind == "path" and not plant.stretch.noisy
        return "right" if not fine or any(r["datum"] == plant.stretch.datum for r in best) else "datum"
    return "weaker" if any(r["claim_key"] in weaker for r in own) else "missed"
