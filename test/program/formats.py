"""What leash was tried on, form by form: the table "Tried on" of doc/formats.md, and what every report says of each.

A form that is untested on real files has to say so wherever a person reads of the flight; one that was tried must not.
The example of a row is made by us: a file of the corpus, or one of it with another version written into its head."""
import csv
import io
import json
import os
import re
import xml.etree.ElementTree as xml

from harness import SOURCE, Folder, audit, equal, leash, run

CORPUS = os.path.join(SOURCE, "test", "corpus")
SAID = re.compile("untested on real files", re.I)
VERSION_AT = 10  # in a DJI flight record


def read(*below):
    with open(os.path.join(SOURCE, *below), "rb") as file:
        return file.read()


def table():
    """(format, form, tried on, example) of every row."""
    text = read("doc", "formats.md").decode()
    part = re.search(r"^## Tried on\n(.*?)^## ", text, re.M | re.S).group(1)
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in part.splitlines() if line.startswith("| `")]
    assert len(rows) > 40, len(rows)
    return [(name.strip("`"), form, tried, example.strip("`")) for name, form, tried, example in rows]


def evidence_of(folder, rows):
    """Writes the example of each row; gives the rows with the name that it has in the evidence."""
    for number, (name, form, tried, example) in enumerate(rows):
        if example.endswith(".c"):
            continue
        path, _, version = example.partition(" as version ")
        content = read("test", "corpus", path)
        if version:
            content = content[:VERSION_AT] + bytes([int(version)]) + content[VERSION_AT + 1:]
        folder.write("evidence/%03d-%s" % (number, os.path.basename(path)), content)
        yield name, form, tried, "%03d-%s" % (number, os.path.basename(path))


def test_every_row_says_what_it_was_tried_on():
    for _, form, tried, _ in table():
        assert tried == "untested on real files" or tried.startswith(("real files", "files that ", "logs that ")), (form, tried)


def test_all_formats_of_flights_are_in_the_table():
    """By the names that the readers give, in their own source."""
    media = {"jpeg", "tiff", "dng", "png", "heif", "avif", "mp4", "mov"}
    named = media | {"dji-txt", "dji-dat", "dji-srt", "flight-csv", "gpx", "kml", "ulog", "dataflash", "tlog", "blackbox"}
    for folder in ("flightlog", "media"):
        for name in os.listdir(os.path.join(SOURCE, "src", folder)):
            text = read("src", folder, name).decode()
            named |= set(re.findall(r'(?:flight_rows_begin|movie_path_init)\([^;]*?"([a-z][a-z0-9-]+)"', text))
            named |= set(re.findall(r'"((?:autel|skydio|drone|parrot)-(?:json|pud)|gutma)"', text))
    equal(sorted({name for name, *_ in table()}), sorted(named))


def test_examples_in_c_are_asserted_there():
    for _, form, tried, example in table():
        if example.endswith(".c"):
            assert tried != "untested on real files" or SAID.search(read(example).decode()), (form, example)


def test_reports_say_what_is_untested():
    with Folder() as folder:
        rows = list(evidence_of(folder, table()))
        _, report = audit(folder, folder / "evidence")
        keys = {e["sha256"]: os.path.basename(e["path"]) for e in report["evidence"]}
        notes = {}
        for told in report["flights"] + report["media"]:
            notes.setdefault(keys[told["evidence"]], []).append((told["format"], told["note"] or ""))
        for name, form, tried, file in rows:
            told = [note for format_name, note in notes.get(file, []) if format_name == name]
            assert told, ("the example gives no such flight, photo or video", name, form, file, notes.get(file))
            for note in told:
                equal(bool(SAID.search(note)), tried == "untested on real files", (name, form, file, note))


def said_of(example):
    """What the summary on the terminal and the page tell of one flight alone."""
    with Folder() as folder:
        done = leash("audit", "--force", "-o", folder / "case.gpkg", "--html", folder / "page.html", os.path.join(CORPUS, example))
        with open(folder / "page.html", encoding="utf-8") as page:
            return " ".join(done.stdout.decode().split()), re.sub(r'"KEPT_(MEDIA_)?UNTESTED":"[^"]*"', "", page.read()) # without the words it could use


