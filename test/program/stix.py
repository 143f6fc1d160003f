"""`leash report --format stix`: a STIX 2.1 bundle, held against what the standard demands: properties of each type, ids (those of
observables worked out here anew), references, times, relationships.  With the JSON schemas of OASIS at hand
($LEASH_STIX_SCHEMAS, the folder `schemas` of oasis-open/cti-stix2-json-schemas) each object is held against them, too."""
import glob
import json
import os
import re
import uuid

from case_kit import Open, small_case
from harness import Folder, equal, leash, run, skip

SPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # STIX 2.1, section 2.9
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
ID = re.compile(r"([a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TLP_AMBER = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
OBSERVABLES = {"domain-name": ["value"], "ipv4-addr": ["value"], "ipv6-addr": ["value"], "autonomous-system": ["number"],
               "network-traffic": ["start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"]}
REQUIRED = {"identity": ["name"], "infrastructure": ["name"], "indicator": ["pattern", "pattern_type", "valid_from"],
            "observed-data": ["first_observed", "last_observed", "number_observed", "object_refs"], "note": ["content", "object_refs"],
            "relationship": ["relationship_type", "source_ref", "target_ref"], "network-traffic": ["protocols"],
            "domain-name": ["value"], "ipv4-addr": ["value"], "ipv6-addr": ["value"], "autonomous-system": ["number"]}
# Section 4 of the standard, of those that leash writes; "related-to" goes between any two.
RELATIONS = {("infrastructure", "consists-of"): {"infrastructure", "observed-data", *OBSERVABLES}, ("indicator", "based-on"): {"observed-data"}}


def case_of(folder, hostile="x"):
    case = small_case(folder)
    with Open(case) as c:
        c.db.execute("DELETE FROM finding")
        c.db.execute("DELETE FROM precaution")
        flow = dict(src="192.168.1.7", proto="tcp", service="tls", dst_port=443, first="2026-05-01T09:30:00Z", last="2026-05-01T09:31:00.5Z",
                    packets_out=3, packets_in=4, bytes_out=500, bytes_in=900, local=0)
        c.put("flow", dst="203.0.113.7", host="Track.Example.", host_source="sni", **flow)
        c.put("flow", dst="203.0.113.8", host="track.example", host_source="sni", **flow)
        c.put("flow", dst="203.0.113.7", host="track.example", **flow)
        c.put("flow", dst="2001:db8::5", **{**flow, "proto": "udp", "service": "quic"})
        c.put("flow", dst="203.0.113.9", host=hostile + " not a name", **{**flow, "service": hostile, "src": "local-1"})
        c.put("flow", dst="203.0.113.10", host="late.example", **{**flow, "first": None, "last": None, "dst_port": None})
        c.put("flow", dst="192.168.1.1", host="router.local", **{**flow, "local": 1})
        c.put("destination", host="track.example", addresses=["203.0.113.7", "203.0.113.8"], owner="Tracker " + hostile, purpose="analytics", party="third",
              asn=64500, as_name="EXAMPLE " + hostile, operator_country="CN", first="2026-05-01T09:30:00Z", last="2026-05-01T09:31:00Z")
        c.put("destination", addresses=["2001:db8::5"], party="unknown")
        c.put("destination", host="router.local", addresses=["192.168.1.1"], party="local", owner="Nobody")
        c.put("precaution", rule="T-1", verdict="not_met", title="No tracker", kind="practice", applies="yes")
        c.put("finding", rule="T-1", severity="high", statement="Sent to " + hostile, destinations=["track.example"], facts=[])
        c.put("finding", rule="T-1", severity="medium", statement="Sent.", destinations=["2001:db8::5", "it's odd' OR [x"], facts=[])
        c.put("finding", rule="card", severity="low", statement="A card was not empty.", destinations=[], facts=[])
        c.put("leak", what="flight_path", secret="x", destination="track.example", claim="The path was sent.", claim_key="path", points=40)
    return case


def bundle_of(case):
    done = leash("report", case, "--format", "stix")
    equal(done.returncode, 0, done.stderr.decode())
    return json.loads(done.stdout)


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def references(o):
    for name, value in o.items():
        if name.endswith("_ref"):
            yield name, value
        elif name.endswith("_refs"):
            assert isinstance(value, list) and value, (o["id"], name)
            for v in value:
                yield name, v


def check(bundle):
    equal(set(bundle), {"type", "id", "objects"})
    assert ID.fullmatch(bundle["id"]), bundle["id"]
    objects = {o["id"]: o for o in bundle["objects"]}
    equal(len(objects), len(bundle["objects"]))
    for o in bundle["objects"]:
        equal(o["spec_version"], "2.1")
        if o["type"] == "marking-definition":
            equal(o["id"], TLP_AMBER)
            continue
        equal(ID.fullmatch(o["id"]).group(1), o["type"])
        equal(o["object_marking_refs"], [TLP_AMBER])
        for name in REQUIRED[o["type"]]:
            assert o.get(name) not in (None, "", []), (o["id"], name)
        assert all(v is not None for v in o.values()), o
        if o["type"] in OBSERVABLES:
            contributing = {n: o[n] for n in OBSERVABLES[o["type"]] if n in o}
            equal(o["id"], f"{o['type']}--{uuid.uuid5(SPACE, canonical(contributing))}", o)
            assert "created" not in o
        else:
            for name in ("created", "modified"):
                assert TIME.fullmatch(o[name]) and re.search(r"\.\d{3,}Z", o[name]), o
        for name, target in references(o):
            assert target in objects, (o["id"], name, target)
        if o["type"] == "relationship" and o["relationship_type"] != "related-to":
            source, target = objects[o["source_ref"]], objects[o["target_ref"]]
            assert target["type"] in RELATIONS[source["type"], o["relationship_type"]], o
        if o["type"] == "network-traffic":
            assert "src_ref" in o or "dst_ref" in o
            for p in o["protocols"]:
                equal(p, p.lower())
            assert o.get("start", "") <= o.get("end", "~")
        if o["type"] == "observed-data":
            assert 1 <= o["number_observed"] <= 999999999 and o["first_observed"] <= o["last_observed"]
            equal(len(set(o["object_refs"])), len(o["object_refs"]))
    return objects


def of_type(bundle, name):
    return [o for o in bundle["objects"] if o["type"] == name]


def test_the_bundle_is_as_the_standard_says():
    with Folder() as folder:
        bundle = bundle_of(case_of(folder))
        objects = check(bundle)
        equal(sorted(o["value"] for o in of_type(bundle, "domain-name")), ["late.example", "track.example"])
        equal(sorted(o["pattern"] for o in of_type(bundle, "indicator")), ["[domain-name:value = 'track.example']", "[ipv6-addr:value = '2001:db8::5']"])
        seen, = [o for o in of_type(bundle, "observed-data") if any(objects[r].get("value") == "track.example" for r in o["object_refs"])]
        equal(seen["number_observed"], 3)
        equal([seen["first_observed"], seen["last_observed"]], ["2026-05-01T09:30:00Z", "2026-05-01T09:31:00.5Z"])
        traffic = [objects[r] for r in seen["object_refs"] if r.startswith("network-traffic")]
        equal(sorted((objects[t["dst_ref"]]["value"], t["src_byte_count"], t["protocols"]) for t in traffic),
              [("203.0.113.7", 1000, ["ipv4", "tcp", "tls"]), ("203.0.113.8", 500, ["ipv4", "tcp", "tls"])])
        assert not any("router" in json.dumps(o) for o in bundle["objects"])
        notes = {o["content"]: o for o in of_type(bundle, "note")}
        equal(set(notes), {"Sent to x", "Sent.", "A card was not empty.", "The path was sent."})
        assert notes["The path was sent."]["object_refs"] == [seen["id"]]
        assert notes["A card was not empty."]["object_refs"][0].startswith("identity--")
        equal({o["name"] for o in of_type(bundle, "identity")}, {"leash", "Tracker x"})


def test_hostile_text_stays_text():
    hostile = "' OR [domain-name:value = 'bank.example'] \\ \u202e </script> \x1b[31m"
    with Folder() as folder:
        case = case_of(folder, hostile)
        with Open(case) as c:
            c.db.execute("UPDATE run SET value = ? WHERE key = 'label'", [hostile])
        bundle = bundle_of(case)
        check(bundle)
        for o in of_type(bundle, "indicator"):
            assert re.fullmatch(r"\[[a-z0-9-]+:value = '[0-9a-z.:_-]+'\]", o["pattern"]), o["pattern"]


def test_the_same_case_gives_the_same_bytes():
    with Folder() as folder:
        case = case_of(folder)
        equal(leash("report", case, "--format", "stix").stdout, leash("report", case, "--format", "stix").stdout)


def test_redacted_it_is_valid_too():
    with Folder() as folder:
        case = case_of(folder)
        done = leash("report", case, "--format", "stix", "--redact")
        equal(done.returncode, 0, done.stderr.decode())
        check(json.loads(done.stdout))
        assert b"192.168.1.7" not in done.stdout


def test_the_schemas_of_oasis_take_it():
    folder = os.environ.get("LEASH_STIX_SCHEMAS", "")
    if not os.path.isdir(folder):
        skip("the JSON schemas of STIX 2.1 are not here (LEASH_STIX_SCHEMAS)")
    import jsonschema
    store, by_type = {}, {}
    for path in glob.glob(os.path.join(folder, "**", "*.json"), recursive=True):
        with open(path, encoding="utf-8") as text:
            schema = json.load(text)
        schema.pop("$id", None)  # references are to files beside it
        store["file://" + os.path.abspath(path)] = schema
        by_type[os.path.basename(path)[:-5]] = os.path.abspath(path)
    with Folder() as work:
        for bundle in (bundle_of(case_of(work, "it's \\ odd")),):
            for o in bundle["objects"]:  # that of the bundle only says that each is one of these
                path = by_type[o["type"]]
                schema = store["file://" + path]
                resolver = jsonschema.RefResolver("file://" + path, schema, store=store)
                jsonschema.Draft202012Validator(schema, resolver=resolver).validate(o)


run(globals())
