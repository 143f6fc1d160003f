"""Radio captures through the whole program: every field of the real samples, against what independent
decoders said of them, and made-up ones with all that a rule can ask for."""
import json
import os
import random

from harness import *
import wifi


def read(folder, air, name="radio.pcap"):
    rows = facts("--no-hash", folder.write(name, air.pcap()))
    return {kind: [r for r in rows if r["fact"] == kind] for kind in {r["fact"] for r in rows} | {"broadcast", "network",
            "device", "identifier", "damage", "flow"}}


# The samples: one expected line per message or pack, as opendroneid-core-c and others decode them.

STATUS = ["undeclared", "ground", "airborne", "emergency", "remote_id_failure"]
ID_TYPES = ["other", "serial", "caa_registration", "utm_uuid", "specific_session"]
AIRCRAFT = ["undeclared", "aeroplane", "helicopter_or_multirotor", "gyroplane", "hybrid_lift", "ornithopter", "glider", "kite",
            "free_balloon", "captive_balloon", "airship", "parachute", "rocket", "tethered", "ground_obstacle", "other"]
OPERATOR_LOCATIONS = ["takeoff", "live", "fixed"]
CATEGORIES = ["undeclared", "open", "specific", "certified"]


def named(words, code):
    return words[code] if code < len(words) else code


def unless(value, unknown):
    return None if value == unknown else value


def place(degrees, other):
    return None if degrees == 0 and other == 0 else degrees


def expected_location(x):
    return {"status": named(STATUS, x["status"]), "latitude_deg": place(x["lat"], x["lon"]),
            "longitude_deg": place(x["lon"], x["lat"]), "altitude_geodetic_m": unless(x["alt_geo"], -1000),
            "altitude_pressure_m": unless(x["alt_baro"], -1000), "height_m": unless(x["height"], -1000),
            "height_ref": ["takeoff", "ground"][x["height_type"]], "direction_deg": unless(x["direction"], 361),
            "speed_m_s": unless(x["speed_h"], 255), "vertical_speed_m_s": unless(x["speed_v"], 63), "timestamp_s": x["timestamp"],
            "timestamp_accuracy_s": unless(x["ts_acc"] / 10, 0), "accuracy_horizontal": x["h_acc"],
            "accuracy_vertical": x["v_acc"], "accuracy_pressure": x["baro_acc"], "accuracy_speed": x["speed_acc"]}


def expected_system(x, version):
    stamp = x["timestamp"] + 1546300800 if version >= 2 and x["timestamp"] else None
    return {"operator_location": named(OPERATOR_LOCATIONS, x["op_loc_type"]),
            "operator_latitude_deg": place(x["op_lat"], x["op_lon"]), "operator_longitude_deg": place(x["op_lon"], x["op_lat"]),
            "operator_altitude_m": unless(x["op_alt_geo"], -1000), "area_count": x["area_count"],
            "area_radius_m": x["area_radius"], "area_ceiling_m": unless(x["ceil"], -1000),
            "area_floor_m": unless(x["floor"], -1000), "classification": x["class_type"],
            "category_eu": named(CATEGORIES, x["cat_eu"]), "class_eu": x["class_eu"], "timestamp_utc_s": stamp}


