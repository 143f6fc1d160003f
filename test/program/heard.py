"""What was heard by radio in a case: against the flight log of the same flight, how far it exposed the operator, and bystanders' drones
without their names."""
import csv
import datetime
import json
import os
import re
import sqlite3
import subprocess
import sys

import wifi
from harness import SOURCE, Folder, audit, equal, leash, run

SERIAL = "1TESTEXAMPLE001"
STRANGER, THIRD = "1581F0000000000000B2", "1581F0000000000000C3"
MINE, THEIRS, OTHERS = "60:60:1f:00:00:01", "60:60:1f:00:00:0b", "60:60:1f:00:00:0c"


def made(*arguments):
    subprocess.run([sys.executable, os.path.join(SOURCE, "examples/flight.py"), *map(str, arguments)], check=True)


def flight(folder, seconds=120):
    """A flight record, and where the aircraft was, and how high above take-off, every second."""
    made("-o", folder / "record.txt", "--duration", seconds, "--serial", SERIAL)
    made("--format", "json", "-o", folder / "points.json", "--duration", seconds)
    with open(folder / "points.json", encoding="utf-8") as points:
        points = json.load(points)
    when = lambda p: datetime.datetime.fromisoformat(p["time"].replace("Z", "+00:00")).timestamp()
    seconds = {}
    for p in points:
        seconds.setdefault(int(when(p)), (when(p), p["lon"], p["lat"], p["height"]))
    return list(seconds.values())


def rows(folder, sql):
    case = sqlite3.connect(f"file:{folder / 'case.gpkg'}?mode=ro", uri=True)
    try:
        return case.execute(sql).fetchall()
    finally:
        case.close()


def differences(folder):
    return dict(rows(folder, "SELECT kind, amount FROM story_difference WHERE kind GLOB 'broadcast_*'"))


def of_places(folder):
    return {kind: amount for kind, amount in differences(folder).items() if "altitude" not in kind and "height" not in kind}


def heard(folder, points, serial=SERIAL, clock=0.0, moved=0.0, operator=None, operator_type=1, strangers=(), sender=MINE):
    air = wifi.Air()
    for time, lon, lat, *_ in points:
        air.time = round(time + clock, 3)
        if serial:
            air.remote_id(serial, (lon + moved, lat, 120.0), operator=operator, operator_type=operator_type, sender=sender,
                          operator_id="FINexample000001", ssid="RID-" + serial)
        for number, (name, address) in enumerate(strangers):
            air.remote_id(name, (lon + 0.1 + number / 100, lat, 90.0), operator=(lon + 0.11, lat), sender=address,
                          operator_id="FINstranger00001", self_id="somebody's drone", ssid="RID-" + name)
    return folder.write("radio.pcap", air.pcap())


def test_the_broadcast_agrees_with_the_log():
    with Folder() as folder:
        points = flight(folder)
        audit(folder, folder / "record.txt", heard(folder, points))
        told = of_places(folder)
        assert set(told) == {"broadcast_agrees"} and told["broadcast_agrees"] < 10, told
        equal(rows(folder, "SELECT count(*) FROM broadcast WHERE anomalies LIKE '%log_disagrees%'"), [(0,)])
        _, source, other = rows(folder, "SELECT statement, source, other FROM story_difference WHERE kind = 'broadcast_agrees'")[0]
        assert source.startswith("flight-") and other.startswith("broadcast-"), (source, other)


def test_the_broadcast_is_elsewhere():
    with Folder() as folder:
        points = flight(folder)
        audit(folder, folder / "record.txt", heard(folder, points, moved=0.01))
        told = of_places(folder)
        assert set(told) == {"broadcast_position"} and 600 < told["broadcast_position"] < 1000, told
        equal(rows(folder, "SELECT count(*), total(anomalies LIKE '%log_disagrees%') FROM broadcast"), [(len(points), len(points) - 1)]
              if rows(folder, "SELECT total(anomalies LIKE '%log_disagrees%') FROM broadcast")[0][0] == len(points) - 1
              else [(len(points), len(points))])


def test_clocks_that_differ():
    with Folder() as folder:
        points = flight(folder)
        audit(folder, folder / "record.txt", heard(folder, points, clock=20))
        told = of_places(folder)
        assert "broadcast_clock" in told and abs(abs(told["broadcast_clock"]) - 20) <= 2, told
        assert told["broadcast_agrees"] < 20, told


