"""One capture in the forms that other tools write it in: packets and bytes are those that capinfos counts."""
import calendar
import datetime
import json
import os
import subprocess

from harness import SOURCE, Folder, equal, leash, need, run

ORIGINAL = os.path.join(SOURCE, "examples", "leak", "gateway.pcap")  # nothing but IP
SNAP_BYTES = 64


def flows_of(path):
    done = leash("facts", "--no-hash", path)
    assert done.returncode == 0, (done.returncode, done.stderr)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [r for r in rows if r["fact"] == "flow"]


def counted_by_capinfos(path):
    names, values = subprocess.run([need("capinfos"), "-T", "-m", "-c", "-d", path], check=True, capture_output=True, text=True).stdout.splitlines()
    of = dict(zip(names.split(","), values.split(",")))
    return int(of["Number of packets"]), int(of["Data size (bytes)"])


def agree(path, times=1):
    """Gives the flows, after comparing their sums."""
    flows = flows_of(path)
    got = tuple(sum(f[key + "_out"] + f[key + "_in"] for f in flows) for key in ("packets", "bytes"))
    equal(got, counted_by_capinfos(path))
    equal(got[0], times * counted_by_capinfos(ORIGINAL)[0])
    return flows


def edited(folder, name, *options):
    subprocess.run([need("editcap"), *options, ORIGINAL, folder / name], check=True)
    return folder / name


def nanoseconds(time):
    seconds, _, part = time.rstrip("Z").partition(".")
    return calendar.timegm(datetime.datetime.fromisoformat(seconds).timetuple()) * 10**9 + int(part.ljust(9, "0") or "0")


def without(flows, *keys):
    return [{k: v for k, v in f.items() if k not in ("evidence", "id", "origin", *keys)} for f in flows]


def test_each_format():
    with Folder() as folder:
        want = without(agree(ORIGINAL))
        for kind in ("pcap", "nsecpcap", "pcapng", "modpcap"):
            path = edited(folder, "as." + kind, "-F", kind)
            equal(without(agree(path)), want)


def test_cut_by_the_snap_length():
    with Folder() as folder:
        whole = agree(ORIGINAL)
        cut = agree(edited(folder, "cut.pcapng", "-s", str(SNAP_BYTES)))
        keys = ("src", "src_port", "dst", "dst_port", "proto", "packets_out", "packets_in", "bytes_out", "bytes_in")
        equal([[f[k] for k in keys] for f in cut], [[f[k] for k in keys] for f in whole])
        equal([f["payload_out"] + f["missing_out"] for f in cut], [f["payload_out"] + f["missing_out"] for f in whole])
        assert sum(f["missing_out"] for f in cut) > 0


def test_shifted_in_time():
    with Folder() as folder:
        want = agree(ORIGINAL)
        flows = agree(edited(folder, "later.pcap", "-F", "nsecpcap", "-t", "86400.000000001"))
        equal(without(flows, "first", "last"), without(want, "first", "last"))
        for earlier, later in zip(want, flows):
            for key in ("first", "last"):
                equal(nanoseconds(later[key]) - nanoseconds(earlier[key]), 86_400_000_000_001)


def test_several_interfaces():
    with Folder() as folder:
        raw = edited(folder, "raw.pcap", "-F", "pcap", "-C", "14", "-L", "-T", "rawip")
        later = edited(folder, "later.pcap", "-F", "pcap", "-t", "3600")
        subprocess.run([need("mergecap"), "-I", "none", "-w", folder / "merged.pcapng", ORIGINAL, raw, later], check=True)
        agree(folder / "merged.pcapng", times=3)
        subprocess.run([need("mergecap"), "-a", "-I", "all", "-w", folder / "behind.pcapng", ORIGINAL, later], check=True)
        agree(folder / "behind.pcapng", times=2)


run(globals())
