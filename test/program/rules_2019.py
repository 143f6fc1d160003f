"""Scenarios of the alert and bulletin of 2019, CISA's practices of 2019, and "Secure Your Drone"."""
from rule_kit import SERVER, log, net, policy

SCENARIOS = [
    ("BUL-2", "met", "only the maker's host", policy(), (),
     {"net.pcap": net().at(5).tls("api.dji.com"), "log.txt": log()}),
    ("BUL-2", "not_met", "a social network", policy(), (),
     {"net.pcap": net().at(5).tls("graph.facebook.com"), "log.txt": log()}),
    ("BUL-2", "not_shown", "the flight was not captured", policy(), (),
     {"net.pcap": net(start_s=1_715_000_000).at(5).tls("api.dji.com"), "log.txt": log()}),
]
