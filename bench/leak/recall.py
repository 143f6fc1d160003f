#!/usr/bin/python3
"""How much of what is planted is found: every encoding in every layer and over every
transport, read by `leash audit` as a user would.

    bench/leak/recall.py                  the judge's flights; tables as Markdown
    bench/leak/recall.py --seed 7         other flights: to tune with
    bench/leak/recall.py --only geohash   plants whose label holds this, and what was found of each
    bench/leak/recall.py --group varint --leave-out "| XOR"
    bench/leak/recall.py --trials 3 --keep FOLDER --misses FILE

The judge's seed is fixed and is not for tuning: what is tuned to it says nothing any more.
Real paths come from flight records in $LEASH_SAMPLES/flightlog when that is set.
"""
import argparse
import collections
import glob
import os
import random
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import forms  # noqa: E402
import flights  # noqa: E402
import layers  # noqa: E402
import plants  # noqa: E402

JUDGE_SEED = 90210
BATCH = 100  # a capture: small enough for the time that a reader has


class RealFlight:
    """A flight of somebody, as leash reads it; only its points are used, never its name."""

    def __init__(self, name, path, serial, samples):
        self.name, self.path, self.serial, self.samples, self.place = name, path, serial, samples, "real"

    def log(self, path):
        shutil.copy(self.path, path)


