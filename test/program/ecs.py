"""`leash report --format ecs`: JSON lines with the fields of the Elastic Common Schema.  Every field is in the table of
doc/ecs.md, with the type that it has there; the words of closed lists are theirs; and nothing of the case is lost."""
import ipaddress
import json
import os
import re
import sqlite3

from case_kit import Open, small_case
from harness import SOURCE, Folder, equal, leash, run

# ECS 8.11: https://www.elastic.co/guide/en/ecs/8.11/ecs-allowed-values-event-kind.html and the pages of category and type.
KINDS = {"alert", "asset", "enrichment", "event", "metric", "state", "pipeline_error", "signal"}
TYPES = {"network": {"access", "allowed", "connection", "denied", "end", "info", "protocol", "start"}, "web": {"access", "error", "info"},
         "configuration": {"access", "change", "creation", "deletion", "info"}, "threat": {"indicator"}}
OUTCOMES = {"success", "failure", "unknown"}


def table():
    """Field -> type, from the document."""
    with open(os.path.join(SOURCE, "doc", "ecs.md"), encoding="utf-8") as text:
        rows = re.findall(r"^\| `([@a-z0-9_.]+)` \| ([a-z_]+) \|", text.read(), re.M)
    assert len(rows) > 80, len(rows)
    return dict(rows)


def leaves(value, path=""):
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member, path)
    else:
        yield path, value


def fits(kind, value):
    if kind == "ip":
        ipaddress.ip_address(value)
    elif kind == "date":
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value), value
    elif kind == "long":
        assert isinstance(value, int) and not isinstance(value, bool), value
    elif kind == "boolean":
        assert isinstance(value, bool), value
    elif kind in ("float", "geo_point"):
        assert isinstance(value, (int, float)), value
    else:
        assert isinstance(value, str), value


