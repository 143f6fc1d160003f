"""leash scrub on flight logs: every made log of the corpus, and real ones where they are.  Values are looked for in the copies' bytes
without leash; the structure of binary copies is checked by small walkers of this file's own."""
import json
import math
import os
import shutil
import struct
import subprocess
import xml.etree.ElementTree

from harness import Folder, SOURCE, equal, facts, leash, run, samples, skip
from scrub_kit import Scrubbed, forms_of_place, forms_of_text, nothing_left, read

CORPUS = os.path.join(SOURCE, "test", "corpus", "flightlog")
KINDS = ["ulog", "dataflash", "tlog", "dji_srt", "csv_log", "gpx", "kml", "dji_txt", "json_log"]


def corpus(kind):
    return [os.path.join(CORPUS, kind, name) for name in sorted(os.listdir(os.path.join(CORPUS, kind)))]


def told(path):
    """Positions, numbers and names, as `leash facts` tells them, and the status of the file."""
    rows = facts("--no-hash", path)
    places = [(r["latitude_deg"], r["longitude_deg"]) if "latitude_deg" in r else (r["position"][1], r["position"][0]) for r in rows if r["fact"] == "position"]
    values = [r["value"] for r in rows if r["fact"] == "identifier" and r["kind"] not in ("model", "vendor", "firmware", "version", "app", "type", "place")]
    values += [r["serial"] for r in rows if r["fact"] == "device" and r["serial"]]
    status = next(r for r in rows if r["fact"] == "evidence")["status"]
    return places, {v for v in values if len(v) >= 6}, status