def test_another_serial_number_on_the_path():
    with Folder() as folder:
        points = flight(folder)
        _, report = audit(folder, folder / "record.txt", heard(folder, points, serial=STRANGER))
        told = of_places(folder)
        equal(set(told), {"broadcast_agrees", "broadcast_serial"})
        equal({b["uas_id"] for b in report["broadcasts"]}, {STRANGER})  # it is the operator's, whatever it calls itself


def test_take_off_and_silence():
    with Folder() as folder:
        points = flight(folder)
        home = points[0][1:3]
        audit(folder, folder / "record.txt", heard(folder, points, operator=(home[0] + 0.002, home[1]), operator_type=0))
        told = of_places(folder)
        assert "broadcast_takeoff" in told and 100 < told["broadcast_takeoff"] < 200, told
        audit(folder, folder / "record.txt", heard(folder, points, serial=None, strangers=[(STRANGER, THEIRS)]))
        told = of_places(folder)
        assert set(told) == {"broadcast_absent"} and told["broadcast_absent"] > 100, told


def altitudes(folder, points, **told):
    """Differences of altitudes, where `told` has functions of the height above take-off."""
    air = wifi.Air()
    for time, lon, lat, height in points:
        air.time = round(time, 3)
        said = {name: of(height) if callable(of) else of for name, of in told.items()}
        air.remote_id(SERIAL, (lon, lat, said.pop("altitude", None)), sender=MINE, **said)
    audit(folder, folder / "record.txt", folder.write("radio.pcap", air.pcap()))
    found = rows(folder, "SELECT kind, amount, statement FROM story_difference WHERE kind GLOB '*altitude*' OR kind GLOB '*height*'")
    judged = {row[0] for row in rows(folder, "SELECT statement FROM finding WHERE rule = 'broadcast-against-log'")}
    for kind, _, sentence in found:
        equal(sentence in judged, not kind.endswith("_agrees"))
    return {kind: (amount, sentence) for kind, amount, sentence in found}


def test_altitudes_against_the_log():
    with Folder() as folder:
        points = flight(folder)   # whose altitudes count from take-off
        told = altitudes(folder, points, altitude=lambda h: h + 432, pressure=lambda h: h + 300, height=lambda h: h)
        equal(set(told), {"broadcast_altitude_agrees", "broadcast_pressure_altitude_agrees", "broadcast_height_agrees"})
        assert abs(told["broadcast_altitude_agrees"][0] - 432) < 2 and abs(told["broadcast_height_agrees"][0]) < 2, told
        assert "above the ellipsoid" in told["broadcast_altitude_agrees"][1] and "above take-off" in told["broadcast_altitude_agrees"][1], told
        assert "not known" in told["broadcast_altitude_agrees"][1], told
        # Of one level the amount counts; of others only that it stays.
        told = altitudes(folder, points, height=lambda h: h + 40)
        equal(set(told), {"broadcast_height"})
        assert abs(told["broadcast_height"][0] - 40) < 2 and "-15 to 15 m" in told["broadcast_height"][1], told
        equal(set(altitudes(folder, points, altitude=lambda h: 500 - 3 * h, height=None)), {"broadcast_altitude"})
        # A height above the ground goes with the ground, and what is unknown is not compared.
        equal(altitudes(folder, points, height=lambda h: h + 40, height_ref="ground"), {})
        equal(altitudes(folder, points, height=None), {})


# Bystanders: nothing of them is in the case or in any form of report.

SECRETS = [STRANGER, THIRD, THEIRS, OTHERS, "FINstranger00001", "somebody's drone"]


def texts_of(folder):
    yield "case", open(folder / "case.gpkg", "rb").read()
    yield "page", open(folder / "report.html", "rb").read()
    for form in ("text", "json", "csv", "kml", "geojson", "gpx", "html"):
        done = leash("report", folder / "case.gpkg", "--format", form)
        assert done.returncode == 0, (form, done.stderr)
        yield form, done.stdout


def hidden(folder, secrets=SECRETS):
    for form, content in texts_of(folder):
        for secret in secrets:
            assert secret.lower().encode() not in content.lower(), (form, secret)


