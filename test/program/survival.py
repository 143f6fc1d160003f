"""Whatever happens to a run - killed, interrupted, no room, no permission, nobody listening -
there is no case or a whole one, no report or a whole one, and no reader is left."""
import functools
import os
import signal
import sqlite3
import subprocess
import sys
import time

import evidence as made
from harness import PROGRAM, SANITIZED, Folder, equal, leash, run, skip

ENVIRONMENT = dict(os.environ, NO_COLOR="1")


@functools.lru_cache(maxsize=None)
def long_capture():
    """Many short conversations, so that a run takes a while and writes all along."""
    c = made.Capture()
    for i in range(1000 if SANITIZED else 2500):
        c.post(1024 + i % 50000, b"a%d.example.org" % (i % 40), f"203.0.113.{1 + i % 200}", b"/%d" % i, b"x" * 50)
    return c.pcap()


def usual_signals():
    """What a shell starts in the background ignores SIGINT, and would hand that on."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def start(folder, *arguments, **options):
    return subprocess.Popen([PROGRAM, "audit", "-o", folder / "out/case.gpkg", "--html", folder / "out/report.html",
                             "--json", folder / "out/report.json", *arguments], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=ENVIRONMENT, preexec_fn=usual_signals, **options)


def make_evidence(folder):
    os.makedirs(folder / "out", exist_ok=True)
    folder.write("in/a.pcap", long_capture())
    folder.write("in/b.txt", made.flight())
    folder.write("in/c.zip", made.zip_of([("log.txt", made.flight(4))]))
    return folder / "in"


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(n) for n in f.read().split()]
    except OSError:
        return []


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def readers_go_away(pids, seconds=5):
    until = time.monotonic() + seconds
    while any(alive(p) for p in pids):
        assert time.monotonic() < until, f"readers still run: {[p for p in pids if alive(p)]}"
        time.sleep(0.01)


def wait_for_readers(run_, seconds=30):
    until = time.monotonic() + seconds
    while not children_of(run_.pid):
        assert run_.poll() is None and time.monotonic() < until, "no reader came"
        time.sleep(0.001)
    return children_of(run_.pid)


def is_whole_case(path, flows=True):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        equal(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        assert db.execute("SELECT value FROM run WHERE key = 'verdict'").fetchone()
        assert db.execute("SELECT count(*) FROM flow").fetchone()[0] > 0 or not flows
    finally:
        db.close()
    done = leash("verify", path)
    # An item whose reader was killed before it was hashed has no hash to compare.
    assert done.returncode == 0 or (done.returncode == 3 and b"no hash" in done.stdout), done


def only_whole_files(folder, part_allowed=False, flows=True):
    for name in os.listdir(folder / "out"):
        if name == "case.gpkg":
            is_whole_case(folder / "out/case.gpkg", flows)
        elif name in ("report.html", "report.json"):
            with open(folder / f"out/{name}", "rb") as f:
                assert f.read().rstrip().endswith((b"</html>", b"}")), name
        else:
            assert part_allowed and name.endswith(".part"), name


@functools.lru_cache(maxsize=None)
def usual_seconds():
    with Folder() as folder:
        began = time.monotonic()
        run_ = start(folder, make_evidence(folder))
        run_.communicate(timeout=300)
        assert run_.returncode in (0, 1, 3), run_.returncode
        return time.monotonic() - began


def stopped_at_many_moments(number, moments, part_allowed):
    """The moments are spread over the time a whole run takes."""
    reached = {"no case": 0, "case": 0, "readers": 0}
    with Folder() as folder:
        path = make_evidence(folder)
        for moment in range(moments):
            run_ = start(folder, path)
            time.sleep(usual_seconds() * 1.05 * moment / moments)
            readers = children_of(run_.pid)
            reached["readers"] += len(readers) > 0
            began = time.monotonic()
            run_.send_signal(number)
            run_.communicate(timeout=60)
            assert time.monotonic() - began < (30 if SANITIZED else 15), "it did not end promptly"
            readers_go_away(readers)
            assert run_.returncode in (-number, 0, 1, 3), run_.returncode
            only_whole_files(folder, part_allowed)
            there = os.path.exists(folder / "out/case.gpkg")
            reached["case" if there else "no case"] += 1
            for name in os.listdir(folder / "out"):  # a part file stays for the next run to replace
                if not name.endswith(".part"):
                    os.unlink(folder / ("out/" + name))
        assert reached["no case"] > 0, reached
        run_ = start(folder, path)
        run_.communicate(timeout=300)
        equal(sorted(os.listdir(folder / "out")), ["case.gpkg", "report.html", "report.json"])
        only_whole_files(folder)


def test_killed():
    stopped_at_many_moments(signal.SIGKILL, 10 if SANITIZED else 24, True)


def test_interrupted():
    stopped_at_many_moments(signal.SIGINT, 5 if SANITIZED else 10, False)


def test_terminated():
    stopped_at_many_moments(signal.SIGTERM, 5 if SANITIZED else 10, False)


def test_an_interrupt_from_the_keyboard():
    """The whole group gets it, readers too; they leave it to their parent."""
    with Folder() as folder:
        run_ = start(folder, make_evidence(folder), start_new_session=True)
        readers = wait_for_readers(run_)
        os.killpg(run_.pid, signal.SIGINT)
        run_.communicate(timeout=60)
        readers_go_away(readers)
        equal(run_.returncode, -signal.SIGINT)
        equal(os.listdir(folder / "out"), [])


def test_an_old_case_survives_a_run_that_does_not():
    """--force replaces the old case only by a whole one."""
    with Folder() as folder:
        path = make_evidence(folder)
        start(folder, folder / "in/a.pcap").communicate()
        with open(folder / "out/case.gpkg", "rb") as f:
            before = f.read()
        run_ = start(folder, "--force", path)
        wait_for_readers(run_)  # it has begun, and is far from its end
        run_.kill()
        run_.communicate()
        with open(folder / "out/case.gpkg", "rb") as f:
            assert f.read() == before
        run_ = start(folder, "--force", path)
        run_.communicate()
        assert run_.returncode in (0, 1, 3)
        with open(folder / "out/case.gpkg", "rb") as f:
            assert f.read() != before
        only_whole_files(folder)


def test_an_old_case_is_not_touched_without_force():
    with Folder() as folder:
        path = folder.write("in/a.txt", made.flight())
        os.mkdir(folder / "out")
        for content in (b"not even a case", b""):
            with open(folder / "out/case.gpkg", "wb") as f:
                f.write(content)
            run_ = start(folder, path)
            said = run_.communicate()[1]
            equal(run_.returncode, 2)
            assert b"--force" in said, said
            with open(folder / "out/case.gpkg", "rb") as f:
                equal(f.read(), content)
            equal(os.listdir(folder / "out"), ["case.gpkg"])


SMALL_DISK = r"""
import os, subprocess, sys
room, program, *arguments = sys.argv[1:]
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}k,mode=700", "tmpfs", "out"], check=True)
done = subprocess.run([program, *arguments], capture_output=True)
print(done.returncode, sorted((n, os.path.getsize("out/" + n)) for n in os.listdir("out")))
sys.stdout.flush()
sys.stderr.buffer.write(done.stderr)
for n in os.listdir("out"):
    os.system(f"cp out/{n} kept-{n}")
