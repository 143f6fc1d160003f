"""The contract: JSON by its schema, ids that resolve, report forms that parse, a case that
other programs open, secrets that stay masked, exit statuses, names that cannot speak."""
import csv
import glob
import io
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys

import evidence as made
from harness import PROGRAM, SOURCE, Folder, audit, equal, leash, need, run, skip

SECRET = "Z7-Quokka-4471-xyzzy"


def schema():
    try:
        import jsonschema
    except ImportError:
        skip("python3-jsonschema is not installed")
    with open(os.path.join(SOURCE, "doc/report.schema.json"), encoding="utf-8") as f:
        return jsonschema.Draft202012Validator(json.load(f), format_checker=jsonschema.FormatChecker())


def full_evidence(folder):
    c = made.leaking_capture()
    folder.write("in/a.pcap", c.pcap())
    folder.write("in/b.pcapng", made.quiet_capture().pcapng())
    folder.write("in/c.txt", made.flight())
    folder.write("in/d.dat", made.flight(kind="dji-dat"))
    folder.write("in/e.txt", made.flight(14))
    folder.write("in/f.jpg", made.photo())
    folder.write("in/g.zip", made.zip_of([("a.jpg", made.photo(45.51))]))
    folder.write("in/h.pcap", c.pcap()[:3000])
    folder.write("in/i.bin", made.noise(2000))
    folder.write("in/j", b"")
    return folder / "in"


class Full:
    """One audit of everything, made once and looked at by many tests."""
    folder = status = report = None

    def __new__(cls):
        if not cls.folder:
            cls.folder = Folder().__enter__()
            cls.status, cls.report = audit(cls.folder, "--label", "first", "--secret", "name=" + SECRET,
                                           full_evidence(cls.folder))
            cls.case = cls.folder / "case.gpkg"
        return cls


def rows_of(report):
    return [(name, row) for name, rows in report.items() if isinstance(rows, list) for row in rows
            if isinstance(row, dict) and "id" in row]


def valid(report):
    errors = [f"{list(e.absolute_path)}: {e.message}" for e in schema().iter_errors(report)]
    assert not errors, "\n".join(errors[:10])


def test_json_is_valid():
    valid(Full().report)
    for evidence in ([made.flight()], [b""], [made.photo()], [made.noise(50)], [made.quiet_capture().pcap()],
                     [made.leaking_capture().pcap(), made.flight(6)]):
        with Folder() as folder:
            for i, content in enumerate(evidence):
                folder.write(f"in/{i}", content)
            valid(audit(folder, folder / "in")[1])
    with Folder() as folder:
        valid(audit(folder, folder / "nothing")[1])
        valid(audit(folder, "--no-hash", full_evidence(folder))[1])


def test_ids_are_unique_and_resolve():
    report = Full().report
    rows = rows_of(report)
    ids = [row["id"] for _, row in rows]
    equal(len(ids), len(set(ids)))
    known = set(ids)
    for name, row in rows:
        for member in ("flow", "device", "parent"):
            if row.get(member) and name != "flights":
                assert row[member] in known, (name, row[member])
        for member in {"precautions": ["findings"], "findings": ["facts"]}.get(name, []):
            for one in row[member]:
                assert one in known or leash("explain", Full.case, one).returncode == 0, (name, one)
    hashes = {e["sha256"] for e in report["evidence"]} | {e["id"] for e in report["evidence"]}
    for name, row in rows:
        if row["evidence"] is not None:
            assert row["evidence"] in hashes, (name, row)
        if name in ("flows", "dns", "requests", "leaks", "flights", "media", "devices", "identifiers"):
            assert row["evidence"] and row["origin"], (name, row)
    assert report["leaks"] and report["findings"]


