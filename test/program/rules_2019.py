"""Scenarios of the alert and bulletin of 2019, CISA's practices of 2019, and "Secure Your Drone"."""
from evidence import noise, zip_of
from rule_kit import (AIRCRAFT, CONTROLLER, FLIGHT_START_S, GATEWAY, OTHER_SERVER, PHONE, SERVER, Net, attest, days_ago, log,
                      log_with_jump, net, photo, policy, server_hello, sha256)

NEIGHBOUR, FAR_NEIGHBOUR, OFFICE = "192.168.50.30", "192.168.60.30", "10.20.3.4"
PHONE_MAC, OTHER_MAC = "02:00:c0:a8:32:0a", "02:00:c0:a8:32:63"
MAKER, MAPS, SOCIAL = "api.dji.com", "tiles.mapbox.com", "graph.facebook.com"
OUR_NAME = "operator_hosts: [police.example.gov]"
INTERNAL = "internal_networks: [10.20.0.0/16]"
FOUND = "stored_evidence: as_found"
TEXT = b"What is collected: all of it.  Who receives it: us, and those who pay for it.\n"

LOG = log()
# Before the flight; nothing of it is in the air.
BEFORE = -600


def quiet():
    """A whole flight and, long before it, one connection to the maker."""
    return Net().at(BEFORE).tls(MAKER).link(begin=BEFORE + 10, step=60)


def quiet_day(address=SERVER, **more):
    return net(**more).at(5).tls("time.example.org", address)


def card(*members):
    return zip_of([("DCIM/", b""), ("DCIM/100MEDIA/", b""), ("MISC/", b""), *members])


def member(taken_s, name="DCIM/100MEDIA/DJI_0001.JPG"):
    return name, photo(taken_s)


def by_document(rule, document=TEXT, name="agreement.txt"):
    """What only a person can state: with the document, against it, and without either."""
    return [
        (rule, "met", "the document is there", policy(attest(rule, document=document)), (), {"log.txt": LOG, name: document}),
        (rule, "not_met", "the person states that it is not so", policy(attest(rule, holds=False, document=document)), (),
         {"log.txt": LOG, name: document}),
        (rule, "not_shown", "nobody states anything", policy(), (), {"log.txt": LOG, name: document}),
        (rule, "not_shown", "the statement has run out", policy(attest(rule, document=document, until="2024-06-01")), (),
         {"log.txt": LOG, name: document}),
        (rule, "attested", "the document is another", policy(attest(rule, document=document)), (),
         {"log.txt": LOG, name: document + b"\n"}),
        (rule, "attested", "a person vouches without a document", policy(attest(rule)), (), {"log.txt": LOG}),
    ]


def internet(rule):
    """Nothing leaves while the aircraft is in the air."""
    return [
        (rule, "met", "connections before take-off and after landing", policy(), (),
         {"net.pcap": Net().at(BEFORE).tls(MAKER).link(begin=BEFORE + 10, step=60).at(40).tls(MAKER), "log.txt": LOG}),
        (rule, "not_met", "one of them in the air", policy(), (),
         {"net.pcap": Net().at(BEFORE).tls(MAKER).link(begin=BEFORE + 10, step=60).at(20).tls(MAKER), "log.txt": LOG}),
        (rule, "not_met", "a connection that was opened before take-off", policy(), (),
         {"net.pcap": Net().at(-30).tls(MAKER, seconds=40).link(begin=-20), "log.txt": LOG}),
        (rule, "met", "the policy allows it", policy("allowed_destinations: [dji.com]"), (),
         {"net.pcap": net().at(20).tls(MAKER), "log.txt": LOG}),
        (rule, "not_met", "the policy allows another", policy("allowed_destinations: [mapbox.com]"), (),
         {"net.pcap": net().at(20).tls(MAKER), "log.txt": LOG}),
        (rule, "met", "another device in the same network", policy(f"captured_devices: ['{PHONE_MAC}']"), (),
         {"net.pcap": net().link(src=PHONE).at(20).tls(MAKER, src=NEIGHBOUR), "log.txt": LOG}),
        (rule, "not_shown", "the device was not captured", policy(f"captured_devices: ['{OTHER_MAC}']"), (),
         {"net.pcap": net(), "log.txt": LOG}),
        (rule, "not_shown", "half of the flight was captured", policy(), (), {"net.pcap": Net().link(begin=16), "log.txt": LOG}),
        (rule, "not_shown", "no flight is known", policy(), (), {"net.pcap": net()}),
        (rule, "not_shown", "nothing was captured", policy(), (), {"log.txt": LOG}),
    ]