def check_remote_id(got, x):
    details = got["details"]
    equal(details["counter"], x["counter"], "counter")
    version = x["pack"]["version"] if "pack" in x else details["version"]
    if "pack" in x:
        equal((details["version"], details["message_size"], details["message_count"]),
              (x["pack"]["version"], x["pack"]["msg_size"], x["pack"]["msg_count"]), "pack")
    if x.get("pack_rc"):  # the other decoder gave up on the whole pack: nothing to compare
        assert got["anomalies"], got
        return
    ids = [x[k] for k in sorted(x) if k.startswith("basic_id_")]
    equal([(i["id_type"], i["aircraft_type"], i["id"]) for i in details.get("basic_ids", [])],
          [(named(ID_TYPES, i["id_type"]), named(AIRCRAFT, i["ua_type"]), i["id"]) for i in ids], "ids")
    equal(details.get("location"), expected_location(x["location"]) if "location" in x else None, "location")
    equal(details.get("system"), expected_system(x["system"], version) if "system" in x else None, "system")
    equal(details.get("self_id"), {"type": x["self_id"]["type"], "text": x["self_id"]["desc"]} if "self_id" in x else None,
          "self id")
    operator = x.get("operator_id")
    if operator:
        operator["id"] = operator["id"] or None
    equal(details.get("operator_id"), operator, "operator id")
    pages = [x[k] for k in sorted(x) if k.startswith("auth_")]
    for page in pages:
        page["type"] = page.pop("auth_type")
        if "timestamp" in page:
            page["timestamp_utc_s"] = page.pop("timestamp") + 1546300800
    equal(details.get("authentication_pages", []), pages, "authentication")
    if "received_with_errors" in got["anomalies"]:
        equal((got["position"], got["uas_id"], got["operator_position"]), (None, None, None), "nothing is taken from it")
        return
    if "location" in x and x["location"]["lat"] and abs(x["location"]["lon"]) <= 180:
        equal([round(v, 7) for v in got["position"][:2]], [x["location"]["lon"], x["location"]["lat"]], "position")
    if "system" in x and x["system"]["op_lat"]:
        equal([round(v, 7) for v in got["operator_position"][:2]], [x["system"]["op_lon"], x["system"]["op_lat"]], "operator")


def check_french(got, x):
    d = got["details"]
    equal((d["identifier"], d["altitude_m"], d["height_m"], d["speed_m_s"], d["heading_deg"]),
          (x["id_fr"], x["alt_msl"], x["height"], x["speed"], x["heading"]))
    for name, want in (("latitude_deg", x["lat"]), ("longitude_deg", x["lon"]), ("takeoff_latitude_deg", x["home_lat"]),
                       ("takeoff_longitude_deg", x["home_lon"])):
        assert abs(d[name] - want) < 1.5e-5, (name, d[name], want)  # its encoder truncates


def check_dji(got, x):
    d = got["details"]
    equal((d["record"], d["version"], d["sequence"], d["state"], got["uas_id"], d["altitude_raw"], d["height_raw"]),
          (x["type"], x["version"], x["seq"], x["state"], x["serial"], x["h1_raw"], x["h2_raw"]))
    equal([round(d[k] * 100) for k in ("velocity_north_m_s", "velocity_east_m_s", "velocity_up_m_s")],
          [x["vn"], x["ve"], x["vu"]])
    equal((round(d["yaw_deg"] * 100), d["time_ms"], d["product"], d["uuid_length"], d["uuid"]),
          (x["yaw"], x["time_ms"], x["product"], x["uuid_len"], x["uuid"]))
    for have, want in zip(got["position"][:2] + d["app"] + d["home"], (x["lon"], x["lat"], x["app_lon"], x["app_lat"],
                                                                        x["home_lon"], x["home_lat"])):
        assert abs(have - want) < 1e-4, (have, want)  # the truth is in units of 1/174533 degree


def compare(name):
    path = samples("broadcast", name)
    got = {}
    for row in facts("--no-hash", path):
        if row["fact"] == "broadcast":
            got.setdefault(row["origin"]["packets"][0], []).append(row)
    with open(path + ".expected.jsonl", encoding="utf-8") as lines:
        wanted = [json.loads(line) for line in lines]
    assert wanted
    for x in wanted:
        assert len(got.get(x["frame"], [])) == 1, (x["frame"], got.get(x["frame"]))
        row = got.pop(x["frame"])[0]
        try:
            (check_french if "id_fr" in x else check_dji if "state" in x else check_remote_id)(row, x)
            if x.get("mac", "00:00:00:00:00:00") != "00:00:00:00:00:00":
                equal(row["sender"], x["mac"], "sender")
        except AssertionError as problem:
            raise AssertionError(f"{name} frame {x['frame']}: {problem}") from None
    equal(got, {}, "rows that nobody expected")
    return wanted