def real_flights(folder):
    import sqlite3
    import subprocess
    found = []
    for number, path in enumerate(sorted(glob.glob(os.path.join(glob.escape(os.environ.get("LEASH_SAMPLES", "")), "flightlog", "*")))):
        if not path.endswith((".txt", ".DAT", ".ulg", ".tlog", ".BIN", ".csv")) or path.endswith(".expected.txt"):
            continue
        case = os.path.join(folder, "real.gpkg")
        subprocess.run([plants.LEASH, "audit", "--force", "-o", case, "--html", "/dev/null", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        db = sqlite3.connect(case)
        try:
            one = db.execute("SELECT id, aircraft_serial FROM flight").fetchall()
            if len(one) != 1:
                continue
            rows = db.execute("SELECT latitude_deg, longitude_deg, strftime('%s', time) FROM position WHERE flight = ? AND subject = 'aircraft' "
                              "AND abs(latitude_deg) + abs(longitude_deg) > 1e-6 ORDER BY fid", (one[0][0],)).fetchall()
        except sqlite3.Error:
            continue
        finally:
            db.close()
        distinct = len({(round(r[0], 5), round(r[1], 5)) for r in rows})
        if distinct < 200:
            continue
        # One flight is there in two forms of log, and claims about it name either: it is taken once.
        first = round(rows[0][0], 5), round(rows[0][1], 5)
        if any(first == (round(f.samples[0].lat, 5), round(f.samples[0].lon, 5)) for f in found):
            continue
        samples = [flights.flight_py.Sample(int(r[2] or 0) * 1000 + i % 10 * 100, r[0], r[1], 50.0, 0, 0, 0, 0) for i, r in enumerate(rows)]
        found.append(RealFlight("real %d" % number, path, one[0][1], samples))
    return found


def choose(rng, known, datum, noisy=None):
    """A stretch of a flight; of one in China when the datum asks for it."""
    fit = [f for f in known if datum == "WGS-84" or f.place.startswith("China")]
    return plants.Stretch(rng.choice(fit), rng, datum, noisy)


def all_plants(seed, trials, known):
    rng = random.Random("plants %d" % seed)
    made = []
    for _ in range(trials):
        for e in forms.ENCODINGS.values():
            for t in layers.TRANSPORTS:
                made.append(plants.Plant(e, layers.LAYERS["none"], t, choose(rng, known, "WGS-84")))
            for layer in layers.LAYERS.values():
                if layer.name != "none":
                    t = rng.choice(("HTTP", "HTTP in chunks") if layer.content_encoding else tuple(layers.TRANSPORTS))
                    made.append(plants.Plant(e, layer, t, choose(rng, known, "WGS-84")))
            for datum in ("GCJ-02", "BD-09"):
                for layer in ("none", "gzip"):
                    made.append(plants.Plant(e, layers.LAYERS[layer], rng.choice(("TCP", "HTTP", "MQTT")), choose(rng, known, datum, False)))
    return made


def run(made, known, folder, seed, extra, batch):
    """Gives (plant, verdict, rows) of each that suits."""
    logs = []
    for i, f in enumerate(known):
        path = os.path.join(folder, "DJIFlightRecord_%d.txt" % i if f.place != "real" else "real_%d_%s" % (i, os.path.basename(f.path)))
        f.log(path)
        logs.append(path)
    capture_py = flights.example("capture")
    results = []
    for first in range(0, len(made), batch):
        rng = random.Random("send %d %d" % (seed, first))
        capture = capture_py.Capture(1_710_000_000)
        sender = layers.Sender(capture, rng)
        sent = [p for p in made[first:first + batch] if p.send(sender, rng)]
        pcap = os.path.join(folder, "plants.pcap")
        with open(pcap, "wb") as f:
            f.write(capture.pcap())
        found = plants.audit(folder, [pcap] + logs, extra)
        results += [(p, plants.judge(p, found.get(p.port, [])), found.get(p.port, [])) for p in sent]
        print("%d of %d" % (min(first + batch, len(made)), len(made)), file=sys.stderr, flush=True)
    return results


VERDICTS = ("right", "weaker", "datum", "other flight", "missed")


def table(title, results, key):
    counts = collections.OrderedDict()
    for plant, verdict, _ in results:
        counts.setdefault(key(plant), collections.Counter())[verdict] += 1
    lines = ["| %s | planted | %s | right, %% |" % (title, " | ".join(VERDICTS)), "|---" * (len(VERDICTS) + 3) + "|"]
    for name, c in counts.items():
        n = sum(c.values())
        lines.append("| %s | %d | %s | %.1f |" % (name, n, " | ".join(str(c[v]) for v in VERDICTS), 100 * c["right"] / n))
    return "\n".join(lines) + "\n", min(100 * c["right"] / sum(c.values()) for c in counts.values())


def misses(results):
    """What was not found with the right claim, a row for each layer."""
    by_layer = collections.OrderedDict()
    for plant, verdict, _ in results:
        if verdict != "right":
            by_layer.setdefault(plant.layer.name, []).append("%s (%s, %s%s)" % (
                plant.encoding.name, plant.transport, plant.stretch.flight.name, "" if verdict == "missed" else ": " + verdict))
    return "| layer | not found, or not with the right claim |\n|---|---|\n" + "".join(
        "| %s | %s |\n" % (name, "; ".join(sorted(made))) for name, made in sorted(by_layer.items()))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seed", type=int, default=JUDGE_SEED)
    p.add_argument("--trials", type=int, default=1)
    p.add_argument("--one-in", type=int, default=1, metavar="N", help="only every Nth plant, in an order that mixes them")
    p.add_argument("--only", default="")
    p.add_argument("--batch", type=int, default=BATCH, metavar="N", help="plants in a capture: of hard ones alone take fewer, because the budgets are those of a capture")
    p.add_argument("--group", action="append", default=[], help="only encodings of this group of forms.py, as \"binary\" (any number of times)")
    p.add_argument("--leave-out", action="append", default=[], metavar="TEXT", help="not the plants whose label holds this (any number of times)")
    p.add_argument("--keep", metavar="FOLDER", help="leave logs, the last capture and its case here")
    p.add_argument("--misses", metavar="FILE", help="list what was not found with the right claim")
    p.add_argument("--secret", action="append", default=[])
    args = p.parse_args()
    folder = args.keep or tempfile.mkdtemp(prefix="leash-recall-")
    os.makedirs(folder, exist_ok=True)
    known = flights.made(args.seed) + real_flights(folder)
    made = all_plants(args.seed, args.trials, known)
    if not plants.name_cells([m.stretch for m in made if m.encoding.group == "cell"]):
        made = [m for m in made if m.encoding.group != "cell" or m.encoding.name.startswith(("geohash", "UTM"))]
        print("node or its libraries are not there: H3, S2, MGRS and plus codes were left out", file=sys.stderr)
    made = [m for m in made if args.only in m.label() and (not args.group or m.encoding.group in args.group) and
            not any(text in m.label() for text in args.leave_out)]
    if args.one_in > 1:
        random.Random("mixed").shuffle(made)
        made = made[::args.one_in]
    results = run(made, known, folder, args.seed, [o for s in args.secret for o in ("--secret", s)], args.batch)
    total = collections.Counter(v for _, v, _ in results)
    print("%d plants of %d flights (seed %d): right %.2f %%; %s\n" % (
        len(results), len(known), args.seed, 100 * total["right"] / len(results), ", ".join("%s %d" % (v, total[v]) for v in VERDICTS)))
    for title, key in (("encoding", lambda m: m.encoding.name), ("layer", lambda m: m.layer.name), ("transport", lambda m: m.transport),
                       ("datum", lambda m: m.stretch.datum), ("flight", lambda m: m.stretch.flight.name)):
        print(table(title, results, key)[0])
    print(misses(results))
    if args.misses:
        with open(args.misses, "w") as out:
            for plant, verdict, rows in results:
                if verdict != "right":
                    out.write("%s: %s: %d points, %.0f m across: %s\n" % (verdict, plant.label(), len(plant.stretch.points), plant.stretch.cross_m, "; ".join(
                        "%s %s pts %s bits %.0f %s" % (r["claim_key"], r["points"], r["decoding"], r["evidence_bits"] or 0, r["datum"]) for r in rows[:4])))
    if not args.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
