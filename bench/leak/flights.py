"""Made-up flights over several parts of the globe, and the logs that tell leash of them.

A flight is a list of examples/flight.py's samples, ten a second, flown by a small model: an
aircraft that turns at corners, hovers and is moved by wind.  Nothing in it comes from a
real flight; places are open sea, desert or steppe.
"""
import argparse
import math
import os
import random
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
METRES_PER_DEGREE = 111194.93

# name: latitude, longitude of take-off
PLACES = {
    "north west": (45.5, -35.25),
    "north east": (48.6, 68.4),
    "south east": (-31.3, 128.7),
    "south west": (-42.15, -63.9),
    "equator": (0.0004, -29.4),
    "Greenwich": (57.3, 0.0003),
    "date line": (-16.9, 179.9996),
    "null island": (0.0007, -0.0005),
    "China": (41.2, 95.6),
    "China, south": (24.9, 109.3),
    "far north": (71.5, -22.6),
}
STYLES = ("survey", "orbit", "waypoints", "corridor", "search")


def example(name):
    loader = SourceFileLoader(name, os.path.join(ROOT, "examples", name + ".py"))
    loaded = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(loaded)
    return loaded


flight_py = example("flight")


def goals(style, rng):
    """Points to fly to, metres east and north of take-off."""
    turn = rng.uniform(0, 2 * math.pi)
    size = rng.uniform(120, 420)
    if style == "survey":
        row = rng.uniform(18, 45)
        lines = [(i * row, 0 if (i + k) % 2 else size) for i in range(int(rng.uniform(6, 12))) for k in (0, 1)]
    elif style == "orbit":
        lines = [(size / 2 * math.cos(a / 9) * (1 + a / 400), size / 2 * math.sin(a / 9)) for a in range(150)]
    elif style == "corridor":
        lines = [(size * 2 * i / 7, rng.uniform(-25, 25)) for i in range(8)]
        lines += [(x, y + 12) for x, y in reversed(lines)]
    elif style == "search":
        lines = [(0.0, 0.0)]
        for i in range(1, 14):
            step = i * rng.uniform(22, 30)
            x, y = lines[-1]
            lines.append([(x + step, y), (x, y + step), (x - step, y), (x, y - step)][i % 4])
    else:
        lines = [(rng.uniform(-size, size), rng.uniform(-size, size)) for _ in range(16)]
    offset = rng.uniform(-80, 80), rng.uniform(-80, 80)
    return [(offset[0] + x * math.cos(turn) - y * math.sin(turn), offset[1] + x * math.sin(turn) + y * math.cos(turn))
            for x, y in lines]


def fly(place, style, seed, start_ms, seconds=420, offset_m=(0.0, 0.0)):
    rng = random.Random("flight %s %s %d" % (place, style, seed))
    lat0, lon0 = PLACES[place]
    points = goals(style, rng)
    speed = rng.uniform(5, 14)
    east, north = offset_m[0] + rng.uniform(-600, 600), offset_m[1] + rng.uniform(-600, 600)
    origin = east, north
    vx = vy = gust_e = gust_n = 0.0
    hover, at, samples = 30, 0, []
    for n in range(seconds * 10):
        gust_e, gust_n = 0.97 * gust_e + rng.gauss(0, 0.02), 0.97 * gust_n + rng.gauss(0, 0.02)
        dx, dy = origin[0] + points[at][0] - east, origin[1] + points[at][1] - north
        distance = math.hypot(dx, dy)
        if distance < 2.0:
            at = (at + 1) % len(points)
            hover = rng.choice((0, 0, 0, 15, 40)) if style == "waypoints" else 0
        wanted = 0.0 if hover > 0 else min(speed, 0.7 * distance + 0.5)
        hover -= 1
        vx += max(-0.35, min(0.35, wanted * dx / (distance or 1) - vx))
        vy += max(-0.35, min(0.35, wanted * dy / (distance or 1) - vy))
        east, north = east + vx / 10, north + vy / 10
        lon = lon0 + (east + gust_e) / METRES_PER_DEGREE / math.cos(math.radians(lat0))
        lon = lon - 360 if lon > 180 else lon + 360 if lon < -180 else lon
        samples.append(flight_py.Sample(start_ms + 100 * n + rng.randrange(0, 12), lat0 + (north + gust_n) / METRES_PER_DEGREE,
                                        lon, 60.0, vy, vx, 0.0, math.degrees(math.atan2(vx, vy))))
    return samples


class Flight:
    def __init__(self, name, place, samples, serial):
        self.name, self.place, self.samples, self.serial = name, place, samples, serial

    def log(self, path):
        first = self.samples[0]
        args = argparse.Namespace(version=8, seed=1, lat=first.lat, lon=first.lon, start_ms=first.ms, serial=self.serial,
                                  name="Bench drone " + self.serial[-6:], product=24, picture=[], height=60.0)
        with open(path, "wb") as f:
            f.write(flight_py.dji_txt(args, self.samples))


def made(seed, count=None):
    """One flight over each place, in different styles; all with other serial numbers and times."""
    rng = random.Random("made %d" % seed)
    flights = []
    places = list(PLACES)
    for i in range(count or len(places)):
        place, style = places[i % len(places)], STYLES[(i * 2 + seed) % len(STYLES)]
        start_ms = 1_700_000_000_000 + rng.randrange(30_000_000) * 1000
        serial = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(14))
        flights.append(Flight("made %d %s, %s" % (i, place, style), place, fly(place, style, seed * 1000 + i, start_ms), serial))
    return flights
