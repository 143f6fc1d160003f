"""`leash report --format pdf`: the page, printed by Chromium: read by pdfinfo and pdftotext; nothing is left behind, nothing is
asked of a network, and without Chromium, or with one that fails, there is an error and no file."""
import os
import re
import stat
import subprocess

from case_kit import Open, small_case
from harness import Folder, equal, leash, need, run

# Stands for Chromium: notes the options and the networks that it sees, and "prints".
PRETENDER = """#!/bin/sh
for a in "$@"; do
    case $a in --print-to-pdf=*) out=${a#--print-to-pdf=};; esac
    echo "$a" >> "$SEEN"
done
cat /proc/net/dev > "$SEEN.net"
echo "$HOME" > "$SEEN.home"
%s
"""


def pretend(folder, what):
    path = folder.write("bin/chromium", (PRETENDER % what).encode())
    os.chmod(path, stat.S_IRWXU)
    return {"PATH": folder / "bin" + ":/usr/bin:/bin", "SEEN": folder / "seen", "TMPDIR": folder / "tmp"}


def prepared():
    folder = Folder()
    folder.__enter__()
    os.mkdir(folder / "tmp")
    return folder, small_case(folder)


def test_it_is_a_pdf_with_the_words_of_the_page():
    for program in ("chromium", "pdfinfo", "pdftotext"):
        need(program)
    folder, case = prepared()
    with Open(case) as c:
        c.put("device", role="aircraft", serial="1TESTPDFSERIAL001")
    try:
        for more, absent in (((), None), (("--redact",), "1TESTPDFSERIAL001")):
            out = folder / "report.pdf"
            done = leash("report", case, "--format", "pdf", "-o", out, *more, env={"TMPDIR": folder / "tmp"}, timeout=400)
            equal(done.returncode, 0, done.stderr.decode())
            equal(os.stat(out).st_mode & 0o777, 0o600)
            info = subprocess.run(["pdfinfo", out], capture_output=True, timeout=60, check=True).stdout.decode()
            pages = int(re.search(r"Pages: +(\d+)", info).group(1))
            assert pages >= 2 and "Title:           leash report" in info and "JavaScript:      no" in info, info
            text = subprocess.run(["pdftotext", "-layout", out, "-"], capture_output=True, timeout=60, check=True).stdout.decode()
            assert "What left" in text and "precautions" in text, text[:500]
            assert absent is None or absent not in text
            assert "file://" not in text
            equal(os.listdir(folder / "tmp"), [])
    finally:
        folder.__exit__()


def test_without_chromium_it_says_what_to_install():
    folder, case = prepared()
    try:
        done = leash("report", case, "--format", "pdf", "-o", folder / "x.pdf", env={"PATH": folder / "tmp"})
        equal(done.returncode, 4)
        assert b"install chromium" in done.stderr, done.stderr
        assert not os.path.exists(folder / "x.pdf")
    finally:
        folder.__exit__()


def test_chromium_gets_the_page_and_nothing_else():
    folder, case = prepared()
    try:
        env = pretend(folder, 'printf "%s" "%PDF-1.4 made up" > "$out"')
        done = leash("report", case, "--format", "pdf", env=env)
        equal([done.returncode, done.stdout], [0, b"%PDF-1.4 made up"], done.stderr.decode())
        with open(env["SEEN"], encoding="utf-8") as lines:
            options = lines.read().split("\n")
        assert "--host-resolver-rules=MAP * ~NOTFOUND" in options and "--disable-background-networking" in options, options
        equal("--no-sandbox" in options, os.geteuid() == 0)
        profile, = [o for o in options if o.startswith("--user-data-dir=")]
        assert profile.startswith("--user-data-dir=" + env["TMPDIR"]), profile
        with open(env["SEEN"] + ".home", encoding="utf-8") as home:
            assert home.read().startswith(env["TMPDIR"])
        with open(env["SEEN"] + ".net", encoding="utf-8") as net:
            interfaces = re.findall(r"^ *([\w.-]+):", net.read(), re.M)
        if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0:
            assert set(interfaces) <= {"lo"}, interfaces
        equal(os.listdir(env["TMPDIR"]), [])
    finally:
        folder.__exit__()


def test_one_that_fails_leaves_no_file():
    for what in ("exit 1", "exit 0", 'echo "no PDF" > "$out"', 'kill -9 $$'):
        folder, case = prepared()
        try:
            env = pretend(folder, what)
            out = folder / "x.pdf"
            done = leash("report", case, "--format", "pdf", "-o", out, env=env)
            equal(done.returncode, 4, what)
            assert b"did not print the page" in done.stderr, done.stderr
            assert not os.path.exists(out) and not os.path.exists(out + ".part"), what
            equal(os.listdir(env["TMPDIR"]), [])
        finally:
            folder.__exit__()


run(globals())
