"""Real evidence against truth made by other tools.  The samples are read where they lie and
are no part of the project."""
import csv
import glob
import json
import os
import re

from harness import facts, run, samples, skip

csv.field_size_limit(1 << 24)


def truth_rows(kind):
    with open(samples("traffic", "truth.csv"), newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["kind"] == kind:
                yield row["file"], [v for v in row["values"].split(" | ") if v]


cache = {}


def rows_of(name, *options):
    if (name, options) not in cache:
        cache[name, options] = facts("--no-hash", *options, samples("traffic", name))
    return cache[name, options]


def of_kind(rows, kind):
    return [r for r in rows if r["fact"] == kind]


def compare_sets(kind, got_of, adjust=lambda values: set(values)):
    """Every capture that has truth of this kind; all differences are told at once."""
    wrong, count = [], 0
    for name, values in truth_rows(kind):
        want, got = adjust(values), got_of(rows_of(name))
        count += 1
        if got != want:
            wrong.append(f"{name}: missing {sorted(want - got)[:5]}, besides {sorted(got - want)[:5]}")
    assert count > 0
    assert not wrong, f"{len(wrong)} of {count} differ:\n" + "\n".join(wrong)


def test_dns_names():
    compare_sets("dns_query", lambda rows: {r["name"].lower() for r in of_kind(rows, "dns")},
                 lambda values: {v.lower() for v in values})


def test_dns_answers():
    def addresses(rows):
        return {a for r in of_kind(rows, "dns") for a in r["answers"] if a and (a[0].isdigit() or ":" in a)
                and all(c in "0123456789abcdefABCDEF.:" for c in a)}
    compare_sets("dns_answer", addresses)


def test_tls_sni():
    compare_sets("tls_sni", lambda rows: {r["tls"]["sni"] for r in of_kind(rows, "flow") if r["tls"] and r["tls"]["sni"]
                                          and r["proto"] == "tcp"})


def test_quic_sni():
    compare_sets("quic_sni", lambda rows: {r["host"] for r in of_kind(rows, "flow") if r["host_source"] == "quic_sni"})


def test_ja3():
    compare_sets("ja3", lambda rows: {r["tls"]["ja3"] for r in of_kind(rows, "flow") if r["tls"] and r["tls"]["ja3"]
                                      and r["proto"] == "tcp"})


def test_ja4():
    compare_sets("ja4", lambda rows: {r["tls"]["ja4"] for r in of_kind(rows, "flow") if r["tls"] and r["tls"]["ja4"]})


# Where leash is right to say otherwise; doc/traffic.md has the reasons.
OTHER_NAMES = {
    ("ndpi__dns_dot.pcap", "tls"): "dot", ("ndpi__googledns_android10.pcap", "tls"): "dot", ("ndpi__dns_doh.pcap", "tls"): "doh",
    ("ndpi__rtmp.pcap", "rtmpt"): "rtmp", ("ndpi__stun_dtls_rtp.pcapng", "dtls"): "rtp", ("ndpi__wireguard.pcap", "wg"): "wireguard",
    ("suricata__http-connect__http-connect-tls__input.pcap", "tls"): "http", ("zeek__http__connect-with-header.pcap", "tls"): "http",
    ("ndpi__http2.pcapng", "http2"): None, ("ndpi__coap_mqtt.pcap", "coap"): "mqtt", ("ndpi__gre.pcapng", "sip"): None,
}


def test_protocols():
    """Every protocol that two tools agree on is the name of a flow."""
    wrong, count = [], 0
    for name, values in truth_rows("protocol"):
        got = {r["service"] or r["proto"] for r in of_kind(rows_of(name), "flow")}
        for value in values:
            count += 1
            want = OTHER_NAMES.get((name, value), {"icmpv6": "icmp"}.get(value, value))
            if want and want not in got:
                wrong.append(f"{name}: {want} is not among {sorted(got)}")
    assert count > 0 and not wrong, "\n".join(wrong)


def test_http_hosts():
    compare_sets("http_host", lambda rows: {r["host"] for r in of_kind(rows, "request") if r["host"]},
                 lambda values: {v.rsplit(":", 1)[0] if v.rsplit(":", 1)[-1].isdigit() else v for v in values})


def test_http_requests():
    """Values are METHOD PATH or METHOD HOST PATH, as the two tools agreed."""
    wrong, count = [], 0
    for name, values in truth_rows("http_request"):
        count += 1
        got = [(r["method"], r["path"]) for r in of_kind(rows_of(name), "request")]
        for value in values:
            method, _, rest = value.partition(" ")
            if not any(m == method and (rest == p or rest.endswith(p or "")) for m, p in got):
                wrong.append(f"{name}: {value!r} not among {got[:5]}")
    assert count > 0 and not wrong, "\n".join(wrong[:20])


def test_frame_bytes():
    wrong, count = [], 0
    for name, values in truth_rows("frame_bytes"):
        want = sum(int(v.split("=")[1]) for v in values)
        got = sum(r["bytes_out"] + r["bytes_in"] for r in of_kind(rows_of(name), "flow"))
        count += 1
        if got != want:
            wrong.append(f"{name}: {got} for {want}")
    assert count > 0 and not wrong, f"{len(wrong)} of {count} differ: " + "; ".join(wrong)


def flight_log(name):
    return samples("flightlog", name)


def positions(rows, subject="aircraft"):
    return [r for r in rows if r["fact"] == "position" and r["subject"] == subject]


def test_dji_txt_paths():
    """Versions 7 and 8 against CSVs of another decoder, record by record."""
    count = 0
    for truth in sorted(glob.glob(samples("flightlog") + "/DJIFlightRecord_2016-*.truth.json")):
        with open(truth, encoding="utf-8") as f:
            want = json.load(f)
        log = truth[:-len(".truth.json")]
        second = os.path.basename(log).split("_")[2][1:9]
        candidates = [c for c in glob.glob(samples("flightlog") + "/2016-*_Standard.csv")
                      if abs(seconds(os.path.basename(c).split("_")[1]) - seconds(second)) < 30]
        if not candidates:
            continue
        with open(candidates[0], newline="", encoding="utf-8-sig") as lines:
            table = list(csv.DictReader(lines))
        lat = next(k for k in table[0] if k and "lat" in k.lower() and "home" not in k.lower())
        lon = next(k for k in table[0] if k and "lon" in k.lower() and "home" not in k.lower())
        fixes = [(float(r[lon]), float(r[lat])) for r in table if float(r[lat]) or float(r[lon])]
        got = positions(facts("--no-hash", log))
        assert len(got) == len(fixes), (log, len(got), len(fixes))
        for mine, theirs in zip(got, fixes):
            assert abs(mine["longitude_deg"] - theirs[0]) < 1e-9 and abs(mine["latitude_deg"] - theirs[1]) < 1e-9, (mine, theirs)
        assert want["version"] in (7, 8)
        count += 1
    if not count:
        skip("no CSV beside a log")


def seconds(text):
    h, m, s = text.split("-")
    return int(h) * 3600 + int(m) * 60 + int(s)


def test_dji_details():
    """Serials, start and duration of every DJI record, of version 14 too."""
    count = 0
    for truth in sorted(glob.glob(samples("flightlog") + "/DJIFlightRecord_*.truth.json")):
        with open(truth, encoding="utf-8") as f:
            details = json.load(f)["details"]
        rows = facts("--no-hash", truth[:-len(".truth.json")])
        flight, = of_kind(rows, "flight")
        assert flight["aircraft_serial"] == details["aircraftSn"], truth
        assert abs(flight["duration_s"] - details["totalTime"]) < 0.2, (truth, flight["duration_s"], details["totalTime"])
        assert flight["start"][:19] == details["startTime"][:19], (truth, flight["start"], details["startTime"])
        serials = {r["serial"] for r in of_kind(rows, "device")}
        for field in ("cameraSn", "rcSn", "batterySn"):
            if details.get(field, "").strip("0"):
                assert details[field] in serials, (truth, field, serials)
        count += 1
    assert count > 0


def test_dji_dat():
    count = 0
    for truth in sorted(glob.glob(samples("flightlog") + "/*.DAT.truth.json")):
        with open(truth, encoding="utf-8") as f:
            want = json.load(f)
        rows = facts("--no-hash", truth[:-len(".truth.json")])
        flight, = of_kind(rows, "flight")
        got = positions(rows)
        assert len(got) == want["gps"], (truth, len(got), want["gps"])
        assert abs(got[0]["latitude_deg"] - want["first"][1]) < 1e-7 and abs(got[-1]["longitude_deg"] - want["last"][2]) < 1e-7
        assert flight["aircraft_serial"] == want["aircraft_serial_in_header"]
        count += 1
    assert count > 0


def degrees(text):
    """exiftool's 39 deg 44' 20.51" N, with or without the letter, or a signed number."""
    if isinstance(text, (int, float)):
        return float(text)
    numbers = [float(n) for n in re.findall(r"[-+]?[0-9.]+", text)]
    value = sum(n / 60 ** i for i, n in enumerate(numbers))
    return -value if text.strip()[-1] in "SW" else value


def test_photo_positions():
    count = 0
    for truth in sorted(glob.glob(samples("media") + "/*.truth.json")):
        photo = truth[:-len(".truth.json")]
        if not photo.lower().endswith((".jpg", ".dng")):
            continue
        with open(truth, encoding="utf-8") as f:
            tags = json.load(f)["tags"]
        if isinstance(tags, list):
            tags = tags[0]
        lat, lon = tags.get("GPS:GPSLatitude"), tags.get("GPS:GPSLongitude")
        rows = facts("--no-hash", photo)
        media = of_kind(rows, "media")
        assert len(media) >= 1, photo
        if lat is None or lon is None:
            continue
        south = str(tags.get("GPS:GPSLatitudeRef", "")).startswith("S") and not str(lat).endswith("S")
        west = str(tags.get("GPS:GPSLongitudeRef", "")).startswith("W") and not str(lon).endswith("W")
        want_lat, want_lon = degrees(lat) * (-1 if south else 1), degrees(lon) * (-1 if west else 1)
        if want_lat == 0 and want_lon == 0:
            continue
        got = media[0]["position"]
        assert got and abs(got[1] - want_lat) < 1e-5 and abs(got[0] - want_lon) < 1e-5, (photo, got, want_lon, want_lat)
        count += 1
    assert count > 0


run(globals())
