"""What is never said.  The right-hand column of the wording table (doc/leak-detection.md, "What may
be concluded") is a test: of every sentence about something that was sent, in every form in which leash
writes a report, of the example cases; and of the pages written by hand.

The list below is kept apart from the program's own (leak/claims.c): it judges that one."""
import csv
import glob
import html
import io
import json
import os
import re
import shlex
import sqlite3

from harness import SOURCE, Folder, leash, run

CASES = os.path.join(SOURCE, "examples", "cases")

# What the evidence of a claim does not show.
NEVER = {
    "identifier_sent": r"(?<!card )\bpath\b|position|flight was sent|track",
    "identifier_digest_sent": r"\bpath\b|position|flight was sent|track",
    "named_value_sent": r"\bpath\b|position|track",
    "positions_in_area": r"this flight|\bpath\b|track",
    "positions_near_path": r"this flight|\bthe path (of|was)|path was sent",
    "positions_at_takeoff": r"this flight|\bpath\b|track",
    "positions_at_operator": r"this flight|\bpath\b|track",
    "positions_at_photo": r"this flight|\bpath\b|photo was sent",
    "track_along_rows": r"this flight|\bpath of",
    "path_sent": r"whole|entire|complete|all of the flight",
    "file_sent": r"\bpath\b|this flight",
    "file_content_sent": r"\bpath\b|whole|a copy",
    "area_revealed": r"\bpath\b|this flight|track",
    "networks_nearby_sent": r"\bpath\b|this flight|track|position",
    "burst_like_file": r"\bwas sent\b|\bwere sent\b|proof|proves",
}
# By nobody about anything: no evidence of this kind shows it.
NEVER_AT_ALL = (r"\bdid not leave\b|\bnothing (has )?left\b|\bno data (has )?left\b|\bwas received by\b|\bproof that\b|\bproves that (it|the|data|a )"
                r"|\bis clean\b|\bare clean\b|\bguaranteed?\b|\bwhole flight\b|\bentire flight\b|\bcertainly\b|\bstole\b|\bspied\b|\bcertif(y|ies)\b(?! nothing)")
# Pages may say what something does not prove, and that of a local connection nothing left.
NEVER_ON_PAGES = r"\bdid not leave\b|\bno data (has )?left\b|\bproof that\b|\bguarantees? that\b|\bwhole flight (was|left)\b|\bcertainly\b|\bcertifies that\b"
FORMS = ("text", "html", "json", "csv", "geojson", "kml", "gpx", "cyclonedx")


def cases():
    for name in sorted(os.listdir(CASES)):
        command = os.path.join(CASES, name, "command")
        if os.path.exists(command):
            with open(command, encoding="utf-8") as text:
                words = shlex.split(text.read())
            at = words.index("leash")
            yield name, dict(w.split("=", 1) for w in words[:at]), words[at + 2:]


def audited(folder, name, settings, words):
    path = folder / name
    os.makedirs(path)
    here = os.path.join(CASES, name)
    words = [os.path.join(here, w) if os.path.exists(os.path.join(here, w)) and not w.startswith("-") else w for w in words]
    done = leash("audit", "-o", os.path.join(path, "case.gpkg"), "--html", os.path.join(path, "page.html"), "--json", os.path.join(path, "report.json"),
                 *words, env=dict(settings, LEASH_DATA=os.path.join(SOURCE, "data")))
    assert done.returncode in (0, 1, 3), done.stderr.decode()
    return path, done.stdout.decode()


def visible(page):
    """What a reader of the page sees, and what its scripts hold to show."""
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<style.*?</style>", " ", page)))


def unquoted(text):
    """Without what stands in quotation marks: a page may quote what is not to be said."""
    return re.sub(r'"[^"\n]*"|``[^`]*``|`[^`]*`', " ", text)


def without_hosts(sentence):
    """A host may be called track.example."""
    return re.sub(r"addressed to \S+", "addressed", sentence)


def forbid(pattern, text, where):
    found = re.search(pattern, text, re.I)
    assert not found, f"{where}: {text[max(0, found.start() - 80):found.end() + 80]!r}"


def every_string(value):
    if isinstance(value, str):
        yield value
    for inner in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from every_string(inner)


def test_each_claim_says_no_more_than_its_evidence():
    with Folder() as folder:
        seen = set()
        for name, settings, words in cases():
            path, _ = audited(folder, name, settings, words)
            db = sqlite3.connect(os.path.join(path, "case.gpkg"))
            rows = db.execute("SELECT claim_key, claim, id FROM leak UNION ALL SELECT kind, statement, id FROM behaviour WHERE kind = 'burst_like_file'").fetchall()
            findings = db.execute("SELECT f.statement, l.claim_key FROM finding f, json_each(f.facts) j JOIN leak l ON l.id = j.value "
                                  "WHERE json_array_length(f.facts) = 1").fetchall()
            db.close()
            for key, claim, row in rows:
                assert key in NEVER, f"{name}: {row}: no rule for {key}"
                forbid(NEVER[key], without_hosts(claim), f"{name} {row} ({key})")
                forbid(NEVER_AT_ALL, claim, f"{name} {row}")
                seen.add(key)
            for statement, key in findings:
                forbid(NEVER[key], without_hosts(statement), f"{name}: a finding on {key}")
        assert {"path_sent", "identifier_sent", "file_content_sent"} <= seen, seen


