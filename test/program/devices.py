"""Outputs of phones, computers and gateways, and documents about them, through the whole
program: what is made by hostconfig.py, and what the tools of this machine really print."""
import json
import os
import re
import subprocess

import hostconfig
from harness import SOURCE, Folder, audit, equal, facts, need, run, skip


def settings(folder, name, content):
    """(name, value, detail) of every setting row, and how the item was read."""
    rows = facts("--no-hash", folder.write(name, content))
    item = next(row for row in rows if row["fact"] == "evidence")
    return [(r["name"], r["value"], r["detail"]) for r in rows if r["fact"] == "setting"], item


OUTPUTS = {
    "getprop": (hostconfig.getprop(sim="LOADED"), ("sim_state", "present", "0 LOADED")),
    "pm list packages": (hostconfig.pm_list(), ("installed_package", hostconfig.DRONE_APP, "data")),
    "pm list users": (hostconfig.pm_users(10), ("managed_profile", "10", None)),
    "dumpsys package": (hostconfig.dumpsys_package(), ("granted_permission", hostconfig.LOCATION, hostconfig.DRONE_APP)),
    "dumpsys account": (hostconfig.accounts(), ("account_count", "1", "user 0")),
    "settings list": (hostconfig.settings_global(airplane=True), ("airplane_mode", "on", None)),
    "dumpsys device_policy": (hostconfig.device_policy(), ("device_owner", "none", None)),
    "bugreport": (hostconfig.bugreport(), ("package_version", "1.2.3", hostconfig.DRONE_APP)),
    "iptables-save": (hostconfig.iptables_save(), ("egress_default", "deny", "ipv4 forward")),
    "nft list": (hostconfig.nft_ruleset(), ("egress_default", "deny", "ipv6 forward wlan0")),
    "ip route": (hostconfig.ip_route(), ("route_default", "192.0.2.1", "wlan0")),
    "ufw status": (hostconfig.ufw(outgoing="deny"), ("egress_default", "deny", "ufw output")),
    "netsh advfirewall": (hostconfig.netsh(state="OFF"), ("firewall_state", "off", "Public")),
    "Get-MpComputerStatus": (hostconfig.defender(enabled=False), ("antivirus_state", "off", "Microsoft Defender")),
    "virus scan": (hostconfig.clamscan(infected=2), ("antivirus_scan_infected", "2", "ClamAV")),
    "uci show": (hostconfig.uci(key="12341234"), ("wifi_key_class", "default", "leash-test")),
    "hostapd.conf": (hostconfig.hostapd(wpa=0), ("wifi_security", "open", "leash-test")),
}


def test_every_output_is_known_by_its_content():
    with Folder() as folder:
        for tool, (content, wanted) in OUTPUTS.items():
            rows, item = settings(folder, "output", content)
            equal((item["kind"], item["status"]), ("host-config", "read"), tool)
            equal(rows[0], ("tool_output", tool, None), tool)
            assert wanted in rows, (tool, rows)


def test_no_setting_has_a_name_that_the_vocabulary_and_the_documentation_lack():
    with open(os.path.join(SOURCE, "src", "host", "setting.h"), encoding="utf-8") as header:
        names = re.findall(r'^ +S\(\w+, *"(\w+)"', header.read(), re.M)
    with open(os.path.join(SOURCE, "doc", "case.md"), encoding="utf-8") as text:
        section = text.read().split("## Names of settings\n")[1].split("\n## ")[0]
    equal(re.findall(r"^\| `(\w+)` \|", section.split("| name | value")[1], re.M), names, "names")
    with Folder() as folder:
        for content, _ in OUTPUTS.values():
            assert {name for name, _, _ in settings(folder, "output", content)[0]} <= set(names)


def test_a_folder_of_outputs_is_audited_and_nothing_of_it_is_unread():
    with Folder() as folder:
        for number, (content, _) in enumerate(OUTPUTS.values()):
            folder.write(f"evidence/{number}", content)
        _, report = audit(folder, folder / "evidence")
        equal({item["status"] for item in report["evidence"]}, {"read"}, "status")
        kinds = {i["kind"]: i["value"] for i in report["identifiers"]}
        equal(kinds["ssid"], "leash-test")
        assert re.fullmatch("[0-9a-f]{64}", kinds["account_digest"]), kinds
        for secret in ("pilot@example.org", "correct-horse", "12341234"):
            assert secret not in json.dumps(report), secret
        with open(folder / "case.gpkg", "rb") as case:
            content = case.read()
        for secret in (b"pilot@example.org", b"correct-horse", b"12341234"):
            assert secret not in content, secret


def test_texts_that_are_nothing_of_this_stay_unreadable():
    with Folder() as folder:
        for content in (b"notes of the day\n", b"name=value\n", b"serial,colour\n1,red\n", b"{\"a\": 1}\n"):
            equal(settings(folder, "note.txt", content)[1]["status"], "unreadable", content)