def test_sample_dji_air3():
    compare("dji_air3.pcapng")


def test_sample_parrot():
    compare("parrot_anafi4_real.pcapng")


def test_sample_wifi_nan_and_beacon():
    compare("odid_wifi_sample.pcap")


def test_sample_linux_transmitter():
    compare("wireless_RID_test_linux_transmitter.pcapng")


def test_sample_bluetooth_legacy():
    compare("synthetic_bt4_legacy.pcap")


def test_sample_bluetooth_long_range():
    compare("synthetic_bt5_lr_pack.pcap")
    compare("odid_bt5_lr_sample.pcapng")


def test_sample_french():
    compare("synthetic_french_beacon.pcap")


def test_sample_spoofed_is_called_odd():
    compare("mavic_alessa_spoofed.pcapng")
    rows = [r for r in facts("--no-hash", samples("broadcast", "mavic_alessa_spoofed.pcapng")) if r["fact"] == "broadcast"]
    assert all("time_implausible" in r["anomalies"] for r in rows), rows
    assert "sequence_constant" in rows[-1]["anomalies"], rows[-1]


def test_sample_real_aircraft_is_not():
    for row in facts("--no-hash", samples("broadcast", "dji_air3.pcapng")):
        if row["fact"] == "broadcast":
            equal(row["anomalies"], [])


# Made up, for what rules ask for.

SERIAL = "1581F0000000000000A1"
HERE, THERE = (9.1, 48.7, 120.0), (9.2, 48.8)


def test_networks_and_their_protection():
    air = wifi.Air()
    for number, name in enumerate(wifi.SECURITY):
        air.network("net " + name, name, bssid="02:00:00:00:01:%02x" % number)
    with Folder() as folder:
        got = {r["ssid"]: r for r in read(folder, air)["network"]}
    want = {"owe": "open", "wpa_and_wpa2": "wpa", "wpa2_enterprise": "wpa2", "wpa2_and_wpa3": "wpa2"}
    for name in wifi.SECURITY:
        equal(got["net " + name]["security"], want.get(name, name), name)
        equal((got["net " + name]["hidden"], got["net " + name]["beacons"]), (False, 1))


def test_hidden_networks():
    air = wifi.Air()
    air.network("", bssid="02:00:00:00:00:01")                        # tells its name to who asks
    air.network("told", bssid="02:00:00:00:00:01", response=True)
    air.network(bytes(8), bssid="02:00:00:00:00:02")                  # hides its name behind zeros
    air.network("answer only", bssid="02:00:00:00:00:03", response=True)
    air.network("", bssid="02:00:00:00:00:04")                        # which of the two is not known
    air.network("one", bssid="02:00:00:00:00:04", response=True)
    air.network("two", bssid="02:00:00:00:00:04", response=True)
    with Folder() as folder:
        got = [(r["ssid"], r["bssid"][-1], r["hidden"]) for r in read(folder, air)["network"]]
    equal(got, [("told", "1", True), ("", "2", True), ("answer only", "3", None), ("", "4", True), ("one", "4", None),
                ("two", "4", None)])


def test_what_only_announces_is_no_network():
    air = wifi.Air()
    air.remote_id(SERIAL, HERE, operator=THERE, ssid="RID-" + SERIAL)
    with Folder() as folder:
        got = read(folder, air)
    equal((len(got["network"]), len(got["broadcast"])), (0, 1))


