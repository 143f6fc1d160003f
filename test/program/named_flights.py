"""--flight: a log that is only searched for in what was sent.  It is no evidence of what is stored, and it is known all the same:
what was found, the honest bound and the advice are those of a case in which the log is evidence."""
import glob
import json
import os
import sqlite3

from harness import SOURCE, Folder, equal, leash, run

LEAK = os.path.join(SOURCE, "examples", "leak")
CAPTURE = os.path.join(LEAK, "gateway.pcap")


def the_log():
    logs = glob.glob(os.path.join(LEAK, "phone", "FlightRecord", "*.txt"))
    equal(len(logs), 1, logs)
    return logs[0]


def audited(folder, name, *arguments):
    """The JSON report, what the run recorded, and what was printed."""
    case, report = folder / f"{name}.gpkg", folder / f"{name}.json"
    done = leash("audit", "--force", "-o", case, "--html", folder / "page.html", "--json", report, *arguments)
    assert done.returncode in (0, 1, 3), done.stderr.decode()
    db = sqlite3.connect(case)
    recorded = dict(db.execute("SELECT key, value FROM run"))
    db.close()
    with open(report, encoding="utf-8") as text:
        return json.load(text), recorded, leash("report", case).stdout.decode()


def paths(report):
    return [(leak["destination"], leak["points"]) for leak in report["leaks"] if leak["what"] == "flight_path"]


def test_it_is_searched_for_and_not_stored():
    with Folder() as folder:
        named, recorded, told = audited(folder, "named", "--flight", the_log(), CAPTURE)
        stored, as_evidence, _ = audited(folder, "stored", CAPTURE, the_log())
        assert paths(named), "the path was sent"
        equal(paths(named), paths(stored), "paths found")
        equal((named["flights"], len(stored["flights"])), ([], 1), "flights")
        equal([e["path"] for e in named["evidence"]], [CAPTURE], "evidence")
        assert "was read for what must not leave (--flight)" in recorded["notes"], recorded["notes"]
        equal(recorded["path_bytes"], as_evidence["path_bytes"], "what its path needs")
        assert "flight log" not in told.split("What to do next", 1)[1].split("Kept in files", 1)[0].split("could not be decided")[0], told


def test_a_log_that_is_both_counts_once():
    with Folder() as folder:
        _, once, _ = audited(folder, "once", CAPTURE, the_log())
        _, both, _ = audited(folder, "both", "--flight", the_log(), CAPTURE, the_log())
        equal(both["path_bytes"], once["path_bytes"], "what its path needs")


def test_a_file_without_anything_to_search_for_is_refused():
    with Folder() as folder:
        nothing = folder.write("nothing.txt", b"nothing\n")
        done = leash("audit", "--force", "-o", folder / "case.gpkg", "--flight", nothing, CAPTURE)
        equal(done.returncode, 2, done.stderr.decode())
        assert b"nothing.txt" in done.stderr or b"--flight" in done.stderr, done.stderr


run(globals())
