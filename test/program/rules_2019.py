"""Scenarios of the alert and bulletin of 2019, CISA's practices of 2019, and "Secure Your Drone"."""
import shutil

import apk
import hostconfig as host
from evidence import noise, zip_of
from rule_kit import (CONTROLLER, FLIGHT_START_S, PHONE, SERVER, Net, attest, days_ago, log, log_of_app, log_over_date_line, log_with_jump, net,
                      photo, policy, sha256)
from wifi import Air

NEIGHBOUR, FAR_NEIGHBOUR, OFFICE = "192.168.50.30", "192.168.60.30", "10.20.3.4"
PHONE_MAC, OTHER_MAC = "02:00:c0:a8:32:0a", "02:00:c0:a8:32:63"
MAKER, MAPS, SOCIAL = "api.dji.com", "tiles.mapbox.com", "graph.facebook.com"
OUR_NAME = "operator_hosts: [police.example.gov]"
INTERNAL = "internal_networks: [10.20.0.0/16]"
FOUND = "stored_evidence: as_found"
TEXT = b"What is collected: all of it.  Who receives it: us, and those who pay for it.\n"

FLY_APP = f"approved_software: [{{ name: {host.DRONE_APP} }}]"
LISTED = f"allowed_permissions: [{host.LOCATION}, {host.INTERNET}]"
RADIO_MAC = "02:00:00:00:50:01"
RADIO = f"inventory: [{{ serial: X1, role: aircraft, mac: '{RADIO_MAC}' }}]"

LOG = log()
# Before the flight; nothing of it is in the air.
BEFORE = -600


def quiet_day(address=SERVER, **more):
    return net(**more).at(5).tls("time.example.org", address)


def card(*members):
    return zip_of([("DCIM/", b""), ("DCIM/100MEDIA/", b""), ("MISC/", b""), *members])


def member(taken_s, name="DCIM/100MEDIA/DJI_0001.JPG"):
    return name, photo(taken_s)


def air(name, security="wpa2", **more):
    a = Air(start=FLIGHT_START_S)
    a.network(name, security, bssid=RADIO_MAC, **more)
    a.network("coffee", "open", bssid="02:00:00:00:00:77")
    return a.pcap()


def app(key=None, **declared):
    return apk.build(sign=("v2",) if key else (), key=key, **declared)


def self_updating_app():
    return app(classes=["com.tencent.bugly.beta.Beta"])


def changed(package):
    """The same package with another byte in a file that its signature covers."""
    at = package.index(b"classes.dex") + 60
    return package[:at] + bytes([package[at] ^ 1]) + package[at + 1:]


def signer(key):
    return f"approved_software: [{{ name: org.example.app, signer: {key.sha256} }}]"


def phone(sim="ABSENT", accounts=(), apps=(host.DRONE_APP,)):
    return {"getprop.txt": host.getprop(sim=sim), "accounts.txt": host.accounts(accounts), "apps.txt": host.pm_list(packages=apps)}