def test_explain():
    """Every leak and finding, and one row of every kind there is."""
    Full()
    db = sqlite3.connect(Full.case)
    kinds = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%evidence TEXT%'")]
    ids = [r["id"] for r in Full.report["leaks"] + Full.report["findings"]]
    shown = 0
    for kind in kinds:
        ids += [r[0] for r in db.execute(f'SELECT id FROM "{kind}" LIMIT 1')]
    for one in ids:
        done = leash("explain", Full.case, one)
        equal(done.returncode, 0, one + done.stderr.decode())
        said = done.stdout.decode()
        assert said.startswith(one + "\n"), said[:200]
        shown += "Bytes at offset" in said
        offset = db.execute(f"SELECT origin ->> '$.offset' FROM \"{one.split('-')[0]}\" WHERE id = ?", (one,)).fetchone()[0]
        if offset is not None and "!" not in said:
            assert f"{offset:08x} " in said, said
    db.close()
    assert shown >= 8, shown
    for wrong in ("flow-000000000000-1", "flow", "", "x'; DROP TABLE flow; --", "flow-" + "9" * 300, "../../etc"):
        equal(leash("explain", Full.case, wrong).returncode, 2, wrong)


def test_explain_says_when_evidence_changed():
    with Folder() as folder:
        path = folder.write("a.txt", made.flight())
        _, report = audit(folder, path)
        one = report["flights"][0]["id"]
        folder.write("a.txt", made.flight()[:-1] + b"?")
        said = leash("explain", folder / "case.gpkg", one).stdout
        assert b"SHA-256 differs" in said, said
        equal(leash("verify", folder / "case.gpkg").returncode, 1)
        os.unlink(path)
        equal(leash("explain", folder / "case.gpkg", one).returncode, 0)
        equal(leash("verify", folder / "case.gpkg").returncode, 3)


def test_report_forms():
    Full()
    again = json.loads(leash("report", Full.case, "--format", "json").stdout)
    equal(again, Full.report)
    text = leash("report", Full.case).stdout.decode()
    assert text and "\x1b" not in text and max(len(line) for line in text.splitlines()) <= 120
    page = leash("report", Full.case, "--format", "html").stdout.decode()
    assert page.startswith("<!") and page.rstrip().endswith("</html>")
    shape = json.loads(leash("report", Full.case, "--format", "geojson").stdout)
    equal(shape["type"], "FeatureCollection")
    for feature in shape["features"]:
        equal(feature["type"], "Feature")
        points = feature["geometry"]["coordinates"]
        points = points if feature["geometry"]["type"] == "LineString" else [points]
        assert all(-180 <= p[0] <= 180 and -90 <= p[1] <= 90 for p in points), feature["geometry"]
    table = leash("report", Full.case, "--format", "csv").stdout
    assert b"\r\n" in table  # RFC 4180
    rows = list(csv.DictReader(io.StringIO(table.decode(), newline="")))
    equal(len(rows), sqlite3.connect(Full.case).execute("SELECT count(*) FROM position").fetchone()[0])
    equal(leash("report", Full.case, "--format", "csv", "-o", Full.folder / "tables/").returncode, 0)
    for name in glob.glob(Full.folder / "tables" + "/*.csv"):
        with open(name, newline="", encoding="utf-8") as f:
            lines = list(csv.reader(f, strict=True))
        # T1 to T9 are there even when they are empty
        assert len(lines) > (0 if re.match(r"T\d-", os.path.basename(name)) else 1) and len({len(line) for line in lines}) == 1, name
        equal(stat.S_IMODE(os.stat(name).st_mode), 0o600)


def test_gdal_opens_the_case():
    Full()
    done = subprocess.run([need("ogrinfo"), "-ro", "-al", "-so", Full.case], capture_output=True, text=True)
    equal((done.returncode, done.stderr), (0, ""))
    layers = dict(re.findall(r"Layer name: (\w+)\n(?:.*\n)*?Feature Count: (\d+)", done.stdout))
    db = sqlite3.connect(Full.case)
    for layer in ("flight_path", "position", "media_position", "broadcast_position", "flow", "finding"):
        equal(int(layers[layer]), db.execute(f"SELECT count(*) FROM {layer}").fetchone()[0], layer)
    assert int(layers["position"]) > 300 and int(layers["flight_path"]) >= 2
    part = done.stdout.split("Layer name: position\n")[1]
    west, south, east, north = (float(n) for n in re.search(
        r"Extent: \(([-\d.]+), ([-\d.]+)\) - \(([-\d.]+), ([-\d.]+)\)", part).groups())
    want = db.execute("SELECT min(longitude_deg), min(latitude_deg), max(longitude_deg), max(latitude_deg) FROM position").fetchone()
    for got, expected in zip((west, south, east, north), want):
        assert abs(got - expected) < 1e-5, (got, expected)
    assert "Geometry: 3D Point" in part and "WGS 84" in part
    db.close()