def test_summary_and_page_say_it():
    for example, untested in (("flightlog/blackbox/fixes-home-and-end.bbl", True), ("flightlog/csv_log/form-litchi.csv", True),
                              ("flightlog/dji_txt/version-6-three-seconds.txt", True), ("media/movie/camm-track.mp4", True), ("media/movie/gopro-track.mp4", False),
                              ("flightlog/ulog/ten-fixes.ulg", False), ("flightlog/csv_log/form-edgetx.csv", False)):
        summary, page = said_of(example)
        equal("1 log is of a form that is untested on real files." in summary, untested, (example, summary))
        equal(bool(SAID.search(page)), untested, example)
    for example, untested in (("media/jpeg/samsung-blocks.jpg", True), ("media/tiff/maker-note-sony-little.tif", True), ("media/jpeg/photoshop-iptc.jpg", False)):
        summary, page = said_of(example)
        equal("1 of them tells something in a form that is untested on real files." in summary, untested, (example, summary))
        equal(bool(SAID.search(page)), untested, example)


GPX = "{http://www.topografix.com/GPX/1/1}"
KML = "{http://www.opengis.net/kml/2.2}"
MARK = "untested on real files"


def exported(case, form, *options):
    done = leash("report", case, "--format", form, *options)
    equal(done.returncode, 0, done.stderr.decode())
    return done.stdout.decode()


def data_of(element):
    return {d.get("name"): d.find(KML + "value").text for d in element.findall(f"{KML}ExtendedData/{KML}Data")}


def marks_in(case):
    """(form, id of a flight, whether it is marked) of everything that is exported with a place."""
    for row in csv.DictReader(io.StringIO(exported(case, "csv"), newline="")):
        yield "csv", row["flight"], row["tried_on"] == MARK
    for feature in json.loads(exported(case, "geojson"))["features"]:
        yield "geojson", feature["properties"]["flight"], feature["properties"]["tried_on"] == MARK
    kml = xml.fromstring(exported(case, "kml"))
    for element in (*kml.iter(KML + "Folder"), *(p for p in kml.iter(KML + "Placemark") if p.find(KML + "Point") is not None)):
        yield "kml", data_of(element).get("flight"), data_of(element).get("tried_on") == MARK
    for folder in kml.iter(KML + "Folder"):
        for placemark in folder.iter(KML + "Placemark"):
            yield "kml", data_of(folder)["flight"], MARK in placemark.find(KML + "description").text
    for track in xml.fromstring(exported(case, "gpx")).iter(GPX + "trk"):
        yield "gpx", track.find(GPX + "name").text.split()[-1], MARK in track.find(GPX + "desc").text


def test_exports_say_what_is_untested():
    with Folder() as folder:
        list(evidence_of(folder, table()))
        _, report = audit(folder, folder / "evidence")
        untested = {flight["id"]: bool(SAID.search(flight["note"])) for flight in report["flights"]}
        seen = {}
        for form, flight, marked in marks_in(folder / "case.gpkg"):
            equal(marked, untested.get(flight or "", False), (form, flight))
            seen.setdefault((form, marked), set()).add(flight)
        for form in ("csv", "geojson", "kml", "gpx"):
            assert len(seen[form, True]) > 15 and len(seen[form, False]) > 15, (form, {k: len(v) for k, v in seen.items()})


def test_the_copy_for_others_says_it_too():
    with Folder() as folder:
        for example in ("flightlog/csv_log/form-litchi.csv", "flightlog/ulog/ten-fixes.ulg"):
            folder.write("evidence/" + os.path.basename(example), read("test", "corpus", example))
        audit(folder, folder / "evidence")
        flights = {f["format"]: f["note"] for f in json.loads(exported(folder / "case.gpkg", "json", "--redact"))["flights"]}
        equal(flights, {"flight-csv": "The log is of a form that is untested on real files.", "ulog": None})


run(globals())