def test_remote_id_of_an_aircraft():
    air = wifi.Air()
    for _ in range(30):
        air.remote_id(SERIAL, HERE, operator=THERE, operator_id="FIN00testtest000", self_id="survey", sender="60:60:1f:00:00:02",
                      speed=0, ssid="RID-" + SERIAL)
    with Folder() as folder:
        got = read(folder, air)
    equal(len(got["broadcast"]), 30)
    row = got["broadcast"][-1]
    equal((row["kind"], row["carrier"], row["uas_id"], row["id_type"], row["id_source"], row["operator_source"], row["operator_id"],
           row["sender"], row["verified"], row["anomalies"], row["alt_ref"]),
          ("remote_id", "wifi_beacon", SERIAL, "serial", "message", "live", "FIN00testtest000", "60:60:1f:00:00:02", None, [],
           "ellipsoid"))
    equal([round(v, 6) for v in row["position"] + row["operator_position"]], [9.1, 48.7, 120, 9.2, 48.8])
    device, = got["device"]
    equal((device["role"], device["vendor"], device["serial"], device["mac"]), ("aircraft", "DJI", SERIAL, "60:60:1f:00:00:02"))
    equal(sorted((i["kind"], i["value"], i["device"]) for i in got["identifier"]),
          [("operator_id", "FIN00testtest000", device["id"]), ("serial", SERIAL, device["id"])])


def test_session_id_instead_of_a_serial():
    air = wifi.Air()
    air.remote_id(None, HERE, operator=THERE, session=bytes([1]) + bytes(range(200, 219)))
    with Folder() as folder:
        got = read(folder, air)
    row, = got["broadcast"]
    equal((row["id_type"], row["uas_id"]), ("specific_session", "0x01" + bytes(range(200, 219)).hex()))
    equal(got["device"][0]["serial"], None)


def test_dji_beacons():
    air = wifi.Air()
    air.dji("0TESTSERIAL0001", HERE, app=THERE, home=(9.3, 48.9), uuid="1234567890123456789")
    air.dji("0TESTSERIAL0001", HERE, home=(9.3, 48.9), version=1)
    with Folder() as folder:
        got = read(folder, air)
    two, one = got["broadcast"]
    equal((two["kind"], two["uas_id"], two["operator_source"], one["operator_source"]), ("dji_wifi", "0TESTSERIAL0001", "app", "home"))
    equal([round(v, 4) for v in two["operator_position"] + one["operator_position"]], [9.2, 48.8, 9.3, 48.9])
    device, = got["device"]
    equal((device["vendor"], device["role"], device["name"]), ("DJI", "aircraft", "DJI-TEST"))
    assert ("uuid", "1234567890123456789") in [(i["kind"], i["value"]) for i in got["identifier"]]


def recording_of_the_corpus():
    """A burst at 15.36 MS/s in int8; the first byte is the fuzzer's."""
    with open(os.path.join(SOURCE, "test", "corpus", "radio", "recording", "int8-burst"), "rb") as f:
        return f.read()[1:]


def test_a_recording_is_known_by_its_name_or_by_what_lies_beside_it():
    meta = {"global": {"core:datatype": "ci8", "core:sample_rate": 15.36e6}, "captures": [{"core:frequency": 2.4145e9, "core:datetime": "2026-05-01T10:00:00Z"}]}
    with Folder() as folder:
        data, rest = folder.write("air.sigmf-data", recording_of_the_corpus()), folder.write("air.sigmf-meta", json.dumps(meta).encode())
        described = facts("--no-hash", data, rest)
        named = facts("--no-hash", "--sample-rate", "15.36M", folder.write("air.cs8", recording_of_the_corpus()))
        tried = facts("--no-hash", folder.write("other.cs8", recording_of_the_corpus()))
        nameless = leash("facts", "--no-hash", folder.write("air.bin", recording_of_the_corpus()))
    for rows in (described, named, tried):
        row, = [r for r in rows if r["fact"] == "broadcast"]
        equal((row["kind"], row["carrier"], row["uas_id"], row["operator_source"]), ("dji_ocusync", "ocusync", "0TESTEXAMPLE01", "app"))
        equal([round(v, 4) for v in row["position"] + row["operator_position"]], [9.1, 48.7, 120, 9.101, 48.701])
        equal(row["origin"]["steps"][0], "int8 samples, 15360000 a second")
        assert row["origin"]["offset"] + row["origin"]["length"] <= len(recording_of_the_corpus())
        equal({r["kind"] for r in rows if r["fact"] == "evidence"} - {"sigmf-meta"}, {"radio"})
    row, = [r for r in described if r["fact"] == "broadcast"]
    assert row["at"].startswith("2026-05-01T10:00:00.0000") and abs(row["details"]["frequency_mhz"] - 2414.5) < 0.01
    assert b'"fact":"broadcast"' not in nameless.stdout and b'"kind":"unknown"' in nameless.stdout


