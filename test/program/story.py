"""One flight, one story: made logs and photos of the same flight, and real ones, through the whole program."""
import datetime
import json
import os
import sqlite3
import sys

import scripts
from harness import SOURCE, Folder, audit, equal, leash, run, samples

sys.path.insert(0, os.path.join(SOURCE, "examples"))
import video  # noqa: E402


def made(script, *arguments):
    at = arguments.index("-o")
    scripts.write(arguments[at + 1], script.removesuffix(".py"), *arguments[:at], *arguments[at + 2:])


def rows(folder, sql):
    case = sqlite3.connect(f"file:{folder / 'case.gpkg'}?mode=ro", uri=True)
    try:
        return case.execute(sql).fetchall()
    finally:
        case.close()


SOURCES = """SELECT e.path, s.rule, t.best_track = s.source, s.clock_offset_s, s.distance_m
             FROM story t JOIN story_source s ON s.story = t.id LEFT JOIN flight f ON f.id = s.source LEFT JOIN media m ON m.id = s.source
             JOIN evidence e ON e.sha256 = ifnull(f.evidence, m.evidence) ORDER BY t.fid, s.fid"""


def told(folder):
    """{name of the file: rule}, and the file with the best track."""
    found = rows(folder, SOURCES)
    return {os.path.basename(path): rule for path, rule, *_ in found}, [os.path.basename(path) for path, _, best, *_ in found if best]


def point(folder, number):
    with open(folder / "points.json", encoding="utf-8") as points:
        return json.load(points)[number]


def test_logs_and_photos_of_one_flight():
    with Folder() as folder:
        os.makedirs(folder / "evidence")
        made("flight.py", "-o", folder / "evidence/record.txt", "--duration", 200)
        made("flight.py", "--format", "dji-dat", "-o", folder / "evidence/FLY001.DAT", "--duration", 200)
        made("flight.py", "--version", 14, "-o", folder / "evidence/encrypted.txt", "--duration", 200)
        made("flight.py", "-o", folder / "evidence/other-day.txt", "--duration", 200, "--start", "2024-05-16T09:30:00Z")
        made("flight.py", "-o", folder / "evidence/other-aircraft.txt", "--duration", 200, "--serial", "1TESTEXAMPLE002", "--lat", 45.501)
        made("flight.py", "--format", "json", "-o", folder / "points.json", "--duration", 200)
        for number in (300, 700, 1500):
            p = point(folder, number)
            made("photo.py", "-o", folder / f"evidence/photo-{number}.jpg", "--latitude", p["lat"], "--longitude", p["lon"], "--time",
                 p["time"][:19] + "Z", "--local-offset", 2)
        p = point(folder, 700)
        made("photo.py", "-o", folder / "evidence/elsewhere.jpg", "--latitude", p["lat"] + 0.002, "--longitude", p["lon"], "--time", p["time"][:19] + "Z")
        _, report = audit(folder, folder / "evidence")
        rules, best = told(folder)
        equal({name: rules.get(name) for name in ("record.txt", "FLY001.DAT", "encrypted.txt")},
              {"record.txt": "serial", "FLY001.DAT": "serial", "encrypted.txt": "serial"})
        for name in ("photo-300.jpg", "photo-700.jpg", "photo-1500.jpg"):
            assert rules.get(name) in ("photo", "clock"), (name, rules)
        for name in ("other-day.txt", "other-aircraft.txt", "elsewhere.jpg"):
            assert name not in rules, (name, rules)
        assert best in (["record.txt"], ["FLY001.DAT"]), best
        kinds = {kind for kind, in rows(folder, "SELECT kind FROM story_difference")}
        assert {"encryption", "altitude"} <= kinds, kinds
        notes = [f["note"] for f in report["flights"] if f["note"] and "One flight, told by 3 logs and 3 pictures" in f["note"]]
        equal(len(notes), 3)
        with open(folder / "report.html", encoding="utf-8") as page:
            assert '"story_sources":[{' in page.read()
        text = leash("report", folder / "case.gpkg", "--format", "text").stdout.decode()
        assert "3 flights with" in text, text  # three logs of one, and two of others
        # the same in any order, on any number of readers
        before = [rows(folder, f"SELECT * FROM {table} ORDER BY id") for table in ("story", "story_source", "story_difference")]
        names = sorted(os.listdir(folder / "evidence"), reverse=True)
        audit(folder, "--readers", "1", *(folder / f"evidence/{name}" for name in names))
        after = [rows(folder, f"SELECT * FROM {table} ORDER BY id") for table in ("story", "story_source", "story_difference")]
        equal([[row[1:] for row in table] for table in after], [[row[1:] for row in table] for table in before], "order")


