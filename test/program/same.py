"""The same evidence gives the same answer: whatever the number of readers, run again, named
in another order or twice.  What is not a file is reported and never opened."""
import json
import os
import socket
import sqlite3
import subprocess

import evidence as made
from harness import Folder, audit, equal, facts, leash, run, skip


def make_evidence(folder):
    folder.write("in/a.pcap", made.leaking_capture().pcap())
    folder.write("in/b.pcapng", made.quiet_capture().pcapng())
    folder.write("in/c.txt", made.flight())
    folder.write("in/d.txt", made.flight(4))
    folder.write("in/e.dat", made.flight(kind="dji-dat"))
    folder.write("in/f.jpg", made.photo())
    folder.write("in/g.zip", made.zip_of([("a.pcap", made.leaking_capture().pcap()), ("x.jpg", made.photo(45.51)),
                                          ("y.tar", made.tar_of([("z.txt", made.flight(6)), ("a", made.photo(45.52))]))]))
    folder.write("in/h.pcap", made.leaking_capture().pcap()[:5000])
    folder.write("in/i", made.noise(3000))
    return folder / "in"


def without_times(report):
    report = json.loads(json.dumps(report))
    for name in ("started", "command"):
        report["tool"].pop(name)
    return report


def case_rows(path):
    """Every row of every table, as text; what names the time or the command of the run left out."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'rtree%' "
                                       "AND name NOT LIKE 'sqlite_%' ORDER BY name")]
    rows = {t: [repr(r) for r in db.execute(f'SELECT * FROM "{t}" ORDER BY rowid')] for t in tables}
    db.close()
    rows["run"] = [r for r in rows["run"] if "'started'" not in r and "'command'" not in r]
    rows["leash_chain"] = [r for r in rows["leash_chain"] if "'run'" not in r and "'leash_chain'" not in r]
    del rows["leash_report"]
    rows["gpkg_contents"] = [r.split("'2")[0] for r in rows["gpkg_contents"]]
    return rows


def same_with_readers(folder, numbers, arguments, enough):
    first = first_rows = None
    for readers in numbers:
        status, report = audit(folder, "--readers", readers, *arguments)
        rows = case_rows(folder / "case.gpkg")
        if first is None:
            first, first_rows = (status, without_times(report)), rows
            assert enough(report), "too little to compare"
            continue
        equal(status, first[0])
        for name, value in without_times(report).items():
            equal(value, first[1][name], f"{name} with {readers} readers")
        for table, content in rows.items():
            equal(content, first_rows[table], f"table {table} with {readers} readers")


def test_any_number_of_readers_twice():
    with Folder() as folder:
        path = make_evidence(folder)
        same_with_readers(folder, ("1", "2", "4", "1", "2"), ("--secret", "name=Example", path),
                          lambda report: report["leaks"] and report["flights"] and report["flows"] and report["media"])


def test_one_large_capture_with_any_number_of_readers():
    """It is hashed while it is read, and its flows are searched by several threads, each lane in many blocks."""
    generator = os.environ.get("LEASH_MIXED", "")
    if not os.path.exists(generator):
        skip("the generator of captures is not built")
    with Folder() as folder:
        subprocess.run([generator, folder / "mixed.pcap", "1"], check=True, stdout=subprocess.DEVNULL)
        folder.write("flight.txt", made.flight())
        same_with_readers(folder, ("1", "2", "3"), ("--flight", folder / "flight.txt", "--secret", "agent=Agent: mixed/3", folder / "mixed.pcap"),
                          lambda report: len(report["leaks"]) > 50)


def test_facts_with_any_number_of_readers():
    with Folder() as folder:
        path = make_evidence(folder)
        for options in ((), ("--no-hash",)):
            outputs = {leash("facts", *options, "--readers", n, path).stdout for n in ("1", "2", "4", "2")}
            equal(len(outputs), 1, f"{options}")


def row_texts(rows, kinds=None):
    return sorted(json.dumps(r, sort_keys=True) for r in rows if kinds is None or r["fact"] in kinds)


def test_order_of_the_arguments():
    """Rows come in the order of the evidence; which rows there are, and their ids, does not depend on it."""
    with Folder() as folder:
        path = make_evidence(folder)
        names = [os.path.join(path, n) for n in sorted(os.listdir(path)) if n not in ("d.txt", "e.dat", "g.zip")]  # one log per flight
        forward, backward = facts(*names), facts(*reversed(names))
        equal(row_texts(forward), row_texts(backward))
        case_of = []
        for order in (names, names[::-1]):
            _, report = audit(folder, *order)
            case_of.append({k: sorted(json.dumps(r, sort_keys=True) for r in v if r.get("id")) for k, v in report.items()
                            if k in ("flows", "dns", "flights", "media", "requests", "leaks", "devices")})
        for name, rows in case_of[0].items():
            equal(case_of[1][name], rows, name)


def ids_are_unique(rows):
    ids = [r["id"] for r in rows]
    equal(len(ids), len(set(ids)), f"{[i for i in ids if ids.count(i) > 1][:5]}")


def test_named_twice():
    """Equal content is read once, in whichever way it comes twice; ids stay unique."""
    with Folder() as folder:
        a, b = folder.write("in/a.pcap", made.leaking_capture().pcap()), folder / "in/b.pcap"
        os.link(a, b)
        folder.write("in/c.pcap", made.leaking_capture().pcap())
        folder.write("other/d.zip", made.zip_of([("a.pcap", made.leaking_capture().pcap()), ("same", made.photo()),
                                                 ("same", made.photo()), ("same", made.flight())]))
        os.symlink(a, folder / "link.pcap")
        for options in ((), ("--no-hash",)):
            once = [r for r in facts(*options, a) if r["fact"] != "evidence"]
            for arguments in ([a, a], [a, b], [b, a, b], [folder / "in", a, folder / "in"], [folder / "link.pcap", a],
                              [folder / "in"] * 3 + [folder / "in/"]):
                rows = facts(*options, *arguments)
                ids_are_unique(rows)
                copies = 0 if not options else sum(1 for r in rows if r["fact"] == "evidence" and r["path"].endswith("c.pcap")
                                                   and r["status"] == "read")
                for kind in ("flow", "dns", "request"):
                    equal(len([r for r in rows if r["fact"] == kind]),
                          len([r for r in once if r["fact"] == kind]) * (1 + copies), f"{options} {arguments} {kind}")
            ids_are_unique(facts(*options, folder / "other", folder / "other", folder / "in"))
        _, report = audit(folder, folder / "in", a, folder / "other")
        equal(len(report["requests"]), 1)
        for name, rows in report.items():
            if isinstance(rows, list):
                ids_are_unique([r for r in rows if "id" in r])
        assert all(e["status"] == "read" or e["status"] == "skipped" for e in report["evidence"]), report["evidence"]


def test_what_is_no_file_is_reported_and_not_opened():
    with Folder() as folder:
        folder.write("in/a.txt", made.flight())
        folder.write("in/deeper/b.jpg", made.photo())
        os.mkfifo(folder / "in/fifo")
        os.symlink(folder / "in", folder / "in/deeper/loop")
        os.symlink("nowhere", folder / "in/dangling")
        os.symlink("a.txt", folder / "in/link.txt")
        os.symlink("self", folder / "in/self")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(folder / "in/socket")
        want = {"fifo": "pipe", "deeper/loop": "link", "dangling": "link", "link.txt": "link", "self": "link", "socket": "socket"}
        if os.geteuid() == 0:
            try:
                os.mknod(folder / "in/device", 0o20600, os.makedev(1, 5))  # /dev/zero has no end
                want["device"] = "device"
            except OSError:
                pass
        # opening a pipe that nobody writes to would wait for ever
        done = leash("facts", folder / "in", timeout=60)
        listener.close()
        equal(done.returncode, 0)
        rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
        got = {os.path.relpath(r["path"], folder / "in"): r for r in rows if r["fact"] == "evidence"}
        for name, word in want.items():
            equal(got[name]["status"], "skipped", name)
            assert word in got[name]["note"] and "not" in got[name]["note"], got[name]
        equal(got["a.txt"]["status"], "read")
        equal(got["deeper/b.jpg"]["status"], "read")
        equal(len([r for r in rows if r["fact"] == "flight"]), 1)
        for named in ("fifo", "socket"):
            equal(leash("facts", folder / ("in/" + named), timeout=60).returncode, 2)


def test_bind_mounted_loop():
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        skip("a loop of mounts needs root and a mount namespace")
    with Folder() as folder:
        folder.write("in/a.txt", made.flight())
        os.mkdir(folder / "in/again")
        from harness import PROGRAM
        done = subprocess.run(["unshare", "-m", "sh", "-c", 'mount --rbind "$1" "$1/again" && exec "$2" facts "$1"', "-",
                               folder / "in", PROGRAM], capture_output=True, timeout=60, check=False)
        equal(done.returncode, 0, done.stderr.decode())
        notes = [r["note"] for r in map(json.loads, done.stdout.decode().splitlines()) if r["fact"] == "evidence"]
        assert any(n and "entered before" in n for n in notes), notes


def test_no_hash():
    """The same rows, with ids from the paths and no hashes."""
    with Folder() as folder:
        path = make_evidence(folder)
        hashed, plain = facts(path), facts("--no-hash", path)
        assert all(r.get("sha256") is None for r in plain if r["fact"] == "evidence")
        ids_are_unique(plain)
        for kind in ("flight", "device", "damage"):
            assert len([r for r in plain if r["fact"] == kind]) >= len([r for r in hashed if r["fact"] == kind]), kind
        _, report = audit(folder, "--no-hash", path)
        assert report["flows"] and report["leaks"]


run(globals())