"""


def on_a_small_disk(folder, kib, *arguments):
    """Exit status, files there, words; the disk is a tmpfs in a mount namespace of its own."""
    done = subprocess.run(["unshare", "-m", sys.executable, "-c", SMALL_DISK, str(kib), PROGRAM, *arguments],
                          cwd=folder.path, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    status, _, files = done.stdout.partition(" ")
    return int(status), dict(eval(files)), done.stderr  # our own words, printed three lines above


def test_full_disk():
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        skip("a small disk needs root and a mount namespace")
    with Folder() as folder:
        make_evidence(folder)
        arguments = ("audit", "-o", "out/case.gpkg", "--html", "out/report.html", "--json", "out/report.json", folder / "in")
        status, files, _ = on_a_small_disk(folder, 400_000, *arguments)
        assert status in (0, 1, 3) and len(files) == 3, (status, files)
        need = sum(files.values()) // 1024
        full = 0
        for kib in sorted({0, 4, 16, 64, 200, need // 4, need // 2, files["case.gpkg"] // 1024 - 8,
                           files["case.gpkg"] // 1024 + 8, need - files["report.html"] // 2048, need - 16}):
            status, files, said = on_a_small_disk(folder, max(kib, 4), *arguments)
            if status == 4:
                full += 1
                assert said.startswith("leash: ") and len(said) < 300, said
            else:
                equal(len(files), 3, f"status {status} with {kib} KiB")
            for name in files:
                assert name in ("case.gpkg", "report.html", "report.json"), (kib, name)
            if "case.gpkg" in files:
                is_whole_case(folder / "kept-case.gpkg")
            if "report.html" in files:
                with open(folder / "kept-report.html", "rb") as f:
                    assert f.read().rstrip().endswith(b"</html>")
        assert full >= 6, full


def test_folder_that_cannot_be_written():
    with Folder() as folder:
        path = folder.write("in/a.txt", made.flight())
        for place in ("none/case.gpkg", "in/a.txt/case.gpkg"):
            done = leash("audit", "-o", folder / place, "--html", folder / "r.html", path)
            equal(done.returncode, 4, done.stderr.decode())
            assert done.stderr.startswith(b"leash: cannot write"), done.stderr
        os.mkdir(folder / "out")
        run_ = start(folder, "--html", folder / "none/r.html", path)
        run_.communicate()
        equal(run_.returncode, 4)
        equal(os.listdir(folder / "out"), ["case.gpkg"])
        equal(sorted(os.listdir(folder.path)), ["in", "out"])
        os.mkdir(folder / "locked", 0o500)
        if os.geteuid() == 0:
            return  # root may write there
        equal(leash("audit", "-o", folder / "locked/case.gpkg", path).returncode, 4)


def test_nobody_listens():
    """Standard output closed, a closed pipe, a full device: said with status 4, and the case is whole."""
    with Folder() as folder:
        path = folder.write("in/a.pcap", made.quiet_capture().pcap())
        case, page = folder / "out/case.gpkg", folder / "out/report.html"
        os.mkdir(folder / "out")
        for how in (">&-", "| true", ">/dev/full", ">&- 2>&-", "<&- >&-"):
            script = f'"$@" {how}; exit ${{PIPESTATUS[0]}}'
            done = subprocess.run(["bash", "-c", script, "-", PROGRAM, "audit", "--force", "-o", case, "--html", page, path],
                                  capture_output=True, env=ENVIRONMENT)
            assert done.returncode == 4 or how == "| true" and done.returncode == 3, (how, done.returncode, done.stderr)
            only_whole_files(folder)
            equal(sorted(os.listdir(folder / "out")), ["case.gpkg", "report.html"])
        for how in (">&-", ">/dev/full"):
            for arguments in (["facts", path], ["report", "--format", "json", case], ["--version"], ["--help"],
                              ["audit", "--help"], ["verify", case]):
                done = subprocess.run(["bash", "-c", f'"$@" {how}', "-", PROGRAM, *arguments], capture_output=True,
                                      env=ENVIRONMENT)
                equal(done.returncode, 4, f"{arguments} {how}: {done.stderr.decode()}")


def test_a_reader_that_is_killed_costs_its_item():
    with Folder() as folder:
        run_ = start(folder, "--readers", "1", make_evidence(folder))
        for reader in wait_for_readers(run_):
            os.kill(reader, signal.SIGKILL)
        run_.communicate(timeout=120)
        assert run_.returncode in (0, 1, 3), run_.returncode
        only_whole_files(folder, flows=False)


run(globals())