def test_bystanders_lose_their_names():
    with Folder() as folder:
        points = flight(folder)
        capture = heard(folder, points, operator=points[0][1:3], strangers=[(STRANGER, THEIRS), (THIRD, OTHERS)])
        _, report = audit(folder, folder / "record.txt", capture)
        names = {b["uas_id"] for b in report["broadcasts"]}
        equal(names, {SERIAL, "bystander-1", "bystander-2"})
        for b in report["broadcasts"]:
            assert b["position"], b
            equal(bool(b["operator_position"]), b["uas_id"] == SERIAL)
            equal(b["operator_id"], "FINexample000001" if b["uas_id"] == SERIAL else b["uas_id"])
        equal({d["serial"] for d in report["devices"] if d["role"] == "aircraft"}, names)
        assert any("bystander-1" in n for n in report["coverage"]["notes"]), report["coverage"]["notes"]
        hidden(folder)
        # A row of theirs can still be explained: the evidence holds what it holds.
        row = next(b["id"] for b in report["broadcasts"] if b["uas_id"] == "bystander-2")
        equal(leash("explain", folder / "case.gpkg", row).returncode, 0)

        _, shown = audit(folder, "--bystanders", folder / "record.txt", capture)
        equal({b["uas_id"] for b in shown["broadcasts"]}, {SERIAL, STRANGER, THIRD})
        equal([n for n in shown["coverage"]["notes"] if "bystander" in n], [])


def test_whose_drone_it_is():
    with Folder() as folder:
        points = [(1750000000.0 + i, 9.1 + i * 1e-4, 48.7) for i in range(20)]
        names = lambda report: {b["uas_id"] for b in report["broadcasts"]}
        one = heard(folder, points)
        equal(names(audit(folder, one)[1]), {SERIAL})                                    # the only one
        equal(names(audit(folder, "--own-drone", STRANGER, one)[1]), {"bystander-1"})    # it is said which
        three = heard(folder, points, strangers=[(STRANGER, THEIRS), (THIRD, OTHERS)])
        equal(names(audit(folder, three)[1]), {"bystander-1", "bystander-2", "bystander-3"})
        hidden(folder, SECRETS + [SERIAL, MINE])
        equal(names(audit(folder, "--own-drone", STRANGER.lower(), three)[1]), {"bystander-1", STRANGER, "bystander-2"})
        equal(names(audit(folder, "--own-drone", OTHERS, three)[1]), {"bystander-1", "bystander-2", THIRD})
        equal(names(audit(folder, "--local", OTHERS, three)[1]), {"bystander-1", "bystander-2", THIRD})
        policy = folder.write("policy.yaml", f"version: 1\nname: test\nprofiles: [operator]\ninventory:\n  - {{ serial: {SERIAL}, role: aircraft }}\n".encode())
        equal(names(audit(folder, "--policy", policy, three)[1]), {SERIAL, "bystander-1", "bystander-2"})
        # The same evidence gives the same names.
        first = rows(folder, "SELECT uas_id, sender FROM broadcast ORDER BY fid")
        audit(folder, "--policy", policy, "--readers", "3", three)
        equal(rows(folder, "SELECT uas_id, sender FROM broadcast ORDER BY fid"), first)


def test_an_aircraft_with_two_ids():
    with Folder() as folder:
        air = wifi.Air(step=1)
        for i in range(10):
            messages = [wifi.basic_id(SERIAL), wifi.basic_id(b"\1" + bytes(range(1, 17)), id_type=4), wifi.location((9.1, 48.7))]
            air.remote_id_messages(wifi.pack(messages), sender=MINE)
            air.remote_id(None, (9.1, 48.7), session="SESSION-1", sender=MINE)
            air.remote_id(STRANGER, (9.2, 48.7), operator=(9.21, 48.7), sender=THEIRS)
        _, report = audit(folder, "--own-drone", SERIAL, folder.write("radio.pcap", air.pcap()))
        equal({b["uas_id"] for b in report["broadcasts"]}, {SERIAL, "SESSION-1", "bystander-1"})
        hidden(folder, [STRANGER, THEIRS])


# The policy's rules.

def verdict(folder, forbidden, *arguments):
    policy = folder.write("policy.yaml", ("version: 1\nname: test\nprofiles: [operator]\nbroadcast:\n" +
                                          "".join(f"  {word}: forbidden\n" for word in forbidden)).encode())
    _, report = audit(folder, "--policy", policy, *arguments)
    row = next(p for p in report["precautions"] if p["title"] == "The drone broadcasts nothing that the policy forbids")
    return row["verdict"], [f["statement"] for f in report["findings"] if f["rule"] == "POL-BROADCAST"]


