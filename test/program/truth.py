"""Real evidence against truth made by other tools.  The samples are read where they lie and
are no part of the project."""
import csv
import glob
import json
import os
import re

from harness import SOURCE, facts, run, samples, skip

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


# Where leash says otherwise than truth.csv or a *.truth.json: (capture, kind of truth, what they say): what leash says.
# The table of doc/traffic.md shows for each why; test_differences_are_shown keeps the two in step.
MIDDLE = "the direction that leash takes for out"
DIFFERENCES = {
    ("ndpi__dns_dot.pcap", "protocol", "tls"): "dot",
    ("ndpi__googledns_android10.pcap", "protocol", "tls"): "dot",
    ("ndpi__dns_doh.pcap", "protocol", "tls"): "doh",
    ("ndpi__rtmp.pcap", "protocol", "rtmpt"): "rtmp",
    ("ndpi__stun_dtls_rtp.pcapng", "protocol", "dtls"): "rtp",
    ("ndpi__wireguard.pcap", "protocol", "wg"): "wireguard",
    ("suricata__http-connect__http-connect-tls__input.pcap", "protocol", "tls"): "http",
    ("zeek__http__connect-with-header.pcap", "protocol", "tls"): "http",
    ("ndpi__http2.pcapng", "protocol", "http2"): None,
    ("ndpi__coap_mqtt.pcap", "protocol", "coap"): None,
    ("ndpi__gre.pcapng", "protocol", "sip"): None,
    ("ndpi__stun.pcap", "protocol", "icmp"): None,
    ("ndpi__googledns_android10.pcap", "protocol", "icmp"): None,
    ("ndpi__6in4tunnel.pcap", "protocol", "icmpv6"): None,
    ("ndpi__android.pcap", "protocol", "icmpv6"): None,
    ("ndpi__wechat.pcap", "protocol", "icmpv6"): None,
    ("ndpi__vxlan.pcap", "flow_count", "udp=11"): "udp=2",
    ("ja4__v6.pcap", "frame_bytes", "up=12590"): MIDDLE,
    ("ndpi__tls_2_reasms.pcapng", "frame_bytes", "up=4419"): MIDDLE,
    ("ndpi__mqtt.pcap", "frame_bytes", "up=725"): MIDDLE,
    ("ndpi__dtls_certificate.pcapng", "frame_bytes", "up=1486"): MIDDLE,
    ("ndpi__stun.pcap", "frame_bytes", "up=14936"): MIDDLE,
    ("ndpi__weibo.pcap", "frame_bytes", "up=26775"): MIDDLE,
    ("ndpi__wireguard.pcap", "frame_bytes", "up=8528"): MIDDLE,
    ("ndpi__openvpn.pcap", "frame_bytes", "up=68669"): MIDDLE,
    ("ndpi__googledns_android10.pcap", "frame_bytes", "up=38932"): MIDDLE,
    ("e99_app_to_laptop.pcapng", "flows", "192.168.1.1:46666 > 192.168.1.138:8800"): "icmp",
    ("e99_app_to_laptop.pcapng", "flows", "192.168.1.1:49339 > 192.168.1.138:7099"): "icmp",
    ("e99_app_to_laptop.pcapng", "packets", "3935"): "3933",
    ("e99_app_to_laptop.pcapng", "frame_bytes", "1121860"): "1121776",
    ("e99_controller_port_7099.pcap", "flows", "192.168.1.1:49339 > 192.168.1.138:7099"): "icmp",
    ("e99_controller_port_8800.pcap", "flows", "192.168.1.1:46666 > 192.168.1.138:8800"): "icmp",
    ("e99_controller_port_8800.pcap", "flows", "192.168.1.1:49339 > 192.168.1.138:7099"): "icmp",
    ("e99_rtsp-traffic.pcapng", "flows", "192.168.1.1:43102 > 192.168.1.86:7099"): "icmp",
}
KINDS = {"dns_query", "dns_answer", "tls_sni", "quic_sni", "ja3", "ja4", "protocol", "http_host", "http_request", "frame_bytes",
         "flow_count", "packets"}
