"""What the policy forbids, as lists: `leash report --format hosts|nft|rpz`.  Each entry is one that a rule named, nothing
local is blocked, and the programs that read such lists take them."""
import os
import shutil
import subprocess

from case_kit import Open, small_case
from harness import Folder, equal, leash, need, run

FORMS = ("hosts", "nft", "rpz")
HOSTILE = "x.example\n0.0.0.0 bank.example\r; } add rule \x1b[31m\u202e \\"

# destination, what the lists make of it
DESTINATIONS = {
    "Tracker.Example.": "name", "tracker.example": "name", "api_1.vendor.example": "name", "xn--bcher-kva.example": "name",
    "203.0.113.7": "v4", "2001:db8::7": "v6", "2001:DB8:0::8": "v6",
    "192.168.1.9": "local", "10.1.2.3": "local", "fe80::1": "local", "fd00::1": "local", "224.0.0.251": "local", "ff02::fb": "local",
    "0.0.0.0": "local", "::": "local", "127.0.0.1": "local", "printer": "local", "nas.lan": "local", "cam.local": "local",
    "own.example": "local", "b\u00fccher.example": "odd", "a..example": "odd", "*.wild.example": "odd", "a b.example": "odd",
    "x" * 64 + ".example": "odd", HOSTILE: "odd", "example.org;reboot": "odd", "999.1.1.1": "odd",
}
NOT_FORBIDDEN = ("met.example", "info.example", "observed.example")


def case_of(folder):
    case = small_case(folder)
    with Open(case) as c:
        c.db.execute("DELETE FROM finding")
        c.db.execute("DELETE FROM precaution")
        c.put("precaution", rule="T-1", verdict="not_met", title="Nothing goes there", kind="practice", applies="yes")
        c.put("precaution", rule="T-2", verdict="met", title="All is well", kind="practice", applies="yes")
        c.put("precaution", rule="T-3", verdict="not_met", title="Nor there", kind="practice", applies="yes")
        for name in DESTINATIONS:
            c.put("finding", rule="T-1", severity="high", statement=f"Sent to {name}: {HOSTILE}", destinations=[name])
        c.put("finding", rule="T-3", severity="medium", statement="Another reason.", destinations=["tracker.example", "203.0.113.7"])
        c.put("finding", rule="T-2", severity="high", statement="x", destinations=["met.example"])
        c.put("finding", rule="T-1", severity="info", statement="Accepted by somebody.", destinations=["info.example"])
        c.put("finding", rule="leak", severity="critical", statement="x", destinations=["observed.example"])
        c.put("destination", host="own.example", party="operator", addresses=["203.0.113.99"])
        c.put("destination", host="tracker.example", party="third", owner="Tracker \u202e\n", addresses=["203.0.113.8"], last="2026-05-01T10:00:00Z")
        c.put("destination", host="api_1.vendor.example", party="vendor", addresses=["203.0.113.20", "203.0.113.21", "192.168.1.9"])
        c.put("destination", host="xn--bcher-kva.example", party="third", addresses=["203.0.113.20", "203.0.113.8"])
        c.put("destination", host="met.example", party="third", addresses=["203.0.113.21", "203.0.113.22"])
        c.put("dns", name="tracker.example", type="A", server="203.0.113.7")
    return case


def written(folder, case, form):
    path = folder / ("list." + form)
    done = leash("report", case, "--format", form, "-o", path)
    equal(done.returncode, 0, done.stderr.decode())
    with open(path, encoding="utf-8", newline="") as lines:
        text = lines.read()
    equal(os.stat(path).st_mode & 0o777, 0o600)
    return path, text


def without_comments(text, mark):
    lines = [line.split(mark)[0].strip() for line in text.split("\n")]
    return [line for line in lines if line]


def wanted(*what):
    return sorted({n.lower().rstrip(".") for n, kind in DESTINATIONS.items() if kind in what})


def test_hosts_holds_the_names_and_nothing_else():
    with Folder() as folder:
        case = case_of(folder)
        _, text = written(folder, case, "hosts")
        lines = without_comments(text, "#")
        equal(lines, [line for name in wanted("name") for line in (f"0.0.0.0 {name}", f":: {name}")])
        assert "# tracker.example, owner: Tracker \\u{202e}\\x0a, last seen 2026-05-01\n" in text, text
        assert "#   T-3 (medium): Another reason.\n" in text
        assert "203.0.113.7: an address, which a hosts file cannot block" in text
        equal(text, written(folder, case, "hosts")[1])


def test_nft_holds_the_addresses_and_nft_takes_it():
    with Folder() as folder:
        path, text = written(folder, case_of(folder), "nft")
        elements = [line.rstrip(",") for line in without_comments(text, "#") if line.endswith(",")]
        # Of the names' addresses those at which nothing else was seen, each once.
        equal(elements, ["203.0.113.7", "203.0.113.20", "203.0.113.8", "2001:db8::8", "2001:db8::7"])
        assert "tracker.example: a name, which packet filters do not know (see the forms hosts and rpz); the addresses seen for it are blocked above" in text
        assert "those that are not blocked above: 203.0.113.20, 203.0.113.21" in text
        assert "Names were asked of it" in text
        need("nft")
        if os.geteuid() != 0 and not shutil.which("unshare"):
            return
        command = ["nft", "-c", "-f", path]
        done = subprocess.run(command, capture_output=True, timeout=60)
        if done.returncode and b"Operation not permitted" in done.stderr:
            done = subprocess.run(["unshare", "-rn", *command], capture_output=True, timeout=60)
        equal(done.returncode, 0, done.stderr.decode())


def test_rpz_holds_the_names_and_bind_loads_it():
    with Folder() as folder:
        path, text = written(folder, case_of(folder), "rpz")
        names = [line.split(" IN CNAME .")[0] for line in without_comments(text, ";") if line.endswith(" IN CNAME .")]
        equal(names, wanted("name"))
        need("named-checkzone")
        done = subprocess.run(["named-checkzone", "-i", "local", "rpz.example", path], capture_output=True, timeout=60)
        equal(done.returncode, 0, done.stdout.decode())
        assert b"OK" in done.stdout


def test_what_nobody_forbids_is_not_in_it():
    with Folder() as folder:
        case = case_of(folder)
        for form in FORMS:
            text = written(folder, case, form)[1]
            for name in NOT_FORBIDDEN:
                assert name not in text, (form, name)
            assert "local or your own, which is never blocked" in text
            for c in text:
                assert c == "\n" or " " <= c != "\x7f" and c not in "\u202e\u2028", (form, repr(c))


def test_nothing_forbidden_is_said():
    with Folder() as folder:
        case = small_case(folder)
        with Open(case) as c:
            c.db.execute("DELETE FROM finding")
        for form, mark in (("hosts", "#"), ("nft", "#"), ("rpz", ";")):
            text = written(folder, case, form)[1]
            assert "There is no name to block." in text or "There is no address to block." in text, text
            assert form != "hosts" or without_comments(text, mark) == []


run(globals())
