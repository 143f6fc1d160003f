"""Every capture, cut at 50 places and with one byte in a hundred flipped: no crash, no hang, bounded memory,
a sane exit status, valid rows, bytes that add up, and a stated loss wherever something was lost.

What must be stated is worked out here, by a reader of record lengths that shares nothing with leash's: a cut
within a record; a flip that moves where records begin.  `make survive` takes every capture there is, with and
without the sanitizers; otherwise a part of them is taken, the same one each time."""
import collections
import functools
import glob
import gzip
import json
import os
import random
import struct
import subprocess
import threading
import zlib

import evidence as made
from harness import PROGRAM, SAMPLES, SANITIZED, SOURCE, Folder, equal, run, skip

EVERYTHING = os.environ.get("LEASH_SURVIVE") == "all"
CUTS, FLIPPED_COPIES, FLIP_SHARE = (50, 3, 0.01) if EVERYTHING else (12, 2, 0.01)
PART_EVERY, PART_BYTES = 4, 150_000  # of the samples: every fourth that is no larger
BIG = 2_000_000                      # of a larger capture only the beginning is taken, cut at a record
MEMORY_MAX = 256 << 20
CPU_S_MAX = 60 * (8 if SANITIZED else 1)  # for one capture's copies
HANG_S = 20 * CPU_S_MAX                    # of wall time, however busy the machine is


def is_capture(path):
    return path.endswith((".pcap", ".pcapng", ".pcap.gz", ".pcapng.gz", ".cap", ".fc32"))


def record_ends(data):
    """Where each record or block ends, with where the file's head ends before them; None for what has
    no records (compressed, raw samples)."""
    magic = data[:4]
    if magic == b"\x0a\x0d\x0d\x0a":
        ends, order = [0], "<"
        while len(data) - ends[-1] >= 12:
            at = ends[-1]
            if data[at:at + 4] == magic:
                order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            length, = struct.unpack_from(order + "I", data, at + 4)
            if length < 12 or length % 4 or at + length > len(data) or data[at + length - 4:at + length] != data[at + 4:at + 8]:
                break
            ends.append(at + length)
        return ends
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\x3c\x4d": ">"}.get(magic)
    if not order:
        return None
    ends = [24]
    while len(data) - ends[-1] >= 16:
        length, = struct.unpack_from(order + "I", data, ends[-1] + 8)
        if ends[-1] + 16 + length > len(data):
            break
        ends.append(ends[-1] + 16 + length)
    return ends


def beginning_of(data):
    if len(data) <= BIG:
        return data
    ends = record_ends(data)
    return data[:max(e for e in ends if e <= BIG)] if ends else data[:BIG]


@functools.lru_cache(maxsize=None)
def captures_of_samples():
    found = []
    for folder in ("traffic", "broadcast", "decrypt"):
        found += sorted(p for p in glob.glob(os.path.join(SAMPLES, folder, "*")) if is_capture(p))
    return found if EVERYTHING else [p for p in found if os.path.getsize(p) <= PART_BYTES][::PART_EVERY]


