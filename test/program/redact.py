"""`leash report --redact`: field by field, in every form.  Secrets that the case knows, planted in each text of each kind of
row, are in no form; values that nobody else should see are gone even where leash does not know them; places are cells
of one grid; and what the replacing misses the search finds, and then nothing is written."""
import base64
import glob
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import zlib

from case_kit import Open, kinds, small_case
from harness import Folder, equal, leash, run

NOT_HERE = {"pdf"}  # needs Chromium: test/program/pdf.py


def forms():
    usage = leash("report", "--help").stdout.decode()
    return [f for f in re.search(r"--format ([a-z|]+)", usage).group(1).split("|") if f not in NOT_HERE]


def redacted(folder, case, expect=0):
    """Every form, and csv as a folder; name -> bytes."""
    made = {}
    temporary = folder / "temporary"  # of these runs alone: others leave what they like in /tmp
    os.makedirs(temporary, exist_ok=True)
    for form in forms():
        done = leash("report", case, "--format", form, "--redact", env={"TMPDIR": temporary})
        equal(done.returncode, expect, (form, done.stderr.decode()))
        made[form] = done.stdout
    out = folder / "tables/"
    done = leash("report", case, "--format", "csv", "--redact", "-o", out, env={"TMPDIR": temporary})
    equal(done.returncode, expect, done.stderr.decode())
    for path in glob.glob(out + "*"):
        with open(path, "rb") as content:
            made[os.path.basename(path)] = content.read()
    equal(os.listdir(temporary), [], "what is left behind")
    return made


def planted(c, text_of):
    """A row of each kind with a text of its own in each text column; lists and JSON hold it as a member."""
    db, texts = c.db, {}
    json_columns = {(t, n) for t, columns in kinds(db).items() for n in columns
                    if n in ("answers", "serials", "sources", "tls_alpn", "addresses", "country_sources", "decoding", "hits", "anomalies", "details",
                             "permissions", "implied_permissions", "signers", "profiles", "needs", "findings", "facts", "destinations", "names")}
    times = {"time", "first", "last", "start", "end", "taken", "at", "matched_from", "matched_to", "not_before", "not_after"}
    for table, columns in kinds(db).items():
        row = {}
        for name, kind in columns.items():
            if kind != "TEXT" or name in ("id", "evidence", "origin"):
                continue
            if name in times:
                row[name] = "2026-05-01T09:30:00Z"
                continue
            text = texts[table, name] = text_of(table, name)
            row[name] = [text] if (table, name) in json_columns else text
        if row:
            c.put(table, **row)
    c.put("flow", 77, src="192.168.7.7", dst="203.0.113.9", host="x.example",
          origin={"packets": [1, 2], "steps": [texts.setdefault(("origin", "steps"), text_of("origin", "steps"))]})
    return texts


def holds(content, value):
    """As itself, or as the text of JSON, XML and HTML would have it."""
    return value.encode() in content


def test_known_secrets_are_in_no_form():
    with Folder() as folder:
        case = small_case(folder)
        with Open(case) as c:
            number = [0]

            def secret(table, name):
                number[0] += 1
                value = f"1TESTX{number[0]:04}{table[:3].upper()}{name[:3].upper()}Z".replace("_", "Q")
                c.put("device", 5000 + number[0], role="aircraft", serial=value)
                return f"before {value} after" if table != "device" else value
            texts = planted(c, secret)
        assert len(texts) > 150
        made = redacted(folder, case)
        for (table, name), text in texts.items():
            value = re.search(r"1TESTX\w+Z", text).group()
            for form, content in made.items():
                assert not holds(content.lower(), value.lower()), (table, name, form, value)
        assert b"serial-" in made["json"] and b"serial-" in made["html"]


