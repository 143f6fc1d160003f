"""The mixed corpus that the speed is measured with: its shape is that of the recipe, by a count of its own
(bench/shape.py), and leash finds in it what the recipe says is in it."""
import collections
import json
import os
import subprocess
import sys

from harness import PROGRAM, SOURCE, Folder, equal, run, skip

sys.path.insert(0, os.path.join(SOURCE, "bench"))
import shape  # noqa: E402


def one_copy(folder):
    generator = os.environ.get("LEASH_MIXED", "")
    if not os.path.exists(generator):
        skip("the generator of captures is not built")
    path = folder / "mixed.pcap"
    subprocess.run([generator, path, "1"], check=True, stdout=subprocess.DEVNULL)
    return path


def near(got, want, part, what):
    assert abs(got - want) <= part * want, f"{what}: {got}, not near {want}"


def test_shape():
    with Folder() as folder:
        c = shape.packet_counts(one_copy(folder))
        equal(5 * c["packets"], 599_870)
        near(5 * c["bytes"], 208_200_000, 0.01, "frame bytes")
        near(c["tuples"], 9285, 0.005, "distinct 5-tuples")
        near(c["syn"], 4592, 0.005, "SYN")
        for name, key, percent in ([(n, ("size", limit), p) for n, limit, p in shape.SIZES] + shape.PROTOCOLS +
                                   [(f"port {n}", ("port", n), p) for n, p in shape.PORTS]):
            share = 100 * c[key] / c["packets"]
            assert abs(share - percent) <= 2, f"{name}: {share:.1f} %, not {percent} %"


def test_what_leash_finds_in_it():
    with Folder() as folder:
        sets, counts = collections.defaultdict(set), collections.Counter()
        path = one_copy(folder)
        with open(folder / "facts", "w+b") as lines:
            done = subprocess.run([PROGRAM, "facts", "--no-hash", path], stdout=lines)
            assert done.returncode == 0, done
            lines.seek(0)
            for row in map(json.loads, lines):
                counts[row["fact"]] += 1
                if row["fact"] == "dns":
                    sets["dns"].add(row["name"])
                elif row["fact"] == "request":
                    sets["host"].add(row["host"])
                elif row["fact"] == "flow" and row["tls"] and row["tls"]["sni"]:
                    sets["quic sni" if row["proto"] == "udp" else "sni"].add(row["tls"]["sni"])
                    sets["ja4"].add(row["tls"]["ja4"])
        equal({name: len(found) for name, found in sets.items() if name != "ja4"}, {"dns": 1140, "host": 189, "sni": 490, "quic sni": 117})
        equal(counts["request"], 1090)
        near(len(sets["ja4"]), 550, 0.03, "fingerprints")
        equal(counts["damage"], 0)


run(globals())
