"""Hosts and kits of an app that captures of the same case show to be contacted."""
import json
import sqlite3

import apk
import evidence as made
from harness import Folder, audit, equal, leash, need, run

need("openssl")

APP = {
    "package": "org.example.drone", "classes": ["org.example.drone.Main", "com.amap.api.A", "com.umeng.analytics.A"], "sign": ("v2",),
    "strings": ["https://api.example.org/x", "https://looked-up.example.org/x", "https://deep.example.net/x", "http://203.0.113.9/x"],
}


def states(folder):
    with sqlite3.connect(folder / "case.gpkg") as db:
        return {(kind, name): (state, json.loads(origin)) for kind, name, state, origin in
                db.execute("SELECT kind, name, state, origin FROM component WHERE kind IN ('host', 'sdk')")}


def capture():
    c = made.Capture()
    c.name_lookup(1, "looked-up.example.org", "203.0.113.20")  # asked for, never contacted
    c.tls(40000, "API.example.org", "203.0.113.1")
    c.conversation(40001, "203.0.113.9", 5566, b"hello", b"")
    c.tls(40002, "restapi.amap.com", "203.0.113.2")
    c.tls(40003, "below.deep.example.net", "203.0.113.3")
    return c.pcap()


def test_what_was_contacted_is_said():
    with Folder() as folder:
        folder.write("in/a.apk", apk.build(**APP))
        folder.write("in/b.pcap", capture())
        _, report = audit(folder, folder / "in")
        found = states(folder)
        seen = {key for key, (state, _) in found.items() if state == "seen_in_traffic"}
        equal(seen, {("host", "api.example.org"), ("host", "203.0.113.9"), ("sdk", "AMap / AutoNavi")})
        equal(found["host", "deep.example.net"][0], "host_only", "a name below it is another name")
        equal(found["sdk", "Umeng analytics"][0], "in_code")
        # what spoke for it before stays, and the connection is named
        origin = found["sdk", "AMap / AutoNavi"][1]
        equal(origin["steps"], ["1 classes, first Lcom/amap/api/A; in classes.dex", "a connection to restapi.amap.com was seen"])
        flow, = (f for f in report["flows"] if f["host"] == "restapi.amap.com")
        equal(origin["rows"], [flow["id"]])
        # report, JSON, bill of materials and checks say it
        equal({(c["kind"], c["name"]) for c in report["components"] if c["state"] == "seen_in_traffic"}, seen)
        bom = json.loads(leash("report", folder / "case.gpkg", "--format", "cyclonedx").stdout)
        amap, = (c for c in bom["components"] if c["name"] == "AMap / AutoNavi")
        equal([m["technique"] for m in amap["evidence"]["identity"][0]["methods"]], ["binary-analysis", "dynamic-analysis"])
        equal(leash("verify", folder / "case.gpkg").returncode, 0)
        done = leash("explain", folder / "case.gpkg", next(c["id"] for c in report["components"] if c["name"] == "AMap / AutoNavi"))
        assert done.returncode == 0 and b"restapi.amap.com" in done.stdout, done


def test_without_a_capture_or_an_app_nothing_is_said():
    with Folder() as folder:
        audit(folder, folder.write("a.apk", apk.build(**APP)))
        equal({state for state, _ in states(folder).values()}, {"in_code", "host_only"})
        audit(folder, folder.write("b.pcap", capture()))
        equal(states(folder), {})


def test_packets_to_the_app_alone_do_not_count():
    """A host that sends and is not sent to was not contacted."""
    with Folder() as folder:
        c = made.Capture()
        for i in range(5):
            c.udp("203.0.113.9", 5566, made.PHONE, 40001, b"beacon %d" % i)
        folder.write("in/a.apk", apk.build(**APP))
        folder.write("in/b.pcap", c.pcap())
        audit(folder, folder / "in")
        equal(states(folder)["host", "203.0.113.9"][0], "host_only")


run(globals())
