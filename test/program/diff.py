"""Phases and comparing cases: what leash diff says against what the audits' own reports hold."""
import hashlib
import html.parser
import json
import os
import re
import shutil
import sqlite3
import stat
import sys

import evidence as made
from harness import SOURCE, Folder, audit, equal, leash, run, skip

LISTS = ["destinations", "data_items", "stored", "identifiers", "packages", "components", "permissions", "signers", "broadcasts",
         "settings", "verdicts", "findings"]
CHATTY, MAP, FOREIGN, WEB = "telemetry.example-drone.com", "tiles.example.org", made.FOREIGN, made.WEB


def capture(tell=True, size=3000):
    c = made.Capture()
    c.name_lookup(1, MAP, WEB)
    c.tls(40001, MAP, WEB, size)
    if tell:
        c.name_lookup(2, "log.example-drone.cn", FOREIGN)
        c.tls(40002, CHATTY, FOREIGN)
        c.post(40003, b"log.example-drone.cn", FOREIGN, b"/v1/track", made.flight_json(), b"Content-Type: application/json\r\n")
    else:
        c.tls(40004, "help.example.net", FOREIGN)
    return c.pcap()


def case(folder, name, files, *options):
    """Audits the files; gives the path of the case and the report."""
    for file, content in files.items():
        folder.write(f"{name}/{file}", content)
    path = folder / f"{name}.gpkg"
    done = leash("audit", "-o", path, "--html", folder / "page.html", "--json", folder / f"{name}.json", *options, folder / name)
    assert done.returncode in (0, 1, 3), (done.returncode, done.stderr)
    with open(folder / f"{name}.json", encoding="utf-8") as f:
        return path, json.load(f)


class Pair:
    """A mode off and on, made once."""
    folder = None

    def __new__(cls):
        if not cls.folder:
            cls.folder = Folder().__enter__()
            cls.off, cls.off_report = case(cls.folder, "off", {"a.pcap": capture(), "log.txt": made.flight()}, "--label", "mode off")
            cls.on, cls.on_report = case(cls.folder, "on", {"a.pcap": capture(False, 5000), "log.txt": made.flight()}, "--label", "mode on")
        return cls


def compare(*cases, expect=1):
    done = leash("diff", *cases, "--format", "json")
    equal(done.returncode, expect, done.stderr.decode())
    found = json.loads(done.stdout)
    valid(found)
    equal(found["differs"], expect == 1, "differs")
    return found


