"""--yara: rules of the operator, held against files, what archives hold, and what packages hold unpacked; beside YARA's own program.
Hostile rules cost their time, and that is said."""
import io
import os
import re
import shutil
import subprocess
import zipfile

import apk
from harness import Folder, audit, equal, facts, leash, need, run

need("openssl")

if b"without libyara" in leash("facts", "--yara", "/dev/null", "/dev/null").stderr:
    print("1..1\nok 1 - all # SKIP built without libyara")
    raise SystemExit

RULES = b"""
rule planted : tag {
    meta: description = "what was planted" severity = "low"
    strings: $a = "planted-mark-7351" $hex = { 64 65 78 0a 30 33 ?? 00 }
    condition: $a or $hex at 0
}
rule named { condition: filename == "x.bin" and extension == ".bin" }
private rule unseen { condition: true }
rule never { strings: $n = "planted-mark-7352" condition: $n }
"""
ALERT = b'rule alert { strings: $x = "planted-alert" condition: #x > 1 }\n'


def matches(rows):
    """(rule, string and place ...) of every match."""
    return [[s for s in r["origin"]["steps"]] for r in rows if r["fact"] == "behaviour" and r["kind"] == "yara_match"]


def package(folder, mark=b"planted-mark-7351"):
    return folder.write("app.apk", apk.build(package="org.example.y", classes=["org.example.y.A"], strings=["nothing"],
                                             files={"assets/a.txt": b"." * 5000 + mark + b"." * 100, "res/drawable/i.png": b"\x89PNG" + mark}))


def test_packages_their_members_and_files_are_held_against_the_rules():
    with Folder() as folder:
        rules = folder.write("r.yar", RULES)
        app = package(folder)
        plain = folder.write("x.bin", b"\0\1\2" + b"planted-mark-7351" * 3)
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as z:
            z.writestr("deep/in.dat", b"\xff" * 40000 + b"planted-mark-7351", zipfile.ZIP_DEFLATED)
        archive = folder.write("z.zip", inner.getvalue())
        rows = facts("--yara", rules, app, plain, archive)
        path_of = {r["evidence"]: os.path.basename(r["path"]) for r in rows if r["fact"] == "evidence"}
        found = {}
        for r in rows:
            if r["fact"] == "behaviour":
                found.setdefault(path_of[r["evidence"]], []).append((r["origin"]["offset"], r["origin"]["steps"], r["statement"]))
        equal(sorted(found), ["app.apk", "in.dat", "x.bin"], "files")
        parts = {steps[0]: steps for _, steps, _ in found["app.apk"]}
        equal(parts["assets/a.txt"], ["assets/a.txt", "YARA rule r.yar:planted", "severity, as the rule says: low", "$a at 5000: 17 bytes"])
        equal(parts["res/drawable/i.png"][-1], "$a at 4: 17 bytes")  # what no other reader looks into
        equal(parts["classes.dex"][-1], "$hex at 0: 8 bytes")
        by_rule = {steps[0]: (at, steps, statement) for at, steps, statement in found["x.bin"]}
        equal(by_rule["YARA rule r.yar:planted"][:2], (3, ["YARA rule r.yar:planted", "severity, as the rule says: low", "$a at 3: 17 bytes, 3 times"]))
        equal(by_rule["YARA rule r.yar:planted"][2], 'The YARA rule "planted" of "r.yar" matches "x.bin": $a at 3: 17 bytes, 3 times. '
              'The rule says of itself: "what was planted"')
        assert by_rule["YARA rule r.yar:named"][2].endswith('matches "x.bin", by its condition alone.')
        equal(len(by_rule), 2)  # neither the private rule nor the one that does not match
        equal([(at, steps[-1]) for at, steps, _ in found["in.dat"]], [(40000, "$a at 40000: 17 bytes")])
        without = facts(app, plain, archive)
        equal([r for r in without if r["fact"] == "behaviour"], [])
        keep = lambda rows: [r for r in rows if r["fact"] != "behaviour"]
        equal(keep(rows), keep(without))  # all else stays as it is without rules