def some(places, count=12):
    distinct = list(dict.fromkeys(p for p in places if abs(p[0]) > 1e-6 or abs(p[1]) > 1e-6))
    return distinct[::max(1, len(distinct) // count)][:count]


def nothing_told(data, places, values):
    for place in some(places):
        nothing_left(data, forms_of_place(*place))
    for value in values:
        nothing_left(data, forms_of_text(value))


def test_every_log_of_the_corpus():
    for kind in KINDS:
        with Folder() as folder:
            paths = corpus(kind)
            before = {path: told(path) for path in paths}
            done = Scrubbed(folder, *paths)
            removed = 0
            for path in paths:
                name = os.path.basename(path)
                places, values, status = before[path]
                result = done.results[name]
                if result == "failed":
                    assert not done.copies[name] and done.reasons[name], (name, done.said)
                    continue
                nothing_told(done.copy(name), places, values)
                left, _, _ = told(done.copies[name])
                equal([p for p in left if abs(p[0]) > 1e-6 or abs(p[1]) > 1e-6], [], name)
                if status != "read":
                    equal(result, "not_shown", f"{name}, which is {status}")
                removed += result == "removed_and_checked"
            assert removed > 0 or kind == "gpx", (kind, done.said)


def test_stripped_of_what_is_unknown():
    for kind in ("ulog", "dataflash"):
        with Folder() as folder:
            paths = corpus(kind)
            done = Scrubbed(folder, "--strip-unknown", *paths)
            for path in paths:
                name = os.path.basename(path)
                assert done.results[name] != "failed", done.said
                nothing_told(done.copy(name), *told(path)[:2])


def test_encrypted_and_signed_logs_are_refused():
    with Folder() as folder:
        done = Scrubbed(folder, os.path.join(CORPUS, "dji_txt", "version-14-three-seconds.txt"), os.path.join(CORPUS, "tlog", "two-vehicles-mavlink-2.tlog"),
                        os.path.join(CORPUS, os.pardir, "evidence", "text_front", "utf-16.csv"), expect=3)
        assert "version 14" in done.reasons["version-14-three-seconds.txt"] and "encrypts" in done.reasons["version-14-three-seconds.txt"]
        assert "signed" in done.reasons["two-vehicles-mavlink-2.tlog"] and "UTF-8" in done.reasons["utf-16.csv"]
        assert set(done.results.values()) == {"failed"} and os.listdir(done.folder) == []


def shape(places):
    """Distances in metres between some of the points."""
    few = some(places, 8)

    def metres(a, b):
        return 111320 * math.hypot(a[0] - b[0], math.remainder(a[1] - b[1], 360) * math.cos(math.radians((a[0] + b[0]) / 2)))
    return few, [metres(a, b) for a in few for b in few]


def test_shift_keeps_the_shape():
    good = [("ulog", "ten-fixes.ulg"), ("dataflash", "five-fixes.bin"), ("dataflash", "five-fixes.log"), ("tlog", "mavlink-1.tlog"),
            ("dji_srt", "labels-two-heights-in-a-bracket.srt"), ("csv_log", "operator-home-and-serial.csv"), ("gpx", "tracks-route-and-waypoints.gpx"),
            ("kml", "points-with-times.kml"), ("dji_txt", "version-4-three-seconds.txt"), ("dji_txt", "version-8-three-seconds.txt"), ("json_log", "objects-of-a-list.json"),
            ("json_log", "gutma-names-behind-rows.json"), ("json_log", "parrot-with-operator.json")]
    for kind, name in good:
        with Folder() as folder:
            path = os.path.join(CORPUS, kind, name)
            places, values, _ = told(path)
            done = Scrubbed(folder, "--shift", path)
            assert done.copies[name], done.said
            nothing_told(done.copy(name), places, values)
            moved, _, _ = told(done.copies[name])
            equal(len(moved), len(places), name)
            # The same points, by their place in the list: zero stays zero.
            pairs = [(a, b) for a, b in zip(places, moved) if abs(a[0]) > 1e-6]
            old, want = shape([a for a, _ in pairs])
            new = [dict(pairs)[p] for p in old]
            _, got = shape(new)
            assert len(new) == len(old) and all(abs(a - b) < 2 + 0.002 * a for a, b in zip(want, got)), (name, want, got)
            assert all(abs(math.remainder(a[1] - b[1], 360)) > 15 for a, b in zip(old, new)), name


def test_shift_is_marked_inside_where_it_can_be():
    mark = b"altered copy: the positions were moved"
    marked = {"flightlog/gpx/tracks-route-and-waypoints.gpx": b"<!-- %s -->", "flightlog/kml/points-with-times.kml": b"<!-- %s -->",
              "flightlog/ulog/ten-fixes.ulg": b"char[38] altered_copy%s",
              "flightlog/dataflash/five-fixes.bin": b"%s\0", "flightlog/dataflash/five-fixes.log": b", %s\n",
              "media/jpeg/whole-photo-little-endian.jpg": b"\xff\xd8\xff\xfe\0\x28%s", "media/png/exif.png": b"tEXtComment\0%s",
              "media/movie/gopro-track.mp4": b"\xa9cmt\0\x26\x55\xc4%s", "media/movie/fragmented-gopro-track.mp4": b"\xa9cmt\0\x26\x55\xc4%s"}
    not_marked = ["media/tiff/camera-tags-big-endian.tif"]
    with Folder() as folder:
        for path in list(marked) + not_marked:
            whole = os.path.join(SOURCE, "test", "corpus", path)
            name = os.path.basename(path)
            done = Scrubbed(folder, "--shift", whole, out="out-" + name)
            equal(done.copy(name).count(mark), 1 if path in marked else 0, path)
            if path not in marked:
                continue
            assert marked[path] % mark in done.copy(name), path
            plain = Scrubbed(folder, whole, out="plain-" + name)
            assert mark not in plain.copy(name), path
            # The copy reads as the original does: nothing was damaged by what came in.
            before, after = ([row["statement"] for row in facts(p) if row["fact"] == "damage"] for p in (whole, done.copies[name]))
            assert len(after) <= len(before), (path, before, after)


def test_copies_are_well_formed():
    with Folder() as folder:
        done = Scrubbed(folder, *corpus("gpx"), *corpus("kml"))
        for path in corpus("gpx") + corpus("kml"):
            name = os.path.basename(path)
            try:
                xml.etree.ElementTree.fromstring(read(path))
            except xml.etree.ElementTree.ParseError:
                continue
            xml.etree.ElementTree.fromstring(done.copy(name))
    whole = [p for p in corpus("json_log") if p.endswith(".json") and os.path.basename(p).split("-")[0] in ("gutma", "parrot", "objects")]
    with Folder() as folder:
        for more in ([], ["--shift"], ["--drop", "time"]):
            done = Scrubbed(folder, *more, *whole, out="json" + "".join(more).strip("-"))
            for path in whole:
                name = os.path.basename(path)
                if done.results[name] == "failed":
                    assert "damaged" in done.reasons[name], done.said
                    continue
                before, after = json.loads(read(path)), json.loads(done.copy(name))
                equal(type(after), type(before), name)
                assert before != after, name


def test_gpsbabel_opens_tracks():
    if not shutil.which("gpsbabel"):
        skip("gpsbabel is not installed")
    track = (b'<?xml version="1.0"?>\n<gpx version="1.1" creator="a test" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Test pilot, 0TESTUAV000001</name><trkseg>' +
             b"".join(b'<trkpt lat="52.%05d" lon="5.%05d"><ele>12.5</ele><time>2024-05-01T09:30:%02dZ</time></trkpt>\n' % (9010 + i, 12023 + 2 * i, i)
                      for i in range(20)) + b"</trkseg></trk></gpx>\n")
    with Folder() as folder:
        done = Scrubbed(folder, "--shift", folder.write("in/a.gpx", track), expect=0)
        nothing_left(done.copy("a.gpx"), forms_of_place(52.09010, 5.12023), {"name": b"Test pilot"})
        subprocess.run(["gpsbabel", "-i", "gpx", "-f", done.copies["a.gpx"], "-o", "gpx", "-F", folder / "again.gpx"], check=True, capture_output=True)
        equal(read(folder / "again.gpx").count(b"<trkpt"), 20)


def crc(data):
    """The check of MAVLink (X.25), bit by bit."""
    value = 0xffff
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0x8408 if value & 1 else value >> 1
    return value


def frames(data):
    """(id, payload, bytes under the check, check) of a telemetry log."""
    at = 0
    while at + 8 + 8 <= len(data):
        frame = data[at + 8:]
        head, kind = (10, frame[7] | frame[8] << 8 | frame[9] << 16) if frame[0] == 0xfd else (6, frame[5])
        assert frame[0] in (0xfd, 0xfe), at
        end = head + frame[1]
        yield kind, frame[head:end], frame[1:end], struct.unpack("<H", frame[end:end + 2])[0]
        at += 8 + end + 2


def test_numbers_of_nodes_in_dataflash():
    """CAND: the number of a receiver or ESC on the CAN bus, as two whole numbers; binary and text."""
    columns, halves = "TimeUS,Driver,NodeId,UID1,UID2,Name,Major,Minor,Version", (0x0807060504030201, 0x6877665544332211)

    def layout(kind, length, name, letters, names):
        return b"\xa3\x95\x80" + bytes([kind, length]) + name.ljust(4, b"\0") + letters.ljust(16, b"\0") + names.ljust(64, b"\0")

    binary = layout(128, 89, b"FMT", b"BBnNZ", b"Type,Length,Name,Format,Columns") + layout(140, 99, b"CAND", b"QBBQQZBBI", columns.encode()) + (
        b"\xa3\x95\x8c" + struct.pack("<QBBQQ64sBBI", 1000, 0, 125, *halves, b"org.test.gnss", 1, 2, 3)) * 2
    text = f"FMT, 128, 89, FMT, BBnNZ, Type,Length,Name,Format,Columns\nFMT, 140, 99, CAND, QBBQQZBBI, {columns}\n" \
           f"CAND, 1000, 0, 125, {halves[0]}, {halves[1]}, org.test.gnss, 1, 2, 3\n"
    with Folder() as folder:
        for name, log, left in [("node.bin", binary, [struct.pack("<Q", h) for h in halves]), ("node.log", text.encode(), [str(h).encode() for h in halves])]:
            path = folder.write(name, log)
            serial = struct.pack("<QQ", *halves).hex()
            assert serial in [r["serial"] for r in facts("--no-hash", path) if r["fact"] == "device"], name
            done = Scrubbed(folder, path)
            equal(done.results[name], "removed_and_checked")
            for value in left:
                assert value in log and value not in done.copy(name), (name, value)


def test_numbers_in_rare_messages_of_mavlink():
    """Of batteries, flights and cameras; offsets and CRC_EXTRA as in common.xml and cubepilot.xml."""
    def message(number, extra, length, at, value):
        payload = (b"\0" * at + value).ljust(length, b"\0").rstrip(b"\0")
        head = bytes([len(payload), 0, 0, 0, 1, 1]) + struct.pack("<I", number)[:3]
        return struct.pack(">Q", 1715679000000000) + b"\xfd" + head + payload + struct.pack("<H", crc(head + payload + bytes([extra])))

    values = [b"SMART-BAT-00001", bytes(range(8, 0, -1)), b"rtsp://10.0.0.9/live"]
    with Folder() as folder:
        path = folder / "rare.tlog"
        with open(path, "wb") as out:
            out.write(message(24, 24, 30, 8, struct.pack("<iii", 455000000, -52500000, 1000) + bytes(8) + b"\3\5") * 3 +
                      message(370, 75, 87, 21, values[0]) + message(264, 49, 28, 16, values[1]) + message(50002, 181, 246, 16, values[2]))
        done = Scrubbed(folder, path)
        equal(done.results["rare.tlog"], "removed_and_checked")
        for value in values:
            assert value in read(path) and value not in done.copy("rare.tlog"), value


def test_checks_of_mavlink_are_right():
    extra = {0: 50, 24: 24, 33: 104, 30: 39, 1: 124, 242: 104, 22: 220, 253: 83}  # message_definitions/v1.0
    with Folder() as folder:
        path = os.path.join(CORPUS, "tlog", "mavlink-1.tlog")
        done = Scrubbed(folder, path)
        checked = 0
        before, after = list(frames(read(path))), list(frames(done.copy("mavlink-1.tlog")))
        equal([f[0] for f in before], [f[0] for f in after])
        for old, new in zip(before, after):
            if old[0] in extra:
                equal(crc(old[2] + bytes([extra[old[0]]])), old[3], "before")
                equal(crc(new[2] + bytes([extra[new[0]]])), new[3], f"message {new[0]}")
                checked += old != new
        assert checked > 0


def records(data):
    """Types and lengths of the records of a ULog."""
    at, found = 16, []
    while at + 3 <= len(data):
        size, kind = struct.unpack_from("<HB", data, at)
        found.append((kind, size))
        at += 3 + size
    return found, at


def test_records_of_ulog_stay():
    with Folder() as folder:
        path = os.path.join(CORPUS, "ulog", "ten-fixes.ulg")
        done = Scrubbed(folder, path, expect=0)
        equal(records(done.copy("ten-fixes.ulg")), records(read(path)))


def test_keep():
    with Folder() as folder:
        path = os.path.join(CORPUS, "ulog", "ten-fixes.ulg")
        places, values, _ = told(path)
        done = Scrubbed(folder, "--keep", "position", "--keep", "operator", path, expect=0)
        equal(told(done.copies["ten-fixes.ulg"])[0], places)
        for value in values:
            nothing_left(done.copy("ten-fixes.ulg"), forms_of_text(value))


def test_drop_time():
    for kind, name in (("dji_srt", "labels-two-heights-in-a-bracket.srt"), ("csv_log", "operator-home-and-serial.csv"), ("kml", "points-with-times.kml"),
                       ("dji_txt", "version-4-three-seconds.txt"), ("ulog", "ten-fixes.ulg")):
        with Folder() as folder:
            done = Scrubbed(folder, "--drop", "time", os.path.join(CORPUS, kind, name))
            assert done.copies[name], (name, done.said)
            rows = facts(done.copies[name])
            for row in rows:
                if row["fact"] == "flight":
                    assert row["start"] is None and row["start_local"] is None, (name, row)


def test_a_line_of_text_in_a_table():
    with Folder() as folder:
        table = b"latitude,longitude,datetime(utc),message,aircraft SN,home_latitude\n" + b"".join(
            b"52.%06d,5.%06d,2024-05-01 09:30:%02d,%s,0TESTUAV000001,52.100000\n" % (90100 + i, 120230 + i, i, b"pilot of 0TESTUAV000001 landed" if i == 3 else b"")
            for i in range(20))
        done = Scrubbed(folder, folder.write("in/a.csv", table), expect=0)
        nothing_left(done.copy("a.csv"), forms_of_text("0TESTUAV000001"), {"latitude": b"52.0901", "longitude": b"5.1202", "home": b"52.1000"})
        assert b"2024-05-01 09:30:05" in done.copy("a.csv") and b"landed" in done.copy("a.csv")


def test_numbers_without_a_name():
    """A coordinate whose label was hit is not understood, in subtitles beside a video; dates and heights are none."""
    good = b"1\n00:00:00,000 --> 00:00:01,000\n2017.08.05 14:11:51\n[latitude: 52.090123] [longitude: -5.120234] [altitude: 12.345678]\n\n"
    with Folder() as folder:
        equal(Scrubbed(folder, folder.write("in/good.srt", good), expect=0).results["good.srt"], "removed_and_checked")
        bare = folder.write("in/bare.srt", good + good.replace(b"latitude:", b"latitude ").replace(b"longitude:", b"longitude"))
        assert b"52.0901" not in Scrubbed(folder, bare, out="out-bare", expect=0).copy("bare.srt")
        for name, change in (("name", (b"[latitude", b"[latatu0e")), ("bracket", (b"51\n[latitude:", b"51\n"))):
            path = folder.write("in/%s.srt" % name, good + good.replace(*change).replace(b"52.090123", b"52.090456"))
            equal(Scrubbed(folder, path, out="out-" + name, expect=3).results[name + ".srt"], "not_shown")
            assert b"52.0904" not in Scrubbed(folder, "--strip-unknown", path, out="stripped-" + name).copy(name + ".srt"), name


def test_texts_like_serial_numbers():
    """A column whose heading was hit, a message whose form was: what is written as serial numbers are is not understood."""
    table = read(os.path.join(CORPUS, "csv_log", "operator-home-and-serial.csv"))
    log = read(os.path.join(CORPUS, "dataflash", "five-fixes.bin"))
    assert b"aircraftSn" in table and b"0TESTEXAMPLE0001" in table and b"TestBoard 00112233 44556677 8899AABB" in log
    with Folder() as folder:
        for name, content, secret in (("heading.csv", table.replace(b"aircraftSn", b"aircraft5n"), b"0TESTEXAMPLE0001"),
                                      ("line.csv", table.replace(b"aircraftSn\n", b"aircraftSn\t"), b"0TESTEXAMPLE0001"),
                                      ("message.bin", log.replace(b"8899AABB\0", b"8899AABB\x80"), b"00112233 44556677 8899AABB")):
            path = folder.write("in/" + name, content)
            equal(Scrubbed(folder, path, out="out-" + name, expect=3).results[name], "not_shown")
            assert secret not in Scrubbed(folder, "--strip-unknown", path, out="stripped-" + name).copy(name), name


def test_samples():
    path = samples("flightlog")
    wanted = [name for name in sorted(os.listdir(path)) if name.endswith((".csv", ".srt", ".SRT", ".ulg", ".BIN", ".tlog")) or name.startswith("DJIFlightRecord") and name.endswith(".txt")]
    with Folder() as folder:
        done = Scrubbed(folder, "--strip-unknown", *[os.path.join(path, name) for name in wanted])
        for name in wanted:
            encrypted = "_2021-" in name or "DJIFlightRecord_2023" in name
            if encrypted or name.startswith("broken_empty"):
                equal(done.results[name], "failed", name)
                continue
            assert done.results[name] != "failed", done.said
            places, values, _ = told(os.path.join(path, name))
            nothing_told(done.copy(name), places, values)


if __name__ == "__main__":
    run(globals())
