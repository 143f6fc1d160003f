"""Custody: case, reports and evidence belong together, also after other programs wrote to the
case; a change of any row shows and where; signatures are what OpenSSL takes them for; and the
chain is what tools/verify-chain, which shares no line with leash, works out."""
import glob
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys

import evidence as made
from harness import SOURCE, Folder, audit, equal, leash, need, run

ZERO_DAY = {"SOURCE_DATE_EPOCH": "1764000000"}


def make_case(folder, *options, expect=1):
    folder.write("in/a.pcap", made.leaking_capture().pcap())
    folder.write("in/b.txt", made.flight())
    folder.write("in/c.jpg", made.photo())
    folder.write("in/d.zip", made.zip_of([("log.txt", made.flight(4))]))
    audit(folder, "--operator", "Sgt. A. Example", *options, folder / "in", expect=expect)
    return folder / "case.gpkg"


def verify(*arguments, expect=0):
    done = leash("verify", *arguments)
    equal(done.returncode, expect, done.stdout.decode() + done.stderr.decode())
    return done.stdout.decode()


def head_in(said):
    return re.search(r"head ([0-9a-f]{64})", said).group(1)


def keys(folder, name="key"):
    private, public = folder / f"{name}.pem", folder / f"{name}-public.pem"
    subprocess.run([need("openssl"), "genpkey", "-algorithm", "ed25519", "-out", private], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    os.chmod(private, 0o600)
    return private, public


def shell(case, sql):
    """The sqlite3 shell, read-write."""
    done = subprocess.run([need("sqlite3"), case], input=sql, capture_output=True, text=True)
    equal((done.returncode, done.stderr), (0, ""), sql)
    return done.stdout


def python_says(case):
    return subprocess.run([sys.executable, os.path.join(SOURCE, "tools", "verify-chain"), case], capture_output=True, text=True)


def test_head_is_shown_and_is_the_same_everywhere():
    with Folder() as folder:
        case = make_case(folder)
        head = head_in(verify(case))
        with open(folder / "report.html", encoding="utf-8") as page:
            text = page.read()
        assert head in text and "Sgt. A. Example" in text
        summary = leash("report", case).stdout.decode()
        assert f"Chain   {head[:16]}..." in summary and "By      Sgt. A. Example" in summary, summary
        done = python_says(case)
        equal(done.returncode, 0, done.stdout + done.stderr)
        assert done.stdout.splitlines()[-1].endswith(head), done.stdout
        db = sqlite3.connect(case)
        tables = {r[0] for r in db.execute("SELECT table_name FROM gpkg_contents")}
        equal({r[0] for r in db.execute("SELECT table_name FROM leash_chain")}, tables | {"leash_chain"}, "covered")
        assert db.execute("SELECT count(*) FROM position WHERE geom NOT NULL").fetchone()[0] > 100
        db.close()


def test_documented_form_is_short():
    with open(os.path.join(SOURCE, "tools", "verify-chain"), encoding="utf-8") as script:
        assert len(script.readlines()) < 100


def test_reports_belong_to_their_case():
    with Folder() as folder, Folder() as other:
        case = make_case(folder)
        make_case(other, "--label", "another", folder / "in/b.txt")
        page, data = folder / "report.html", folder / "report.json"
        said = verify(case, page, data)
        equal(said.count("report of this case"), 2, said)
        assert "NOT" not in said and said.count("same ") == 4, said  # the evidence was hashed as well
        # written later, from the case
        for form in ("html", "json"):
            leash("report", case, "--format", form, "-o", folder / ("again." + form))
            assert "report of this case" in verify(case, folder / ("again." + form))
        leash("report", case, "--format", "html", "--lang", "es", "-o", folder / "es.html")
        assert "report of this case" in verify(case, folder / "es.html")
        spanish = open(folder / "es.html", "rb").read()
        for changed in (spanish.replace(b'lang="es"', b'lang="en"', 1), spanish.replace(b"no se cumple", b"se cumple", 1)):
            assert changed != spanish and "NOT a report of this case" in verify(case, folder.write("changed-es.html", changed), expect=1)
        verify(case, page, data, folder / "in/a.pcap")
        for name in ("report.html", "report.json"):
            assert "NOT a report of this case" in verify(case, other / name, expect=1)
            with open(folder / name, "rb") as original:
                content = original.read()
            for number, changed in enumerate((content.replace(b"Example", b"Eaxmple", 1), content[:-1], content + b"\n",
                                              content.replace(b"not_met", b"met", 1))):
                if changed != content:
                    said = verify(case, folder.write(f"changed-{number}-{name}", changed), expect=1)
                    assert "NOT a report of this case" in said, said
        # put into the list of reports by hand: the case is whole, so leash is asked what it makes of it
        forged = folder.write("forged.html", open(page, "rb").read().replace(b"not met", b"met", 1))
        import hashlib
        digest = hashlib.sha256(open(forged, "rb").read()).hexdigest()
        shell(case, f"INSERT INTO leash_report (form, sha256, bytes) VALUES ('html', '{digest}', 1);")
        assert "NOT a report of this case" in verify(case, forged, expect=1)
        assert "UNKNOWN" in verify(case, folder.write("some.html", b"<!DOCTYPE html><p>leash"), expect=1)


def test_read_write_opening_changes_nothing():
    with Folder() as folder:
        case = make_case(folder)
        reports = (folder / "report.html", folder / "report.json")
        head = head_in(verify(case, *reports))
        statements = ["VACUUM;", "ANALYZE;", "REINDEX;", "PRAGMA journal_mode=WAL; SELECT count(*) FROM flow;",
                      "PRAGMA journal_mode=DELETE;", "PRAGMA wal_checkpoint; PRAGMA optimize;", "PRAGMA user_version=10400;",
                      "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_name TEXT, styleQML TEXT);"
                      " INSERT INTO layer_styles (f_table_name, styleQML) VALUES ('flight_path', '<qgis/>');"
                      " INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles');",
                      "ALTER TABLE finding ADD COLUMN remark TEXT; UPDATE finding SET remark = 'looked into';",
                      "PRAGMA page_size=8192; PRAGMA auto_vacuum=FULL; VACUUM;"]
        for sql in statements:
            shell(case, sql)
            equal(head_in(verify(case, *reports)), head, sql)
        equal(python_says(case).returncode, 0)


def test_a_case_left_with_a_write_ahead_log_is_read_where_nothing_can_be_written():
    with Folder() as folder:
        case = make_case(folder)
        os.mkdir(folder / "a%20b?c#d")
        moved = folder / "a%20b?c#d/case.gpkg"
        shutil.move(case, moved)
        shell(moved, "PRAGMA journal_mode=WAL;")
        for rest in ("-wal", "-shm"):
            if os.path.exists(moved + rest):
                os.unlink(moved + rest)
        os.chmod(folder / "a%20b?c#d", 0o500)
        verify(moved)
        leash("report", moved)
        equal(os.listdir(folder / "a%20b?c#d"), ["case.gpkg"], "nothing is left beside it")
        os.chmod(folder / "a%20b?c#d", 0o700)
        # a log with something in it is read, not passed over
        db = sqlite3.connect(moved)
        db.execute("UPDATE finding SET severity = 'info' WHERE fid = 1")
        db.commit()
        assert os.path.getsize(moved + "-wal") > 0
        assert "table finding: row 1" in verify(moved, expect=1)
        db.close()


def test_gdal_and_qgis_change_nothing():
    need("ogr2ogr")
    need("ogrinfo")
    with Folder() as folder:
        case = make_case(folder)
        head = head_in(verify(case))
        for command in (["ogrinfo", "-al", "-so", case], ["ogrinfo", case, "-sql", "SELECT CreateSpatialIndex('position', 'geom')"],
                        ["ogrinfo", case, "-sql", "RECOMPUTE EXTENT ON position"],
                        ["ogr2ogr", "-update", case, case, "-nln", "my_flights", "flight_path"],
                        ["ogrinfo", case, "-sql", "VACUUM"]):
            done = subprocess.run(command, capture_output=True, text=True)
            equal(done.returncode, 0, str(command) + done.stderr)
            equal(head_in(verify(case, folder / "report.html")), head, str(command))
        try:
            from osgeo import ogr
        except ImportError:
            return
        # every row saved again as it is, in the way that QGIS saves
        for name in ("position", "flight_path", "media_position", "flow"):
            source = ogr.Open(case, 1)
            layer = source.GetLayerByName(name)
            for feature in [f for f, _ in zip(layer, range(50))]:
                equal(layer.SetFeature(feature), 0, name)
            layer = source = feature = None
            equal(head_in(verify(case)), head, name)
        # and a point that was moved on the map
        source = ogr.Open(case, 1)
        layer = source.GetLayerByName("position")
        point = layer.GetFeature(17)
        geometry = point.GetGeometryRef().Clone()
        geometry.SetPoint_2D(0, geometry.GetX() + 0.5, geometry.GetY())
        point.SetGeometry(geometry)
        layer.SetFeature(point)
        layer = source = point = None
        said = verify(case, expect=1)
        assert re.search(r"CHANGED +table position: row 17 \(position-[0-9a-f]{12}-17\) was changed", said), said


def test_changes_are_seen_and_placed():
    with Folder() as folder:
        case = make_case(folder)
        flow, dns, positions = (shell(case, f"SELECT count(*) FROM {t};").strip() for t in ("flow", "dns", "position"))
        assert int(flow) >= 3 and int(dns) >= 1
        second = shell(case, "SELECT id FROM flow WHERE fid = 2;").strip()
        swap = "".join(f"UPDATE {{t}} SET fid = {a} WHERE fid = {b};" for a, b in ((-1, 2), (2, 3), (-3, -1), (3, -3)))
        for sql, said in (
                ("UPDATE flow SET host = 'example.org' WHERE fid = 2;", f"table flow: row 2 ({second}) was changed"),
                ("UPDATE flow SET bytes_out = bytes_out + 1 WHERE fid = 1;", "table flow: row 1 ("),
                (f"DELETE FROM flow WHERE fid = {flow};", f"table flow: row {flow} was removed"),
                ("DELETE FROM flow WHERE fid = 1;", "table flow: row 1 was removed"),
                ("DELETE FROM flow WHERE fid > 1;", f"table flow: rows 2 to {flow} were removed"),
                ("INSERT INTO dns (id, name) VALUES ('dns-x-1', 'example.org');", f"table dns: row {int(dns) + 1} (dns-x-1) was added"),
                (swap.format(t="flow"), "table flow: row 2 ("),
                (f"UPDATE position SET latitude_deg = latitude_deg + 0.0000001 WHERE fid = {positions};", f"table position: row {positions} ("),
                ("UPDATE precaution SET verdict = 'met' WHERE verdict = 'not_shown';", "table precaution: row "),
                ("UPDATE run SET value = 'no_violation_found' WHERE key = 'verdict';", "table run: row "),
                ("UPDATE run SET value = 'Somebody Else' WHERE key = 'operator';", "table run: row "),
                ("DROP TABLE leak;", "table leak: it, or a column of it, is gone"),
                ("UPDATE evidence SET sha256 = replace(sha256, 'a', 'b') WHERE fid = 1;", "table evidence: row 1 (")):
            changed = folder / "changed.gpkg"
            shutil.copy(case, changed)
            shell(changed, sql)
            done = leash("verify", changed)
            assert done.returncode in (1, 4), (sql, done)
            told = done.stdout.decode()
            assert said in told and "BROKEN" in told, (sql, told)
            if "DROP" not in sql:
                equal(python_says(changed).returncode, 1, sql)
        equal(verify(case).count("CHANGED"), 0)


def test_a_file_of_evidence_that_changed():
    with Folder() as folder:
        case = make_case(folder)
        with open(folder / "in/b.txt", "ab") as log:
            log.write(b"!")
        said = verify(case, folder / "report.html", expect=1)
        assert re.search(r"^CHANGED +.*b\.txt$", said, re.M), said
        assert "report of this case" in said


def test_signature():
    with Folder() as folder:
        private, public = keys(folder)
        case = make_case(folder, "--sign", private)
        signature = case + ".sig"
        equal(stat.S_IMODE(os.stat(signature).st_mode), 0o600)
        said = verify("--key", public, case, folder / "report.html")
        assert "signed " in said and "by this key" in said, said
        with open(signature, encoding="utf-8") as text:
            lines = text.read()
        equal(lines.splitlines()[0], "leash-signature/1")
        assert f"head: {head_in(said)}\n" in lines and 'operator: "Sgt. A. Example"\n' in lines
        equal(len(re.findall(r"^report: (?:html|json) [0-9a-f]{64}$", lines, re.M)), 2, lines)
        # what doc/case.md says about checking it without leash
        statement, raw = lines[:lines.index("signature: ")], lines.split("signature: ")[1]
        folder.write("statement", statement.encode())
        with open(folder / "raw", "wb") as out:
            subprocess.run(["base64", "-d"], input=raw.encode(), stdout=out, check=True)
        check = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", folder / "statement", "-sigfile", folder / "raw"]
        equal(subprocess.run(check, capture_output=True).returncode, 0)
        der = subprocess.run(["openssl", "pkey", "-pubin", "-in", public, "-outform", "DER"], capture_output=True, check=True).stdout
        import hashlib
        assert f"key: {hashlib.sha256(der).hexdigest()}\n" in lines
        # still after a read-write opening; never after a change
        shell(case, "VACUUM; CREATE TABLE layer_styles (id INTEGER PRIMARY KEY);")
        verify("--key", public, case)
        assert "--key checks who signed it" in verify(case)
        _, stranger = keys(folder, "other")
        assert "it names another key" in verify("--key", stranger, case, expect=1)
        content = open(signature, "rb").read()
        for changed, expected in ((content.replace(b"Sgt.", b"Lt. "), "not about this case"), (content[:-20] + b"\n", "no signature"),
                                  (b"", "no signature"), (content.replace(raw[:6].encode(), b"AAAAAA"), "did not sign"),
                                  (content + b"x", "no signature"), (b"x" * 70000, "no signature")):
            folder.write("case.gpkg.sig", changed)
            said = verify("--key", public, case, expect=1)
            assert "UNSIGNED" in said and expected in said, (expected, said)
        os.unlink(signature)
        assert "missing" in verify("--key", public, case, expect=3)
        folder.write("case.gpkg.sig", content)
        shell(case, "UPDATE finding SET severity = 'info' WHERE fid = 1;")
        assert "not about this case as it is now, first in: head: " in verify("--key", public, case, expect=1)


def test_signing_afterwards():
    with Folder() as folder:
        private, public = keys(folder)
        case = make_case(folder)
        said = verify("--sign", private, case)
        assert "signed " in said
        verify("--key", public, case)
        verify("--key", private, case)  # a private key holds the public one
        done = leash("verify", "--sign", private, case)
        equal(done.returncode, 4)
        assert b"is there already" in done.stderr
        os.unlink(case + ".sig")
        shell(case, "DELETE FROM finding;")
        done = leash("verify", "--sign", private, case)
        equal(done.returncode, 4)
        assert b"is not signed" in done.stderr and not os.path.exists(case + ".sig")


def test_a_case_that_is_replaced_takes_its_signature_along():
    with Folder() as folder:
        private, _ = keys(folder)
        case = make_case(folder, "--sign", private)
        assert os.path.exists(case + ".sig")
        make_case(folder)
        assert not os.path.exists(case + ".sig")
        verify(case)


def test_keys():
    with Folder() as folder:
        private, public = keys(folder)
        os.chmod(private, 0o644)
        case = folder / "case.gpkg"
        path = folder.write("a.txt", made.flight())
        done = leash("audit", "-o", case, "--html", folder / "r.html", "--sign", private, path)
        assert b"others can read the private key" in done.stderr and b"chmod 600" in done.stderr, done.stderr
        assert os.path.exists(case + ".sig")
        rsa = folder / "rsa.pem"
        subprocess.run(["openssl", "genrsa", "-out", rsa, "2048"], check=True, capture_output=True)
        for wrong in (rsa, folder / "none.pem", folder.path, path, public, "/dev/null"):
            for arguments in (["audit", "--force", "-o", case, "--sign", wrong, path], ["verify", "--sign", wrong, case]):
                done = leash(*arguments)
                equal(done.returncode, 2, str(arguments))
                assert b"--sign: " in done.stderr, done.stderr
        for wrong in (rsa, folder / "none.pem", path):
            equal(leash("verify", "--key", wrong, case).returncode, 2, wrong)


def test_names_cannot_speak():
    """An operator or a path that holds line breaks or escapes adds no line to a statement or to what verify prints."""
    with Folder() as folder:
        private, public = keys(folder)
        path = folder.write("a\x1b[31m\nsame     fake", made.flight())
        case = folder / "case.gpkg"
        leash("audit", "-o", case, "--html", folder / "r.html", "--sign", private, "--operator", 'x\nhead: 00\n\x1b"', path)
        with open(case + ".sig", "rb") as text:
            content = text.read()
        equal(content.count(b"\n"), 9, content)
        assert b"\x1b" not in content and content.count(b"\nhead: ") == 1
        said = verify("--key", public, case)
        assert "\x1b" not in said and "\nsame     fake" not in said, said


def test_the_same_run_gives_the_same_bytes():
    """SOURCE_DATE_EPOCH and a folder of address data: case and reports to the byte."""
    with Folder() as folder:
        path = folder.write("in/a.pcap", made.leaking_capture().pcap())
        folder.write("in/b.txt", made.flight())
        os.mkdir(folder / "data")
        files = []
        cores = os.sched_getaffinity(0)
        for usable in ({min(cores)}, cores):  # as many readers as that, and what is done beside each other with more than one
            os.sched_setaffinity(0, usable)
            try:
                done = leash("audit", "--force", "-o", folder / "case.gpkg", "--html", folder / "r.html", "--json", folder / "r.json",
                             "--system-data", folder / "data", folder / "in", env=ZERO_DAY)
            finally:
                os.sched_setaffinity(0, cores)
            equal(done.returncode, 1, done.stderr.decode())
            files.append([open(folder / n, "rb").read() for n in ("case.gpkg", "r.html", "r.json")])
        equal([len(f) for f in files[0]], [len(f) for f in files[1]])
        assert files[0] == files[1], "not the same bytes"
        report = __import__("json").loads(files[0][2])
        equal(report["tool"]["started"], "2025-11-24T16:00:00Z")
        of_machine = {"libloc", "iptoasn", "public suffix list", "ieee-data"} & set(report["tool"]["data_versions"])
        equal(of_machine, set(), "nothing of the machine is used")
        assert any("SOURCE_DATE_EPOCH" in n for n in report["coverage"]["notes"]), report["coverage"]["notes"]
        assert any("public suffix" in n for n in report["coverage"]["notes"])
        for wrong in ("yesterday", "-1", "99999999999999"):
            equal(leash("audit", "--force", "-o", folder / "case.gpkg", path, env={"SOURCE_DATE_EPOCH": wrong}).returncode, 2, wrong)
        equal(leash("audit", "--force", "-o", folder / "case.gpkg", "--system-data", folder / "none", path).returncode, 2)


def test_nothing_else_is_left():
    with Folder() as folder:
        private, _ = keys(folder)
        make_case(folder, "--sign", private)
        equal(sorted(os.path.basename(p) for p in glob.glob(folder.path + "/*")),
              ["case.gpkg", "case.gpkg.sig", "in", "key-public.pem", "key.pem", "report.html", "report.json"])


run(globals())