def test_offsets_and_rules_are_those_of_the_yara_program():
    yara = need("yara")
    with Folder() as folder:
        rules = folder.write("r.yar", b"""import "elf"
import "hash"
rule texts { strings: $h = /https?:\\/\\/[a-z.\\/]{4,40}/ nocase $w = "m\\x00a" $n = "LIBC" nocase fullword condition: any of them }
rule shared { condition: elf.type == elf.ET_DYN }
rule digest { condition: hash.md5(0, 4) == "%s" }
rule loops { strings: $z = { 00 00 [1-3] 01 } condition: for any i in (1..#z) : (@z[i] > 64) }
""" % __import__("hashlib").md5(b"\x7fELF").hexdigest().encode())
        contents = {"lib.so": apk.elf("libx.so", ["libc.so"], b"\1" * 20), "t.txt": b"see http://a.example.org/x and HTTPS://B.example/ in LIBC, glibc",
                    "noise.bin": bytes((i * 7919 >> 3) & 0xff for i in range(20000))}
        paths = [folder.write(name, content) for name, content in contents.items()]
        want = {}
        for path in paths:
            rule = None
            for line in subprocess.run([yara, "-s", "-L", rules, path], capture_output=True, check=True).stdout.decode().splitlines():
                at = re.match(r"0x([0-9a-f]+):(\d+):(\$\w+)", line)
                if not at:
                    rule = want.setdefault((os.path.basename(path), line.split()[0]), {})
                else:
                    count, first, length = rule.get(at[3], (0, int(at[1], 16), int(at[2])))
                    rule[at[3]] = (count + 1, first, length)
        got = {}
        for r in facts("--no-hash", "--yara", rules, *paths):
            if r["fact"] == "behaviour":
                name = re.search(r'matches "([^"]+)"', r["statement"])[1]
                strings = {}
                for step in r["origin"]["steps"][1:]:
                    m = re.fullmatch(r"(\$\w+) at (\d+): (\d+) bytes(?:, (\d+) times)?", step)
                    strings[m[1]] = (int(m[4] or 1), int(m[2]), int(m[3]))
                got[name, r["origin"]["steps"][0].rsplit(":", 1)[1]] = strings
        assert len(want) >= 5, want
        equal(got, want)


def test_a_match_is_a_finding_as_bad_as_the_rule_says():
    with Folder() as folder:
        rules, alert = folder.write("r.yar", RULES), folder.write("alert.yar", ALERT)
        app = package(folder)
        _, report = audit(folder, "--yara", rules, app)
        found = [f for f in report["findings"] if f["rule"] == "yara-match"]
        equal({f["severity"] for f in found}, {"low"})
        assert any("assets/a.txt" in f["statement"] for f in found), found
        assert {b["kind"] for b in report["behaviours"]} == {"yara_match"}
        digest = __import__("hashlib").sha256(RULES).hexdigest()
        assert any(f"YARA rules of r.yar (SHA-256 {digest})" in n for n in report["coverage"]["notes"]), report["coverage"]["notes"]
        bad = package(folder, b"planted-alert planted-alert")
        status, report = audit(folder, "--yara", rules, "--yara", alert, bad)
        equal(status, 1)
        found = [f for f in report["findings"] if f["rule"] == "yara-match" and f["severity"] == "high"]
        equal(sorted(re.search(r'matches "([^"]+)"', f["statement"])[1] for f in found), ["assets/a.txt", "res/drawable/i.png"])
        page = open(folder / "report.html", encoding="utf-8").read()
        assert "planted-alert" not in page and "alert.yar" in page  # the bytes that matched are not repeated
        assert b"serious findings" in leash("report", folder / "case.gpkg", "--format", "text").stdout
        # the row leads back to the bytes
        row = next(b for b in report["behaviours"] if "alert.yar" in b["statement"])
        equal(leash("explain", folder / "case.gpkg", row["id"]).returncode, 0)


