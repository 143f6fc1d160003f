"""Tracks for maps: what `leash report --format kml|gpx|geojson` writes is read by GPSBabel, GDAL and leash itself, point by
point as it stands in the case; and what those write is read by leash."""
import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import xml.etree.ElementTree as xml

from harness import SOURCE, Folder, audit, equal, facts, leash, need, run, skip

GPX = "{http://www.topografix.com/GPX/1/1}"
KML = "{http://www.opengis.net/kml/2.2}"
GX = "{http://www.google.com/kml/ext/2.2}"
HOSTILE = "</name><script>alert(1)</script>&\x01\u2028\"'"

SRT = "".join(f"{i + 1}\n00:00:0{i},000 --> 00:00:0{i},900\nHOME(-5.2000,45.4000) 2024.05.01 11:30:0{i}\n"
              f"GPS(-5.25{i:02},45.50{i:02},11) BAROMETER:{i}.5\n\n" for i in range(4))
TABLE = ("time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(feet),appgps.latitude,appgps.longitude,recover.aircraftsn\n"
         + "".join(f"{i}00,2024-05-01 09:30:00,45.5{i},-5.25{i},10,45.4{i},-5.2{i},0TESTEXAMPLE0001\n" for i in range(3)))


def case_of(folder):
    """A flight with times, one with a clock without zone, and one whose name is hostile."""
    gpx = (f'<gpx creator="x"><trk><name>a</name><trkseg><trkpt lat="45.1" lon="179.9"><ele>5</ele></trkpt><trkpt lat="45.2" lon="180"/>'
           '</trkseg></trk><wpt lat="45" lon="-5"><name>Home</name></wpt></gpx>')
    paths = [folder.write("a.srt", SRT.encode()), folder.write("b.csv", TABLE.encode()), folder.write("c.gpx", gpx.encode())]
    audit(folder, *paths)
    return folder / "case.gpkg"


def positions(case, where):
    with sqlite3.connect(case) as db:
        return db.execute(f"SELECT longitude_deg, latitude_deg, altitude_m, time FROM position WHERE {where} ORDER BY fid").fetchall()


def report(case, form):
    done = leash("report", case, "--format", form)
    equal(done.returncode, 0, done.stderr.decode())
    return done.stdout


def test_kml_holds_every_point():
    with Folder() as folder:
        case = case_of(folder)
        root = xml.fromstring(report(case, "kml"))
        tracks = list(root.iter(GX + "Track"))
        lines = list(root.iter(KML + "LineString"))
        equal(len(tracks), 2)   # the table's aircraft and operator
        equal(len(lines), 2)    # the subtitles, whose clock has no zone, and the GPX without times
        aircraft = [p for p in root.iter(KML + "Placemark") if p.find(KML + "name").text == "aircraft"]
        track = next(t for t in (p.find(GX + "Track") for p in aircraft) if t is not None)
        whens = [w.text for w in track.iter() if w.tag.endswith("when")]
        coords = [tuple(map(float, c.text.split())) for c in track.iter(GX + "coord")]
        want = positions(case, "subject = 'aircraft' AND time IS NOT NULL")
        equal(len(whens), 3)
        for got, at, (longitude, latitude, altitude, time) in zip(coords, whens, want):
            assert abs(got[0] - longitude) < 1e-9 and abs(got[1] - latitude) < 1e-9 and abs(got[2] - altitude) < 1e-3, (got, want)
            equal(at, time)
        equal(track.find(KML + "altitudeMode").text, "relativeToGround")
        names = [p.find(KML + "name").text for p in root.iter(KML + "Placemark") if p.find(KML + "Point") is not None]
        equal(names.count("take-off or home"), 2)
        assert b"href" not in report(case, "kml")


def test_gpx_is_valid_and_holds_every_point():
    with Folder() as folder:
        case = case_of(folder)
        root = xml.fromstring(report(case, "gpx"))
        kinds = [child.tag for child in root]
        equal(kinds, sorted(kinds, key=[GPX + "wpt", GPX + "trk"].index))  # the schema's order
        points = list(root.iter(GPX + "trkpt"))
        want = positions(case, "subject IN ('aircraft', 'operator')")
        equal(len(points), len(want))
        equal(sum(p.find(GPX + "time") is not None for p in points), sum(w[3] is not None for w in want))
        for p in points:
            assert -90 <= float(p.get("lat")) <= 90 and -180 <= float(p.get("lon")) < 180
            allowed = [GPX + "ele", GPX + "time"]
            equal([c.tag for c in p], [a for a in allowed if p.find(a) is not None])