used = set()


def differs(name, kind, value):
    """Whether this is one of the differences above; remembers that it was met."""
    used.add((name, kind, value))
    return (name, kind, value) in DIFFERENCES


def test_every_kind_is_compared():
    with open(samples("traffic", "truth.csv"), newline="", encoding="utf-8") as lines:
        assert {row["kind"] for row in csv.DictReader(lines)} == KINDS


def test_protocols():
    """Every protocol that two tools agree on is the service of a flow."""
    wrong, count = [], 0
    for name, values in truth_rows("protocol"):
        got = {r["service"] for r in of_kind(rows_of(name), "flow")}
        for value in values:
            count += 1
            want = DIFFERENCES[name, "protocol", value] if differs(name, "protocol", value) else value
            if want and want not in got or (want != value and value in got):
                wrong.append(f"{name}: {want} is not among {sorted(map(str, got))}")
            if value.startswith("icmp") and "icmp" not in {r["proto"] for r in of_kind(rows_of(name), "flow")}:
                wrong.append(f"{name}: no flow of proto icmp")
    assert count > 0 and not wrong, "\n".join(wrong)


def test_flow_counts():
    wrong, count = [], 0
    for name, values in truth_rows("flow_count"):
        protos = [r["proto"] for r in of_kind(rows_of(name), "flow")]
        for value in values:
            count += 1
            got = f"{value.split('=')[0]}={protos.count(value.split('=')[0])}"
            if got != (DIFFERENCES[name, "flow_count", value] if differs(name, "flow_count", value) else value):
                wrong.append(f"{name}: {got} for {value}")
    assert count > 0 and not wrong, "\n".join(wrong)


def packets_of(flows):
    return sum(r["packets_out"] + r["packets_in"] for r in flows)


def bytes_of(flows):
    return sum(r["bytes_out"] + r["bytes_in"] for r in flows)


def test_packets():
    wrong, count = [], 0
    for name, values in truth_rows("packets"):
        count += 1
        got = packets_of(of_kind(rows_of(name), "flow"))
        if values != [str(got)]:
            wrong.append(f"{name}: {got} for {values}")
    assert count > 0 and not wrong, "\n".join(wrong)


def test_http_hosts():
    compare_sets("http_host", lambda rows: {r["host"] for r in of_kind(rows, "request") if r["host"]},
                 lambda values: {v.rsplit(":", 1)[0] if v.rsplit(":", 1)[-1].isdigit() else v for v in values})


def test_http_requests():
    """Values are METHOD TARGET, of HTTP/1."""
    wrong, count = [], 0
    for name, values in truth_rows("http_request"):
        count += 1
        got = {f"{r['method']} {r['path']}" for r in of_kind(rows_of(name), "request") if r["protocol"].startswith(("http/0", "http/1"))}
        if got != set(values):
            wrong.append(f"{name}: missing {sorted(set(values) - got)[:5]}, besides {sorted(got - set(values))[:5]}")
    assert count > 0 and not wrong, "\n".join(wrong[:20])


def test_frame_bytes():
    """The sum in every row; each direction too, unless it is listed above."""
    wrong, count = [], 0
    for name, values in truth_rows("frame_bytes"):
        want = [int(v.split("=")[1]) for v in values]
        flows = of_kind(rows_of(name), "flow")
        got = [sum(r["bytes_out"] for r in flows), sum(r["bytes_in"] for r in flows)]
        count += 1
        if sum(got) != sum(want) or (got != want) != differs(name, "frame_bytes", values[0]):
            wrong.append(f"{name}: {got} for {want}")
    assert count > 0 and not wrong, f"{len(wrong)} of {count} differ: " + "; ".join(wrong)


def truth_files():
    for path in sorted(glob.glob(samples("traffic") + "/*.truth.json")):
        with open(path, encoding="utf-8") as f:
            yield os.path.basename(path)[:-len(".truth.json")], json.load(f)


def end(address, port):
    return f"{address}:{port}"