def subtitles(points, away_s):
    """Of a camera whose clock is `away_s` ahead of UTC."""
    cues = []
    for i, p in enumerate(points):
        at = datetime.datetime.fromisoformat(p["time"].replace("Z", "+00:00")) + datetime.timedelta(seconds=away_s)
        span = "00:%02d:%02d,%d" % (i // 600, i // 10 % 60, i % 10)
        cues.append(f"{i + 1}\n{span}00 --> {span}90\n{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}\n"
                    f"[iso: 100] [latitude: {p['lat']:.6f}] [longitude: {p['lon']:.6f}] [rel_alt: {p['height']:.3f} abs_alt: 0.000]\n\n")
    return "".join(cues).encode()


def test_two_aircraft_at_once_and_clocks_that_are_wrong():
    """Subtitles of a camera in another zone and 37 s beside it, one of them mostly of hovering; a table with a gap; and a
    second aircraft 33 m away in the same minutes."""
    with Folder() as folder:
        os.makedirs(folder / "evidence")
        made("flight.py", "-o", folder / "evidence/record.txt", "--duration", 300)
        made("flight.py", "--format", "dji-dat", "-o", folder / "evidence/FLY007.DAT", "--duration", 300)
        made("flight.py", "-o", folder / "evidence/second.txt", "--duration", 300, "--serial", "1TESTEXAMPLE002", "--lat", 45.5003, "--seed", 9)
        made("flight.py", "--format", "json", "-o", folder / "points.json", "--duration", 300)
        with open(folder / "points.json", encoding="utf-8") as f:
            points = json.load(f)
        folder.write("evidence/DJI_0001.SRT", subtitles(points[300:1500], 7237))
        folder.write("evidence/DJI_0002.SRT", subtitles(points[1800:2600], 7237))
        start = datetime.datetime.fromisoformat(points[0]["time"].replace("Z", "+00:00"))
        table = ["time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(feet)"]
        for i, p in enumerate(points):
            at = datetime.datetime.fromisoformat(p["time"].replace("Z", "+00:00"))
            if not 1000 < i < 1400:
                table.append(f"{(at - start) // datetime.timedelta(milliseconds=1)},{at:%Y-%m-%d %H:%M:%S},{p['lat']:.9f},{p['lon']:.9f},{p['height'] / 0.3048:.3f}")
        folder.write("evidence/table.csv", "\n".join(table + [""]).encode())
        audit(folder, folder / "evidence")
        rules, best = told(folder)
        equal(rules, {"record.txt": "serial", "FLY007.DAT": "serial", "DJI_0001.SRT": "clock", "DJI_0002.SRT": "clock", "table.csv": "path"})
        equal(best, ["record.txt"])
        offsets = rows(folder, "SELECT amount FROM story_difference WHERE kind = 'clock_offset'")
        equal(sorted(round(amount) for amount, in offsets), [-7237, -7237])
        (gap,), = rows(folder, "SELECT amount FROM story_difference WHERE kind = 'gap'")
        assert 39 < gap < 41, gap


def joined_samples(*names):
    with Folder() as folder:
        audit(folder, *(samples("flightlog", name) for name in names))
        return (*told(folder), rows(folder, "SELECT kind, amount FROM story_difference ORDER BY fid"))


def test_real_records_and_the_tables_made_of_them():
    first = ["DJIFlightRecord_2016-09-15_[13-51-18].txt", "2016-09-15_13-51-19_Standard.csv"]
    second = ["DJIFlightRecord_2016-09-26_[14-27-11].txt", "2016-09-26_14-27-12_Standard.csv"]
    rules, best, _ = joined_samples(*first, *second)
    equal(rules, {name: "path" for name in first + second})
    equal(sorted(best), sorted([first[0], second[0]]))
    with Folder() as folder: # each with its own
        audit(folder, *(samples("flightlog", name) for name in first + second))
        equal(rows(folder, "SELECT count(*) FROM story"), [(2,)])
        for apart, in rows(folder, "SELECT distance_m FROM story_source"):
            assert apart < 1, apart


def test_a_real_dat_and_its_table():
    rules, _, differences = joined_samples("2023-09-22_17-44-44_FLY021.DAT", "Sep-22nd-2023-04-45PM-Flight-Airdata.csv", "2023-09-22_15-42-10_FLY013.DAT")
    equal(rules, {"2023-09-22_17-44-44_FLY021.DAT": "path", "Sep-22nd-2023-04-45PM-Flight-Airdata.csv": "path"})
    apart = [amount for kind, amount in differences if kind == "position"]
    assert len(apart) == 1 and 5 < apart[0] < 8, differences  # flight-logs: a median of 6.3 m
    assert any(kind == "altitude" for kind, _ in differences), differences


def test_a_real_encrypted_record_and_its_table():
    rules, best, differences = joined_samples("DJIFlightRecord_2023-10-12_[17-14-49].txt", "Oct-12th-2023-05-14PM-Flight-Airdata.csv")
    equal(set(rules.values()), {"ends"})
    equal(best, ["Oct-12th-2023-05-14PM-Flight-Airdata.csv"])
    assert "encryption" in {kind for kind, _ in differences}, differences


START = datetime.datetime(2024, 5, 1, 9, 30, tzinfo=datetime.timezone.utc)


def gpx(points):
    return "<?xml version='1.0'?><gpx version='1.1' xmlns='http://www.topografix.com/GPX/1/1'><trk><trkseg>%s</trkseg></trk></gpx>" % "".join(
        "<trkpt lat='%.7f' lon='%.7f'><ele>%.1f</ele><time>%s</time></trkpt>" % (lat, lon, alt, at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z")
        for at, lat, lon, alt in points)


def test_a_late_track_does_not_set_a_camera_clock():
    """A track once a second by a clock 5 s ahead would explain the subtitles with a smaller offset; the record itself is right."""
    with Folder() as folder:
        os.makedirs(folder / "evidence")
        made("flight.py", "-o", folder / "evidence/record.txt", "--duration", 300, "--serial", "1TESTEXAMPLE009")
        made("flight.py", "--format", "json", "-o", folder / "points.json", "--duration", 300)
        with open(folder / "points.json", encoding="utf-8") as f:
            points = json.load(f)
        late = [(datetime.datetime.fromisoformat(p["time"].replace("Z", "+00:00")) + datetime.timedelta(seconds=5), p["lat"], p["lon"], p["height"] + 100)
                for p in points[::10]]
        folder.write("evidence/late.gpx", gpx(late).encode())
        folder.write("evidence/DJI_0001.SRT", subtitles(points[600:2000], 7237))
        audit(folder, folder / "evidence")
        offsets = rows(folder, "SELECT amount FROM story_difference WHERE kind = 'clock_offset'")
        equal(sorted(round(amount) for amount, in offsets), [-7237, -5])
        equal(rows(folder, "SELECT count(*) FROM story_difference WHERE kind = 'position'"), [(0,)])
        equal(rows(folder, "SELECT DISTINCT aircraft_serial FROM story"), [("1TESTEXAMPLE009",)])


def test_a_video_belongs_to_the_flight_that_a_log_tells():
    """DJI's metadata has no zone, GoPro's is by the satellites; both lie on the log's path."""
    with Folder() as folder:
        folder.write("evidence/log.gpx", gpx(list(video.circle(START, 200, 1, 52.0901, -5.12023))).encode())
        folder.write("evidence/dji.mp4", video.video("dji", START, 120))
        folder.write("evidence/gopro.mp4", video.video("gopro", START, 120))
        folder.write("evidence/elsewhere.mp4", video.video("gopro", START, 120, latitude=52.2))
        _, report = audit(folder, folder / "evidence")
        equal(sorted(f["format"] for f in report["flights"]), ["dji-djmd", "gopro-gpmf", "gopro-gpmf", "gpx"])
        found = rows(folder, """SELECT f.format, s.rule, t.id FROM story t JOIN story_source s ON s.story = t.id JOIN flight f ON f.id = s.source""")
        equal({(format, rule) for format, rule, _ in found if format != "gpx"}, {("dji-djmd", "clock"), ("gopro-gpmf", "path")})
        equal(len({story for _, _, story in found}), 1)
        videos = rows(folder, "SELECT s.rule, e.path FROM story_source s JOIN media m ON m.id = s.source JOIN evidence e ON e.sha256 = m.evidence")
        equal(sorted((rule, os.path.basename(path)) for rule, path in videos), [("file", "dji.mp4"), ("file", "gopro.mp4")])


def photos(folder, count, *more, step_s=60, step_deg=0.001):
    os.makedirs(folder / "evidence", exist_ok=True)
    for i in range(count):
        at = START + datetime.timedelta(seconds=i * step_s)
        made("photo.py", "-o", folder / f"evidence/{i}.jpg", "--latitude", 52.09 + i * step_deg, "--longitude", -5.12, "--altitude", 30 + i,
             "--time", at.strftime("%Y-%m-%dT%H:%M:%SZ"), *more)


def test_photos_alone_are_a_flight():
    with Folder() as folder:
        photos(folder, 5, "--serial", "0TESTCAM000001", "--drone-serial", "0TESTUAV000001")
        _, report = audit(folder, folder / "evidence")
        equal(len(report["flights"]), 1)
        flight = report["flights"][0]
        equal((flight["format"], flight["points"], flight["start"], flight["end"], flight["aircraft_serial"], flight["evidence"]),
              ("photos", 5, "2024-05-01T09:30:00Z", "2024-05-01T09:34:00Z", "0TESTUAV000001", None))
        equal(sorted(flight["origin"]["rows"]), sorted(m["id"] for m in report["media"]))
        equal((round(flight["bbox"][1], 6), round(flight["bbox"][3], 6)), (52.09, 52.094))
        equal(rows(folder, "SELECT count(*) FROM flight_path"), [(1,)])
        equal(rows(folder, "SELECT count(*) FROM position WHERE flight = '%s'" % flight["id"]), [(5,)])
        equal({r for r, in rows(folder, "SELECT DISTINCT rule FROM story_source")}, {"series"})


def test_photos_that_are_no_flight():
    for name, count, step_s, step_deg in (("two are no path", 2, 60, 0.001), ("hours lie between them", 4, 7200, 0.001),
                                          ("nothing flies so fast", 4, 1, 0.01)):
        with Folder() as folder:
            photos(folder, count, step_s=step_s, step_deg=step_deg)
            _, report = audit(folder, folder / "evidence")
            equal((name, report["flights"], len(report["media"])), (name, [], count))


def test_a_clock_that_says_utc_and_is_wrong():
    """The phone's log is an hour, or some minutes, beside the aircraft's: said, and not joined; not of two flights of one log
    each of the same form, nor of another aircraft's."""
    for name, start, told_s, more in (("an hour", "2024-05-14T10:30:00Z", -3600, ()), ("minutes", "2024-05-14T09:34:10Z", -250, ()),
                                      ("another aircraft", "2024-05-14T10:30:00Z", None, ("--serial", "1TESTEXAMPLE002")),
                                      ("elsewhere", "2024-05-14T10:30:00Z", None, ("--lat", 45.52))):
        with Folder() as folder:
            os.makedirs(folder / "evidence")
            made("flight.py", "--format", "dji-dat", "-o", folder / "evidence/FLY001.DAT", "--duration", 200, "--start", "2024-05-14T09:30:00Z")
            made("flight.py", "-o", folder / "evidence/record.txt", "--duration", 200, "--start", start, *more)
            audit(folder, folder / "evidence")
            equal((name, rows(folder, "SELECT count(*) FROM story")), (name, [(0,)]))
            found = rows(folder, "SELECT kind, statement FROM story_difference")
            equal((name, len(found)), (name, 0 if told_s is None else 1))
            if told_s is not None:
                assert found[0][0] == "undecided" and f"moved by {told_s:+.1f} s" in found[0][1].replace(f"{-told_s:+.1f}", f"{told_s:+.1f}"), found


run(globals())