def valid(found):
    try:
        import jsonschema
    except ImportError:
        skip("python3-jsonschema is not installed")
    with open(os.path.join(SOURCE, "doc/diff.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = [f"{list(e.absolute_path)}: {e.message}" for e in jsonschema.Draft202012Validator(schema).iter_errors(found)]
    assert not errors, "\n".join(errors[:10])


def item(found, name, **keys):
    rows = [r for r in found[name]["items"] if all(r[k] == v for k, v in keys.items())]
    equal(len(rows), 1, (name, keys))
    return rows[0]


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def test_a_case_does_not_differ_from_itself():
    Pair()
    before = digest(Pair.off)
    found = compare(Pair.off, Pair.off, expect=0)
    for name in LISTS:
        equal(found[name]["items"], [], name)
        equal({k: v for k, v in found[name]["counts"].items() if k != "same"}, {"new": 0, "not_seen": 0, "changed": 0}, name)
    equal([c["name"] for c in found["cases"]], ["mode off", "mode off (off.gpkg)"])
    equal(found["notes"], [])
    said = leash("diff", Pair.off, Pair.off).stdout.decode()
    assert said.startswith("No difference was found in what these cases hold.\n"), said[:100]
    equal(digest(Pair.off), before, "the case")
    equal([n for n in os.listdir(Pair.folder.path) if n.startswith("off.gpkg")], ["off.gpkg"])


def test_destinations_as_the_reports_have_them():
    found = compare(Pair().off, Pair.on)
    reports = [{d["host"] or d["addresses"][0]: d for d in r["destinations"] if d["party"] != "local"}
               for r in (Pair.off_report, Pair.on_report)]
    listed = {r["destination"]: r for r in found["destinations"]["items"]}
    for host in set(reports[0]) | set(reports[1]):
        seen = [host in r for r in reports]
        row = listed.pop(host, None)
        members = ("owner", "party", "purpose", "operator_country", "registry_country", "location_country", "flows", "bytes_out", "bytes_in")
        differs = all(seen) and [m for m in members if reports[0][host][m] != reports[1][host][m]]
        want = "new" if not seen[0] else "not_seen" if not seen[1] else "changed" if differs else None
        equal(row and row["change"], want, host)
        for k in range(2):
            equal(bool(row and row["cases"][k]), bool(row) and seen[k], (host, k))
            for m in members:
                if row and seen[k]:
                    equal(row["cases"][k][m], reports[k][host][m], (host, m))
        if differs:
            assert set(differs) <= set(row["changed"]), (host, row)
    equal(listed, {})
    equal(item(found, "destinations", destination=MAP)["change"], "changed")
    equal(item(found, "destinations", destination=CHATTY)["change"], "not_seen")
    equal(item(found, "destinations", destination="help.example.net")["change"], "new")


def test_the_matrix_adds_up():
    found = compare(Pair().off, Pair.on)
    for k, report in enumerate((Pair.off_report, Pair.on_report)):
        db = sqlite3.connect((Pair.off, Pair.on)[k])
        outside = {r[0] for r in db.execute("SELECT id FROM flow WHERE local IS NOT 1")}
        flows = [f for f in report["flows"] if f["id"] in outside]
        everything = item(found, "matrix", device=None)["cases"][k]
        equal(everything["flows"], len(flows))
        for sums in ("bytes_out", "bytes_in", "opaque_out", "missing_out"):
            equal(everything[sums], sum(f[sums] for f in flows), sums)
            for name in ("matrix", "phases"):
                equal(sum(r["cases"][k][sums] for r in found[name]["items"] if r["cases"][k] and r["device"]), everything[sums], (name, sums))
        equal(everything["destinations"], len({f["host"] or f["dst"] for f in flows}))
        by_phase = {}
        for f in flows:
            by_phase[f["phase"] or "unknown"] = by_phase.get(f["phase"] or "unknown", 0) + 1
        got = {}
        for row in found["phases"]["items"]:
            if row["cases"][k]:
                got[row["phase"]] = got.get(row["phase"], 0) + row["cases"][k]["flows"]
        equal(got, by_phase)
        db.close()


def test_a_device_has_its_name():
    with Folder() as folder:
        named = folder / "named.gpkg"
        shutil.copy(Pair().off, named)
        db = sqlite3.connect(named)
        mac = db.execute("SELECT src_mac FROM flow WHERE local IS NOT 1").fetchone()[0]
        db.execute("INSERT INTO device (id, role, model, mac) VALUES ('d', 'phone', 'Example 8', ?)", (mac.upper(),))
        db.commit()
        db.close()
        found = json.loads(leash("diff", Pair.off, named, "--format", "json").stdout)
        equal([v["name"] for v in item(found, "matrix", device=mac)["cases"]], [None, "Example 8"])
        assert f"  {mac} (Example 8)\n" in leash("diff", Pair.off, named).stdout.decode()
        assert "Example 8" in " ".join(page_of(Pair.off, named)[0].said)


def test_known_data_and_findings():
    found = compare(Pair().off, Pair.on)
    row = item(found, "data_items", what="flight_path", destination="log.example-drone.cn")
    equal((row["change"], row["value_of"], row["cases"][1]), ("not_seen", "flight", None))
    assert row["cases"][0]["points"] >= 100
    row = item(found, "findings", rule="leak", destinations="log.example-drone.cn")
    equal((row["change"], row["cases"][0]["severity"], row["cases"][1]), ("not_seen", "critical", None))
    back = compare(Pair.on, Pair.off)
    equal(item(back, "data_items", what="flight_path")["change"], "new")


def test_verdicts_as_the_reports_have_them():
    found = compare(Pair().off, Pair.on)
    verdicts = []
    for path in (Pair.off, Pair.on):
        db = sqlite3.connect(path)
        verdicts.append(dict(db.execute("SELECT rule, verdict FROM precaution")))
        db.close()
    want = {rule for rule in verdicts[0] if verdicts[0][rule] != verdicts[1][rule]}
    equal({r["rule"] for r in found["verdicts"]["items"] if "verdict" in r["changed"]}, want)


def test_what_was_not_looked_at_is_no_difference():
    """A case without a capture cannot have lost a destination."""
    with Folder() as folder:
        none, _ = case(folder, "none", {"log.txt": made.flight()}, "--label", "no capture")
        found = compare(Pair().off, none)
        for name in ("matrix", "phases", "destinations"):
            equal(found[name]["compared"], ["yes", "no_evidence"], name)
        equal(found["destinations"]["items"], [])
        equal(found["data_items"]["items"], [])
        assert any("\"no capture\" holds no capture" in n for n in found["notes"]), found["notes"]
        said = leash("diff", Pair.off, none).stdout.decode()
        assert "\"no capture\" holds no network capture: nothing can be said about it." in said, said
        assert "absent" not in said and "gone" not in said
        short, _ = case(folder, "short", {"a.pcap": capture()[:3500], "log.txt": made.flight()}, "--label", "short")
        notes = " ".join(compare(Pair.off, short)["notes"])
        assert "what was not seen in \"short\" may not have been recorded" in notes, notes


def test_more_than_two_cases():
    with Folder() as folder:
        third, _ = case(folder, "third", {"a.pcap": capture(), "log.txt": made.flight()})
        found = compare(Pair().on, Pair.off, third)
        equal([c["name"] for c in found["cases"]], ["mode on", "mode off", "third.gpkg"])
        row = item(found, "destinations", destination=CHATTY)
        equal((row["change"], [bool(v) for v in row["cases"]]), ("new", [False, True, True]))
        row = item(found, "destinations", destination="help.example.net")
        equal((row["change"], [bool(v) for v in row["cases"]]), ("not_seen", [True, False, False]))
        equal(leash("diff", *[third] * 16).returncode, 0)
        text = leash("diff", Pair.on, Pair.off, third).stdout.decode()
        assert "third.gpkg" in text


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.said, self.open = set(), [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        equal(self.open.pop(), tag, "end of an element")

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.said.append(data)


def page_of(*cases):
    done = leash("diff", *cases, "--format", "html")
    assert done.returncode in (0, 1), done.stderr
    page = Page()
    page.feed(done.stdout.decode())
    page.close()
    equal(page.open, [])
    return page, done.stdout.decode()


def test_the_page():
    page, text = page_of(Pair().off, Pair.on)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text).group(1)
    style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
    import base64
    want = "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    equal(policy, f"default-src 'none'; style-src '{want}'; base-uri 'none'; form-action 'none'")
    assert not page.tags & {"script", "link", "img", "iframe", "form", "object"}, page.tags
    for name, value in page.attributes:
        assert name not in ("style", "src") and not name.startswith("on"), (name, value)
        assert name != "href" or value.startswith("#"), value
    said = " ".join(page.said)
    for words in ("The cases differ.", "mode off", "mode on", CHATTY, "not seen again", "not seen", "What each case rests on"):
        assert words in said, words


def test_hostile_names_stay_text():
    bad = "<script>alert(1)</script>\x1b[31m\u202e\"'&"
    host = b"<img src=x onerror=alert(1)>.example\x1b[2J"
    with Folder() as folder:
        c = made.Capture()
        c.tls(40001, host, WEB)
        c.post(40002, b"\x1b]0;evil\x07<svg onload=alert(1)>", FOREIGN, b"/x", b"y")
        one, _ = case(folder, "one", {"a.pcap": c.pcap(), "log.txt": made.flight()}, "--label", bad)
        two = folder / "two.gpkg"
        shutil.copy(one, two)
        db = sqlite3.connect(two)
        db.execute("INSERT INTO setting (id, subject, name, value) VALUES ('s', '<b>', ?, ?)", (bad, bad))
        db.execute("INSERT INTO package (id, package, permissions, signers) VALUES ('p', ?, '[\"<i>\", 3, null]', '{\"sha256\": 1}')", (bad,))
        db.execute("INSERT INTO package (id, package, permissions, signers) VALUES ('q', 'x', 'no json', '[{\"sha256\": {}}, 7]')")
        db.execute("INSERT INTO finding (id, rule, statement, destinations) VALUES ('f', ?, ?, '[\"<u>\", [[1]]]')", (bad, bad))
        db.execute("INSERT INTO flow (id, src, src_mac, host, phase, bytes_out) VALUES ('g', ?, ?, ?, ?, 9223372036854775807)", (bad,) * 4)
        db.execute("UPDATE run SET value = ? WHERE key = 'coverage'", ("{",))
        db.commit()
        db.close()
        page, text = page_of(one, two)
        assert not page.tags & {"script", "img", "svg", "b", "i", "u"}, page.tags
        assert "\x1b" not in text and "\u202e" not in text
        said = leash("diff", one, two).stdout.decode()
        assert "\x1b" not in said and "\u202e" not in said and "\\x1b[31m" in said
        found = json.loads(leash("diff", one, two, "--format", "json").stdout)
        valid(found)
        equal(found["cases"][0]["label"], bad)


def test_a_case_of_another_version():
    with Folder() as folder:
        older = folder / "older.gpkg"
        shutil.copy(Pair().off, older)
        db = sqlite3.connect(older)
        db.execute("DROP TABLE setting")
        db.execute("ALTER TABLE component DROP COLUMN purpose")
        db.execute("ALTER TABLE flow DROP COLUMN phase")
        db.commit()
        db.close()
        found = compare(Pair.off, older)
        for name in ("settings", "components"):
            equal(found[name]["compared"], ["no_evidence", "not_kept"], name)
        equal(found["destinations"]["compared"], ["yes", "not_kept"])
        equal(found["verdicts"]["counts"]["changed"], 0)
        text = leash("diff", Pair.off, older).stdout.decode()
        assert "was made by a version of leash that does not keep this" in text


def test_damaged_cases():
    with Folder() as folder:
        with open(Pair().off, "rb") as f:
            good = f.read()
        state = 1
        for nth in range(12):
            cut = bytearray(good[:len(good) * (nth + 1) // 13] if nth < 4 else good)
            for _ in range(0 if nth < 4 else 400):
                state = (state * 1103515245 + 12345) % 2**31
                cut[1024 + state % (len(cut) - 1024)] ^= 1 << state % 8
            path = folder.write("bad.gpkg", bytes(cut))
            for form in ("text", "json", "html"):
                done = leash("diff", path, Pair.off, "--format", form)
                assert done.returncode in (0, 1, 2, 4), (nth, form, done.returncode, done.stderr)
                assert b"Sanitizer" not in done.stderr, done.stderr


def test_usage():
    Pair()
    with Folder() as folder:
        junk = folder.write("junk.gpkg", b"junk")
        for arguments in ([], [Pair.off], [Pair.off, junk], [Pair.off, folder / "none"], [Pair.off] * 17,
                          [Pair.off, Pair.on, "--format", "pdf"], [Pair.off, Pair.on, "--nonsense"]):
            done = leash("diff", *arguments)
            equal(done.returncode, 2, arguments)
            assert b"leash diff --help" in done.stderr, done.stderr
        out = folder / "out.html"
        equal(leash("diff", Pair.off, Pair.on, "--format", "html", "-o", out).returncode, 1)
        equal(stat.S_IMODE(os.stat(out).st_mode), 0o600)
        equal(leash("diff", Pair.off, Pair.off, "-o", out).returncode, 0)
        if os.path.exists("/dev/full"):
            for form in ("text", "json", "html"):
                equal(leash("diff", Pair.off, Pair.on, "--format", form, "-o", "/dev/full").returncode, 4, form)


def test_the_example():
    """examples/privacy-mode is what its script makes, and shows what doc/privacy-mode.md says."""
    import subprocess
    with Folder() as folder:
        subprocess.run([sys.executable, os.path.join(SOURCE, "examples", "privacy_mode.py"), "-o", folder / "made"], check=True)
        cases = []
        for mode in ("off", "on"):
            committed = os.path.join(SOURCE, "examples", "privacy-mode", mode)
            for below, _, names in os.walk(os.path.join(folder / "made", mode)):
                for name in names:
                    path = os.path.join(below, name)
                    equal(digest(os.path.join(committed, os.path.relpath(path, os.path.join(folder / "made", mode)))), digest(path), path)
            cases.append(folder / f"{mode}.gpkg")
            audit_status = leash("audit", "-o", cases[-1], "--html", folder / "page.html", "--label", "privacy mode " + mode, committed)
            assert audit_status.returncode in (1, 3), audit_status.stderr
        found = compare(*cases)
        equal({(r["destination"], r["change"]) for r in found["destinations"]["items"] if r["change"] != "changed"},
              {("mydjiflight.dji.com", "not_seen"), ("track.example-cloud.cn", "not_seen")})
        equal([(r["what"], r["change"]) for r in found["data_items"]["items"]], [("flight_path", "not_seen")])
        phases = {r["phase"]: [bool(v) for v in r["cases"]] for r in found["phases"]["items"]}
        equal(phases, {"launch": [True, True], "activation": [True, True], "flight": [True, True], "sync": [True, False], "idle": [True, True]})
        equal(item(found, "destinations", destination="mydjiflight.dji.com")["cases"][0]["phases"], "flight, sync")
        text = leash("diff", *cases).stdout.decode()
        with open(os.path.join(SOURCE, "doc", "privacy-mode.md"), encoding="utf-8") as f:
            shown = re.search(r"^(Destinations: .*?)^```", f.read(), re.M | re.S).group(1)
        assert shown in text, text


# Phases

def test_phases_of_an_audit():
    """The capture begins with the flight at 09:30:00 and takes less than a second."""
    with Folder() as folder:
        for name, options, want in (
                ("a", [], {"flight"}),
                ("b", ["--phase", "local data mode=2024-05-14T09:30:00Z..2024-05-14T09:31:00Z"], {"local data mode"}),
                ("c", ["--phase", "local data mode=2024-05-14T11:30:00+02:00..2024-05-14T11:30:00.010+02:00"], {"local data mode", "flight"})):
            path, report = case(folder, name, {"a.pcap": capture(), "log.txt": made.flight()}, *options)
            equal({f["phase"] for f in report["flows"]}, want, name)
            db = sqlite3.connect(path)
            phases = json.loads(db.execute("SELECT value FROM run WHERE key = 'phases'").fetchone()[0])
            equal({p["phase"] for p in phases}, want, name)
            equal(sum(p["flows"] for p in phases), len(report["flows"]), name)
            equal({p["basis"] for p in phases}, {"option" if "mode" in w else "flight_log" for w in want}, name)
            db.close()
        path, report = case(folder, "d", {"a.pcap": capture()})
        equal({f["phase"] for f in report["flows"]}, {None}, "nobody knows when a flight was")
        _, report = case(folder, "e", {"a.pcap": capture(), "log.txt": made.flight()}, "--phase", "x=2030-01-01T00:00:00Z..2030-01-01T01:00:00Z")
        assert any("No connection began within the phase \"x\"" in n for n in report["coverage"]["notes"]), report["coverage"]["notes"]


def test_the_rules_see_a_phase():
    """Local Data Mode by the phase alone: what was sent to the maker in it counts."""
    with Folder() as folder:
        policy = folder.write("policy.yaml", b"version: 1\nname: claims\nprofiles:\n  - dji-claims\n")
        c = made.Capture()
        c.tls(40001, "api.dji.com", WEB)
        verdicts = []
        for name, mode in (("on", "local data mode"), ("other", "anything else")):
            _, report = case(folder, name, {"a.pcap": c.pcap(), "log.txt": made.flight()}, "--policy", policy, "--phase",
                             f"{mode}=2024-05-14T09:29:00Z..2024-05-14T09:40:00Z")
            verdicts.append({p["title"]: p["verdict"] for p in report["precautions"] if p["kind"] == "vendor_claim"})
        differing = [t for t in verdicts[0] if verdicts[0][t] != verdicts[1][t]]
        assert "not_met" in {verdicts[0][t] for t in differing}, verdicts


def test_phases_that_are_refused():
    with Folder() as folder:
        log = folder.write("log.txt", made.flight())
        for argument, why in (("flight=2024-05-14T09:30:00..2024-05-14T09:31:00", "no zone"), ("x", "NAME=FROM..TO"),
                              ("x=2024-05-14T09:31:00Z..2024-05-14T09:30:00Z", "ends before")):
            done = leash("audit", "-o", folder / "c.gpkg", "--phase", argument, log)
            equal(done.returncode, 2, argument)
            assert why in done.stderr.decode(), done.stderr
            assert not os.path.exists(folder / "c.gpkg")
        many = [a for i in range(65) for a in ("--phase", f"p{i}=2024-05-14T09:30:00Z..2024-05-14T09:31:00Z")]
        equal(leash("audit", "-o", folder / "c.gpkg", *many, log).returncode, 2)


sys.exit(run(globals()))
