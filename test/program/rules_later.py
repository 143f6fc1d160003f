"""Scenarios of the practices of 2024 and later, of laws, orders and standards, and of a maker's claims."""
import functools
import json

import apk
import hostconfig as host
import wifi
from evidence import noise, zip_of
from rule_kit import (CONTROLLER, FLIGHT_START_S, PHONE, SERVER, Net, attest, days_ago, geoip, log, net, photo, policy,
                      sha256, utc)

NEIGHBOUR, FAR_NEIGHBOUR = "192.168.50.30", "192.168.60.30"
MAKER, MAPS = "api.dji.com", "tiles.mapbox.com"
FOUND = "stored_evidence: as_found"
INTERNAL = "internal_networks: [10.20.0.0/16]"
RECORD = b"Who had what, from when to when.\n"
SERIAL = "1TESTEXAMPLE001"
# 2025-12-21 and 2025-12-23, at noon: around the day on which the drone act begins to bite.
BEFORE_ACT_S, IN_ACT_S = 1_766_318_400, 1_766_491_200
# 2020-01-20 and 2020-02-10: around Secretarial Order 3379.
BEFORE_ORDER_S, IN_ORDER_S = 1_579_521_600, 1_581_336_000
IN_817_S = 1_735_732_800  # 2025-01-01

LOG = log()
OTHER_LOG = log(serial="1TESTEXAMPLE002")


def quiet_day(**more):
    return net(**more).at(5).tls(MAPS)


def card(*members):
    return zip_of([("DCIM/", b""), ("DCIM/100MEDIA/", b""), ("MISC/", b""), *members])


DOCUMENTS = ("CG24-P4", "CG24-R1", "CG24-M6", "CG24-O4", "ARMY-3")


def all_attested(**more):
    """The statements of all rules that only a person can make, in one policy."""
    lines = [line for rule in DOCUMENTS for line in attest(rule, **more).split("\n")[1:]]
    return policy("attestations:", *lines, profiles=("dhs-cisa", "army"))


def by_document(rule, document=RECORD, name="record.txt"):
    """What only a person can state: with the document, against it, and without either."""
    return [
        (rule, "met", "the document is there", all_attested(document=document), (), {"log.txt": LOG, name: document}),
        (rule, "not_met", "the person states that it is not so", all_attested(holds=False, document=document), (),
         {"log.txt": LOG, name: document}),
        (rule, "not_met", "without a document", all_attested(holds=False), (), {"log.txt": LOG}),
        (rule, "not_shown", "nobody states anything", policy(profiles=("dhs-cisa", "army")), (), {"log.txt": LOG, name: document}),
        (rule, "attested", "the document is another", all_attested(document=document), (),
         {"log.txt": LOG, name: document + b"\n"}),
        (rule, "attested", "a person vouches without a document", all_attested(), (), {"log.txt": LOG}),
    ]


def heard(serial, start_s=FLIGHT_START_S):
    """A radio capture of an aircraft that states its serial number: 1588... is Parrot's, 1668... Skydio's,
    1748... Autel's, 1581... DJI's."""
    air = wifi.Air(start=start_s)
    for _ in range(3):
        air.remote_id(serial, (-5.25, 45.5, 120.0), operator=(-5.2501, 45.4999))
    return air.pcap()


PARROT, SKYDIO, AUTEL, DJI = "1588E000000000000A2", "1668E000000000000A1", "1748E000000000000A3", "1581E000000000000A4"


def droneid():
    air = wifi.Air(start=FLIGHT_START_S)
    air.dji("0TESTSERIAL00001", (-5.25, 45.5), app=(-5.25, 45.49), home=(-5.25, 45.5))
    return air.pcap()


def beacon(security, ssid="ANAFI-TEST", bssid="90:03:b7:00:00:01"):
    air = wifi.Air(start=FLIGHT_START_S)
    air.network(ssid, security, bssid=bssid)
    return air.pcap()


@functools.lru_cache(maxsize=None)
def key(country):
    return apk.Key(f"/C={country}/O=Example/CN=leash test" if country else "/CN=leash test")


@functools.lru_cache(maxsize=None)
def app(package="com.parrot.freeflight", version="7.1", classes=("com.parrot.Main",), country=None, strings=(), broken=False):
    made = apk.build(package=package, version=version, classes=list(classes), strings=list(strings), key=key(country))
    return made[:10] + bytes([made[10] ^ 1]) + made[11:] if broken else made  # the time of its first entry


def bill(*parts, subject="Example One", kind="cyclonedx"):
    """parts: (name, maker, version, country)"""
    def component(name, maker=None, version="1.0", country=None, type="device"):
        row = {"type": type, "name": name, "version": version}
        if maker:
            row["supplier"] = {"name": maker, **({"address": {"country": country}} if country else {})}
        return row
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                       "metadata": {"component": {"type": "device", "name": subject}},
                       "components": [component(*p) for p in parts]}, indent=1).encode()


def hardware(camera="Parrot"):
    return bill(("Flight controller", "Parrot"), ("Radio module", "Quantum Systems"), ("Main camera", camera))


def inventory(*lines):
    return "inventory: [" + ", ".join("{ " + line + " }" for line in lines) + "]"


def software(*lines):
    return "approved_software: [" + ", ".join("{ " + line + " }" for line in lines) + "]"