def test_no_form_says_what_no_evidence_shows():
    with Folder() as folder:
        for name, settings, words in cases():
            path, summary = audited(folder, name, settings, words)
            case = os.path.join(path, "case.gpkg")
            forbid(NEVER_AT_ALL, summary, f"{name}: summary of audit")
            for form in FORMS:
                done = leash("report", case, "--format", form)
                if done.returncode == 2:  # this build has no such form
                    continue
                assert done.returncode == 0, (name, form, done.stderr.decode())
                text = done.stdout.decode("utf-8", "replace")
                if form == "json":
                    texts = every_string(json.loads(text))
                elif form == "csv":
                    texts = (cell for row in csv.reader(io.StringIO(text)) for cell in row)
                else:
                    texts = [visible(text)]
                for t in texts:
                    forbid(NEVER_AT_ALL, unquoted(t), f"{name} as {form}")


def test_what_was_not_found_is_said_beside_what_was_not_read():
    """Wherever the traffic was searched and part of it could not be read, the case says how much."""
    with Folder() as folder:
        for name, settings, words in cases():
            path, summary = audited(folder, name, settings, words)
            with open(os.path.join(path, "report.json"), encoding="utf-8") as text:
                report = json.load(text)
            coverage = report["coverage"]
            notes = " ".join(coverage["notes"])
            unread = coverage["opaque_out"] + coverage["missing_out"]
            if unread and report["flights"] and any((f["points"] or 0) > 1 for f in report["flights"]):
                assert "could not be read" in notes and "the path would fit" in notes or "no whole copy" in notes, (name, notes)
                assert "Not seen" in summary or "not seen" in summary, name


def test_explain_shows_positions_beside_the_log():
    with Folder() as folder:
        settings, words = next((s, w) for n, s, w in cases() if n == "leak")
        path, _ = audited(folder, "leak", settings, words)
        db = sqlite3.connect(os.path.join(path, "case.gpkg"))
        row, hits = db.execute("SELECT id, hits FROM leak WHERE claim_key = 'path_sent'").fetchone()
        text = leash("explain", os.path.join(path, "case.gpkg"), row).stdout.decode()
        forbid(NEVER_AT_ALL, text, "explain")
        sent = re.findall(r"sent +(-?[\d.]+), (-?[\d.]+) +packet (\d+), offset (\d+), (\d+) bytes\n +known +(-?[\d.]+), (-?[\d.]+) +(position\S+?),.*?: ([\d.]+) m apart", text)
        assert len(sent) == len(json.loads(hits)) and sent, text
        for (lat, lon, packet, offset, _, known_lat, known_lon, known, apart), hit in zip(sent, json.loads(hits)):
            assert (int(packet), int(offset)) == (hit["packet"], hit["offset"])
            there = db.execute("SELECT latitude_deg, longitude_deg FROM position WHERE id = ?", (known,)).fetchone()
            assert abs(there[0] - float(known_lat)) < 1e-6 and abs(there[1] - float(known_lon)) < 1e-6, (there, known)
            metres = ((float(lat) - there[0]) ** 2 + ((float(lon) - there[1]) * 0.7) ** 2) ** 0.5 * 111195
            assert abs(metres - float(apart)) < 0.2, (metres, apart)
            # And what stands there, decoded, in figures that are those of the position.
            decoded = bytes.fromhex(hit["decoded"])
            there = re.findall(rb"-?\d+\.\d+", decoded)
            assert abs(float(there[0]) - float(lat)) < 1e-6 and abs(float(there[-1]) - float(lon)) < 1e-6, decoded
            assert all(decoded[i:i + 16].hex(" ") in text for i in range(0, len(decoded), 16)), text
        identifier, value = db.execute("SELECT l.id, i.value FROM leak l JOIN identifier i ON i.id = l.secret").fetchone()
        assert value in leash("explain", os.path.join(path, "case.gpkg"), identifier).stdout.decode()
        db.close()


def test_the_pages_written_by_hand():
    pages = glob.glob(os.path.join(SOURCE, "doc", "*.md")) + glob.glob(os.path.join(SOURCE, "man", "*.1")) + [os.path.join(SOURCE, n) for n in ("README.md", "NEWS.md")]
    assert len(pages) > 10
    for page in pages:
        with open(page, encoding="utf-8") as text:
            forbid(NEVER_ON_PAGES, unquoted(text.read()), os.path.basename(page))


run(globals())