def test_frames_of_the_recordings_of_the_samples():
    """What was sent, or what another decoder read, as the files beside them tell."""
    for name in ("mavic_air_2_50msps", "synthetic_8sym_15360ksps_snr10", "synthetic_9sym_15360ksps_snr10"):
        path = os.path.join(samples("broadcast"), name + ".fc32")
        with open(path + ".truth.json", encoding="utf-8") as f:
            truth = json.load(f)
        got = [r["details"] | {"position": r["position"], "id": r["uas_id"]} for r in facts("--no-hash", path) if r["fact"] == "broadcast"]
        frames = {d["frame_bytes"] for d in got}
        for want in truth["frames_decoded_by_prototype"]:
            if "frame_hex" in want:
                assert want["frame_hex"] in frames, want
            if want["type"] == 16:
                mine, = [d for d in got if d.get("sequence") == want["fields"]["seq"]]
                fields = want["fields"]
                equal((mine["id"], mine["state"], mine["altitude_raw"], mine["height_raw"], mine["time_ms"], mine["product"], mine["uuid"], mine["crc16"]),
                      (fields["serial"], fields["state"], fields["raw_h1"], fields["raw_h2"], fields["time_ms"], fields["product"], fields["uuid"], "good"))
                # The truth divides by 174533, which is not quite what a radian is.
                for mine_deg, its_deg in zip(mine["position"] + mine["app"] + mine["home"], [fields["lon"], fields["lat"], fields["raw_h1"],
                                             fields["app_lon"], fields["app_lat"], fields["home_lon"], fields["home_lat"]]):
                    assert abs(mine_deg - its_deg) < 3e-5, (mine, fields)
        equal(sorted(d["sequence"] for d in got if "sequence" in d and "bursts_written" in truth),
              sorted(int(b["seq"]) for b in truth.get("bursts_written", [])))


def test_a_name_that_carries_a_serial():
    air = wifi.Air()
    air.network("RID-" + SERIAL, bssid="60:60:1f:00:00:09")
    air.network("ANAFI-test", bssid="02:00:00:00:00:09")
    air.network("somebody's home", bssid="02:00:00:00:00:0a")
    with Folder() as folder:
        got = read(folder, air)
    equal([(d["role"], d["vendor"], d["serial"]) for d in got["device"]],
          [("aircraft", "DJI", SERIAL), ("aircraft", "Parrot", None)])


def udp_packet(payload):
    import struct
    udp = struct.pack(">HHHH", 40000, 5000, 8 + len(payload), 0) + payload
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0) + bytes([10, 0, 0, 2, 203, 0, 113, 9]) + udp


def test_data_of_open_and_protected_networks():
    air = wifi.Air()
    air.data(udp_packet(b"hello"))
    air.data(udp_packet(b"hello"), retry=True)         # the radio repeated it
    air.data(udp_packet(b"again"))
    air.data(random.Random(1).randbytes(60), protected=True)
    with Folder() as folder:
        got = read(folder, air)
    flow, = got["flow"]
    equal((flow["src"], flow["packets_out"], flow["payload_out"], flow["src_mac"]), ("10.0.0.2", 2, 10, "02:00:00:00:00:05"))
    assert any("encrypted" in d["statement"] and d["records_lost"] == 1 for d in got["damage"]), got["damage"]


