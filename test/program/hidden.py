"""A known number in four forms inside an upload of random bytes: each form is found, in that upload and nowhere else."""
import os
import re
import subprocess

from harness import Folder, audit, equal, run

BULK = os.environ["LEASH_BULK"]
SERIAL = "1581BULK00HIDDEN42"
STEPS = {"plain": ["text"], "base64": ["base64"], "utf16le": ["UTF-16", "text"], "hex": ["hex", "text"]}
UPLOAD_BYTES = 40_000_000


def test_each_form_is_found():
    with Folder() as folder:
        capture = folder / "hidden.pcap"
        told = subprocess.run([BULK, "--hidden", capture, str(UPLOAD_BYTES)], check=True, capture_output=True, text=True).stdout
        written = dict(re.findall(r"^hidden (\S+) (\d+)$", told, re.M))
        equal(sorted(written), sorted(STEPS))
        assert all(int(n) > 0 for n in written.values()), written
        _, report = audit(folder, "--secret", "serial=" + SERIAL, capture, expect=1)
        found = [leak["decoding"] for leak in report["leaks"]]
        equal(sorted(found), sorted(["http body", *steps] for steps in STEPS.values()))
        equal({leak["destination"] for leak in report["leaks"]}, {"plain.example.org"})


def test_another_number_is_not_found():
    with Folder() as folder:
        capture = folder / "hidden.pcap"
        subprocess.run([BULK, "--hidden", capture, str(UPLOAD_BYTES)], check=True, capture_output=True)
        _, report = audit(folder, "--secret", "serial=" + SERIAL[:-1] + "3", capture)
        equal(report["leaks"], [])


run(globals())