def test_gdals_validator():
    Full()
    try:
        from osgeo_utils.samples import validate_gpkg  # noqa: F401
    except ImportError:
        skip("python3-gdal is not installed")
    done = subprocess.run([sys.executable, "-c", "import sys; from osgeo_utils.samples import validate_gpkg;"
                           "sys.exit(validate_gpkg.check(sys.argv[1], extra_checks=True) or 0)", Full.case],
                          capture_output=True, text=True)
    equal(done.returncode, 0, done.stdout + done.stderr)


def test_sqlite_shell_opens_the_case():
    Full()
    done = subprocess.run([need("sqlite3"), "-readonly", Full.case, "PRAGMA integrity_check; SELECT count(*) FROM flow;"
                           "SELECT schema_version FROM leash_case; PRAGMA application_id; PRAGMA user_version;"],
                          capture_output=True, text=True)
    equal((done.returncode, done.stderr), (0, ""))
    equal(done.stdout.split(), ["ok", str(len(Full.report["flows"])), "1", str(0x47504B47), "10300"])


def every_output(folder):
    for root, _, names in os.walk(folder.path):
        for name in names:
            if "/in" not in root and name != "secret.txt":
                with open(os.path.join(root, name), "rb") as f:
                    yield name, f.read()


def test_secrets_are_masked():
    """A value that is found, and one that is not; given each way."""
    c = made.Capture()
    c.post(40002, b"collect.example.org", made.FOREIGN, b"/", b'{"operator":"' + SECRET.encode() + b'"}')
    with Folder() as folder:
        path = folder.write("in/a.pcap", c.pcap())
        named = folder.write("secret.txt", SECRET.encode() + b"\n")
        for arguments in (["--secret", "name=" + SECRET], ["--secret=name=" + SECRET], ["--secret", "name=@" + named],
                          ["--sec", "name=" + SECRET], ["--secret=name=@" + named]):
            done = leash("audit", "--force", "-o", folder / "case.gpkg", "--html", folder / "r.html", "--json", folder / "r.json",
                         *arguments, path)
            equal(done.returncode, 1, done.stderr.decode())
            outputs = list(every_output(folder)) + [("stdout", done.stdout), ("stderr", done.stderr)]
            for form in ("text", "html", "json", "csv", "geojson"):
                outputs.append((form, leash("report", folder / "case.gpkg", "--format", form).stdout))
            with open(folder / "r.json", encoding="utf-8") as f:
                report = json.load(f)
            assert any(leak["secret"] == "name" for leak in report["leaks"]), report["leaks"]
            assert "--sec" in report["tool"]["command"], report["tool"]["command"]
            for name, content in outputs:
                assert SECRET.encode() not in content, f"{name} after {arguments[0][:9]}"
    with Folder() as folder:
        done = leash("audit", "-o", folder / "case.gpkg", "--html", folder / "r.html", "--secret", SECRET, PROGRAM)
        equal(done.returncode, 2)
        assert SECRET.encode() not in done.stderr, done.stderr


def test_nobody_else_may_read():
    before = os.umask(0)
    try:
        with Folder() as folder:
            path = folder.write("in/a.txt", made.flight())
            audit(folder, path)
            leash("report", folder / "case.gpkg", "--format", "json", "-o", folder / "other.json")
            for name in ("case.gpkg", "report.html", "report.json", "other.json"):
                equal(stat.S_IMODE(os.stat(folder / name).st_mode), 0o600, name)
    finally:
        os.umask(before)