def two_flights():
    return {"net.pcap": Net().link(end=95).at(5).tls(MAKER), "log.txt": LOG, "log2.txt": log_of_app("3.1.5", FLIGHT_START_S + 60)}


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

    ("BUL-2", "not_met", "a kit for sharing in the app", policy(), (),
     {"net.pcap": net().at(5).tls(MAKER), "log.txt": LOG, "fly.apk": app(classes=["cn.sharesdk.framework.ShareSDK"])}),
    ("BUL-2", "met", "an app without one", policy(), (),
     {"net.pcap": net().at(5).tls(MAKER), "log.txt": LOG, "fly.apk": app(classes=["org.example.Share"])}),

    ("BUL-3", "met", "no card, no account, the drone's app alone", policy(FLY_APP), (), phone()),
    ("BUL-3", "not_met", "a card", policy(FLY_APP), (), phone(sim="LOADED")),
    ("BUL-3", "not_met", "a card in the second slot", policy(FLY_APP), (), phone(sim="ABSENT,LOADED")),
    ("BUL-3", "not_met", "an account", policy(FLY_APP), (), phone(accounts=(("jane@example.org", "com.google"),))),
    ("BUL-3", "not_met", "a game", policy(FLY_APP), (), phone(apps=(host.DRONE_APP, host.OTHER_APP))),
    ("BUL-3", "not_met", "a social network in the capture", policy(FLY_APP), (), {**phone(), "net.pcap": Net().tls(SOCIAL)}),
    ("BUL-3", "met", "the maker in the capture", policy(FLY_APP), (), {**phone(), "net.pcap": Net().tls(MAKER)}),
    ("BUL-3", "not_shown", "nobody said which apps belong on it", policy(), (), phone()),
    ("BUL-3", "not_shown", "the card is not known of", policy(FLY_APP), (), phone(sim="UNKNOWN")),

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
    ("BUL-5", "not_met", "a computer with a route to the internal network", policy(INTERNAL), (),
     {"net.pcap": net(), "log.txt": LOG, "route.txt": host.ip_route(networks=("10.20.3.0/24",))}),
    ("BUL-5", "met", "a computer without one", policy(INTERNAL), (),
     {"net.pcap": net(), "log.txt": LOG, "route.txt": host.ip_route()}),
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

    ("BUL-6", "met", "the app changed between two flights, and that was approved", policy(
        "approved_software: [{ name: DJI app, kind: app, version: 3.1.5 }]"), (), two_flights()),
    ("BUL-6", "not_met", "another version was approved", policy(
        "approved_software: [{ name: DJI app, kind: app, version: 3.1.6 }]"), (), two_flights()),
    ("BUL-6", "not_shown", "nobody said what was approved", policy(), (), two_flights()),

    *by_document("BUL-7"),

    ("BUL-8", "met", "the third party is known", policy("known_third_parties: [mapbox]"), (),
     {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("BUL-8", "not_met", "another is known", policy("known_third_parties: [Charts Inc]"), (),
     {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("BUL-8", "not_shown", "nobody said who is known", policy(), (), {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("BUL-8", "not_shown", "no capture", policy("known_third_parties: []"), (), {"log.txt": LOG}),

    ("BUL-8", "not_met", "a kit of an owner who is not known", policy("known_third_parties: [mapbox]"), (),
     {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG, "fly.apk": app(classes=["cn.sharesdk.framework.ShareSDK"])}),
    ("BUL-8", "met", "of an owner who is", policy("known_third_parties: [mapbox, MobTech (ShareSDK)]"), (),
     {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG, "fly.apk": app(classes=["cn.sharesdk.framework.ShareSDK"])}),

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
    ("BP19-A2", "met", "installed from a store", policy(FLY_APP), (), {"list.txt": host.pm_list()}),
    ("BP19-A2", "met", "from a file, and approved", policy(FLY_APP), (),
     {"list.txt": host.pm_list(packages=("dji.go.v5",)), "more.txt": host.dumpsys_package(installer=None)}),
    ("BP19-A2", "not_met", "from a file", policy(), (), {"list.txt": host.pm_list(packages=("dji.go.v5",), installer="null")}),
    ("BP19-A2", "not_shown", "from a store that is not known", policy(), (),
     {"list.txt": host.pm_list(packages=("dji.go.v5",), installer="org.example.store")}),
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

    ("BP19-A3", "met", "a work profile", policy(), (), {"policy.txt": host.device_policy(work_profile=10)}),
    ("BP19-A3", "not_met", "nobody manages the phone", policy(), (), {"policy.txt": host.device_policy()}),
    ("BP19-A3", "not_shown", "nobody asked the phone", policy(), (), {"getprop.txt": host.getprop()}),
    ("BP19-A3", "not_met", "the controller fetches software itself", policy(
        f"inventory: [{{ serial: X1, role: controller, mac: '{PHONE_MAC}' }}]"), (),
     {"policy.txt": host.device_policy(work_profile=10), "net.pcap": Net().http(MAKER, "/go/fly.apk", answer=noise(3000))}),
    ("BP19-A3", "met", "a computer for it fetches software", policy(
        f"inventory: [{{ serial: X1, role: download computer, mac: '{PHONE_MAC}' }}]"), (),
     {"policy.txt": host.device_policy(work_profile=10), "net.pcap": Net().http(MAKER, "/go/fly.apk", answer=noise(3000))}),
    ("BP19-A3", "not_shown", "nobody said what fetches software", policy(), (),
     {"policy.txt": host.device_policy(work_profile=10), "net.pcap": Net().http(MAKER, "/go/fly.apk", answer=noise(3000))}),

    ("BP19-A5", "met", "a scan that found nothing", policy(), (), {"scan.txt": host.clamscan()}),
    ("BP19-A5", "not_met", "a scan that found something", policy(), (),
     {"scan.txt": host.clamscan(infected=1, findings=[("fly.apk", "Example.Test.Signature")])}),
    ("BP19-A5", "not_shown", "a scan of no file", policy(), (), {"scan.txt": host.clamscan(files=0)}),
    ("BP19-A5", "not_shown", "no scan", policy(), (), {"log.txt": LOG}),
    ("BP19-A5", "not_met", "signatures of last month", policy(), (),
     {"scan.txt": host.clamscan(), "defender.txt": host.defender(age_days=30)}),

    ("BP19-A6", "met", "what was granted is needed", policy(FLY_APP, LISTED), (), {"fly.txt": host.dumpsys_package()}),
    ("BP19-A6", "not_met", "more was granted", policy(FLY_APP, LISTED), (),
     {"fly.txt": host.dumpsys_package(granted=(host.LOCATION, host.MICROPHONE))}),
    ("BP19-A6", "met", "more was asked for and not granted", policy(FLY_APP, LISTED), (),
     {"fly.txt": host.dumpsys_package(denied=(host.MICROPHONE,))}),
    ("BP19-A6", "not_met", "another app of a maker", policy(FLY_APP, LISTED), (),
     {"fly.txt": host.dumpsys_package(), "list.txt": host.pm_list(packages=(host.DRONE_APP, "dji.go.v5"))}),
    ("BP19-A6", "not_shown", "nobody said what is needed", policy(FLY_APP), (), {"fly.txt": host.dumpsys_package()}),

    *by_document("BP19-A7"),

    ("BP19-A8", "met", "firewall on, baseline kept", policy("allowed_destinations: [mapbox.com]"), (),
     {"net.pcap": Net().tls(MAPS), "firewall.txt": host.netsh()}),
    ("BP19-A8", "not_met", "firewall off", policy("allowed_destinations: [mapbox.com]"), (),
     {"net.pcap": Net().tls(MAPS), "firewall.txt": host.netsh("OFF")}),
    ("BP19-A8", "not_met", "a new destination", policy("allowed_destinations: [mapbox.com]"), (),
     {"net.pcap": Net().tls(MAPS).tls(MAKER), "firewall.txt": host.netsh()}),
    ("BP19-A8", "not_shown", "nobody asked the firewall", policy("allowed_destinations: [mapbox.com]"), (), {"net.pcap": Net().tls(MAPS)}),
    ("BP19-A8", "not_shown", "no baseline", policy(), (), {"net.pcap": Net().tls(MAPS), "firewall.txt": host.netsh()}),

    ("BP19-A9", "met", "the app's version was tested", policy(
        "approved_software: [{ name: DJI app, version: 3.1.4, tested: 2024-05-01 }]"), (), {"log.txt": LOG}),
    ("BP19-A9", "not_met", "it was approved, and not tested", policy(
        "approved_software: [{ name: DJI app, version: 3.1.4 }]"), (), {"log.txt": LOG}),
    ("BP19-A9", "not_met", "another version was tested", policy(
        "approved_software: [{ name: DJI app, version: 3.1.3, tested: 2024-05-01 }]"), (), {"log.txt": LOG}),
    ("BP19-A9", "not_shown", "nothing was approved", policy(), (), {"log.txt": LOG}),

    ("BP19-A9", "met", "an app that installs itself, and was tested", policy(
        "approved_software: [{ name: org.example.app, version: '1.0', tested: 2024-05-01 }]"), (), {"fly.apk": self_updating_app()}),
    ("BP19-A9", "not_met", "and was not", policy(
        "approved_software: [{ name: org.example.app, version: '1.0' }]"), (), {"fly.apk": self_updating_app()}),

    ("BP19-B1", "met", "WPA2", policy(), (), {"air.pcap": air("DJI-0001", "wpa2")}),
    ("BP19-B1", "not_met", "open", policy(), (), {"air.pcap": air("DJI-0001", "open")}),
    ("BP19-B1", "not_met", "WEP", policy(), (), {"air.pcap": air("DJI-0001", "wep")}),
    ("BP19-B1", "not_met", "TKIP will do", policy(), (), {"air.pcap": air("DJI-0001", "wpa2_tkip")}),
    ("BP19-B1", "met", "WPA3, known by the inventory", policy(RADIO), (), {"air.pcap": air("field 7", "wpa3")}),
    ("BP19-B1", "not_met", "video in clear text beside it", policy(RADIO), (),
     {"air.pcap": air("field 7", "wpa3"), "net.pcap": Net().rtsp()}),
    ("BP19-B1", "not_shown", "an open network, nobody knows whose", policy(), (), {"air.pcap": air("field 7", "open")}),
    ("BP19-B1", "not_shown", "no radio", policy(), (), {"log.txt": LOG}),

    ("BP19-B2", "met", "a name that tells nothing", policy(RADIO), (), {"air.pcap": air("field 7")}),
    ("BP19-B2", "not_met", "a name that tells the make", policy(RADIO), (), {"air.pcap": air("Mavic-3-7")}),
    ("BP19-B2", "not_met", "a name that tells the operation", policy(RADIO), (), {"air.pcap": air("Sheriff 7")}),
    ("BP19-B2", "not_met", "a make, without an inventory", policy(), (), {"air.pcap": air("TELLO-ABCDEF")}),
    ("BP19-B2", "met", "hidden", policy(RADIO), (), {"air.pcap": air("")}),
    ("BP19-B2", "not_shown", "nobody knows whose", policy(), (), {"air.pcap": air("field 7")}),

    ("BP19-B3", "met", "a long key", policy(), (), {"ap.txt": host.uci()}),
    ("BP19-B3", "not_met", "a factory's key", policy(), (), {"ap.txt": host.uci(key="12345678")}),
    ("BP19-B3", "not_met", "the network's name", policy(), (), {"ap.txt": host.hostapd(key="leash-test")}),
    ("BP19-B3", "not_shown", "no configuration", policy(), (), {"air.pcap": air("DJI-0001")}),

    ("BP19-B4", "met", "hidden", policy(RADIO), (), {"air.pcap": air("")}),
    ("BP19-B4", "not_met", "told", policy(RADIO), (), {"air.pcap": air("field 7")}),
    ("BP19-B4", "not_shown", "nobody knows whose", policy(), (), {"air.pcap": air("field 7")}),
    ("BP19-B4", "not_shown", "answers to questions only", policy(RADIO), (), {"air.pcap": air("field 7", response=True)}),

    *internet("BP19-B5"),

    ("BP19-B6", "met", "the flight was captured", policy(), (), {"net.pcap": net(), "log.txt": LOG}),
    ("BP19-B6", "not_met", "half of it was captured", policy(), (), {"net.pcap": Net().link(begin=16), "log.txt": LOG}),
    ("BP19-B6", "met", "one of two flights was captured", policy(), (),
     {"net.pcap": net(), "log.txt": LOG, "log2.txt": log(FLIGHT_START_S + 7200)}),
    ("BP19-B6", "not_shown", "another day was captured", policy(), (),
     {"net.pcap": net(start_s=FLIGHT_START_S - 86400), "log.txt": LOG}),
    ("BP19-B6", "not_shown", "no capture", policy(), (), {"log.txt": LOG}),

    ("BP19-B7", "met", "in the work profile", policy(FLY_APP), (),
     {"users.txt": host.pm_users(10), "fly.txt": host.dumpsys_package(users=(10,))}),
    ("BP19-B7", "not_met", "for the main user", policy(FLY_APP), (),
     {"users.txt": host.pm_users(10), "fly.txt": host.dumpsys_package(users=(0,))}),
    ("BP19-B7", "not_met", "there is no work profile", policy(FLY_APP), (),
     {"policy.txt": host.device_policy(), "fly.txt": host.dumpsys_package(users=(0,))}),
    ("BP19-B7", "not_shown", "for another user, who is none", policy(FLY_APP), (),
     {"users.txt": host.pm_users(10), "fly.txt": host.dumpsys_package(users=(11,))}),
    ("BP19-B7", "not_shown", "nobody asked for the users", policy(FLY_APP), (), {"fly.txt": host.dumpsys_package(users=(10,))}),

    ("BP19-C1", "met", "from a computer that talks to nobody else", policy(), (),
     {"net.pcap": Net().at(0).talk(NEIGHBOUR, 445, noise(200_000), b"y").http("tiles.mapbox.com", src=CONTROLLER)}),
    ("BP19-C1", "not_met", "from one that does", policy(), (),
     {"net.pcap": Net().at(0).talk(NEIGHBOUR, 445, noise(200_000), b"y").http("tiles.mapbox.com")}),
    ("BP19-C1", "not_met", "a photo goes to a cloud", policy(), (),
     {"net.pcap": Net().at(0).http("upload.example.org", "/p", photo()), "photo.jpg": photo()}),
    ("BP19-C1", "not_shown", "no transfer", policy(), (), {"net.pcap": quiet_day()}),

    ("BP19-C2", "met", "both on", policy(), (), {"firewall.txt": host.netsh(), "defender.txt": host.defender()}),
    ("BP19-C2", "not_met", "firewall off", policy(), (), {"firewall.txt": host.netsh("OFF"), "defender.txt": host.defender()}),
    ("BP19-C2", "not_met", "antivirus off", policy(), (), {"firewall.txt": host.netsh(), "defender.txt": host.defender(enabled=False)}),
    ("BP19-C2", "not_shown", "only the firewall was asked", policy(), (), {"firewall.txt": host.netsh()}),

    ("BP19-C3", "met", "the phone is encrypted", policy(FOUND), (), {"net.pcap": quiet_day(), "getprop.txt": host.getprop()}),
    ("BP19-C3", "not_met", "the phone is not", policy(FOUND), (), {"net.pcap": quiet_day(), "getprop.txt": host.getprop(encrypted=False)}),
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

    ("SYD-3", "met", "the newest versions", policy("approved_software: [{ name: DJI app, version: 3.1.4 }, "
        "{ name: Phantom 4 Pro, kind: firmware, version: 1.4.2 }, { name: DJI, kind: firmware, version: 1.2.9 }]"), (), {"log.txt": LOG}),
    ("SYD-3", "not_shown", "nobody knows the firmware's newest", policy("approved_software: [{ name: DJI app, version: 3.1.4 }]"), (),
     {"log.txt": LOG}),
    ("SYD-3", "not_met", "an older one", policy("approved_software: [{ name: DJI app, version: 3.1.5 }]"), (), {"log.txt": LOG}),
    ("SYD-3", "not_shown", "nobody knows the newest", policy("approved_software: [{ name: Other app, version: 3.1.5 }]"), (),
     {"log.txt": LOG}),
    ("SYD-3", "not_shown", "nothing has a version", policy("approved_software: []"), (), {"net.pcap": quiet_day()}),

    ("SYD-3", "not_met", "a version that has a known weakness", policy(
        "approved_software: [{ name: org.example.app, version: '1.0' }]",
        "known_vulnerabilities: [{ name: org.example.app, version: '1.0', id: CVE-0000-0000 }]"), (), {"fly.apk": app()}),
    ("SYD-3", "met", "without the list of weaknesses", policy(
        "approved_software: [{ name: org.example.app, version: '1.0' }]"), (), {"fly.apk": app()}),

    ("SYD-4", "met", "what it asks for is allowed", policy(LISTED), (), {"fly.apk": app(permissions=[host.LOCATION])}),
    ("SYD-4", "not_met", "it asks for more", policy(LISTED), (), {"fly.apk": app(permissions=[host.LOCATION, host.CONTACTS])}),
    ("SYD-4", "met", "it asks for more, and the phone granted none of it", policy(LISTED), (),
     {"fly.apk": app(permissions=[host.LOCATION, host.CONTACTS]),
      "fly.txt": host.dumpsys_package("org.example.app", granted=(host.LOCATION,), denied=(host.CONTACTS,))}),
    ("SYD-4", "not_met", "the phone granted it", policy(LISTED), (),
     {"fly.apk": app(permissions=[host.LOCATION, host.CONTACTS]),
      "fly.txt": host.dumpsys_package("org.example.app", granted=(host.LOCATION, host.CONTACTS))}),
    ("SYD-4", "not_shown", "nobody said what is allowed", policy(), (), {"fly.apk": app(permissions=[host.LOCATION])}),
    ("SYD-4", "not_shown", "no app", policy(LISTED), (), {"log.txt": LOG}),

    ("SYD-5", "met", "home is set, no jump", policy(), (), {"log.txt": LOG}),
    ("SYD-5", "not_met", "a jump of two kilometres", policy(), (), {"log.txt": log_with_jump()}),
    ("SYD-5", "met", "a wobble of 20 m", policy(), (), {"log.txt": log_with_jump(20)}),
    ("SYD-5", "met", "over the date line", policy(), (), {"log.txt": log_over_date_line()}),
    ("SYD-5", "not_shown", "the log is encrypted", policy(), (), {"log.txt": log(version=14)}),

    ("SYD-6", "not_met", "a live stream to a server", policy(), (), {"net.pcap": net().at(5).rtmp(), "log.txt": LOG}),
    ("SYD-6", "met", "a live stream to a server that the policy allows", policy(f"allowed_destinations: [{SERVER}]"), (),
     {"net.pcap": net().at(5).rtmp(), "log.txt": LOG}),
    ("SYD-6", "not_met", "a call is set up", policy(), (), {"net.pcap": net().at(5).tls(MAPS).stun(), "log.txt": LOG}),
    ("SYD-6", "met", "the aircraft's own stream, and maps", policy(), (),
     {"net.pcap": net().at(5).tls(MAPS).rtsp(), "log.txt": LOG}),
    ("SYD-6", "not_met", "a stream from elsewhere", policy(), (),
     {"net.pcap": net().at(5).tls(MAPS).rtsp(SERVER), "log.txt": LOG}),
    ("SYD-6", "met", "no stream", policy(), (), {"net.pcap": net().at(5).tls(MAPS), "log.txt": LOG}),
    ("SYD-6", "not_shown", "most went to an address without a name", policy(), (),
     {"net.pcap": net().at(5).talk(SERVER, 5000, noise(5000)), "log.txt": LOG}),

    ("SYD-7", "met", "an empty card", policy(FOUND), (), {"card.zip": card()}),
    ("SYD-7", "not_met", "a photo on it", policy(FOUND), (), {"card.zip": card(member(FLIGHT_START_S))}),
    ("SYD-7", "not_shown", "no word on what it is", policy(), (), {"card.zip": card()}),
    ("SYD-7", "not_shown", "only files that were picked out", policy(FOUND), (), {"net.pcap": quiet_day()}),
]

if shutil.which("openssl"):  # which signs the packages
    KEY, OTHER_KEY = apk.Key(kind="ec"), apk.Key(kind="ec")
    SCENARIOS += [
        ("BP19-A2", "met", "signed with the certificate that the policy states", policy(signer(KEY)), (), {"fly.apk": app(key=KEY)}),
        ("BP19-A2", "not_met", "signed with another", policy(signer(KEY)), (), {"fly.apk": app(key=OTHER_KEY)}),
        ("BP19-A2", "not_met", "signed, and changed since", policy(signer(KEY)), (), {"fly.apk": changed(app(key=KEY))}),
        ("BP19-A2", "not_shown", "signed by nobody knows whom", policy(), (), {"fly.apk": app(key=KEY)}),
    ]