def federal(*lines):
    return policy(*lines, profiles=("federal",))


def army(*lines):
    return policy(*lines, profiles=("army",))


def doi(*lines):
    return policy(*lines, profiles=("doi",))


def navy(*lines):
    return policy(*lines, profiles=("navy",))


def claims(*lines):
    return policy(*lines, profiles=("dji-claims",))


def audits(*days):
    return "audits: [" + ", ".join("{ when: %s }" % utc(days_ago(n))[:10] for n in days) + "]"


def mdns(capture, src):
    """A question to everybody in the segment."""
    question = b"\0\0\0\0\0\1\0\0\0\0\0\0" + b"\x05_http\x04_tcp\x05local\0" + b"\0\x0c\0\1"
    capture.udp(src, 5353, "224.0.0.251", 5353, question)
    return capture


LISTED = f"allowed_destinations: [{MAPS}]"

PRACTICES = [
    ("CG24-P1", "met", "the aircraft is in the inventory", policy(inventory(f"serial: {SERIAL}")), (), {"log.txt": LOG}),
    ("CG24-P1", "not_met", "another is", policy(inventory("serial: 1TESTEXAMPLE002")), (), {"log.txt": LOG}),
    ("CG24-P1", "met", "in an inventory among the evidence", policy(), (),
     {"log.txt": LOG, "list.csv": f"Serial,Maker\n{SERIAL},DJI\n".encode()}),
    ("CG24-P1", "met", "a stranger's aircraft was heard too", policy(inventory(f"serial: {SERIAL}")), (),
     {"log.txt": LOG, "air.pcap": heard(PARROT)}),
    ("CG24-P1", "not_shown", "no inventory", policy(), (), {"log.txt": LOG}),
    ("CG24-P1", "attested", "a person vouches", policy(attest("CG24-P1")), (), {"log.txt": LOG}),

    *(scenario for rule, lines in (("CG24-P2", ()), ("BAA-4", (INTERNAL,))) for scenario in (
        (rule, "met", "a neighbour in the same network", policy(*lines), (),
         {"net.pcap": quiet_day().talk(NEIGHBOUR, 8080, b"x", b"y"), "log.txt": LOG}),
        (rule, "not_met", "one in the next network", policy(*lines), (),
         {"net.pcap": quiet_day().talk(FAR_NEIGHBOUR, 8080, b"x", b"y"), "log.txt": LOG}),
        (rule, "met", "nobody answers there", policy(*lines), (),
         {"net.pcap": quiet_day().talk(FAR_NEIGHBOUR, 8080, answered=False), "log.txt": LOG}),
        (rule, "met", "one route, to its own network", policy(*lines), (),
         {"net.pcap": quiet_day(), "log.txt": LOG, "route.txt": host.ip_route("192.168.50.1", networks=("192.168.50.0/24",))}),
        (rule, "not_met", "a route to another", policy(*lines), (),
         {"net.pcap": quiet_day(), "log.txt": LOG,
          "route.txt": host.ip_route("192.168.50.1", networks=("192.168.50.0/24", "192.168.60.0/24"))}),
        (rule, "not_met", "a stranger announces itself", policy(*lines, f"captured_devices: [{PHONE}, {CONTROLLER}]"), (),
         {"net.pcap": mdns(quiet_day(), NEIGHBOUR), "log.txt": LOG}),
        (rule, "met", "no stranger", policy(*lines, f"captured_devices: [{PHONE}, {CONTROLLER}]"), (),
         {"net.pcap": mdns(quiet_day(), PHONE), "log.txt": LOG}),
        (rule, "not_shown", "the flight was not captured", policy(*lines), (),
         {"net.pcap": quiet_day(start_s=1_715_000_000), "log.txt": LOG}),
    )),
    ("BAA-4", "not_met", "a file server in the same network", policy(INTERNAL), (),
     {"net.pcap": quiet_day().talk(NEIGHBOUR, 445, b"x", b"y"), "log.txt": LOG}),
    ("BAA-4", "not_shown", "internal networks not stated", policy(), (), {"net.pcap": quiet_day(), "log.txt": LOG}),

    *(scenario for rule in ("CG24-P3", "BAA-2") for scenario in (
        (rule, "met", "what no rule names stays in", policy(LISTED), (),
         {"net.pcap": quiet_day(), "log.txt": LOG, "nft.txt": host.nft_ruleset(egress="deny")}),
        (rule, "not_met", "what no rule names goes out", policy(LISTED), (),
         {"net.pcap": quiet_day(), "log.txt": LOG, "nft.txt": host.nft_ruleset(egress="allow")}),
        (rule, "not_met", "the rule has no effect", policy(LISTED), (),
         {"net.pcap": quiet_day().tls(MAKER), "log.txt": LOG, "nft.txt": host.nft_ruleset(egress="deny")}),
        (rule, "not_shown", "the list is not stated", policy(), (),
         {"net.pcap": quiet_day(), "log.txt": LOG, "nft.txt": host.nft_ruleset(egress="deny")}),
        (rule, "not_shown", "no firewall", policy(LISTED), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
        (rule, "not_shown", "no capture", policy(LISTED), (), {"log.txt": LOG, "nft.txt": host.nft_ruleset(egress="deny")}),
    )),

    *(scenario for rule in DOCUMENTS for scenario in by_document(rule)),

    ("CG24-R2", "met", "the maker is listed", policy("assessed_makers: [DJI]"), (), {"log.txt": LOG}),
    ("CG24-R2", "not_met", "another is", policy("assessed_makers: [Parrot]"), (), {"log.txt": LOG}),
    ("CG24-R2", "met", "by the serial number heard", policy("assessed_makers: [Parrot]"), (), {"air.pcap": heard(PARROT)}),
    ("CG24-R2", "not_met", "by another serial number", policy("assessed_makers: [Parrot]"), (), {"air.pcap": heard(SKYDIO)}),
    ("CG24-R2", "met", "a stranger's aircraft was heard too", policy("assessed_makers: [DJI]", inventory(f"serial: {SERIAL}")), (),
     {"log.txt": LOG, "air.pcap": heard(PARROT)}),
    ("CG24-R2", "not_met", "the app's maker", policy("assessed_makers: [Parrot]"), (),
     {"air.pcap": heard(PARROT), "a.apk": app("com.autelrobotics.explorer")}),
    ("CG24-R2", "not_shown", "nobody looked", policy(), (), {"log.txt": LOG}),
    ("CG24-R2", "not_shown", "nothing names an aircraft", policy("assessed_makers: [DJI]"), (), {"net.pcap": quiet_day()}),

    ("CG24-R3", "met", "declared", policy("declared_countries: [US]"), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("CG24-R3", "not_met", "not declared", policy("declared_countries: [DE]"), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("CG24-R3", "not_shown", "nothing is declared", policy(), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("CG24-R3", "not_shown", "the country is not known", policy("declared_countries: [US]"), (),
     {"net.pcap": quiet_day().tls("api.example.org"), "log.txt": LOG}),

    ("CG24-R4", "met", "the bill lists what is in the app", policy(), (),
     {"a.apk": app(), "bill.json": bill(("Parrot app/SDK", "Parrot"))}),
    ("CG24-R4", "not_met", "the app has more", policy(), (),
     {"a.apk": app(classes=("com.parrot.Main", "cn.sharesdk.framework.ShareSDK")), "bill.json": bill(("Parrot app/SDK", "Parrot"))}),
    ("CG24-R4", "not_shown", "no bill", policy(), (), {"a.apk": app()}),
    ("CG24-R4", "not_shown", "no app", policy(), (), {"bill.json": bill(("Parrot app/SDK", "Parrot"))}),

    ("CG24-M1", "met", "all of it is listed", policy(inventory(f"serial: {SERIAL}", "serial: RCAMPLE001")), (), {"log.txt": LOG}),
    ("CG24-M1", "not_met", "not the controller", policy(inventory(f"serial: {SERIAL}")), (), {"log.txt": LOG}),
    ("CG24-M1", "not_met", "not the app's version", policy(inventory(f"serial: {SERIAL}", "serial: RCAMPLE001"),
                                                         software("name: com.parrot.freeflight, version: '7.0'")), (),
     {"log.txt": LOG, "a.apk": app()}),
    ("CG24-M1", "not_shown", "no inventory", policy(), (), {"log.txt": LOG}),

    ("CG24-M2", "met", "no known weakness", policy("known_vulnerabilities: [{ name: com.parrot.freeflight, version: '7.0', id: CVE-0000-0000 }]"),
     (), {"a.apk": app()}),
    ("CG24-M2", "not_met", "this version has one", policy("known_vulnerabilities: [{ name: com.parrot.freeflight, version: '7.1', id: CVE-0000-0000 }]"),
     (), {"a.apk": app()}),
    ("CG24-M2", "not_met", "a part of the bill has one", policy("known_vulnerabilities: [{ name: libexample, version: '2.0', id: CVE-0000-0000 }]"),
     (), {"bill.json": bill(("libexample", "Example", "2.0"))}),
    ("CG24-M2", "not_shown", "no list", policy(), (), {"a.apk": app()}),
    ("CG24-M2", "not_shown", "no version", policy("known_vulnerabilities: []"), (), {"log.txt": log(version=14)}),

    ("CG24-M3", "met", "the approved version", policy(software("name: com.parrot.freeflight, version: '7.1'")), (), {"a.apk": app()}),
    ("CG24-M3", "not_met", "another version", policy(software("name: com.parrot.freeflight, version: '7.1'")), (),
     {"a.apk": app(version="7.2")}),
    ("CG24-M3", "not_met", "other bytes", policy(software(f"name: com.parrot.freeflight, version: '7.1', sha256: {sha256(app())}")), (),
     {"a.apk": app(strings=("x",))}),
    ("CG24-M3", "met", "the same bytes", policy(software(f"name: com.parrot.freeflight, version: '7.1', sha256: {sha256(app())}")), (),
     {"a.apk": app()}),
    ("CG24-M3", "not_shown", "no baseline", policy(), (), {"a.apk": app()}),

    ("CG24-M4", "met", "from the maker", policy(), (), {"net.pcap": Net().at(0).tls("adhoc.djiservice.org", down=1_100_000)}),
    ("CG24-M4", "not_met", "over plain HTTP", policy(), (),
     {"net.pcap": Net().at(0).http(MAKER, "/go/fly.apk", answer=noise(3000))}),
    ("CG24-M4", "met", "the approved bytes", policy(software(f"name: com.parrot.freeflight, sha256: {sha256(app())}")), (),
     {"a.apk": app()}),
    ("CG24-M4", "not_met", "other bytes", policy(software(f"name: com.parrot.freeflight, sha256: {sha256(app())}")), (),
     {"a.apk": app(version="7.2")}),
    ("CG24-M4", "not_shown", "nothing was fetched", policy(), (), {"net.pcap": quiet_day()}),

    ("CG24-M5", "met", "an audit of last month", policy(audits(30, 400), "limits: { audit_age_days_max: 90 }"), (), {"log.txt": LOG}),
    ("CG24-M5", "not_met", "the last audit is a year ago", policy(audits(365, 400), "limits: { audit_age_days_max: 90 }"), (), {"log.txt": LOG}),
    ("CG24-M5", "not_met", "there was none", policy("audits: []"), (), {"log.txt": LOG}),
    ("CG24-M5", "not_shown", "nobody says", policy(), (), {"log.txt": LOG}),

    ("CG24-O1", "met", "the approved versions", policy(software("name: DJI app, kind: app, version: 3.1.4",
                                                                "name: Phantom 4 Pro, kind: firmware, version: 1.4.2")), (), {"log.txt": LOG}),
    ("CG24-O1", "not_met", "the firmware is not approved", policy(software("name: DJI app, kind: app, version: 3.1.4")), (), {"log.txt": LOG}),
    ("CG24-O1", "not_met", "another is approved", policy(software("name: DJI app, kind: app, version: 3.1.5")), (), {"log.txt": LOG}),
    ("CG24-O1", "not_met", "a firmware has that number", policy(software("name: DJI app, kind: firmware, version: 3.1.4")), (), {"log.txt": LOG}),
    ("CG24-O1", "not_shown", "none is approved", policy(), (), {"log.txt": LOG}),
    ("CG24-O1", "not_shown", "no flight", policy(software("name: DJI app, version: 3.1.4")), (), {"net.pcap": quiet_day()}),

    ("CG24-O2", "met", "the log is encrypted", policy(FOUND), (), {"net.pcap": quiet_day(), "log.txt": log(version=14)}),
    ("CG24-O2", "not_met", "the log is not", policy(FOUND), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("CG24-O2", "met", "the card is", policy(FOUND, "storage: { encrypted: true }"), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("CG24-O2", "not_met", "an upload in clear text", policy(FOUND, "storage: { encrypted: true }"), (),
     {"net.pcap": quiet_day().http("upload.example.org", "/p", b"something"), "log.txt": LOG}),
    ("CG24-O2", "not_met", "the phone is not", policy(FOUND, "storage: { encrypted: true }"), (),
     {"net.pcap": quiet_day(), "log.txt": LOG, "phone.txt": host.getprop(encrypted=False)}),
    ("CG24-O2", "not_shown", "no capture", policy(FOUND), (), {"log.txt": log(version=14)}),

    ("CG24-O3", "met", "a flight after the transfer", policy(FOUND, "storage: { last_mission: 2024-05-13 }"), (), {"log.txt": LOG}),
    ("CG24-O3", "not_met", "a flight that was transferred", policy(FOUND, "storage: { last_mission: 2024-05-14 }"), (), {"log.txt": LOG}),
    ("CG24-O3", "met", "an empty card", policy(FOUND, "storage: { card_empty: true }"), (), {"card.zip": card()}),
    ("CG24-O3", "not_met", "a photo on a card that should be empty", policy(FOUND, "storage: { card_empty: true }"), (),
     {"card.zip": card(("DCIM/100MEDIA/DJI_0001.JPG", photo()))}),
    ("CG24-O3", "not_shown", "an archive", policy("storage: { last_mission: 2024-05-14 }"), (), {"log.txt": LOG}),
    ("CG24-O3", "not_shown", "nobody says what was transferred", policy(FOUND), (), {"log.txt": LOG}),

    ("CG24-O5", "met", "TLS", policy(), (), {"net.pcap": Net().at(-2).tls(MAPS, seconds=34), "log.txt": LOG}),
    ("CG24-O5", "not_met", "a request in clear text beside it", policy(), (),
     {"net.pcap": Net().at(-2).tls(MAPS, seconds=34).http("api.example.org"), "log.txt": LOG}),
    ("CG24-O5", "not_shown", "nothing is encrypted, nothing is known", policy(), (),
     {"net.pcap": net().at(5).talk(SERVER, 5000, noise(5000)), "log.txt": LOG}),
    ("CG24-O5", "not_shown", "no flight log", policy(), (), {"net.pcap": Net().at(-2).tls(MAPS, seconds=34)}),

    ("CG24-O6", "met", "no stream", policy(), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("CG24-O6", "not_met", "a live stream", policy(), (), {"net.pcap": quiet_day().rtmp(), "log.txt": LOG}),
    ("CG24-O6", "met", "a live stream that the policy allows", policy(f"allowed_destinations: [{SERVER}]"), (),
     {"net.pcap": quiet_day().rtmp(), "log.txt": LOG}),
    ("CG24-O6", "not_met", "TLS to the port of RTMPS", policy(), (),
     {"net.pcap": quiet_day().tls("live.example.org", port=1935), "log.txt": LOG}),
    ("CG24-O6", "not_shown", "the flight was not captured", policy(), (),
     {"net.pcap": quiet_day(start_s=1_715_000_000), "log.txt": LOG}),

    ("BAA-1", "met", "only whom the policy lists", policy(LISTED), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("BAA-1", "not_met", "another is listed", policy("allowed_destinations: [dji.com]"), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("BAA-1", "not_met", "an unencrypted log-in", policy("allowed_destinations: [mapbox.com]"), (),
     {"net.pcap": quiet_day().talk(SERVER, 23, b"admin\r\n", b"login:"), "log.txt": LOG}),
    ("BAA-1", "not_shown", "no list", policy(), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
]


def installation(granted=()):
    """All that CISA asks of the installation of drone software, in one case."""
    return {"net.pcap": Net().at(0).tls("adhoc.djiservice.org", down=1_100_000), "scan.txt": host.clamscan(), "agreement.txt": RECORD,
            "fly.txt": host.dumpsys_package(granted=(host.LOCATION, *granted))}


INSTALLATION = policy(INTERNAL, attest("BP19-A7", document=RECORD), software(f"name: {host.DRONE_APP}"),
                      f"allowed_permissions: [{host.LOCATION}, {host.INTERNET}]")

PRACTICES += [
    ("BAA-3", "met", "terms read, scanned, no more permissions than needed, off the internal network", INSTALLATION, (), installation()),
    ("BAA-3", "not_met", "one permission more", INSTALLATION, (), installation(granted=(host.CONTACTS,))),
    ("BAA-3", "not_shown", "only a log", policy(), (), {"log.txt": LOG}),
]

AGENCIES = [
    ("ARMY-1", "met", "an aircraft of another maker", army(), (), {"air.pcap": heard(PARROT)}),
    ("ARMY-1", "not_met", "a DJI aircraft", army(), (), {"air.pcap": heard(DJI)}),
    ("ARMY-1", "not_met", "a DJI flight log", army(), (), {"log.txt": LOG}),
    ("ARMY-1", "not_met", "DroneID", army(), (), {"air.pcap": heard(PARROT), "droneid.pcap": droneid()}),
    ("ARMY-1", "not_met", "a DJI app", army(), (), {"air.pcap": heard(PARROT), "a.apk": app("dji.go.v5")}),
    ("ARMY-1", "not_met", "DJI's kit in another's app", army(), (),
     {"air.pcap": heard(PARROT), "a.apk": app(classes=("com.parrot.Main", "dji.sdk.Main"))}),
    ("ARMY-1", "not_shown", "no aircraft", army(), (), {"net.pcap": quiet_day()}),

    ("ARMY-2", "met", "no DJI app", army(), (), {"packages.txt": host.pm_list(("com.parrot.freeflight6",))}),
    ("ARMY-2", "not_met", "a DJI app", army(), (), {"packages.txt": host.pm_list(("dji.go.v5",))}),
    ("ARMY-2", "not_met", "under another name", army(), (), {"packages.txt": host.pm_list(("com.uav.flyapp",))}),
    ("ARMY-2", "met", "a name that only looks like it", army(), (), {"packages.txt": host.pm_list(("org.djinn.app",))}),
    ("ARMY-2", "not_shown", "no package list", army(), (), {"net.pcap": quiet_day()}),

    ("NAVY-1", "met", "stored in the aircraft", navy(), (), {"photo.jpg": photo(card_path="EMMC\\100MEDIA\\DJI_0001.JPG")}),
    ("NAVY-1", "not_met", "stored on a card", navy(), (), {"photo.jpg": photo(card_path="DCIM\\100MEDIA\\DJI_0001.JPG")}),
    ("NAVY-1", "not_shown", "no picture", navy(), (), {"log.txt": LOG}),

    ("NAVY-2", "met", "the network is encrypted", navy(), (), {"air.pcap": beacon("wpa2")}),
    ("NAVY-2", "not_met", "the network is open", navy(), (), {"air.pcap": beacon("open")}),
    ("NAVY-2", "not_met", "DroneID beside it", navy(), (), {"air.pcap": beacon("wpa2"), "droneid.pcap": droneid()}),
    ("NAVY-2", "not_met", "pictures in clear text", navy(), (), {"air.pcap": beacon("wpa2"), "net.pcap": net().at(5).rtsp()}),
    ("NAVY-2", "not_shown", "nothing was heard", navy(), (), {"net.pcap": quiet_day()}),

    *(("DOI-1", verdict, what, doi(), ("--label", label), {"net.pcap": net(start_s=start).at(5).tls(host_name), "log.txt": LOG})
      for verdict, what, label, start, host_name in (
        ("met", "locked, and nothing but time and maps of the phone", "sharing locked", FLIGHT_START_S, "time.android.com"),
        ("not_met", "locked, and the maker is addressed", "sharing locked", FLIGHT_START_S, MAKER),
        ("not_shown", "nobody said that it was locked", "first try", FLIGHT_START_S, "time.android.com"),
        ("not_shown", "the flight was not captured", "sharing locked", 1_715_000_000, "time.android.com"),
        ("not_applicable", "sharing on", "sharing on", FLIGHT_START_S, MAKER))),

    ("DOI-2", "met", "the tested bytes", doi(software(f"name: com.parrot.freeflight, sha256: {sha256(app())}, tested: 2024-05-01")), (), {"a.apk": app()}),
    ("DOI-2", "not_met", "other bytes", doi(software(f"name: com.parrot.freeflight, sha256: {sha256(app())}, tested: 2024-05-01")), (),
     {"a.apk": app(version="7.2")}),
    ("DOI-2", "not_shown", "no test", doi(), (), {"a.apk": app()}),

    ("DOI-3", "met", "the area is elsewhere", doi("sensitive_areas: [{ name: Range, west: -5.3, south: 45.6, east: -5.2, north: 45.7 }]"), (), {"log.txt": LOG}),
    ("DOI-3", "not_met", "the flight is in the area", doi("sensitive_areas: [{ name: Range, west: -5.3, south: 45.4, east: -5.2, north: 45.7 }]"), (),
     {"log.txt": LOG}),
    ("DOI-3", "not_shown", "no areas", doi(), (), {"log.txt": LOG}),
    ("DOI-3", "not_shown", "the path is encrypted", doi("sensitive_areas: [{ name: Range, west: -5.3, south: 45.6, east: -5.2, north: 45.7 }]"), (),
     {"log.txt": log(version=14)}),

    ("DOI-4", "met", "made in the US", doi(inventory(f"serial: {SERIAL}, made_in: US")), (), {"log.txt": LOG}),
    ("DOI-4", "not_met", "made elsewhere", doi(inventory(f"serial: {SERIAL}, made_in: CN")), (), {"log.txt": LOG}),
    ("DOI-4", "not_met", "by the maker", doi(), (), {"log.txt": log(IN_ORDER_S)}),
    ("DOI-4", "not_applicable", "before the order", doi(), (), {"log.txt": log(BEFORE_ORDER_S)}),
    ("DOI-4", "not_shown", "no flight", doi(), (), {"air.pcap": heard(SKYDIO)}),

    ("INL-1", "met", "the tested version", policy(software("name: DJI app, version: 3.1.4, tested: 2024-05-01"), profiles=("laboratory",)), (),
     {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("INL-1", "not_met", "another was tested", policy(software("name: DJI app, version: 3.1.3, tested: 2024-05-01"), profiles=("laboratory",)), (),
     {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("INL-1", "not_shown", "no test", policy(profiles=("laboratory",)), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("INL-1", "not_shown", "the flight was not captured", policy(software("name: DJI app, version: 3.1.4, tested: 2024-05-01"), profiles=("laboratory",)), (),
     {"net.pcap": quiet_day(start_s=1_715_000_000), "log.txt": LOG}),
]

# An address that databases know; nobody is contacted.
RESOLVER = "8.8.8.8"
GEO = ("--geoip", "{folder}/_geo.mmdb")


def abroad(host_name=MAPS, place="US"):
    capture = net().at(5).tls(host_name, RESOLVER)
    return {"net.pcap": capture, "log.txt": LOG, "_geo.mmdb": geoip({"8.8.8.0/24": place})}


LAWS = [
    ("848-1", "met", "a maker elsewhere", federal(), (), {"air.pcap": heard(PARROT)}),
    ("848-1", "not_met", "a maker in CN", federal(), (), {"air.pcap": heard(AUTEL)}),
    ("848-1", "not_met", "made there by the inventory", federal(inventory(f"serial: {PARROT}, made_in: CN")), (), {"air.pcap": heard(PARROT)}),
    ("848-1", "not_met", "a flight log", federal(), (), {"log.txt": LOG}),
    ("848-1", "not_shown", "no aircraft", federal(), (), {"net.pcap": quiet_day()}),

    ("848-2", "met", "parts from elsewhere", federal(), (), {"bill.json": hardware()}),
    ("848-2", "not_met", "a camera from CN", federal(), (), {"bill.json": hardware("SZ DJI Technology")}),
    ("848-2", "not_met", "a camera in a photo", federal(), (), {"photo.jpg": photo()}),
    ("848-2", "not_shown", "no radio is listed", federal(), (), {"bill.json": bill(("Flight controller", "Parrot"), ("Main camera", "Parrot"))}),
    ("848-2", "not_shown", "a maker that is not known", federal(), (), {"bill.json": hardware("Example Optics")}),
    ("848-2", "met", "the bill tells its country", federal(), (),
     {"bill.json": bill(("Flight controller", "Parrot"), ("Radio module", "Parrot"), ("Main camera", "Example Optics", "1", "JP"))}),

    ("848-3", "met", "signed by a maker elsewhere", federal(), (), {"a.apk": app("org.example.gcs", country="US")}),
    ("848-3", "not_met", "signed in CN", federal(), (), {"a.apk": app("org.example.gcs", country="CN")}),
    ("848-3", "not_met", "an app of DJI", federal(), (), {"a.apk": app("dji.go.v5", country="US")}),
    ("848-3", "not_met", "installed on the phone", federal(), (), {"packages.txt": host.pm_list(("com.autelrobotics.explorer",))}),
    ("848-3", "not_shown", "nobody says who signed", federal(), (), {"a.apk": app("org.example.gcs")}),

    ("848-4", "met", "all three answers elsewhere", federal(), GEO, abroad()),
    ("848-4", "not_met", "the place", federal(), GEO, abroad(place="CN")),
    ("848-4", "not_met", "the owner of the name", federal(), GEO, abroad(MAKER)),
    ("848-4", "not_shown", "no location database", federal(), (), {k: v for k, v in abroad().items() if k[0] != "_"}),
    ("848-4", "not_shown", "nobody knows the name", federal(), GEO, abroad("api.example.org")),

    ("817-1", "met", "a fleet of another maker", policy(inventory(f"serial: {PARROT}, maker: Parrot"), profiles=("federal-funds",)), (),
     {"air.pcap": heard(PARROT, IN_817_S)}),
    ("817-1", "not_met", "made in a covered country", policy(inventory(f"serial: {PARROT}, maker: Geoscan"), profiles=("federal-funds",)), (),
     {"air.pcap": heard(PARROT, IN_817_S)}),
    ("817-1", "not_applicable", "before it was in force", policy(inventory(f"serial: {SERIAL}, maker: DJI"), profiles=("dod",)), (), {"log.txt": LOG}),
    ("817-1", "not_met", "an aircraft in use", policy(profiles=("dod",)), (), {"log.txt": log(IN_817_S)}),
    ("817-1", "not_shown", "no fleet list", policy(profiles=("federal-funds",)), (), {"air.pcap": heard(PARROT, IN_817_S)}),

    ("ASDA-1", "met", "bought before the act", federal(inventory(f"serial: {SERIAL}, maker: DJI, acquired: 2023-12-21")), (), {"log.txt": LOG}),
    ("ASDA-1", "not_met", "bought since", federal(inventory(f"serial: {SERIAL}, maker: DJI, acquired: 2023-12-22")), (), {"log.txt": LOG}),
    ("ASDA-1", "met", "another maker", federal(inventory(f"serial: {PARROT}, maker: Parrot, acquired: 2024-12-22")), (), {"air.pcap": heard(PARROT)}),
    ("ASDA-1", "not_shown", "nobody says when", federal(inventory(f"serial: {SERIAL}, maker: DJI")), (), {"log.txt": LOG}),

    ("ASDA-2", "met", "an aircraft of another maker", federal(), (), {"log.txt": log(BEFORE_ACT_S), "air.pcap": heard(PARROT, IN_ACT_S)}),
    ("ASDA-2", "not_met", "a flight after the day", federal(), (), {"log.txt": log(IN_ACT_S), "air.pcap": heard(PARROT, IN_ACT_S)}),
    ("ASDA-2", "not_applicable", "all of it before the day", federal(), (), {"log.txt": log(BEFORE_ACT_S)}),
    ("ASDA-2", "not_shown", "no flight", federal(), (), {"air.pcap": heard(PARROT, IN_ACT_S)}),

    *(("ASDA-3", verdict, what, policy(*lines, profiles=("federal-funds",)), (), {"log.txt": log(start)})
      for verdict, what, lines, start in (
        ("met", "the city pays", [inventory(f"serial: {SERIAL}, funding: city budget")], IN_ACT_S),
        ("not_met", "a federal grant pays", [inventory(f"serial: {SERIAL}, funding: federal grant 4711")], IN_ACT_S),
        ("not_applicable", "before the day", [inventory(f"serial: {SERIAL}, funding: federal grant 4711")], BEFORE_ACT_S),
        ("not_shown", "whose grant it is, nobody says", [inventory(f"serial: {SERIAL}, funding: grant 4711")], IN_ACT_S),
        ("not_shown", "nobody says who pays", [inventory(f"serial: {SERIAL}")], IN_ACT_S))),

    ("ASDA-4", "met", "tracked", federal(inventory(f"serial: {SERIAL}, tracked_as: P-100")), (), {"log.txt": LOG}),
    ("ASDA-4", "not_met", "in the inventory, not tracked", federal(inventory(f"serial: {SERIAL}")), (), {"log.txt": LOG}),
    ("ASDA-4", "not_met", "not in the inventory", federal(inventory("serial: other, tracked_as: P-100")), (), {"log.txt": LOG}),
    ("ASDA-4", "not_shown", "no inventory", federal(), (), {"log.txt": LOG}),

    ("1709-1", "met", "another maker", federal(), (), {"air.pcap": heard(PARROT)}),
    ("1709-1", "not_met", "DJI", federal(), (), {"air.pcap": heard(DJI)}),
    ("1709-1", "not_met", "Autel", federal(), (), {"air.pcap": heard(AUTEL)}),
    ("1709-1", "met", "another maker and its app", federal(), (), {"air.pcap": heard(PARROT), "a.apk": app()}),
    ("1709-1", "not_met", "a rebadged app", federal(), (), {"air.pcap": heard(PARROT), "a.apk": app("com.uav.flyapp")}),
    ("1709-1", "not_met", "a rebadged app's host", federal(), (), {"air.pcap": heard(PARROT), "net.pcap": net().at(5).tls("api.uavservice.org")}),
    ("1709-1", "not_met", "its other host", federal(), (), {"air.pcap": heard(PARROT), "net.pcap": net().at(5).tls("www.uav.com")}),
    ("1709-1", "met", "a host that only looks like it", federal(), (), {"air.pcap": heard(PARROT), "net.pcap": net().at(5).tls("www.myuav.com")}),
    ("1709-1", "not_met", "DroneID", federal(), (), {"air.pcap": heard(PARROT), "droneid.pcap": droneid()}),
    ("1709-1", "not_shown", "no aircraft", federal(), (), {"net.pcap": quiet_day()}),

    *(scenario for rule in ("FCC-1", "FCC-3") for scenario in (
        (rule, "met", "authorised before the notice", federal(inventory(f"serial: {SERIAL}, authorised: 2025-12-21")), (), {"log.txt": LOG}),
        (rule, "not_met", "authorised since", federal(inventory(f"serial: {SERIAL}, authorised: 2025-12-22")), (), {"log.txt": LOG}),
        (rule, "not_shown", "nobody says when", federal(), (), {"log.txt": LOG}))),
    ("FCC-1", "met", "made in the US", federal(inventory(f"serial: {SERIAL}, authorised: 2025-12-22, made_in: US")), (), {"log.txt": LOG}),

    ("FCC-2", "met", "a radio from the US", federal(), (), {"bill.json": bill(("Radio module", "Skydio"))}),
    ("FCC-2", "not_met", "a radio from elsewhere", federal(), (), {"bill.json": bill(("Radio module", "Parrot"))}),
    ("FCC-2", "met", "nothing foreign in a class of the notice", federal(), (), {"bill.json": bill(("Radio module", "Skydio"), ("Sticker", "Parrot"))}),
    ("FCC-2", "not_shown", "nobody knows where it is from", federal(), (), {"bill.json": bill(("Radio module", "Example"))}),
    ("FCC-2", "not_shown", "no parts", federal(), (), {"log.txt": LOG}),
]


def green(**what):
    capture = quiet_day()
    if what.get("clear"):
        capture.http("api.example.org", "/v1", b"something")
    return {"net.pcap": capture, "log.txt": LOG, "a.apk": what.get("app", app()),
            "bill.json": bill(*what.get("parts", [("Parrot app/SDK", "Parrot")]))}


def blue(camera="Parrot"):
    """An aircraft, its components, its app, and what it addresses."""
    return {**{k: v for k, v in abroad().items() if k != "log.txt"}, "air.pcap": heard(PARROT), "bill.json": hardware(camera),
            "a.apk": app(country="FR")}


BLUE = policy(profiles=("blue-uas",))


GREEN = policy(attest("GRN-1"), profiles=("green-uas",))

CLAIMS = [
    ("GRN-1", "met", "nothing against the four areas", GREEN, (), green()),
    ("GRN-1", "not_met", "content in clear text", GREEN, (), green(clear=True)),
    ("GRN-1", "not_met", "a part that no bill lists", GREEN, (), green(parts=[("Other", "Parrot")])),
    ("GRN-1", "not_met", "a broken signature", GREEN, (), green(app=app(broken=True))),
    ("GRN-1", "not_shown", "nobody vouches for the first area", policy(profiles=("green-uas",)), (), green()),

    ("BLU-1", "met", "848-1 to 848-4 are met", BLUE, GEO, blue()),
    ("BLU-1", "not_met", "a camera from CN", BLUE, GEO, blue("SZ DJI Technology")),
    ("BLU-1", "not_shown", "no bill of materials", BLUE, GEO, {k: v for k, v in blue().items() if k != "bill.json"}),

    ("LDM-1", "met", "maps, with the map switch on", claims(), ("--label", "local data mode, maps on"), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("LDM-1", "not_met", "the maker's host", claims(), ("--label", "local data mode, maps on"),
     {"net.pcap": net().at(5).tls(MAKER), "log.txt": LOG}),
    ("LDM-1", "not_shown", "maps, and nobody said that the switch was on", claims(), ("--label", "local data mode"),
     {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("LDM-1", "not_shown", "nobody said that the mode was on", claims(), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("LDM-1", "not_applicable", "the mode is off", claims(), ("--label", "local data mode off"), {"net.pcap": quiet_day(), "log.txt": LOG}),

    ("LDM-2", "met", "a log of the mode", claims(FOUND), ("--label", "local data mode"), {"photo.jpg": photo(), "log.txt": LOG}),
    ("LDM-2", "not_met", "photos and no log", claims(FOUND), ("--label", "local data mode"), {"photo.jpg": photo()}),
    ("LDM-2", "not_shown", "photos and no log in an archive", claims(), ("--label", "local data mode"), {"photo.jpg": photo()}),

    ("LDM-3", "met", "nothing at the switch", claims(), ("--phase", "switch=2024-05-14T09:30:04Z..2024-05-14T09:30:08Z"),
     {"net.pcap": net().at(5).tls("time.android.com").at(15).tls(MAKER), "log.txt": LOG}),
    ("LDM-3", "not_met", "the maker at the switch", claims(), ("--phase", "switch=2024-05-14T09:30:04Z..2024-05-14T09:30:18Z"),
     {"net.pcap": net().at(5).tls("time.android.com").at(15).tls(MAKER), "log.txt": LOG}),
    ("LDM-3", "not_shown", "nobody said when", claims(), (), {"net.pcap": net().at(5).tls("time.android.com"), "log.txt": LOG}),
]

SCENARIOS = PRACTICES + AGENCIES + LAWS + CLAIMS