def test_geojson_has_the_times():
    with Folder() as folder:
        case = case_of(folder)
        lines = [f for f in json.loads(report(case, "geojson"))["features"] if f["geometry"]["type"] == "LineString"]
        equal(len(lines), 3)
        for line in lines:
            equal(len(line["properties"]["coordTimes"]), len(line["geometry"]["coordinates"]))
        by_format = {line["properties"]["format"]: line["properties"] for line in lines}
        equal(by_format["dji-srt"]["coordTimes"], [None] * 4)
        equal(by_format["dji-srt"]["start_local"], "2024-05-01T11:30:00")
        equal(by_format["flight-csv"]["coordTimes"][1], "2024-05-01T09:30:00.100Z")


def test_csv_has_the_local_times():
    with Folder() as folder:
        rows = list(csv.DictReader(io.StringIO(report(case_of(folder), "csv").decode(), newline="")))
        local = [r["time_local"] for r in rows if r["subject"] == "aircraft" and r["time_local"]]
        equal(local, [f"2024-05-01T11:30:0{i}" for i in range(4)])


def test_the_public_schemas_take_both():
    """Those of OGC, Google and Topografix, which are not shipped: a folder with kml22gx.xsd, what it includes, and gpx.xsd."""
    schemas = os.environ.get("LEASH_XML_SCHEMAS", "")
    if not os.path.isdir(schemas):
        skip("the XML schemas of KML and GPX are not here (LEASH_XML_SCHEMAS)")
    need("xmllint")
    with Folder() as folder:
        case = case_of(folder)
        for form, schema in (("kml", "kml22gx.xsd"), ("gpx", "gpx.xsd")):
            path = folder.write("out." + form, report(case, form))
            done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", os.path.join(schemas, schema), path], capture_output=True, timeout=60)
            equal(done.returncode, 0, done.stderr.decode())


def test_kml_names_flights_as_people_look_for_them():
    with Folder() as folder:
        root = xml.fromstring(report(case_of(folder), "kml"))
        names = [f.find(KML + "name").text for f in root.iter(KML + "Folder")]
        assert "Flight of 2024-05-01 09:30 UTC" in names and "Flight of 2024-05-01 11:30 by a clock whose zone is not known" in names, names
        styles = {s.get("id") for s in root.iter(KML + "Style")}
        assert {u.text for u in root.iter(KML + "styleUrl")} <= {"#" + s for s in styles}


def test_gpsbabel_reads_both():
    need("gpsbabel")
    with Folder() as folder:
        case = case_of(folder)
        want = len(positions(case, "subject IN ('aircraft', 'operator')"))
        for form in ("gpx", "kml"):
            path = folder.write("out." + form, report(case, form))
            done = subprocess.run(["gpsbabel", "-t", "-i", form, "-f", path, "-o", "unicsv", "-F", "-"], capture_output=True, timeout=60)
            equal(done.returncode, 0, done.stderr.decode())
            rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
            equal(len(rows), want, form)
            assert any(r.get("Time", "").startswith("09:30:00") for r in rows), rows[:2]


def test_gdal_reads_all_three():
    need("ogrinfo")
    with Folder() as folder:
        case = case_of(folder)
        for form in ("gpx", "kml", "geojson"):
            path = folder.write("out." + form, report(case, form))
            done = subprocess.run(["ogrinfo", "-ro", "-so", "-al", path], capture_output=True, timeout=60)
            equal(done.returncode, 0, done.stderr.decode())
            counts = [int(n) for n in re.findall(r"Feature Count: (\d+)", done.stdout.decode())]
            assert sum(counts) > 4, (form, done.stdout.decode())
            assert b"ERROR" not in done.stderr, done.stderr