def captures_of_ours():
    """(name, content): those in the tree, those of the tests, and the corpus that the speed is measured with."""
    found = sorted(p for folder in ("examples", "test/corpus") for p in glob.glob(os.path.join(SOURCE, folder, "**", "*"), recursive=True) if is_capture(p))
    for path in found if EVERYTHING else found[::4]:
        with open(path, "rb") as f:
            yield os.path.relpath(path, SOURCE), f.read()
    yield "leaking.pcap", made.leaking_capture().pcap()
    yield "leaking.pcapng", made.leaking_capture().pcapng()
    yield "leaking.pcap.gz", gzip.compress(made.leaking_capture().pcap(), mtime=0)
    for name, variable, arguments in (("mixed.pcap", "LEASH_MIXED", ["1"]), ("lost.pcap", "LEASH_BULK", ["2000000"])):
        if os.path.exists(os.environ.get(variable, "")):
            with Folder() as folder:
                options = ["--lost"] if name.startswith("lost") else []
                subprocess.run([os.environ[variable], *options, folder / name, *arguments], check=True, stdout=subprocess.DEVNULL)
                with open(folder / name, "rb") as f:
                    content = f.read(BIG if EVERYTHING else BIG // 8)
                yield name, content[:record_ends(content)[-1]]


def cuts_of(data, draw):
    """Evenly spread, with a cut near the beginning, one before the last byte, and one at the end of a record."""
    ends = record_ends(data)
    cuts = {len(data) * i // CUTS for i in range(1, CUTS - 2)} | {draw.randrange(1, min(len(data), 64)), len(data) - 1}
    if ends and len(ends) > 2:
        cuts.add(ends[draw.randrange(1, len(ends) - 1)])
    return sorted(c for c in cuts if 0 < c < len(data))


def flipped(data, draw):
    out = bytearray(data)
    for _ in range(max(1, int(len(data) * FLIP_SHARE))):
        out[draw.randrange(len(out))] ^= draw.randrange(1, 256)
    return bytes(out)


class Copies:
    """The mangled copies of one capture in a folder, and of each whether its loss must be stated."""

    def __init__(self, folder, name, data):
        self.name, self.data, self.must_say = name, data, {}
        draw = random.Random(zlib.crc32(name.encode()))
        ends = record_ends(data)
        kind = os.path.basename(name)
        whole = ends is not None and ends[-1] == len(data)
        for cut in cuts_of(data, draw):
            # what is compressed says where it ends, raw samples do not; the beginning alone may be no capture at all
            must = cut not in ends if whole else name.endswith(".gz")
            self.add(folder, f"in/cut-{cut}-{kind}", data[:cut], must)
        for i in range(FLIPPED_COPIES):
            changed = flipped(data, draw)
            must = record_ends(changed) != ends if whole else name.endswith(".gz")
            self.add(folder, f"in/flip-{i}-{kind}", changed, must)

    def add(self, folder, name, content, must):
        path = folder.write(name, content)
        self.must_say[path] = must


def check_row(row):
    assert isinstance(row.get("fact"), str) and row["id"], row
    if row["fact"] == "flow":
        for what in ("packets_out", "packets_in", "bytes_out", "bytes_in", "payload_out", "payload_in", "readable_out", "opaque_out", "missing_out"):
            assert row[what] is not None and row[what] >= 0, row
        equal(row["readable_out"] + row["opaque_out"], row["payload_out"], row)
        assert row["packets_out"] + row["packets_in"] > 0, row
    assert row["fact"] != "damage" or row["statement"], row


def check_item(item, copies, damage):
    note = item["note"] or ""
    for word in ("crashed", "may not do", "limit", "time", "memory"):
        assert word not in note, (copies.name, item)
    assert item["status"] in ("read", "partial", "unreadable"), item
    if item["parent"] is None and copies.must_say[item["path"]]:
        assert item["status"] != "read", (copies.name, "lost something and did not say so", item)
    assert note or item["status"] == "read", (copies.name, item)
    assert not damage or item["status"] != "read", (copies.name, item)
    for offset in damage:
        assert offset is not None and 0 <= offset <= item["bytes"], (copies.name, offset, item)


def run_within_limits(name, folder, *arguments, stdin=os.devnull):
    """Exit status, with what was said in folder/said; the processor time and the largest process of this run alone.
    That a child begins as large as we are is why nothing here is kept in memory that can be large."""
    with open(folder / "said", "wb") as out, open(folder / "errors", "w+b") as errors:
        feeder = subprocess.Popen(["cat", stdin], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        child = subprocess.Popen([PROGRAM, *arguments], stdin=feeder.stdout, stdout=out, stderr=errors)
        feeder.stdout.close()
        killer = threading.Timer(HANG_S, child.kill)
        killer.start()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        killer.cancel()
        feeder.wait()
        errors.seek(0)
        complaint = errors.read()
    assert child.returncode in (0, 1, 2, 3), (name, child.returncode, complaint.decode())
    assert complaint == b"" or child.returncode == 2 and b"none of the evidence could be read" in complaint, (name, complaint)
    cpu = used.ru_utime + used.ru_stime
    assert cpu < CPU_S_MAX, f"{name}: {cpu:.1f} s of processor time"
    if not SANITIZED:
        assert used.ru_maxrss * 1024 < MEMORY_MAX, f"{name}: {arguments[0]} took {used.ru_maxrss >> 10} MiB"
    return child.returncode


def number_of(row):
    """What the rows of one item have in common."""
    return row["id"].split("-", 1)[1].rsplit("-", 1)[0]


def rows_of(folder):
    """(items by number, offsets of damage by number, what the flows of an item sum up to by number), each row checked.
    While a pipe is open a flow may be told more than once; the last row with its id counts."""
    items, damage, flows = {}, collections.defaultdict(list), {}
    with open(folder / "said", "rb") as lines:
        for line in lines:
            row = json.loads(line)
            check_row(row)
            if row["fact"] == "evidence":
                items[number_of(row)] = row
            elif row["fact"] == "damage":
                damage[number_of(row)].append(row["origin"]["offset"])
            elif row["fact"] == "flow":
                flows[row["id"]] = number_of(row), row["packets_out"] + row["packets_in"], row["payload_out"] + row["payload_in"]
    sums = collections.defaultdict(lambda: [0, 0])
    for number, packets, payload in flows.values():
        sums[number] = [sums[number][0] + packets, sums[number][1] + payload]
    return items, damage, sums


def survives(name, data):
    """The rows of every mangled copy are checked; gives how many copies there were."""
    with Folder() as folder:
        copies = Copies(folder, name, data)
        status = run_within_limits(name, folder, "facts", "--no-hash", folder / "in")
        items, damage, sums = rows_of(folder)
        equal(sorted(r["path"] for r in items.values() if r["parent"] is None), sorted(copies.must_say), name)
        for number, item in items.items():
            check_item(item, copies, damage.pop(number, []))
        equal(dict(damage), {}, name)
        if any(copies.must_say.values()):
            assert status in (2, 3), (name, status)
        by_path = {item["path"]: sums[number] for number, item in items.items()}
        for path in sorted(copies.must_say)[::3 if EVERYTHING else 7]:
            piped(folder, copies, path, by_path[path])
        if EVERYTHING:
            audited(folder, copies)
        return len(copies.must_say)


def piped(folder, copies, path, of_the_file):
    """One copy again, through a pipe, which is read as it comes: as much is counted, and the loss is stated as well."""
    status = run_within_limits(copies.name, folder, "facts", "--no-hash", "-", stdin=path)
    items, _, sums = rows_of(folder)
    assert items and (status in (2, 3) or not copies.must_say[path]), (path, status, items)
    if not path.endswith(".gz"):  # a file's packed content is an item of its own
        equal([sum(x) for x in zip([0, 0], *sums.values())], of_the_file, "counted through a pipe: " + path)


def audited(folder, copies):
    """The flipped copies again, by an audit: a case, a report that is JSON, sums that hold."""
    paths = [p for p in copies.must_say if "/flip-" in p]
    status = run_within_limits(copies.name, folder, "audit", "-o", folder / "case.gpkg", "--html", folder / "page.html", "--json",
                                  folder / "report.json", *paths)
    with open(folder / "report.json", encoding="utf-8") as f:
        report = json.load(f)
    coverage = report["coverage"]
    equal(coverage["readable_out"] + coverage["opaque_out"], coverage["payload_out"], copies.name)
    if any(copies.must_say[p] for p in paths):
        assert status != 0, (copies.name, report["verdict"])


def all_survive(captures):
    count = files = 0
    failures = []
    for name, data in captures:
        try:
            files += survives(name, data)
        except AssertionError as error:
            if not EVERYTHING:
                raise
            failures.append(f"{name}: {str(error)[:1000]}")
        count += 1
    print(f"# {count} captures, {files} mangled copies")
    assert not failures, "\n".join(failures)


def test_captures_of_ours():
    all_survive(captures_of_ours())


def test_captures_of_the_samples():
    if not captures_of_samples():
        skip("no samples")

    def contents():
        for path in captures_of_samples():
            with open(path, "rb") as f:
                yield os.path.relpath(path, SAMPLES), beginning_of(f.read())

    all_survive(contents())


run(globals())