# What stays although leash does not know it: words of leash's own, of makers and apps, and names of other people's machines.
STAYS = {
    "behaviour": {"kind", "statement", "likelihood"},
    "broadcast": {"kind", "carrier", "id_type", "anomalies", "id_source", "alt_ref", "operator_source"},
    "component": {"package", "name", "kind", "version", "owner", "country", "state", "purpose", "fcc_class", "source", "licence"},
    "damage": {"statement"},
    "destination": {"host", "addresses", "owner", "purpose", "party", "as_name", "operator_country", "registry_country", "location_country",
                    "country_sources", "owner_source", "owner_confidence", "platform", "owner_group"},
    "device": {"role", "vendor", "model", "firmware"},
    "dns": {"name", "type", "answers", "server", "status"},
    "evidence": {"kind", "sha256", "status", "parent"},
    "message": {"level", "time_basis"},
    "exposure": {"kind", "carrier", "operator_source", "statement"},
    "finding": {"rule", "severity", "statement", "facts", "destinations"},
    "flight": {"format", "alt_ref", "app", "app_version", "time_basis", "start_local", "end_local"},
    "flow": {"dst", "proto", "service", "host", "host_source", "phase", "tls_version", "tls_sni", "tls_alpn", "tls_ja3", "tls_ja4", "quic_version",
             "tls_cipher", "tls_ech", "tls_resumption", "tls_alert", "service_by_port", "tunnel_to"},
    "identifier": {"kind"},
    "leak": {"what", "secret", "destination", "decoding", "datum", "claim", "claim_key"},
    "media": {"format", "taken_local", "time_basis", "alt_ref", "model"},
    "network": {"vendor", "security"},
    "package": {"kind", "package", "version", "permissions", "implied_permissions", "signers", "signature", "readable"},
    "position": {"subject", "time_basis", "alt_ref"},
    "precaution": {"title", "source", "source_confidence", "kind", "profiles", "applies", "verdict", "reason", "coverage", "needs", "findings", "rule",
                   "next_step"},
    "request": {"protocol", "method", "host", "content_type"},
    "certificate": {"shown_by"},
    "setting": set(),
    "story": {"aircraft", "sources", "best_track", "best_reason", "time_basis", "alt_ref"},
    "story_source": {"story", "source", "rule", "joined_with", "reason", "time_basis", "alt_ref"},
    "story_difference": {"story", "kind", "source", "other", "unit", "statement"},
    "origin": {"steps"},
}


def test_what_nobody_else_should_see_is_gone():
    with Folder() as folder:
        case = small_case(folder)
        number = [0]

        def canary(table, name):
            number[0] += 1
            return hashlib.sha256(f"{table}.{name}".encode()).hexdigest()[:20] + ".example"  # none is like another
        with Open(case) as c:
            texts = planted(c, canary)
        made = redacted(folder, case)
        for (table, name), text in texts.items():
            seen = [form for form, content in made.items() if text.encode() in content]
            if name not in STAYS.get(table, ()):
                equal(seen, [], (table, name))


COORDINATE = re.compile(rb"(?<![\d.])-?\d{1,3}\.\d{3,}(?![\dZ])")  # and no second of a time


def test_owners_keep_their_names():
    """A company whose name is one word is no host of the local network."""
    with Folder() as folder:
        case = small_case(folder)
        with Open(case) as c:
            c.put("destination", host="up.example.com", party="third", owner="Bigcompany", owner_group="Bigcompany", addresses=["203.0.113.9"])
            c.put("destination", host="fileserver", party="unknown", owner_group="fileserver", addresses=["192.168.7.9"])
        made = redacted(folder, case)
        destinations = {d["host"]: d["owner"] for d in json.loads(made["json"])["destinations"]}
        equal(destinations.get("up.example.com"), "Bigcompany")
        for form, content in made.items():
            assert b"fileserver" not in content, form