def test_conversations_of_toy_drones():
    """The e99 captures: each conversation with its packets and bytes both ways, and the names asked for."""
    wrong, count = [], 0
    for name, truth in truth_files():
        if "flows" not in truth:
            continue
        flows = of_kind(rows_of(name), "flow")
        got = {(r["proto"], end(r["src"], r["src_port"]), end(r["dst"], r["dst_port"])):
               (r["packets_out"], r["packets_in"], r["bytes_out"], r["bytes_in"]) for r in flows if r["proto"] in ("tcp", "udp")}
        quoted = [0, 0]
        for f in truth["flows"]:
            count += 1
            want = f["packets_ab"], f["packets_ba"], f["bytes_ab"], f["bytes_ba"]
            if differs(name, "flows", f"{f['a']} > {f['b']}"):  # the ports are of the packet that an ICMP message quotes
                quoted = [quoted[0] + f["packets_ab"], quoted[1] + f["bytes_ab"]]
                continue
            mine = got.pop((f["proto"], f["a"], f["b"]), None) or got.pop((f["proto"], f["b"], f["a"]), None)
            if mine not in (want, want[1::-1] + want[:1:-1]):
                wrong.append(f"{name}: {f['proto']} {f['a']} {f['b']}: {mine} for {want}")
        if got:
            wrong.append(f"{name}: besides {sorted(got)[:5]}")
        icmp = [r for r in flows if r["proto"] == "icmp" and ":" not in r["src"]]
        if [packets_of(icmp), bytes_of(icmp)] != quoted:
            wrong.append(f"{name}: icmp {packets_of(icmp)}, {bytes_of(icmp)} for {quoted}")
        for key, mine in (("packets", packets_of(flows)), ("frame_bytes", bytes_of(flows))):
            want = str(truth[key])
            if str(mine) != (DIFFERENCES[name, key, want] if differs(name, key, want) else want):
                wrong.append(f"{name}: {key} {mine} for {want}")
        if {r["name"] for r in of_kind(rows_of(name), "dns")} != set(truth["dns_queries"]):
            wrong.append(f"{name}: names asked for")
    assert count > 0 and not wrong, "\n".join(wrong)


def test_frames_of_a_serial_line():
    """The DUML that a Phantom 3's parts said to each other: every record is a frame, none is left over."""
    count = 0
    for name, truth in truth_files():
        if "frames_with_matching_length" not in truth:
            continue
        rows = rows_of(name)
        assert truth["packets"] == truth["frames_with_matching_length"] and truth["others"] == 0
        assert [r["status"] for r in of_kind(rows, "evidence")] == ["read"], of_kind(rows, "evidence")
        assert not of_kind(rows, "damage"), of_kind(rows, "damage")
        assert [(r["role"], r["vendor"]) for r in of_kind(rows, "device")] == [("aircraft", "DJI")]
        assert not of_kind(rows, "request"), "it stood indoors, without a position"
        count += 1
    assert count > 0


def test_differences_are_shown():
    """Each difference was met, and stands in the table of doc/traffic.md; and no row of that table is without one."""
    samples("traffic", "truth.csv")
    unmet = [d for d in DIFFERENCES if d not in used]
    assert not unmet, f"no difference (any more): {unmet}"
    with open(os.path.join(SOURCE, "doc", "traffic.md"), encoding="utf-8") as f:
        table = f.read().split("## Where other tools say otherwise")[1]
    captures = [c for line in table.split("\n") if line.startswith("| ") for c in re.findall(r"`([^`]+)`", line.split("|")[1])]
    assert captures, "no table"

    def is_named(file):
        return any(c in os.path.splitext(file)[0].replace("e99_", "e99__").split("__") for c in captures)
    hidden = sorted({d[0] for d in DIFFERENCES if not is_named(d[0])})
    assert not hidden, f"not in the table: {hidden}"
    parts = {p for d in DIFFERENCES for p in os.path.splitext(d[0])[0].replace("e99_", "e99__").split("__")}
    assert set(captures) <= parts, f"in the table and no difference: {sorted(set(captures) - parts)}"


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