# One log of each kind, all made by scripts of the tree; the last two together are two flights in one case.
KINDS_OF_LOGS = [["dji_txt/version-8-three-seconds.txt"], ["dji_dat/eight-seconds-with-interrupted-record.dat"], ["ulog/ten-fixes.ulg"],
                 ["dataflash/five-fixes.bin"], ["tlog/two-vehicles-mavlink-2.tlog"], ["dji_srt/labels-two-heights-in-a-bracket.srt"],
                 ["csv_log/feet-and-quoted-line-end.csv"], ["json_log/parrot-with-operator.json"], ["json_log/objects-of-a-list.json"],
                 ["blackbox/fixes-home-and-end.bbl"], ["kml/lines-that-join.kml"],
                 ["dji_txt/version-4-three-seconds.txt", "ulog/ten-fixes.ulg"]]


def test_logs_of_every_kind_are_read_by_both():
    """Every position in a path of aircraft or operator is a point for GPSBabel, and nothing is an error for GDAL."""
    need("gpsbabel")
    need("ogrinfo")
    for names in KINDS_OF_LOGS:
        with Folder() as folder:
            audit(folder, *(os.path.join(SOURCE, "test", "corpus", "flightlog", name) for name in names))
            case = folder / "case.gpkg"
            want = positions(case, "subject IN ('aircraft', 'operator') AND (flight, subject) IN "
                                   "(SELECT flight, subject FROM position GROUP BY flight, subject HAVING count(*) > 1)")  # one point is no track
            assert want, names
            for form in ("gpx", "kml", "geojson", "csv"):
                path = folder.write("out." + form, report(case, form))
                done = subprocess.run(["ogrinfo", "-ro", "-so", "-al", path], capture_output=True, timeout=60)
                equal(done.returncode, 0, (names, form, done.stderr.decode()))
                assert b"ERROR" not in done.stderr, (names, form, done.stderr)
                if form in ("gpx", "kml"):
                    done = subprocess.run(["gpsbabel", "-t", "-i", form, "-f", path, "-o", "unicsv", "-F", "-"], capture_output=True, timeout=60)
                    equal(done.returncode, 0, (names, form, done.stderr.decode()))
                    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
                    equal(len(rows), len(want), (names, form))
                    # six decimals are all that it writes
                    got = sorted((round(float(r["Longitude"]), 6), round(float(r["Latitude"]), 6)) for r in rows)
                    for (lon, lat), place in zip(got, sorted((round(w[0], 6), round(w[1], 6)) for w in want)):
                        assert abs(lon - place[0]) < 2e-6 and abs(lat - place[1]) < 2e-6, (names, form, lon, lat, place)


def test_a_flight_across_the_date_line():
    """Lines end there and go on at the other side; no point is added or lost, and a part of one point is told twice."""
    across = [(179.9, 45.0), (179.95, 45.1), (-179.95, 45.2), (-179.9, 45.3), (179.99, 45.4)]
    gpx = '<gpx creator="x"><trk><trkseg>' + "".join(
        f'<trkpt lat="{lat}" lon="{lon}"><time>2024-05-01T09:30:0{i}Z</time></trkpt>' for i, (lon, lat) in enumerate(across)) + "</trkseg></trk></gpx>"
    with Folder() as folder:
        audit(folder, folder.write("a.gpx", gpx.encode()))
        case = folder / "case.gpkg"
        line, = [f for f in json.loads(report(case, "geojson"))["features"] if "LineString" in f["geometry"]["type"]]
        equal(line["geometry"]["type"], "MultiLineString")
        parts = line["geometry"]["coordinates"]
        equal([[tuple(p[:2]) for p in part] for part in parts], [across[:2], across[2:4], [across[4], across[4]]])
        equal([len(part) for part in line["properties"]["coordTimes"]], [2, 2, 2])
        for form in ("gpx", "kml", "geojson"):
            path = folder.write("out." + form, report(case, form))
            if form != "geojson":  # what it is, point by point
                rows = [r for r in facts(path) if r["fact"] == "position" and r["subject"] == "aircraft"]
                equal([(r["longitude_deg"], r["latitude_deg"]) for r in rows], across, form)
            need("ogrinfo")
            done = subprocess.run(["ogrinfo", "-ro", "-al", path], capture_output=True, timeout=60)
            equal((done.returncode, done.stderr.count(b"ERROR")), (0, 0), form)