def test_exit_statuses():
    with Folder() as folder:
        good, leak, quiet = (folder.write("in/" + n, c) for n, c in (
            ("a.txt", made.flight()), ("b.pcap", made.leaking_capture().pcap()), ("c.pcap", made.quiet_capture().pcap())))
        equal(audit(folder, good, expect=0)[1]["verdict"], "no_violation_found")
        equal(audit(folder, good, leak, expect=1)[1]["verdict"], "violations")
        half = folder.write("in/d.txt", made.flight()[:9000])
        audit(folder, good, leak, half, expect=1)  # wins over 3
        equal(audit(folder, good, half, expect=3)[1]["verdict"], "incomplete")
        equal(audit(folder, quiet, expect=3)[1]["verdict"], "incomplete")  # nearly all of it was opaque
        audit(folder, folder / "none", expect=2)
        equal(leash("audit", "-o", "/proc/nothing/case.gpkg", good).returncode, 4)
        _, report = audit(folder, good, leak)
        worst = [f["severity"] for f in report["findings"]]
        assert "high" in worst or "critical" in worst, worst
        for level in ("info", "low", "medium", "high"):
            audit(folder, "--fail-on", level, good, leak, expect=1)


def test_usage_errors():
    with Folder() as folder:
        good = folder.write("a.txt", made.flight())
        case = folder / "case.gpkg"
        audit(folder, good)
        for arguments in ([], ["nonsense"], ["audit"], ["audit", "--nonsense", good], ["audit", "--policy"],
                          ["audit", "--policy", folder / "none.yaml", good], ["audit", "--local", "10.0.0.0/99", good],
                          ["audit", "--local", "somewhere", good], ["audit", "--geoip", folder / "none.mmdb", good],
                          ["audit", "--dji-keychain", folder / "none.json", good],
                          ["audit", "--dji-keychain", good, good], ["facts", "--dji-keychain", good, good],
                          ["audit", "--rid-key", folder / "none.pem", good], ["audit", "--rid-key", good, good],
                          ["facts", "--rid-key", good, good],
                          ["audit", "--fail-on", "sometimes", good], ["audit", "--secret", "novalue", good],
                          ["audit", "--secret", "n=@" + folder / "none", good], ["audit", "--readers", "0", good],
                          ["audit", "--readers", "x", good], ["audit", "-o", case, good], ["facts"], ["report"],
                          ["report", case, "--format", "papyrus"], ["report", good], ["report", folder / "none"],
                          ["explain", case], ["explain", case, "flow-1", "more"], ["verify"], ["verify", good]):
            done = leash(*arguments)
            equal(done.returncode, 2, f"{arguments}: {done.stderr.decode()}")
            assert done.stderr and done.stdout == b"", arguments
        for command in ("audit", "report", "explain", "facts", "policy", "verify"):
            done = leash(command, "--help")
            equal((done.returncode, done.stderr), (0, b""))
            assert b"Exit status" in done.stdout or command == "policy", command


def test_geoip_that_is_no_database():
    with Folder() as folder:
        path = folder.write("in/a.pcap", made.quiet_capture().pcap())
        wrong = folder.write("wrong.mmdb", made.noise(4000))
        _, report = audit(folder, "--geoip", wrong, path, expect=3)
        assert all(d["location_country"] is None for d in report["destinations"])
        assert any("wrong.mmdb" in n for n in report["coverage"]["notes"]), report["coverage"]["notes"]


def test_local_side():
    """--local turns what is out and in around."""
    with Folder() as folder:
        path = folder.write("in/a.pcap", made.quiet_capture().pcap())
        _, usual = audit(folder, path)
        _, turned = audit(folder, "--local", made.FOREIGN, path)
        _, by_mac = audit(folder, "--local", "02:00:00:00:00:02", path)
        flow = lambda report: next(f for f in report["flows"] if f["proto"] == "tcp")
        equal(flow(usual)["src"], made.PHONE)
        equal(flow(turned)["src"], made.FOREIGN)
        equal((flow(turned)["bytes_out"], flow(turned)["bytes_in"]), (flow(usual)["bytes_in"], flow(usual)["bytes_out"]))
        assert flow(by_mac)["src"] in (made.PHONE, made.FOREIGN)