def test_places_are_cells_of_one_grid():
    with Folder() as folder:
        case = small_case(folder)
        with Open(case) as c:
            c.put("broadcast", kind="remote_id", carrier="wifi", uas_id="1581BYSTANDER00001", longitude_deg=7.123456, latitude_deg=51.654321,
                  operator_longitude_deg=7.234567, operator_latitude_deg=51.765432, operator_id="FIN87astrdge12k8", sender="02:11:22:33:44:55",
                  details={"self_id": "Bystander's drone"})
            c.put("device", role="aircraft", serial="1581OWNDRONE000002")
            for i in range(4):
                c.put("broadcast", kind="remote_id", carrier="wifi", uas_id="1581OWNDRONE000002", longitude_deg=-5.09 - i / 20, latitude_deg=45.09 + i / 20)
            c.put("behaviour", kind="beacon", statement="Seen at 45.012345, -5.0123456 on 192.168.1.20 with version 1.2.3456.1 at 10:11:12.123456.")
        made = redacted(folder, case)
        with sqlite3.connect(case) as db:
            true = {round(v, 3) for row in db.execute("SELECT longitude_deg, latitude_deg FROM position") for v in row}
        for form, content in made.items():
            if form in ("html", "text"):
                continue
            for number in COORDINATE.findall(content):
                assert round(float(number), 3) not in true, (form, number)
        for secret in (b"BYSTANDER", b"OWNDRONE", b"FIN87", b"02:11:22", b"Bystander"):
            for form, content in made.items():
                assert secret not in content, (form, secret)
        for form in ("json", "csv", "geojson", "kml", "gpx", "broadcast.csv"):
            for number in (b"7.1", b"7.2", b"51.6", b"51.7"):
                assert not re.search(rb"(?<![\d.])" + re.escape(number) + rb"\d", made[form]), (form, number)
        report = json.loads(made["json"])
        flight = report["flights"][0]
        equal([flight["first"], flight["last"], flight["bbox"]], [[-5.05, 45.05, None], [-5.05, 45.05, None], [-5.1, 45.0, -5.0, 45.1]])
        own = [b for b in report["broadcasts"] if b["uas_id"].startswith("serial-")]
        equal({tuple(b["position"]) for b in own}, {(-5.05, 45.05, None)})  # one cell, though it flew over several
        other, = [b for b in report["broadcasts"] if not b["uas_id"].startswith("serial-")]
        equal([other["uas_id"], other["position"], other["operator_position"], other["operator_id"]], ["drone-1", None, None, "operator-1"])
        equal([b["statement"] for b in report["behaviours"]], ["Seen at 45.0, -5.0 on 192.168.1.20 with version 1.2.3456.1 at 10:11:12.123456."])
        equal(report["tool"]["command"], None)
        assert report["tool"]["label"].endswith("redacted copy"), report["tool"]


def test_what_replacing_misses_is_found_and_nothing_is_written():
    serial = "1TESTEXAMPLE0099X"
    encodings = {
        "base64": base64.b64encode(serial.encode()).decode(),
        "hex": serial.encode().hex(),
        "utf-16": None,
        "percent": "".join(f"%{b:02x}" for b in serial.encode()),
        "deflate": base64.b64encode(zlib.compress(("x" * 40 + serial).encode())).decode(),
        "reversed letters apart": None,
    }
    for name, text in encodings.items():
        if text is None:
            continue
        with Folder() as folder:
            case = small_case(folder)
            with Open(case) as c:
                c.put("device", role="aircraft", serial=serial)
                c.put("behaviour", kind="beacon", statement=f"Holds {text} in it.")
            out = folder / "redacted.json"
            done = leash("report", case, "--format", "json", "--redact", "-o", out)
            equal(done.returncode, 1, (name, done.stderr.decode()))
            assert not os.path.exists(out) and not os.path.exists(out + ".part")
            assert serial not in done.stderr.decode() and "was not written" in done.stderr.decode(), done.stderr.decode()
            equal(leash("report", case, "--format", "json", "--redact").stdout, b"")
            equal(leash("report", case, "--format", "json", "-o", out).returncode, 0)


def test_a_flight_in_the_middle_of_a_cell_is_no_false_alarm():
    points = "".join(f'<trkpt lat="45.05" lon="-5.0{5 + i // 20}"><time>2026-05-01T09:{i // 60:02}:{i % 60:02}Z</time></trkpt>' for i in range(60))
    with Folder() as folder:
        path = folder.write("a.gpx", f'<gpx creator="x"><trk><trkseg>{points}</trkseg></trk></gpx>'.encode())
        done = leash("audit", "-o", folder / "case.gpkg", "--html", folder / "page.html", path)
        assert done.returncode in (0, 1, 3), done.stderr
        redacted(folder, folder / "case.gpkg")


def test_the_case_is_not_changed_and_twice_is_the_same():
    with Folder() as folder:
        case = small_case(folder)
        with open(case, "rb") as content:
            before = content.read()
        first = {form: leash("report", case, "--format", form, "--redact").stdout for form in forms()}
        again = {form: leash("report", case, "--format", form, "--redact").stdout for form in forms()}
        equal([f for f in first if first[f] != again[f]], [])
        with open(case, "rb") as content:
            equal(content.read() == before, True)
        head = re.search(rb"Chain +([0-9a-f]+)", leash("report", case).stdout).group(1)
        assert head in leash("report", case, "--redact").stdout  # that of the case it was made of


if __name__ == "__main__":
    run(globals())