def test_what_is_wrong_with_rules_is_said_with_its_line():
    cases = {
        b"rule a {\n condition:\n  nosuch }\n": b'--yara: r.yar:3: undefined identifier "nosuch"',
        b'\ninclude "other.yar"\nrule a { condition: true }\n': b"--yara: r.yar:2: includes are disabled",
        b'import "nosuch"\nrule a { condition: true }\n': b'--yara: r.yar:1: unknown module "nosuch"',
        b'import "magic"\nrule a { condition: magic.type() contains "x" }\n': b'imports the module "magic"',
        b'import "cuckoo"\nrule a { condition: cuckoo.network.host(/x/) }\n': b'imports the module "cuckoo"',
        b"rule a { strings: $a = /a(b{2,1}/ condition: $a }\n": b"--yara: r.yar:1: ",
        b"rule a {": b"syntax error",
        b"": b"there is no rule",
        b"YARA\0\0\0": b"not the text of rules",
    }
    with Folder() as folder:
        other = folder.write("other.yar", b"rule b { condition: true }\n")
        evidence = folder.write("x.bin", b"x")
        for rules, message in cases.items():
            path = folder.write("r.yar", rules)
            for command in (["facts"], ["audit", "-o", folder / "c.gpkg", "--html", folder / "c.html"]):
                done = leash(*command, "--yara", path, evidence)
                equal((done.returncode, done.stdout), (2, b""), rules)
                assert message in done.stderr, (rules, done.stderr)
        assert not os.path.exists(folder / "c.gpkg")
        done = leash("facts", "--yara", folder / "absent", evidence)
        assert done.returncode == 2 and b"No such file" in done.stderr
        # two files of one name are two namespaces
        os.makedirs(folder / "b")
        shutil.copy(other, folder / "b/other.yar")
        equal(sorted(s[0] for s in matches(facts("--yara", other, "--yara", folder / "b/other.yar", evidence))),
              ["YARA rule other.yar (2):b", "YARA rule other.yar:b"])


def test_rules_that_never_end_cost_their_time_and_it_is_said():
    with Folder() as folder:
        rules = folder.write("loop.yar", b"rule loop { condition: for any i in (0..0x7fffffffffff) : (uint8(i) == 257) }\n"
                                         b'rule good { strings: $a = "planted" condition: $a }\n')
        app, other = package(folder), folder.write("other.bin", b"planted")
        rows = facts("--readers", "1", "--yara", rules, app, other)
        damage = [r["statement"] for r in rows if r["fact"] == "damage"]
        assert any("it took too long" in d for d in damage) and any("parts that were not held against the rules" in d for d in damage), damage
        assert any('"other.bin" was not held against all rules' in d for d in damage), damage
        package_row, = (r for r in rows if r["fact"] == "package")  # what was read stays
        equal((package_row["package"], package_row["readable"]), ("org.example.y", "full"))
        equal([r["status"] for r in rows if r["fact"] == "evidence" and r["path"].endswith("app.apk")], ["partial"])


def test_a_regular_expression_that_explodes_is_bounded():
    with Folder() as folder:
        rules = folder.write("r.yar", b'rule r { strings: $a = /a(.*b.*){20}c/ condition: $a }\nrule good { strings: $a = "aab" condition: $a }\n')
        evidence = folder.write("x.bin", b"aab" * 300)
        rows = facts("--yara", rules, evidence)
        said = [r["statement"] for r in rows if r["fact"] == "damage"]
        notes = [r["note"] or "" for r in rows if r["fact"] == "evidence"]
        assert matches(rows) or said or "time limit" in notes[0], rows  # either it was done, or it is said that it was not
        equal([r["kind"] for r in rows if r["fact"] == "evidence"], ["text"])


def test_more_matches_than_are_listed_are_counted():
    with Folder() as folder:
        rules = folder.write("r.yar", b"".join(b"rule r%d { condition: true }\n" % i for i in range(2100)))
        rows = facts("--yara", rules, folder.write("x.bin", b"x"))
        equal(len(matches(rows)), 2000)
        assert any("has 100 more matches than the 2000 that are listed" in r["statement"] for r in rows if r["fact"] == "damage")


def test_evidence_that_lies_is_scanned_as_far_as_it_goes():
    """Sizes that are false, an entry that is cut: what could be had is held against the rules."""
    with Folder() as folder:
        rules = folder.write("r.yar", RULES)
        with open(package(folder), "rb") as f:
            whole = f.read()
        for cut in range(0, len(whole), max(1, len(whole) // 40)):
            done = leash("facts", "--no-hash", "--yara", rules, folder.write("cut.apk", whole[:cut] or b"\0"))
            assert done.returncode in (0, 2, 3), (cut, done.stderr)


run(globals())
