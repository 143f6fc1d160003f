"""The example cases: their reports are the expected ones to the letter, whatever the machine's
own data and clock; their evidence is what the scripts make; and what each is there to show shows."""
import importlib.machinery
import importlib.util
import json
import os
import stat
import subprocess
import sys

from harness import SOURCE, Folder, equal, leash, run

CASES = os.path.join(SOURCE, "examples", "cases")


def script(name):
    loader = importlib.machinery.SourceFileLoader("expect", os.path.join(SOURCE, "examples", name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("expect", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


EXPECT = script("expect")


def report(name):
    with open(EXPECT.expected_path(name), encoding="utf-8") as text:
        return json.load(text)


def verdicts(name):
    return {p["id"].removeprefix("precaution-").removesuffix("-1"): p["verdict"] for p in report(name)["precautions"]}


def test_every_case_is_whole():
    assert len(EXPECT.names()) == 7, EXPECT.names()
    for name in EXPECT.names():
        files = os.listdir(os.path.join(CASES, name))
        assert {"README.md", "policy.yaml", "command", "expected.json"} <= set(files), (name, files)
        done = leash("policy", "check", os.path.join(CASES, name, "policy.yaml"))
        equal(done.returncode, 0, name + done.stderr.decode())


def test_reports_are_as_expected():
    differences = []
    with Folder() as folder:
        for name in EXPECT.names():
            difference = EXPECT.check(name, folder.path)
            if difference:
                differences.append(difference)
            case = folder / (name + ".gpkg")
            equal(stat.S_IMODE(os.stat(case).st_mode), 0o600)
            done = subprocess.run([EXPECT.program(), "verify", case, folder / (name + ".html"), folder / (name + ".json")],
                                  cwd=os.path.join(CASES, name), capture_output=True, text=True, check=False)
            equal(done.returncode, 0, done.stdout + done.stderr)
    text = "\n".join(differences)
    assert not differences, ("examples/expect writes them anew, when that is meant:\n" +
                             "\n".join(line[:400] for line in text.splitlines()[:40]))


def test_nothing_of_the_machine_is_used():
    with open(os.path.join(CASES, "mixed-profile", "expected.json"), encoding="utf-8") as text:
        versions = json.load(text)["tool"]["data_versions"]
    versions = {name: date for name, date in versions.items() if name not in ("destinations", "makers")}  # its own tables
    equal(set(versions.values()), {"2025-11-21"}, str(versions))


def test_evidence_is_what_the_script_makes():
    with Folder() as folder:
        subprocess.run([sys.executable, os.path.join(CASES, "make"), folder.path], check=True)
        for place, _, files in os.walk(folder.path):
            for name in files:
                made = os.path.join(place, name)
                kept = os.path.join(CASES, os.path.relpath(made, folder.path))
                with open(made, "rb") as a, open(kept, "rb") as b:
                    assert a.read() == b.read(), kept
        subprocess.run([sys.executable, os.path.join(SOURCE, "examples", "mmdb.py"), folder / "data"], check=True)
        for name in os.listdir(folder / "data"):
            with open(os.path.join(folder / "data", name), "rb") as a, \
                    open(os.path.join(SOURCE, "examples", "system-data", name), "rb") as b:
                assert a.read() == b.read(), name


def test_what_the_cases_show():
    equal(report("leak")["verdict"], "violations")
    assert {"flight_path", "media", "serial"} <= {leak["what"] for leak in report("leak")["leaks"]}
    encrypted = report("tls-only")
    equal(encrypted["leaks"], [])
    assert encrypted["coverage"]["opaque_out"] > 1000 and "not_shown" in verdicts("tls-only").values(), encrypted["coverage"]
    equal(verdicts("card-not-wiped")["bul-4"], "not_met")
    federal = verdicts("mixed-profile")
    equal((federal["asda-2"], federal["848-1"]), ("not_applicable", "not_met"))
    assert "attested" in federal.values(), federal
    off, on = report("privacy-mode-off"), report("privacy-mode-on")
    assert off["leaks"] and not on["leaks"]
    equal((verdicts("privacy-mode-off")["ldm-1"], verdicts("privacy-mode-on")["ldm-1"]), ("not_applicable", "not_met"))
    countries = {(d["operator_country"], d["registry_country"], d["location_country"]) for d in report("mixed-profile")["destinations"]}
    assert ("CN", "SG", "SG") in countries and ("CN", "CN", "US") in countries, countries
    statuses = {os.path.basename(e["path"]): e["status"] for e in report("damaged")["evidence"]}
    for name, status in statuses.items():
        equal(status, "read" if "whole" in name else "partial", name)
    for rule in ("bul-2", "bul-6", "cg24-p2"):  # met in the other cases, because nothing of the kind was seen
        equal((verdicts("leak")[rule], verdicts("damaged")[rule]), ("met", "not_shown"), rule)


run(globals())