def test_the_policy_judges_the_own_drone():
    with Folder() as folder:
        points = [(1750000000.0 + i, 9.1 + i * 1e-4, 48.7) for i in range(80)]
        own = heard(folder, points, operator=(9.1, 48.7))
        equal(verdict(folder, ["operator_position"], own),
              ("not_met", ["The operator's position, heard 80 times; the policy forbids it."]))
        equal(verdict(folder, ["serial_number"], own)[0], "not_met")
        equal(verdict(folder, ["dji_drone_id"], own), ("met", []))
        # Only others were in the air.
        strangers = heard(folder, points, serial=None, strangers=[(STRANGER, THEIRS), (THIRD, OTHERS)])
        for shown in ([], ["--bystanders"]):
            equal(verdict(folder, ["remote_id", "operator_position", "serial_number"], *shown, strangers), ("met", []))
        # A session's id is no serial number; DJI's DroneID beside Remote ID is told.
        air = wifi.Air(step=1)
        for i in range(10):
            air.remote_id(None, (9.1, 48.7), session="SESSION-1", sender=MINE)
        session = folder.write("session.pcap", air.pcap())
        equal(verdict(folder, ["serial_number"], session), ("met", []))
        assert not [f for f in audit(folder, session)[1]["findings"] if f["rule"] == "serial-broadcast"]
        for i in range(10):
            air.dji(SERIAL, (9.1, 48.7), app=(9.1, 48.7), sender=MINE)
        both = folder.write("both.pcap", air.pcap())
        equal(verdict(folder, ["dji_drone_id"], "--own-drone", SERIAL, both)[0], "not_met")
        rules = [f["rule"] for f in audit(folder, "--own-drone", SERIAL, both)[1]["findings"]]
        assert "droneid-beside-remote-id" in rules and "serial-broadcast" in rules, rules


# Exposure.

def test_how_the_operator_was_exposed():
    with Folder() as folder:
        air = wifi.Air()
        for i in range(61):
            air.time = 1750000000.0 + i * 2 + (100 if i > 30 else 0)   # a pause of 102 s
            air.remote_id(SERIAL, (9.1 + i * 1e-4, 48.7), operator=(9.2 + (i // 30) * 1e-3, 48.7), sender=MINE)
        for i in range(4):
            air.french("TST" + "X" * 27, (9.1, 48.7, 100.0), takeoff=(9.15, 48.75))
        air.time = 1750001000.0
        for i in range(3):
            air.remote_id(SERIAL, (9.1, 48.7), sender=MINE)
        _, report = audit(folder, "--own-drone", SERIAL, "--own-drone", "TST" + "X" * 27, folder.write("radio.pcap", air.pcap()))
        got = rows(folder, "SELECT uas_id, kind, carrier, operator_source, frames, told, told_s, interval_s, places, round(moved_m),"
                           " round(resolution_m, 3), statement FROM exposure ORDER BY kind")
        equal(got[1][:-1], (SERIAL, "remote_id", "wifi_beacon", "live", 64, 61, 118.0, 2.0, 3, 147.0, 0.011))
        equal(got[0][1:6], ("french", "wifi_beacon", "takeoff", 4, 4))
        assert "61 times within 1 min 58 s, mostly every 2.0 s" in got[1][-1], got[1][-1]
        statements = [f["statement"] for f in report["findings"]]
        assert got[1][-1] in statements, statements
        text = leash("report", folder / "case.gpkg", "--format", "text").stdout.decode()
        assert "where the person flying" in re.sub(r"\s+", " ", text), text
        # The same rows in the report and as a table.
        listed = sorted(report["exposures"], key=lambda x: x["kind"])
        equal([(x["uas_id"], x["kind"], x["carrier"], x["operator_source"], x["frames"], x["told"], x["statement"]) for x in listed],
              [(*row[:6], row[-1]) for row in got])
        assert [round(x, 6) for x in listed[1]["position"]] == [9.202, 48.7] and listed[1]["first"] and listed[1]["origin"]["rows"], listed[1]
        table = list(csv.DictReader(leash("report", folder / "case.gpkg", "--format", "csv", "--table", "exposure").stdout.decode().splitlines()))
        equal(sorted((row["kind"], row["told"], row["statement"]) for row in table), sorted((row[1], str(row[5]), row[-1]) for row in got))


run(globals())