def events_of(case, *more):
    done = leash("report", case, "--format", "ecs", *more)
    equal(done.returncode, 0, done.stderr.decode())
    return [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


def case_of(folder):
    case = small_case(folder)
    with Open(case) as c:
        c.db.execute("INSERT INTO run (key, value) VALUES ('label', 'a test') ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        c.put("flow", 1, src="192.168.1.7", src_port=40000, dst="203.0.113.7", dst_port=443, host="Track.example", host_source="sni", proto="tcp", service="tls",
              first="2026-05-01T09:30:00Z", last="2026-05-01T09:31:00.5Z", packets_out=3, packets_in=4, bytes_out=500, bytes_in=900, payload_out=400,
              payload_in=800, readable_out=0, opaque_out=400, missing_out=0, tls_version="1.3", tls_sni="track.example", tls_alpn=["h2"], tls_ja3="a" * 32,
              tls_ja4="t13d", quic_version="1", tls_issuer="CN=x", tls_subject="CN=y", tls_cipher="TLS_AES_128_GCM_SHA256", tls_resumption="psk",
              src_mac="02:ab:00:00:00:07", phase="flight", local=0)
        c.put("flow", 2, src="not an address", dst="fe80::1%eth0", local=1)
        c.put("dns", name="track.example", type="A", answers=["203.0.113.7", "cdn.example"], client="192.168.1.7", server="192.168.1.1", at="2026-05-01T09:29:59Z",
              flow=f"flow-{c.key()[:12]}-1", status="NOERROR")
        c.put("request", flow=f"flow-{c.key()[:12]}-1", protocol="http/1.1", method="POST", host="track.example", path="/u?x=1", status=200,
              user_agent="Fly/1", content_type="application/json", body_bytes=9, response_bytes=2, at="2026-05-01T09:30:01Z")
        c.put("broadcast", kind="remote_id", carrier="wifi", uas_id="1581TESTDRONE0001", id_type="serial", longitude_deg=7.5, latitude_deg=51.5, operator_longitude_deg=7.6,
              operator_latitude_deg=51.6, operator_id="FIN", at="2026-05-01T09:30:02Z", sender="02:ab:00:00:00:09")
        c.put("destination", host="track.example", addresses=["203.0.113.7"], owner="Tracker", purpose="analytics", party="third", asn=64500, last="2026-05-01T09:31:00Z", as_name="EXAMPLE",
              operator_country="CN", registry_country="US", location_country="SG")
        c.put("leak", what="flight_path", secret="flight-x-1", flow=f"flow-{c.key()[:12]}-1", destination="track.example", points=40, evidence_bits=300.5,
              claim="The path was sent.", claim_key="path_of_flight", at="2026-05-01T09:30:03Z")
        c.put("precaution", rule="T-1", verdict="not_met", title="No tracker", source="somewhere", kind="practice", applies="yes", reason="It was seen.",
              coverage="All.", next_step="Block it.", profiles=["dhs-cisa"])
        c.put("finding", rule="T-1", severity="high", statement="Sent to a tracker.", destinations=["track.example", "203.0.113.7"], facts=[f"flow-{c.key()[:12]}-1"])
        c.put("finding", rule="T-1", severity="medium", statement="And once more.", destinations=["track.example"], facts=[])
    return case


def test_every_field_is_documented_and_of_its_type():
    known = table()
    with Folder() as folder:
        seen = set()
        for event in events_of(case_of(folder)):
            for name, value in leaves(event):
                name = re.sub(r"^(.*location)\.(lon|lat)$", r"\1", name)
                assert name in known, name
                fits(known[name], value)
                seen.add(name)
        equal(sorted(set(known) - seen), [])  # the case above has all of them


def test_closed_lists_are_kept_to():
    with Folder() as folder:
        for event in events_of(case_of(folder)):
            e = event["event"]
            assert e["kind"] in KINDS and set(e["category"]) <= set(TYPES), e
            for t in e["type"]:
                assert any(t in TYPES[c] for c in e["category"]), e
            assert e.get("outcome", "unknown") in OUTCOMES
            equal(event["ecs"]["version"], "8.11.0")


def test_the_values_are_those_of_the_case():
    with Folder() as folder:
        case = case_of(folder)
        events = events_of(case)
        by = {}
        for event in events:
            by.setdefault(event["event"]["dataset"], []).append(event)
        with sqlite3.connect(case) as db:
            for table_name in ("flow", "dns", "request", "broadcast", "leak", "finding", "precaution"):
                ids = [i for i, in db.execute(f"SELECT id FROM {table_name} ORDER BY fid")]
                equal([e["event"]["id"] for e in by["leash." + table_name]], ids, table_name)
            started, = db.execute("SELECT value FROM run WHERE key = 'started'").fetchone()
        flow, odd = by["leash.flow"]
        equal([flow["@timestamp"], flow["event"]["duration"], flow["event"]["end"]], ["2026-05-01T09:30:00Z", 60500000000, "2026-05-01T09:31:00.500Z"])
        equal(flow["source"], {"address": "192.168.1.7", "ip": "192.168.1.7", "port": 40000, "mac": "02-AB-00-00-00-07", "bytes": 500, "packets": 3})
        equal(flow["destination"]["as"], {"number": 64500, "organization": {"name": "EXAMPLE"}})
        equal([flow["destination"]["domain"], flow["destination"]["bytes"], flow["destination"]["geo"]], ["Track.example", 900, {"country_iso_code": "SG"}])
        equal(flow["network"], {"type": "ipv4", "transport": "tcp", "protocol": "tls", "direction": "outbound", "bytes": 1400, "packets": 7})
        equal([flow["leash"]["owner"], flow["leash"]["operator_country"], flow["leash"]["opaque_out"]], ["Tracker", "CN", 400])
        equal([odd["@timestamp"], odd["tags"], odd["network"]["direction"]], [started, ["leash", "leash_time_unknown"], "internal"])
        assert "ip" not in odd["source"] and "ip" not in odd["destination"]
        equal(by["leash.dns"][0]["dns"]["resolved_ip"], ["203.0.113.7"])
        equal(by["leash.dns"][0]["leash"]["flow"], flow["event"]["id"])
        equal(by["leash.request"][0]["http"]["version"], "1.1")
        equal(by["leash.leak"][0]["event"]["kind"], "alert")
        state, = [e for e in by["leash.precaution"] if e["rule"]["id"] == "T-1"]
        equal([state["event"]["outcome"], state["event"]["kind"]], ["failure", "state"])
        finding = [e for e in by["leash.finding"] if e["rule"]["id"] == "T-1"][0]
        equal([finding["event"]["severity"], finding["related"]], [73, {"ip": ["203.0.113.7"], "hosts": ["track.example"]}])
        equal([e["threat"]["indicator"]["name"] for e in by["leash.forbidden"]], ["203.0.113.7", "track.example"])


def test_each_line_is_one_event():
    with Folder() as folder:
        case = case_of(folder)
        with Open(case) as c:
            c.db.execute("UPDATE flow SET host = ?, service = ?", ["a\nb\r\u2028{\"x\":1}\x00", "\x1b]0;x\x07"])
        done = leash("report", case, "--format", "ecs")
        lines = done.stdout.decode().split("\n")
        equal(lines[-1], "")
        for line in lines[:-1]:
            json.loads(line)
            assert all(c >= " " for c in line)


run(globals())