def test_leash_reads_what_it_wrote():
    with Folder() as folder:
        case = case_of(folder)
        want = sorted((round(p[0], 9), round(p[1], 9)) for p in positions(case, "subject = 'aircraft' AND longitude_deg < 179.99"))
        for form in ("gpx", "kml"):
            rows = facts(folder.write("again." + form, report(case, form)))
            got = {(round(r["longitude_deg"], 9), round(r["latitude_deg"], 9)) for r in rows if r["fact"] == "position"}
            assert set(want) <= got, (form, set(want) - got)
            assert any(r.get("subject") == "home" for r in rows), form
            equal([r["status"] for r in rows if r["fact"] == "evidence"], ["read"], form)


def test_leash_reads_what_others_wrote():
    need("gpsbabel")
    need("ogr2ogr")
    with Folder() as folder:
        table = folder.write("in.csv", "lat,lon,alt,date,time,name\n".encode() + "".join(
            f"45.5{i},-5.25{i},{i}0,2024/05/01,09:30:0{i},p{i}\n" for i in range(5)).encode())
        want = {(round(-5.25 - i / 1000, 6), round(45.5 + i / 100, 6)) for i in range(5)}
        outputs = []
        for form in ("gpx", "kml", "unicsv"):
            path = folder / ("babel." + form)
            subprocess.run(["gpsbabel", "-i", "unicsv", "-f", table, "-x", "transform,trk=wpt,del", "-t", "-o", form, "-F", path], check=True, timeout=60)
            outputs.append((path, 5))
        line = json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {
            "type": "LineString", "coordinates": [[-5.25 - i / 1000, 45.5 + i / 100, i * 10] for i in range(5)]}}]})
        source = folder.write("line.geojson", line.encode())
        for form, layer in (("KML", "ogr.kml"), ("LIBKML", "libkml.kml"), ("GPX", "ogr.gpx")):
            extra = ["-lco", "FORCE_GPX_TRACK=YES"] if form == "GPX" else []
            subprocess.run(["ogr2ogr", "-f", form, *extra, folder / layer, source], check=True, timeout=60, capture_output=True)
            outputs.append((folder / layer, 5))
        for path, count in outputs:
            rows = facts(path)
            points = [r for r in rows if r["fact"] == "position" and r["subject"] == "aircraft"]
            assert len(points) >= count, (path, rows)
            equal({(round(p["longitude_deg"], 6), round(p["latitude_deg"], 6)) for p in points}, want, os.path.basename(path))
            if path.endswith("unicsv"):
                assert {p["time_local"] for p in points} == {f"2024-05-01T09:30:0{i}" for i in range(5)}, points
            elif "babel" in path:
                assert {p["time"] for p in points if p["time"]} == {f"2024-05-01T09:30:0{i}Z" for i in range(5)}, points


def test_a_kmz_is_a_kml_in_a_zip():
    need("ogr2ogr")
    with Folder() as folder:
        line = json.dumps({"type": "LineString", "coordinates": [[-5.25, 45.5], [-5.26, 45.6]]})
        subprocess.run(["ogr2ogr", "-f", "LIBKML", folder / "a.kmz", folder.write("l.geojson", line.encode())], check=True, timeout=60,
                       capture_output=True)
        rows = facts(folder / "a.kmz")
        assert any(r["fact"] == "evidence" and r["kind"] == "kml" for r in rows), rows
        equal(sum(r["fact"] == "position" for r in rows), 2)


def test_hostile_texts_stay_texts():
    with Folder() as folder:
        serial = HOSTILE.replace('"', '""')
        table = TABLE.replace("0TESTEXAMPLE0001", f'"{serial}"')
        audit(folder, folder.write("h.csv", table.encode()))
        for form in ("kml", "gpx"):
            text = report(folder / "case.gpkg", form)
            xml.fromstring(text)
            assert b"<script" not in text and b"\x01" not in text, text[:2000]


def test_output_goes_where_it_is_told():
    with Folder() as folder:
        case = case_of(folder)
        for form in ("kml", "gpx"):
            done = leash("report", case, "--format", form, "-o", folder / "x")
            equal((done.returncode, done.stdout), (0, b""))
            with open(folder / "x", "rb") as f:
                equal(f.read(), report(case, form))
            equal(os.stat(folder / "x").st_mode & 0o777, 0o600)


run(globals())
