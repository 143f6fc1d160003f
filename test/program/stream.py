"""Evidence from a pipe: `facts -` reads a capture as it comes, once; the rest is kept and read like a file."""
import bz2
import gzip
import json
import lzma
import os
import re
import select
import shutil
import subprocess
import time

import evidence as made
from harness import PROGRAM, SANITIZED, Folder, equal, facts, leash, run, skip


def without_key(row):
    return re.sub(r"-[0-9a-f]{12}-(?=\d)", "-KEY-", json.dumps(dict(row, evidence=None)))


def last_rows(rows):
    """What counts: the last row of each id, the evidence itself left out."""
    return {re.sub(r"-[0-9a-f]{12}-", "-", r["id"]): without_key(r) for r in rows if r["fact"] != "evidence"}


def piped(content, *arguments):
    done = leash("facts", *arguments, "-", stdin=content)
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()]


def captures():
    return {"pcap": made.leaking_capture().pcap(), "pcapng": made.leaking_capture().pcapng(),
            "quiet": made.quiet_capture().pcap(), "cut": made.leaking_capture().pcap()[:5000]}


def test_a_pipe_gives_what_the_file_gives():
    with Folder() as folder:
        for name, content in captures().items():
            named = facts(folder.write(name, content))
            status, rows = piped(content)
            equal(last_rows(rows), last_rows(named), name)
            equal(rows[-1]["status"], named[-1]["status"], name)
            equal(status, 3 if name == "cut" else 0, name)
            equal(rows[-1]["sha256"], named[-1]["sha256"], name)
            equal(rows[-1]["bytes"], len(content), name)
            equal(piped(content, "--no-hash")[1][-1]["sha256"], None, name)


def test_a_compressed_pipe():
    capture = made.leaking_capture()
    for i in range(10): # several blocks of zstd
        capture.tls(45000 + i, "much.example", "203.0.113.78", 60000)
    content = capture.pcap()
    whole = last_rows(piped(content)[1])
    packed = {"gzip": gzip.compress(content), "xz": lzma.compress(content), "bzip2": bz2.compress(content)}
    if shutil.which("zstd"):
        packed["zstd"] = subprocess.run(["zstd", "-q", "-c"], input=content, capture_output=True, check=True).stdout
    for name, data in packed.items():
        status, rows = piped(data)
        equal((status, rows[-1]["kind"], rows[-1]["bytes"]), (0, "pcap", len(data)), name)
        equal(last_rows(rows), whole, name)
        status, rows = piped(data[:-30])
        # a block of bzip2 has 900 kB, and this is less
        equal((status, rows[-1]["status"]), (3, "unreadable" if name == "bzip2" else "partial"), name)
        assert any("cut off" in r["statement"] for r in rows if r["fact"] == "damage"), name


def test_what_is_no_capture_is_kept_and_read():
    with Folder() as folder:
        inside = made.zip_of([("a.pcap", made.quiet_capture().pcap())])
        for name, content in {"jpg": made.photo(), "txt": made.flight(), "zip": inside, "gz": gzip.compress(made.photo()),
                              "noise": made.noise(3000), "one": b"x"}.items():
            named = facts(folder.write(name, content))
            status, rows = piped(content)
            equal(last_rows(rows), last_rows(named), name)
            equal([r["status"] for r in rows if r["fact"] == "evidence"], [r["status"] for r in named if r["fact"] == "evidence"])
            equal(status, 2 if name in ("noise", "one") else 0, name)
        equal(piped(b"")[0], 2)


def read_until(pipe, found, seconds):
    """Lines as they come, until one is found; gives what came behind the last of them."""
    text, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([pipe], [], [], 0.1)[0]:
            piece = os.read(pipe.fileno(), 65536)
            text += piece
            if not piece:
                break
        rows = [json.loads(line) for line in text.split(b"\n")[:-1]]
        if any(found(r) for r in rows):
            return text.split(b"\n")[-1]
    raise AssertionError(("nothing came in time", text[-2000:]))


def test_rows_come_while_the_pipe_is_open():
    content = made.leaking_capture()
    content.name_lookup(77, "early.example", "203.0.113.77")
    content.tls(45000, "early.example", "203.0.113.77")
    program = subprocess.Popen([PROGRAM, "facts", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    program.stdin.write(content.pcap())
    program.stdin.flush()
    wait = 60 if SANITIZED else 5
    begun = read_until(program.stdout, lambda r: r["fact"] == "flow" and (r.get("tls") or {}).get("sni") == "early.example", wait)
    assert program.poll() is None, "it ended although the pipe is open"
    program.stdin.close()
    rest = [json.loads(line) for line in (begun + program.stdout.read()).decode().splitlines()]
    equal(rest[-1]["fact"], "evidence")
    assert "came again later" in rest[-1]["note"], rest[-1]
    equal(program.wait(), 0)


def test_the_first_interrupt_ends_only_the_input():
    program = subprocess.Popen([PROGRAM, "facts", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    program.stdin.write(made.leaking_capture().pcap())
    program.stdin.flush()
    begun = read_until(program.stdout, lambda r: r["fact"] == "flow", 60)
    program.send_signal(2)
    rows = [json.loads(line) for line in (begun + program.stdout.read()).decode().splitlines()]
    equal(rows[-1]["fact"], "evidence")
    equal(program.wait(), 0)


def test_memory_does_not_grow_with_the_stream():
    if SANITIZED:
        skip("a sanitizer's memory says nothing")
    header, records = made.leaking_capture().pcap()[:24], made.leaking_capture().pcap()[24:]
    sizes = []
    for megabytes in (20, 200):
        script = "import resource,subprocess,sys; p=subprocess.Popen(sys.argv[1:],stdin=0,stdout=subprocess.DEVNULL); p.wait(); " \
                 "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        program = subprocess.Popen(["python3", "-c", script, PROGRAM, "facts", "--no-hash", "-"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        program.stdin.write(header)
        for _ in range(megabytes * 1000000 // len(records)):
            program.stdin.write(records)
        program.stdin.close()
        sizes.append(int(program.stdout.read()))
        equal(program.wait(), 0)
    assert sizes[1] < sizes[0] + 8 * 1024, sizes


def test_audit_keeps_a_pipe():
    with Folder() as folder:
        content = made.leaking_capture().pcap()
        done = leash("audit", "-o", folder / "case.gpkg", "--html", folder / "r.html", "--json", "-", "-",
                     stdin=gzip.compress(content))
        report = json.loads(done.stdout)
        equal([e["kind"] for e in report["evidence"]], ["gzip", "pcap"])
        assert report["flows"]
        equal(sorted(os.listdir(folder.path)), ["case.gpkg", "r.html"])
        with open(folder.write("a.pcap", content), "rb") as redirected:
            done = subprocess.run([PROGRAM, "audit", "--force", "-o", folder / "case.gpkg", "--html", folder / "r.html", "--json",
                                   "-", "-"], stdin=redirected, capture_output=True)
        equal(json.loads(done.stdout)["evidence"][0]["path"], "-")


run(globals())