def odd(fill, step=1.0):
    air = wifi.Air(step=step)
    fill(air)
    with Folder() as folder:
        rows = read(folder, air)["broadcast"]
    return [set(r["anomalies"]) for r in rows]


def test_what_is_odd():
    def clock(air):
        air.remote_id(SERIAL, HERE, operator=THERE, clock=300)
    assert "clock_differs" in odd(clock)[0]

    def far(air):
        air.remote_id(SERIAL, HERE, operator=(9.9, 48.7))
    assert "operator_far" in odd(far)[0]

    def missing(air):
        air.remote_id(SERIAL, HERE)
    assert "operator_missing" in odd(missing)[0]

    def jump(air):
        air.remote_id(SERIAL, HERE, operator=THERE)
        air.remote_id(SERIAL, (9.11, 48.7, 120.0), operator=THERE)
    assert "position_jump" in odd(jump)[1]

    def standing(air):
        for _ in range(6):
            air.remote_id(SERIAL, HERE, operator=THERE, speed=15)
    assert any("speed_disagrees" in row for row in odd(standing))

    def shared(air):
        for _ in range(3):
            air.remote_id(SERIAL, HERE, operator=THERE, sender="60:60:1f:00:00:02")
            air.remote_id(SERIAL, (9.3, 48.7, 120.0), operator=THERE, sender="60:60:1f:00:00:03")
    assert "id_shared" in odd(shared, 0.5)[-1]

    def changing(air):
        air.remote_id(SERIAL, HERE, operator=THERE)
        air.remote_id(SERIAL[:-1] + "2", HERE, operator=THERE)
    assert "id_changes" in odd(changing)[1]

    def copied(air):
        air.step = 0
        air.remote_id(SERIAL, HERE, operator=THERE)
        air.remote_id(SERIAL, HERE, operator=THERE, sender="02:00:00:00:00:0b")
    assert "frame_copied" in odd(copied)[1]

    def name(air):
        air.remote_id(SERIAL, HERE, operator=THERE, ssid="RID-1581F0000000000000B7")
    assert "ssid_disagrees" in odd(name)[0]

    def secret(air):
        air.remote_id(SERIAL, HERE, operator=THERE, operator_id="FIN00testtest000-xyz")
    assert "operator_id_secret" in odd(secret)[0]

    def constant(air):
        for _ in range(4):
            air.dji("0TESTSERIAL0001", HERE, app=THERE, sequence=7)
    assert "sequence_reused" in odd(constant)[1], odd(constant)

    def falling(air):
        air.dji("0TESTSERIAL0001", HERE, app=THERE, sequence=700)
        air.dji("0TESTSERIAL0001", HERE, app=THERE, sequence=600)
    assert "sequence_falls" in odd(falling)[1]

    def signal(air):
        air.signal = -60
        for i in range(40):
            air.remote_id(SERIAL, (9.1 + i * 2.7e-4, 48.7, 120.0), operator=THERE, speed=20)
    assert "signal_constant" in odd(signal)[-1] and "signal_constant" not in odd(signal)[5]

    def other_maker(air):
        air.dji("0TESTSERIAL0001", HERE, app=THERE, sender="90:03:b7:00:00:01")
    assert "maker_disagrees" in odd(other_maker)[0]


def test_what_is_not_odd():
    def flight(air):
        for i in range(40):
            air.remote_id(SERIAL, (9.1 + i * 6.8e-5, 48.7, 120.0), operator=THERE, speed=5, sender="60:60:1f:00:00:02")
    for anomalies in odd(flight):
        equal(anomalies, set())

    def signal(air):
        for i in range(40):
            air.signal = -60 - i % 2
            air.remote_id(SERIAL, (9.1 + i * 2.7e-4, 48.7, 120.0), operator=THERE, speed=20)
    for anomalies in odd(signal):
        equal(anomalies, set())

    def dji(air):
        for i in range(40):
            air.dji("0TESTSERIAL0001", (9.1 + i * 6.8e-5, 48.7), app=THERE, velocity=(0, 500, 0))
    for anomalies in odd(dji):
        equal(anomalies, set())