def test_bills_of_materials_and_inventories():
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"type": "device", "name": "Drone 1"}},
            "components": [{"type": "library", "name": "zlib", "version": "1.3", "supplier": {"name": "Example Corp"}}]}
    with Folder() as folder:
        rows = facts("--no-hash", folder.write("bill", json.dumps(bill).encode()))
        component = next(row for row in rows if row["fact"] == "component")
        equal([component[k] for k in ("package", "name", "version", "owner", "kind", "state", "source")],
              ["Drone 1", "zlib", "1.3", "Example Corp", "library", "in_manifest", "CycloneDX 1.6"])
        rows, item = settings(folder, "bill", json.dumps(bill).encode()[:-40])
        equal((rows, item["status"]), ([("bill_of_materials", "cyclonedx", "Drone 1")], "partial"))
        rows, item = settings(folder, "list.csv", b"Serial;Make;Model\n0TESTUAV001;Example;One\n")
        equal((rows, item["kind"]), ([("inventory_serial", "0TESTUAV001", "Example One")], "inventory"))


# What this machine's own tools print

def namespace(script):
    """Runs a shell script in a network namespace of its own; gives what it prints."""
    need("unshare")
    if os.geteuid() != 0:
        skip("network namespaces need root")
    done = subprocess.run(["unshare", "--net", "sh", "-euc", script], capture_output=True, check=False)
    if done.returncode:
        skip("no network namespace here: " + done.stderr.decode()[:80])
    return done.stdout


RULES = """
table inet filter {
  set allowed { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 } }
  chain input { type filter hook input priority 0; policy drop; iif lo accept
    ct state vmap { established : accept, related : accept, invalid : drop }; iifname vmap { "veth0" : jump lan }; }
  chain lan { udp dport { 53, 67 } accept; }
  chain forward { type filter hook forward priority 0; policy POLICY; ct state established,related accept
    iifname "veth0" ip daddr @allowed tcp dport { 80, 443 } counter accept comment "x { y"
    reject with icmpv6 admin-prohibited
    limit rate 5/second burst 10 packets log prefix "drop: " level info; }
}
"""


def test_rules_as_nft_prints_them():
    need("nft")
    for policy, answer in (("drop", "deny"), ("accept", "allow")):
        out = namespace(f"nft -f - <<'X'\n{RULES.replace('POLICY', policy)}\nX\nnft -a list ruleset")
        with Folder() as folder:
            rows, item = settings(folder, "nft", out)
        equal(item["status"], "read")
        assert ("egress_default", answer, "ipv4 forward") in rows, rows
        assert ("egress_default", "deny", "ipv6 forward") in rows, rows
        assert ("egress_accept", "@allowed", "ipv4 forward tcp/80, 443") in rows, rows
        assert ("ingress_default", "deny", "ipv4") in rows, rows


def test_rules_as_iptables_prints_them():
    need("iptables-save")
    for target, answer in (("REJECT", "deny"), ("ACCEPT", "allow")):
        out = namespace("iptables -P FORWARD DROP; iptables -N drone; iptables -A FORWARD -i wlan0 -j drone\n"
                        "iptables -A drone -d 192.0.2.10 -p tcp -m multiport --dports 80,443 -m comment --comment 'the -j map' -j ACCEPT\n"
                        f"iptables -A drone -j {target}; iptables-save -c")
        with Folder() as folder:
            rows, item = settings(folder, "iptables", out)
        equal(item["status"], "read")
        assert ("egress_default", answer, "ipv4 forward wlan0") in rows, rows
        assert ("egress_accept", "192.0.2.10/32", "ipv4 forward tcp/80,443") in rows, rows


def test_routes_and_addresses_as_ip_prints_them():
    need("ip")
    setup = ("ip link set lo up; ip link add v0 type veth peer name v1; ip addr add 10.42.0.1/24 dev v0; ip link set v0 up\n"
             "ip link set v1 up; ip route add default via 10.42.0.9; ip route add 10.9.0.0/16 via 10.42.0.8\n")
    with Folder() as folder:
        for show in ("ip route", "ip -j route", "ip -j -p route"):
            rows, _ = settings(folder, "routes", namespace(setup + show))
            equal(set(rows[1:]), {("route_default", "10.42.0.9", "v0"), ("route", "10.42.0.0/24", "v0"), ("route", "10.9.0.0/16", "v0")})
        for show in ("ip addr", "ip -d addr", "ip -j addr"):
            rows, _ = settings(folder, "addresses", namespace(setup + show))
            assert ("interface_address", "10.42.0.1/24", "v0") in rows, (show, rows)


run(globals())