def test_the_far_end_of_a_tunnel_is_named():
    """Between private addresses, but through a tunnel (GRE) to a server: that one has what was sent, and is named."""
    serial, inside, server = "1581F5BMD229X00A4T7K", made.Capture(), made.Capture()
    for i in range(20):
        inside.udp("10.9.0.2", 5000, "10.9.0.1", 6000, b'{"sn":"%s","n":%d}' % (serial.encode(), i))
    for _, _, frame, _ in inside.records:
        server.ip(made.PHONE, made.FOREIGN, 47, b"\0\0\x08\0" + frame[14:])
    with Folder() as folder:
        path = folder.write("in/a.pcap", server.pcap())
        _, report = audit(folder, "--secret", "serial=" + serial, path, expect=1)
        equal({leak["destination"] for leak in report["leaks"]}, {made.FOREIGN})
        equal([d["addresses"] for d in report["destinations"]], [[made.FOREIGN]])
        equal([(f["src"], f["dst"], f["dst_port"]) for f in report["flows"]], [("10.9.0.2", made.FOREIGN, 6000)])
        case = sqlite3.connect(folder / "case.gpkg")
        equal(case.execute("SELECT tunnel_to, dst_inside, local FROM flow").fetchall(), [(made.FOREIGN, "10.9.0.1", 0)])
        case.close()


def test_standard_input():
    with Folder() as folder:
        content = made.leaking_capture().pcap()
        path = folder.write("in/a.pcap", content)
        named, piped = leash("facts", path), leash("facts", "-", stdin=content)
        equal((named.returncode, piped.returncode), (0, 0))
        done = leash("audit", "-o", folder / "case.gpkg", "--html", folder / "r.html", "--json", "-", "-", stdin=content)
        equal(json.loads(done.stdout)["evidence"][0]["path"], "-")
        equal(leash("facts", "-", stdin=b"").returncode, 2)


def test_no_network_is_needed():
    if os.geteuid() != 0 or subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode != 0:
        skip("a network namespace needs root")
    with Folder() as folder:
        path = full_evidence(folder)
        done = subprocess.run(["unshare", "-n", PROGRAM, "audit", "-o", folder / "case.gpkg", "--html", folder / "report.html",
                               "--json", folder / "report.json", "--label", "first", "--secret", "name=" + SECRET, path],
                              capture_output=True)
        equal(done.returncode, Full().status, done.stderr.decode())
        with open(folder / "report.json", encoding="utf-8") as f:
            equal(json.load(f)["destinations"], Full.report["destinations"])
        if os.path.exists("/usr/bin/strace"):
            done = subprocess.run(["strace", "-f", "-qq", "-e", "trace=socket,connect", "-o", folder / "calls", PROGRAM, "facts",
                                   path], capture_output=True)
            with open(folder / "calls", encoding="utf-8") as f:
                calls = [line for line in f if "AF_INET" in line or "AF_NETLINK" in line]
            equal(calls, [])


NAMES = [b"esc\x1b[31mred\x1b]0;title\x07.txt", b"line\nbreak.txt", b"<script>alert(1).txt", b"quote\"'`$(id).txt",
         b"=cmd|' !A0.txt", b"@SUM(1).txt", b"+1.txt", b"-1.txt", b"not utf-8 \xff\xfe\x80.txt", b"c1 \xc2\x9b31m.txt",
         b"right-to-left \xe2\x80\xae txt.gpj", b"tab\there.txt", b"del\x7f.txt", b"cr\rover.txt", b"&amp;<!--.txt",
         b"<img src=x onerror=alert(2)>.txt"]