def openssl(*arguments, stdin=None):
    import subprocess
    need("openssl")
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True).stdout


def authentication(kind, signature, now):
    """Messages of authentication with that signature."""
    data = signature.ljust(17 + (max(0, len(signature) - 17) + 22) // 23 * 23, b"\0")
    pages = [data[:17]] + [data[i:i + 23] for i in range(17, len(data), 23)]
    head = bytes([len(pages) - 1, len(signature)]) + (now - wifi.EPOCH_2019).to_bytes(4, "little")
    return [bytes([0x22, kind << 4 | i]) + (head if i == 0 else b"") + page for i, page in enumerate(pages)]


def test_signatures_are_verified_with_the_operators_keys():
    with Folder() as folder:
        for name in ("ours", "theirs"):
            openssl("genpkey", "-algorithm", "ed25519", "-out", folder / name + ".key")
            openssl("pkey", "-in", folder / name + ".key", "-pubout", "-out", folder / name + ".pem")
        air = wifi.Air(step=1)
        now = int(air.time)
        for moved in (0, 0, 1):
            messages = [wifi.basic_id(SERIAL), wifi.location(HERE, now=now), wifi.system(THERE, now=now)]
            content = folder.write("content", b"".join(messages))
            signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", folder / "ours.key", "-in", content)
            if moved:  # the signature of another place
                messages[1] = wifi.location((HERE[0] + 1e-4, HERE[1]), now=now)
            air.remote_id_messages(wifi.pack(messages + authentication(3, signature, now)))
        air.remote_id(SERIAL, HERE, operator=THERE)
        capture = folder.write("radio.pcap", air.pcap())
        told = lambda *options: [r["verified"] for r in facts("--no-hash", *options, capture) if r["fact"] == "broadcast"]
        equal(told(), [None] * 4)
        equal(told("--rid-key", folder / "ours.pem"), [True, True, False, None])
        equal(told("--rid-key", folder / "theirs.pem"), [False, False, False, None])
        equal(told("--rid-key", folder / "theirs.pem", "--rid-key", folder / "ours.pem"), [True, True, False, None])
        named = folder.write("named.pem", b"for: ANOTHER\n" + open(folder / "theirs.pem", "rb").read())
        equal(told("--rid-key", named), [None] * 4)
        _, report = audit(folder, "--rid-key", folder / "ours.pem", capture)
        equal([b["verified"] for b in report["broadcasts"]], [True, True, False, None])
        assert "signature_wrong" in report["broadcasts"][2]["anomalies"] and not report["broadcasts"][0]["anomalies"]


def test_the_case_holds_them():
    import sqlite3
    air = wifi.Air()
    air.network("field office", "open")
    for _ in range(3):
        air.remote_id(SERIAL, HERE, operator=THERE, sender="60:60:1f:00:00:02")
    with Folder() as folder:
        audit(folder, folder.write("radio.pcap", air.pcap()))
        case = sqlite3.connect(folder / "case.gpkg")
        equal(case.execute("SELECT ssid, security, hidden FROM network").fetchall(), [("field office", "open", 0)])
        equal(case.execute("SELECT role, vendor, covered_list, serial FROM device").fetchall(), [("aircraft", "DJI", 1, SERIAL)])
        equal(case.execute("SELECT subject, count(*) FROM broadcast_position GROUP BY subject ORDER BY 1").fetchall(),
              [("aircraft", 3), ("operator", 3)])
        equal(case.execute("SELECT json_extract(details, '$.basic_ids[0].id') FROM broadcast LIMIT 1").fetchone(), (SERIAL,))
        case.close()


run(globals())
