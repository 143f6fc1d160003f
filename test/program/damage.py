"""Bad input: a recorded fact with its offset, the rest still read, exit status 3 (2 when
nothing could be read), never a crash, bounded time and memory."""
import bz2
import collections
import functools
import gzip
import io
import lzma
import os
import resource
import struct
import subprocess
import tarfile
import zipfile

import evidence as made
from harness import SANITIZED, Folder, audit, equal, facts, leash, need, run, skip

MIB = 1 << 20
MEMORY_MAX = 256 * MIB
# Behind its first bytes every format is recognised, and from there on damage has an offset.
RECOGNISED_FROM = {"txt": 2000, "dat": 300, "jpg": 4, "pcap": 24, "pcapng": 28, "zip": 4, "tar": 512, "gz": 18, "xz": 6,
                   "zst": 4, "bz2": 10}


def within_limits(seconds=60):
    """For what ran since the last call: the largest process of all, readers included."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    used, now = usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime
    if not SANITIZED:
        assert used < MEMORY_MAX, f"{used / MIB:.0f} MiB"
    took, within_limits.since = now - within_limits.since, now
    assert took < seconds * (5 if SANITIZED else 1), f"{took:.1f} s of processor time"


within_limits.since = 0


class Read:
    """What `leash facts` says about a folder."""

    def __init__(self, *paths, expect=(3,)):
        done = leash("facts", *paths)
        assert done.returncode in expect, (done.returncode, done.stdout.decode()[:2000], done.stderr.decode())
        assert done.stderr == b"", done.stderr.decode()
        self.rows = facts_of(done.stdout)
        self.items = {r["path"]: r for r in self.rows if r["fact"] == "evidence"}
        self.damage = collections.defaultdict(list)
        for row in self.rows:
            if row["fact"] == "damage":
                self.damage[row["evidence"]].append(row)
        for item in self.items.values():
            note = item["note"] or ""
            assert "crashed" not in note and "may not do" not in note and "limit" not in note, item
            for row in self.damage[item["evidence"]]:
                offset = (row["origin"] or {}).get("offset")
                assert offset is not None and 0 <= offset <= item["bytes"], (item["path"], row)
                assert row["statement"], row

    def item(self, path):
        return self.items[path]

    def kinds(self, *kinds):
        return [r for r in self.rows if r["fact"] in kinds]


def facts_of(output):
    import json
    return [json.loads(line) for line in output.decode().splitlines()]


def zstd(data):
    need("zstd")
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


@functools.lru_cache(maxsize=None)
def good():
    """One of each, as (name without number, content)."""
    pcap, photo = made.leaking_capture().pcap(), made.photo()
    both = [("a.pcap", pcap), ("p.jpg", photo)]
    return [("txt-4", made.flight(4)), ("txt-8", made.flight()), ("txt-13", made.flight(13)),
            ("dat", made.flight(kind="dji-dat")), ("jpg", photo), ("pcap", pcap),
            ("pcapng", made.quiet_capture().pcapng()), ("zip", made.zip_of(both)), ("tar", made.tar_of(both)),
            ("gz", gzip.compress(pcap, mtime=0)), ("xz", lzma.compress(pcap)), ("zst", zstd(pcap)),
            ("bz2", bz2.compress(pcap))]


def test_good_evidence_has_no_damage():
    with Folder() as folder:
        for name, content in good():
            if name != "txt-13":  # nobody has its keys
                folder.write("in/" + name, content)
        read = Read(folder / "in", expect=(0,))
        equal([r["path"] for r in read.items.values() if r["status"] != "read"], [])
        equal(read.kinds("damage"), [])


def test_cut_at_many_lengths():
    with Folder() as folder:
        promised = {}
        for name, content in good():
            n = len(content)
            cuts = {1, 2, 7, 40, 301, n - 1, n - 2, n - 9, n - 33} | {n * i // 23 for i in range(1, 23)}
            if name == "tar":  # what is cut off its last kilobytes is padding
                cuts = {c for c in cuts if c < 30000}
            for cut in sorted(cuts):
                path = folder.write(f"in/{name}-{cut}", content[:cut])
                if cut >= RECOGNISED_FROM[name.split("-")[0]]:
                    promised[path] = name
        folder.write("in/whole", good()[1][1])
        read = Read(folder / "in")
        for path, item in read.items.items():
            if item["path"].endswith("whole"):
                equal(item["status"], "read")
            elif "!" not in path and not (item["kind"] == "dji-dat" and item["status"] == "read"):
                # a .DAT that is cut between two records shows no trace: it says nowhere how long it is
                assert item["status"] in ("partial", "unreadable"), item
                assert item["note"], item
        for path, name in promised.items():
            if name == "dat" and read.item(path)["status"] == "read":
                continue
            assert read.damage[read.item(path)["evidence"]], f"no row for {path}: {read.item(path)}"
        assert read.kinds("flow", "position", "media"), "nothing of the rest was read"
        within_limits(90)


def test_what_lies_before_a_cut_is_read():
    photo_log = made.flight()
    with Folder() as folder:
        pcap = made.leaking_capture().pcap()
        path = folder.write("half.pcap", pcap[:len(pcap) // 2])
        read = Read(path)
        equal(read.item(path)["status"], "partial")
        equal([r["name"] for r in read.kinds("dns")], ["log.example-drone.cn"])
        path = folder.write("half.txt", photo_log[:len(photo_log) // 2])
        read = Read(path)
        points = len([r for r in read.kinds("position") if r["subject"] == "aircraft"])
        assert 100 < points < 200, points
        # and what lay in a compressed file that was cut
        path = folder.write("half.gz", gzip.compress(pcap, mtime=0)[:-2000])
        read = Read(path)
        equal([r["name"] for r in read.kinds("dns")], ["log.example-drone.cn"])


def test_bits_flipped():
    with Folder() as folder:
        checked = []
        for name, content in good():
            draw = made.noise(5 * 48)
            for i in range(48):
                at = int.from_bytes(draw[5 * i:5 * i + 4], "little") % len(content)
                flipped = bytearray(content)
                flipped[at] ^= 1 << draw[5 * i + 4] % 8
                path = folder.write(f"in/{name}-{at}-{i}", bytes(flipped))
                if name in ("gz", "xz", "zst", "bz2"):  # what has a check value cannot hide it
                    checked.append((path, at))
        read = Read(folder / "in")
        for path, at in checked:
            # not of a gzip's header and its size in the trailer
            if at > 10 or not path.count("/gz-"):
                assert read.item(path)["status"] != "read", path
        within_limits(90)


def test_noise_behind_every_head():
    """The first bytes of each format, then bytes that mean nothing: counts and offsets of any size."""
    with Folder() as folder:
        for name, content in good():
            for head in (6, 24, 64, 512):
                folder.write(f"in/{name}-{head}", content[:head] + made.noise(6000))
                folder.write(f"in/{name}-{head}-ff", content[:head] + b"\xff" * 6000)
                folder.write(f"in/{name}-{head}-00", content[:head] + bytes(6000))
        Read(folder / "in", expect=(2, 3))
        within_limits(60)


def test_empty():
    with Folder() as folder:
        path = folder.write("nothing.pcap", b"")
        read = Read(path, expect=(2,))
        equal((read.item(path)["status"], read.item(path)["kind"]), ("unreadable", "empty"))
        folder.write("in/a.pcap", b"")
        folder.write("in/b.jpg", b"")
        folder.write("in/c.txt", made.flight())
        status, report = audit(folder, folder / "in", expect=3)
        equal([e["status"] for e in report["evidence"]], ["unreadable", "unreadable", "read"])
        equal(report["verdict"], "incomplete")
        equal(len(report["flights"]), 1)


def test_wrong_extension():
    """The name says nothing."""
    with Folder() as folder:
        folder.write("in/a.jpg", made.leaking_capture().pcap())
        folder.write("in/b.pcap", made.flight())
        folder.write("in/c.txt", made.photo())
        folder.write("in/d", made.zip_of([("e.gz", made.flight(4))]))
        read = Read(folder / "in", expect=(0,))
        equal([i["kind"] for i in read.items.values()], ["pcap", "dji-txt", "jpeg", "zip", "dji-txt"])


def test_nothing_could_be_read():
    with Folder() as folder:
        folder.write("in/a", made.noise(5000))
        folder.write("in/b", b"a shopping list\n")
        status, report = audit(folder, folder / "in", expect=2)
        equal([e["status"] for e in report["evidence"]], ["unreadable"] * 2)
        assert report["verdict"] != "no_violation_found"
        equal(audit(folder, folder / "none", expect=2)[1]["evidence"][0]["status"], "unreadable")


def test_gigantic_counts():
    pcap = made.leaking_capture().pcap()
    record = struct.pack("<IIII", 1, 0, 0x7fffffff, 0x7fffffff)
    pcapng = made.quiet_capture().pcapng()
    photo = bytearray(made.photo())
    ifd = photo.index(b"II*\0") + 8
    photo[ifd:ifd + 2] = b"\xff\xff"  # so many entries
    values = bytearray(made.photo())
    values[ifd + 2 + 4:ifd + 2 + 8] = b"\xff\xff\xff\x7f"  # so many values of the first
    log = bytearray(made.flight())
    log[0:8] = struct.pack("<Q", 1 << 62)  # the summary's place
    with Folder() as folder:
        folder.write("in/record.pcap", pcap + record + made.noise(500))
        folder.write("in/block.pcapng", pcapng + struct.pack("<II", 6, 0xfffffff0) + made.noise(500))
        folder.write("in/entries.jpg", bytes(photo))
        folder.write("in/values.jpg", bytes(values))
        folder.write("in/log.txt", bytes(log))
        read = Read(folder / "in", expect=(2, 3))
        for path, item in read.items.items():
            if item["kind"] != "unknown":
                assert item["status"] == "partial" and read.damage[item["evidence"]], item
        equal(len(read.kinds("dns")), 2)
        within_limits(20)


def test_offset_loops():
    photo = bytearray(made.photo())
    start = photo.index(b"II*\0")
    count = struct.unpack_from("<H", photo, start + 8)[0]
    at = start + 8 + 2 + 12 * count
    photo[at:at + 4] = struct.pack("<I", 8)  # the next directory is this one
    name = b"\xc0\x0c"  # a name that points at itself
    loop = made.Capture()
    loop.udp(made.PHONE, 50001, made.GATEWAY, 53, struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + name + b"\0\1\0\1")
    loop.name_lookup(1, "api.example-drone.com", made.FOREIGN)
    with Folder() as folder:
        image = folder.write("in/loop.jpg", bytes(photo))
        folder.write("in/loop.pcap", loop.pcap())
        read = Read(folder / "in")
        assert read.damage[read.item(image)["evidence"]], read.item(image)
        equal([r["name"] for r in read.kinds("dns")], ["api.example-drone.com"])
        within_limits(20)


def zeros_gz(size):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as f:
        piece = bytes(MIB)
        for _ in range(size // MIB):
            f.write(piece)
    return out.getvalue()


def test_bombs():
    """One file of each kind that would unpack to a hundred times what is allowed."""
    size = (150 if SANITIZED else 400) * MIB
    whole = bytes(MIB)
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as z:
        with z.open("zeros", "w", force_zip64=True) as member:
            for _ in range(size // MIB):
                member.write(whole)
    # As by default, in half the time.
    pack = lzma.LZMACompressor(filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 8 * MIB}])
    xz = b"".join(pack.compress(whole) for _ in range(size // MIB)) + pack.flush()
    with Folder() as folder:
        paths = [folder.write("in/b.zip", box.getvalue()), folder.write("in/b.gz", zeros_gz(size)),
                 folder.write("in/b.xz", xz), folder.write("in/b.bz2", bz2.compress(whole) * (size // MIB))]
        zeros = folder / "zeros"
        with open(zeros, "wb") as f:
            f.truncate(size)
        with open(zeros, "rb") as f:
            paths.append(folder.write("in/b.zst", subprocess.run([need("zstd"), "-q", "-c"], stdin=f, check=True,
                                                                capture_output=True).stdout))
        os.unlink(zeros)
        sparse = tarfile.TarInfo("holes")
        sparse.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": str(1 << 40),
                              "GNU.sparse.map": f"{(1 << 40) - 1},1", "GNU.sparse.numblocks": "1"}
        paths.append(folder.write("in/b.tar", made.tar_of([(sparse, b"x")])))
        folder.write("in/good.txt", made.flight())
        within_limits(60)
        read = Read(folder / "in")
        for path in paths:
            item = read.item(path)
            assert item["status"] in ("partial", "unreadable"), item
            assert any("far more than its size" in d["statement"] for d in read.damage[item["evidence"]]), item
            for name, inside in read.items.items():
                assert not name.startswith(path + "!") or inside["bytes"] <= 64 * MIB + 256 * item["bytes"], inside
        equal(len(read.kinds("flight")), 1)
        within_limits(60)


def test_nested_bombs():
    """Each level within its limits, the levels together not: depth and total have limits too."""
    inner = made.zip_of([(f"z{i}", bytes(4 * MIB)) for i in range(8)])
    for _ in range(3):
        inner = made.zip_of([(f"n{i}", inner + bytes([i])) for i in range(4)], zipfile.ZIP_STORED)
    deep = made.flight()
    for level in range(20):
        deep = gzip.compress(deep, mtime=level)
    with Folder() as folder:
        folder.write("in/wide.zip", inner)
        folder.write("in/deep.gz", deep)
        folder.write("in/good.txt", made.flight(4))
        read = Read(folder / "in")
        equal(len(read.kinds("flight")), 1)
        deepest = [i for p, i in read.items.items() if "deep.gz" in p][-1]
        equal(deepest["status"], "unreadable")
        assert "too deep" in deepest["note"], deepest
        within_limits(60)


def test_a_zip_that_holds_itself():
    """The same content is opened once, so a box within the same box ends there."""
    box = made.zip_of([("log.txt", made.flight())])
    with Folder() as folder:
        folder.write("in/a.zip", made.zip_of([("b.zip", box), ("c.zip", box), ("d.zip", box)]))
        read = Read(folder / "in", expect=(0,))
        equal(len(read.kinds("flight")), 1)
        equal(len([i for i in read.items.values() if "same content" in (i["note"] or "")]), 2)


def test_encrypted_zip():
    """Written by hand: Python encrypts none.  Traditional encryption's flag, and the strong one's."""
    plain = made.flight()
    box = bytearray(made.zip_of([("secret.txt", plain), ("open.txt", made.flight(4))], zipfile.ZIP_STORED))
    box[6] |= 1
    first = box.index(b"PK\1\2")
    box[first + 8] |= 1
    with Folder() as folder:
        path = folder.write("a.zip", bytes(box))
        read = Read(path)
        equal(read.item(path)["status"], "partial")
        damage, = read.damage[read.item(path)["evidence"]]
        assert "secret.txt" in damage["statement"] and "encrypted" in damage["statement"], damage
        equal(len(read.kinds("flight")), 1)


def test_tar_with_links_devices_and_ways_out():
    """Names are labels: nothing is written anywhere, and what has content is read."""
    def special(name, kind, target=""):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        return info, None
    with Folder() as folder:
        outside = folder / "escaped.txt"
        path = folder.write("in/a.tar", made.tar_of([
            special("link", tarfile.SYMTYPE, "/etc/passwd"), special("null", tarfile.CHRTYPE),
            special("disk", tarfile.BLKTYPE), special("pipe", tarfile.FIFOTYPE), special("folder/", tarfile.DIRTYPE),
            ("../" * 12 + outside.lstrip("/"), made.flight()), (outside, made.flight(4)), ("link/x", made.photo()),
            special("hard", tarfile.LNKTYPE, "link/x")]))
        read = Read(path, expect=(0,))
        assert not os.path.exists(outside)
        equal([i["kind"] for i in read.items.values()], ["tar", "dji-txt", "dji-txt", "jpeg"])
        assert all(p == path or p.startswith(path + "!") for p in read.items), list(read.items)


def test_zip_with_very_many_members():
    count = 20_000 if SANITIZED else 100_000
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as box:
        for i in range(count):
            box.writestr(zipfile.ZipInfo(f"{i}", (2024, 5, 14, 9, 30, 0)), b"%d" % i)
        box.writestr(zipfile.ZipInfo("log.txt", (2024, 5, 14, 9, 30, 0)), made.flight())
    with Folder() as folder:
        path = folder.write("a.zip", out.getvalue())
        within_limits(60)
        read = Read(path)
        equal(len(read.items), count + 2)
        equal(len(read.kinds("flight")), 1)
        assert not [i for i in read.items.values() if "opened" in (i["note"] or "")]
        within_limits(90)


def test_deep_folders():
    with Folder() as folder:
        path = folder / "in"
        os.mkdir(path)
        here = os.getcwd()
        try:
            os.chdir(path)
            for _ in range(300):
                os.mkdir("d")
                os.chdir("d")
            with open("log.txt", "wb") as f:
                f.write(made.flight())
        finally:
            os.chdir(here)
        folder.write("in/z.txt", made.flight(4))
        read = Read(path)
        equal(len(read.kinds("flight")), 1)
        note, = [i["note"] for i in read.items.values() if i["status"] == "unreadable"]
        assert "deeper" in note, note


def test_damaged_copies_are_as_damaged():
    with Folder() as folder:
        for name in "abc":
            folder.write("in/" + name, made.flight()[:20000])
        read = Read(folder / "in")
        equal([i["status"] for i in read.items.values()], ["partial"] * 3)


def test_damage_is_in_the_report():
    """The case and the JSON say the same as `leash facts`, and the exit status is 3."""
    with Folder() as folder:
        folder.write("in/half.pcap", made.quiet_capture().pcap()[:3000])
        folder.write("in/log.txt", made.flight())
        # the phone is on line in the air, which a precaution advises against: not what is asked here
        policy = folder.write("policy.yaml", b"version: 1\nprofiles: [dhs-cisa]\n"
                              b"accepted: [{ rule: DHS19-1, who: the test, reason: damage is asked about, until: 2199-12-31 }]\n")
        status, report = audit(folder, "--policy", policy, folder / "in", expect=3)
        equal([e["status"] for e in report["evidence"]], ["partial", "read"])
        assert "capture ends" in report["evidence"][0]["note"], report["evidence"][0]
        equal((report["coverage"]["evidence_read"], report["coverage"]["evidence_total"]), (1, 2))


run(globals())