def hostile_evidence(folder):
    """Names and texts that would speak for themselves: in files, archives, host names, headers and records."""
    os.makedirs(folder / "in")
    for i, name in enumerate(NAMES):
        with open(os.path.join((folder / "in").encode(), name), "wb") as f:
            f.write(made.example("flight", "--duration", "3", "--serial", "<b>%d\x1b[2J" % i))
    folder.write("in/names.zip", made.zip_of([("<img src=x>/\x1b[1m\n=1+1", made.photo()), ('"><script>', b"\0\1")]))
    c = made.Capture()
    c.name_lookup(1, [b"<script>x", b"\x1b[31m", b"a\nb", b"=1+1"], made.FOREIGN)
    c.post(40002, b"<script>alert(3)</script>", made.FOREIGN, b"/\x1b[31m</script><script>alert(4)</script>", made.flight_json(),
           b"Content-Type: =HYPERLINK(1)\r\n", agent=b"\x1b]0;owned\x07<svg onload=alert(5)>\xff\xfe")
    c.tls(40003, b"<script>y\x1b[0m\n=2+2", made.WEB)
    folder.write("in/hostile.pcap", c.pcap())
    return folder / "in"


def plain_text(data, what):
    """No control character but the line break, and only valid UTF-8."""
    for i, c in enumerate(data.decode("utf-8")):
        assert c == "\n" or ord(c) >= 0x20 and not 0x7f <= ord(c) < 0xa0 and c not in "\u202e\u2066\u2067\u202a\u202b\u202d", \
            f"{what}: {c!r} in {data.decode()[max(0, i - 60):i + 20]!r}"


def test_hostile_names():
    with Folder() as folder:
        path = hostile_evidence(folder)
        done = leash("audit", "-o", folder / "case.gpkg", "--html", folder / "r.html", "--json", folder / "r.json",
                     "--label", "<script>\x1b[31m", path)
        assert done.returncode in (1, 3), done.stderr
        plain_text(done.stdout, "summary")
        plain_text(done.stderr, "errors")
        with open(folder / "r.json", encoding="utf-8") as f:
            report = json.load(f)
        valid(report)
        equal(len([e for e in report["evidence"] if e["kind"] == "dji-txt"]), len(NAMES))
        plain_text(leash("report", folder / "case.gpkg").stdout, "text")
        plain_text(leash("verify", folder / "case.gpkg").stdout, "verify")
        plain_text(leash("report", folder / "case.gpkg", "--format", "json").stdout, "json")
        plain_text(leash("report", folder / "case.gpkg", "--format", "geojson").stdout, "geojson")
        plain_text(leash("facts", path).stdout, "facts")
        for name, row in rows_of(report):
            if name in ("evidence", "flows", "requests", "dns", "leaks", "identifiers"):
                plain_text(leash("explain", folder / "case.gpkg", row["id"]).stdout, row["id"])
        page = open(folder / "r.html", "rb").read().decode("utf-8")
        for word in ("<script>alert", "<img src=x", "<svg onload", "<b>0", "</script><script>alert", "<script>x", "<script>y"):
            assert word not in page, page[max(0, page.find(word) - 100):page.find(word) + 60]
        equal(page.count("<script"), page.count("</script>"))
        assert "\x1b" not in page and "\x07" not in page
        equal(leash("report", folder / "case.gpkg", "--format", "csv", "-o", folder / "tables/").returncode, 0)
        for name in glob.glob(folder / "tables" + "/*.csv"):
            with open(name, newline="", encoding="utf-8") as f:
                for line in csv.reader(f, strict=True):
                    for cell in line:
                        number = re.fullmatch(r"[-+]?[0-9.]+(e[-+]?\d+)?", cell)
                        assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)


def test_errors_name_hostile_paths_safely():
    with Folder() as folder:
        bad = "\x1b[31mred\nnew"
        for arguments in (["report", folder / bad], ["explain", folder / bad, "flow-1"], ["verify", folder / bad],
                          ["audit", "--policy", folder / bad, "x"], ["audit", "-o", folder / bad + "/x", PROGRAM],
                          ["audit", "--fail-on", bad, "x"], [bad], ["audit", "--" + bad]):
            done = leash(*arguments)
            plain_text(done.stderr, str(arguments))
            assert b"red\nnew" not in done.stderr, arguments


run(globals())