SCENARIOS = [
    *internet("DHS19-1"),

    ("DHS19-2", "met", "nothing in the aircraft's storage", policy(FOUND), (), {"aircraft.zip": card()}),
    ("DHS19-2", "not_met", "a photo in the aircraft's storage", policy(FOUND), (),
     {"aircraft.zip": card(member(FLIGHT_START_S))}),
    ("DHS19-2", "not_shown", "a photo in an archive", policy(), (), {"aircraft.zip": card(member(FLIGHT_START_S))}),
    ("DHS19-2", "not_shown", "a log alone", policy(FOUND), (), {"log.txt": LOG}),
    *by_document("DHS19-2", b"Cards out: 14 May, locker 3.\n", "cards.txt"),

    ("DHS19-3", "met", "the policy knows the maker's server", policy("allowed_destinations: [dji.com]"), (),
     {"net.pcap": net().at(5).tls(MAKER), "log.txt": LOG}),
    ("DHS19-3", "not_met", "the policy knows others", policy("allowed_destinations: [mapbox.com]"), (),
     {"net.pcap": net().at(5).tls(MAKER), "log.txt": LOG}),
    ("DHS19-3", "met", "by its owner", policy("known_third_parties: [SZ DJI Technology]"), (),
     {"net.pcap": net().at(5).tls(MAKER), "log.txt": LOG}),
    ("DHS19-3", "met", "no server of the maker", policy(), (), {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("DHS19-3", "not_shown", "nobody said what is known", policy(), (), {"net.pcap": net().at(5).tls(MAKER), "log.txt": LOG}),
    ("DHS19-3", "not_shown", "a server of nobody knows whom", policy("known_third_parties: []"), (),
     {"net.pcap": net().at(5).tls("node.example.org"), "log.txt": LOG}),

    ("DHS19-4", "met", "the maker was looked into", policy("assessed_makers: [DJI]"), (), {"log.txt": LOG}),
    ("DHS19-4", "not_met", "another maker was", policy("assessed_makers: [Parrot]"), (), {"log.txt": LOG}),
    ("DHS19-4", "not_met", "the inventory says another maker", policy(
        "assessed_makers: [DJI]", "inventory: [{ serial: 1TESTEXAMPLE001, maker: Skydio }]"), (), {"log.txt": LOG}),
    ("DHS19-4", "met", "the inventory says the same", policy(
        "assessed_makers: [DJI]", "inventory: [{ serial: 1TESTEXAMPLE001, maker: SZ DJI Technology }]"), (), {"log.txt": LOG}),
    ("DHS19-4", "not_shown", "nobody said who was looked into", policy(), (), {"log.txt": LOG}),
    ("DHS19-4", "not_shown", "no aircraft", policy("assessed_makers: [DJI]"), (), {"net.pcap": quiet_day()}),

    ("BUL-1", "met", "the department's address", policy(OUR_NAME), (),
     {"net.pcap": Net().at(BEFORE).http("active.dji.com", "/api/v3/activate?mail=uas%40police.example.gov")}),
    ("BUL-1", "not_met", "an address elsewhere", policy(OUR_NAME), (),
     {"net.pcap": Net().at(BEFORE).http("active.dji.com", "/api/v3/activate?mail=jane%40mail.example.org")}),
    ("BUL-1", "not_met", "the take-off position", policy(OUR_NAME), (),
     {"net.pcap": Net().at(BEFORE).http("active.dji.com", "/api/v3/activate", b'{"lat":45.5000001,"lng":-5.2500001}'),
      "log.txt": LOG}),
    ("BUL-1", "not_met", "a value that was asked for", policy(OUR_NAME), ("--secret", "name=Jane Q. Exampleton"),
     {"net.pcap": Net().at(BEFORE).http("active.dji.com", "/api/v3/activate", b'{"user":"Jane Q. Exampleton"}')}),
    ("BUL-1", "not_shown", "nobody said which names are the department's", policy(), (),
     {"net.pcap": Net().at(BEFORE).http("active.dji.com", "/api/v3/activate?mail=jane%40mail.example.org")}),
    ("BUL-1", "not_shown", "activation is encrypted", policy(OUR_NAME), (), {"net.pcap": Net().at(BEFORE).tls("active.dji.com")}),
    ("BUL-1", "not_shown", "no activation", policy(OUR_NAME), (), {"net.pcap": Net().at(BEFORE).http(MAKER)}),

    ("BUL-2", "met", "only the maker's host", policy(), (), {"net.pcap": net().at(5).tls(MAKER), "log.txt": LOG}),
    ("BUL-2", "not_met", "a social network", policy(), (), {"net.pcap": net().at(5).tls(SOCIAL), "log.txt": LOG}),
    ("BUL-2", "not_shown", "another day was captured", policy(), (),
     {"net.pcap": net(start_s=FLIGHT_START_S - 86400).at(5).tls(MAKER), "log.txt": LOG}),
    ("BUL-2", "not_shown", "most went to an address without a name", policy(), (),
     {"net.pcap": net().at(5).talk(SERVER, 443, noise(5000)), "log.txt": LOG}),

    ("BUL-4", "met", "a photo of last week", policy(FOUND), (), {"photo.jpg": photo(days_ago(7))}),
    ("BUL-4", "not_met", "a photo of last quarter", policy(FOUND), (), {"photo.jpg": photo(days_ago(90))}),
    ("BUL-4", "met", "an empty card", policy(FOUND), (), {"card.zip": card()}),
    ("BUL-4", "not_met", "a log of last quarter among photos of last week", policy(FOUND), (),
     {"card.zip": card(member(days_ago(7)), ("MISC/log.txt", log(days_ago(90))))}),
    ("BUL-4", "met", "a log of last quarter, which may be kept for a year", policy(FOUND, "limits: { log_age_days_max: 365 }"), (),
     {"card.zip": card(member(days_ago(7)), ("MISC/log.txt", log(days_ago(90))))}),
    ("BUL-4", "not_shown", "a photo of last quarter in an archive", policy("stored_evidence: copies"), (),
     {"photo.jpg": photo(days_ago(90))}),
    ("BUL-4", "not_shown", "part of the card cannot be read", policy(FOUND), (), {"card.zip": card(("MISC/x.bin", noise(900)))}),

    ("BUL-5", "met", "a neighbour in the drone's own network", policy(INTERNAL), (),
     {"net.pcap": net().at(5).talk(NEIGHBOUR, 8080, b"x", b"y"), "log.txt": LOG}),
    ("BUL-5", "not_met", "an address of the internal network", policy(INTERNAL), (),
     {"net.pcap": net().at(5).talk(OFFICE, 8080, b"x", b"y"), "log.txt": LOG}),
    ("BUL-5", "not_met", "beyond the gateway", policy(INTERNAL), (),
     {"net.pcap": net().at(5).talk(FAR_NEIGHBOUR, 8080, b"x", b"y"), "log.txt": LOG}),
    ("BUL-5", "not_met", "a file server", policy(INTERNAL), (),
     {"net.pcap": net().at(5).talk(NEIGHBOUR, 445, b"x", b"y"), "log.txt": LOG}),
    ("BUL-5", "met", "a file server that does not answer", policy(INTERNAL), (),
     {"net.pcap": net().at(5).talk(NEIGHBOUR, 445, answered=False), "log.txt": LOG}),
    ("BUL-5", "not_met", "multicast DNS", policy(INTERNAL), (), {"net.pcap": net().at(5).mdns("_smb._tcp.local"), "log.txt": LOG}),
    ("BUL-5", "met", "multicast DNS, which the policy allows", policy(INTERNAL, "allowed_destinations: [224.0.0.251]"), (),
     {"net.pcap": net().at(5).mdns("_smb._tcp.local"), "log.txt": LOG}),
    ("BUL-5", "not_shown", "internal networks not stated", policy(), (), {"net.pcap": net(), "log.txt": LOG}),
    ("BUL-5", "not_shown", "only before take-off", policy(INTERNAL), (), {"net.pcap": Net().link(end=-1), "log.txt": LOG}),

    ("BUL-6", "met", "a question for an update in flight", policy(), (),
     {"net.pcap": net().at(5).tls("adhoc.djiservice.org", down=900), "log.txt": LOG}),
    ("BUL-6", "not_met", "an update in flight", policy(), (),
     {"net.pcap": net().at(5).tls("adhoc.djiservice.org", down=1_100_000), "log.txt": LOG}),
    ("BUL-6", "not_shown", "an update after landing", policy(), (),
     {"net.pcap": net().at(60).tls("adhoc.djiservice.org", down=1_100_000), "log.txt": LOG}),
    ("BUL-6", "attested", "an update after landing, and somebody vouches", policy(attest("BUL-6")), (),
     {"net.pcap": net().at(60).tls("adhoc.djiservice.org", down=1_100_000), "log.txt": LOG}),
    ("BUL-6", "not_met", "somebody states that nobody does", policy(attest("BUL-6", holds=False)), (),
     {"net.pcap": net().at(5).tls("adhoc.djiservice.org", down=900), "log.txt": LOG}),

    *by_document("BUL-7"),

    ("BUL-8", "met", "the third party is known", policy("known_third_parties: [mapbox]"), (),
     {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("BUL-8", "not_met", "another is known", policy("known_third_parties: [Charts Inc]"), (),
     {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("BUL-8", "not_shown", "nobody said who is known", policy(), (), {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("BUL-8", "not_shown", "no capture", policy("known_third_parties: []"), (), {"log.txt": LOG}),

    *by_document("BUL-9", name="third-parties.txt"),

    ("BP19-A1", "met", "fetched software, and met a neighbour", policy(INTERNAL), (),
     {"net.pcap": Net().at(0).http(MAKER, "/go/fly.apk", answer=noise(3000)).talk(NEIGHBOUR, 8080, b"x", b"y")}),
    ("BP19-A1", "not_met", "fetched software, and met the directory", policy(INTERNAL), (),
     {"net.pcap": Net().at(0).http(MAKER, "/go/fly.apk", answer=noise(3000)).talk(NEIGHBOUR, 389, b"x", b"y")}),
    ("BP19-A1", "met", "another device met the directory", policy(INTERNAL), (),
     {"net.pcap": Net().at(0).http(MAKER, "/go/fly.apk", answer=noise(3000)).talk(NEIGHBOUR, 389, b"x", b"y", src=CONTROLLER)}),
    ("BP19-A1", "not_shown", "no software fetched", policy(INTERNAL), (),
     {"net.pcap": Net().at(0).http(MAKER, "/go/fly.png", answer=noise(3000)).talk(NEIGHBOUR, 389, b"x", b"y")}),

    ("BP19-A2", "met", "an update over TLS", policy(), (), {"net.pcap": Net().at(0).tls("adhoc.djiservice.org", down=1_100_000)}),
    ("BP19-A2", "not_met", "an app over plain HTTP", policy(), (),
     {"net.pcap": Net().at(0).http(MAKER, "/go/fly.APK?v=2", answer=noise(3000))}),
    ("BP19-A2", "not_shown", "a picture over plain HTTP", policy(), (),
     {"net.pcap": Net().at(0).http(MAKER, "/go/fly.png?for=x.apk", answer=noise(3000))}),

    ("BP19-A4", "met", "the hash is the listed one", policy(
        f"approved_software: [{{ name: fly.bin, kind: firmware, sha256: {sha256(noise(500))} }}]"), (), {"fly.bin": noise(500)}),
    ("BP19-A4", "not_met", "the hash is another", policy(
        f"approved_software: [{{ name: fly.bin, kind: firmware, sha256: {sha256(noise(500))} }}]"), (), {"fly.bin": noise(501)}),
    ("BP19-A4", "not_shown", "no hash is listed", policy("approved_software: [{ name: fly.bin, kind: firmware }]"), (),
     {"fly.bin": noise(500)}),
    ("BP19-A4", "not_shown", "the installer is not there", policy(
        f"approved_software: [{{ name: fly.bin, kind: firmware, sha256: {sha256(noise(500))} }}]"), (), {"log.txt": LOG}),

    *by_document("BP19-A7"),

    ("BP19-A9", "met", "the app's version was tested", policy(
        "approved_software: [{ name: DJI app, version: 3.1.4, tested: 2024-05-01 }]"), (), {"log.txt": LOG}),
    ("BP19-A9", "not_met", "it was approved, and not tested", policy(
        "approved_software: [{ name: DJI app, version: 3.1.4 }]"), (), {"log.txt": LOG}),
    ("BP19-A9", "not_met", "another version was tested", policy(
        "approved_software: [{ name: DJI app, version: 3.1.3, tested: 2024-05-01 }]"), (), {"log.txt": LOG}),
    ("BP19-A9", "not_shown", "nothing was approved", policy(), (), {"log.txt": LOG}),

    *internet("BP19-B5"),

    ("BP19-B6", "met", "the flight was captured", policy(), (), {"net.pcap": net(), "log.txt": LOG}),
    ("BP19-B6", "not_met", "half of it was captured", policy(), (), {"net.pcap": Net().link(begin=16), "log.txt": LOG}),
    ("BP19-B6", "met", "one of two flights was captured", policy(), (),
     {"net.pcap": net(), "log.txt": LOG, "log2.txt": log(FLIGHT_START_S + 7200)}),
    ("BP19-B6", "not_shown", "another day was captured", policy(), (),
     {"net.pcap": net(start_s=FLIGHT_START_S - 86400), "log.txt": LOG}),
    ("BP19-B6", "not_shown", "no capture", policy(), (), {"log.txt": LOG}),

    ("BP19-C1", "met", "from a computer that talks to nobody else", policy(), (),
     {"net.pcap": Net().at(0).talk(NEIGHBOUR, 445, noise(200_000), b"y").http("tiles.mapbox.com", src=CONTROLLER)}),
    ("BP19-C1", "not_met", "from one that does", policy(), (),
     {"net.pcap": Net().at(0).talk(NEIGHBOUR, 445, noise(200_000), b"y").http("tiles.mapbox.com")}),
    ("BP19-C1", "not_met", "a photo goes to a cloud", policy(), (),
     {"net.pcap": Net().at(0).http("upload.example.org", "/p", photo()), "photo.jpg": photo()}),
    ("BP19-C1", "not_shown", "no transfer", policy(), (), {"net.pcap": quiet_day()}),

    ("BP19-C3", "met", "the log is encrypted", policy(FOUND), (), {"net.pcap": quiet_day(), "log.txt": log(version=14)}),
    ("BP19-C3", "not_met", "the log is not", policy(FOUND), (), {"net.pcap": quiet_day(), "log.txt": LOG}),
    ("BP19-C3", "not_met", "an upload in clear text", policy(FOUND), (),
     {"net.pcap": quiet_day().http("upload.example.org", "/p", b"something"), "log.txt": log(version=14)}),
    ("BP19-C3", "not_met", "photos beside the log", policy(FOUND), (),
     {"net.pcap": quiet_day(), "log.txt": log(version=14), "photo.jpg": photo()}),
    ("BP19-C3", "not_shown", "no capture", policy(FOUND), (), {"log.txt": log(version=14)}),

    ("BP19-C4", "met", "all of the last mission's day", policy(FOUND), (),
     {"card.zip": card(member(FLIGHT_START_S), ("log.txt", LOG))}),
    ("BP19-C4", "not_met", "a photo of the day before", policy(FOUND), (),
     {"card.zip": card(member(FLIGHT_START_S - 86400), ("log.txt", LOG))}),
    ("BP19-C4", "not_met", "the last mission was later", policy(FOUND, "storage: { last_mission: 2024-05-15 }"), (),
     {"card.zip": card(member(FLIGHT_START_S), ("log.txt", LOG))}),
    ("BP19-C4", "met", "an empty card", policy(FOUND), (), {"card.zip": card()}),
    ("BP19-C4", "not_shown", "an archive", policy(), (), {"card.zip": card(member(FLIGHT_START_S), ("log.txt", LOG))}),

    *by_document("BP19-C5", b"To: report@example.gov\nFound: a leak.\n", "report.txt"),
    *by_document("SYD-1", name="privacy.txt"),

    ("SYD-2", "met", "nothing personal", policy(), (),
     {"net.pcap": net().at(5).http("api.example.org", "/v1/ask", b'{"what":"weather"}'), "log.txt": LOG}),
    ("SYD-2", "not_met", "a mail address", policy(), (),
     {"net.pcap": net().at(5).http("api.example.org", "/v1/ask?u=jane%40mail.example.org", b'{"what":"weather"}'), "log.txt": LOG}),
    ("SYD-2", "not_met", "the aircraft's serial number", policy(), (),
     {"net.pcap": net().at(5).http("api.example.org", "/v1/ask", b'{"sn":"1TESTEXAMPLE001"}'), "log.txt": LOG}),
    ("SYD-2", "not_shown", "the account is used", policy(), (),
     {"net.pcap": net().at(5).http("account.dji.com", "/v1/ask", b'{"what":"weather"}'), "log.txt": LOG}),
    ("SYD-2", "met", "the account is used, and protected", policy(attest("SYD-2")), (),
     {"net.pcap": net().at(5).http("account.dji.com", "/v1/ask", b'{"what":"weather"}'), "log.txt": LOG}),
    ("SYD-2", "not_shown", "it cannot be read", policy(), (), {"net.pcap": net().at(5).tls("api.example.org"), "log.txt": LOG}),

    ("SYD-3", "met", "the newest version", policy("approved_software: [{ name: DJI app, version: 3.1.4 }]"), (), {"log.txt": LOG}),
    ("SYD-3", "not_met", "an older one", policy("approved_software: [{ name: DJI app, version: 3.1.5 }]"), (), {"log.txt": LOG}),
    ("SYD-3", "not_shown", "nobody knows the newest", policy("approved_software: [{ name: Other app, version: 3.1.5 }]"), (),
     {"log.txt": LOG}),
    ("SYD-3", "not_shown", "nothing has a version", policy("approved_software: []"), (), {"net.pcap": quiet_day()}),

    ("SYD-5", "met", "home is set, no jump", policy(), (), {"log.txt": LOG}),
    ("SYD-5", "not_met", "a jump of two kilometres", policy(), (), {"log.txt": log_with_jump()}),
    ("SYD-5", "met", "a wobble of 20 m", policy(), (), {"log.txt": log_with_jump(20)}),
    ("SYD-5", "not_shown", "the log is encrypted", policy(), (), {"log.txt": log(version=14)}),

    ("SYD-6", "met", "no stream", policy(), (), {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("SYD-6", "not_shown", "most went to an address without a name", policy(), (),
     {"net.pcap": net().at(5).talk(SERVER, 5000, noise(5000)), "log.txt": LOG}),

    ("SYD-7", "met", "an empty card", policy(FOUND), (), {"card.zip": card()}),
    ("SYD-7", "not_met", "a photo on it", policy(FOUND), (), {"card.zip": card(member(FLIGHT_START_S))}),
    ("SYD-7", "not_shown", "no word on what it is", policy(), (), {"card.zip": card()}),
    ("SYD-7", "not_shown", "only files that were picked out", policy(FOUND), (), {"net.pcap": quiet_day()}),
]
