#!/usr/bin/python3
"""Writes small address databases in MaxMind's format (version 2.0), so that an audit can be
repeated with data that no update of the machine changes.

    mmdb.py system-data     writes the two databases of the example cases into that folder

The addresses are those that IANA keeps for sinks and experiments (RFC 7450, 7534, 7535): they are
public to a program, and nobody's server.  The countries are made up.  Needs nothing but Python's
standard library.  Format: MaxMind DB File Format Specification 2.0."""
import ipaddress
import os
import sys

BUILT = 1763683200  # 2025-11-21T00:00:00Z
REGISTRY = {  # as iptoasn-country has it: for which country a registry gave an address out
    "192.31.196.0/25": "CN", "192.31.196.128/25": "SG",
    "192.52.193.0/24": "US", "192.175.48.0/24": "US", "2001:4:112::/48": "CN", "2620:4f:8000::/48": "US",
}
LOCATION = {  # as a location database has it: where an address is
    "192.31.196.0/25": "US", "192.31.196.128/25": "SG", "192.52.193.0/24": "US", "192.175.48.0/24": "DE",
}


def control(kind, size):
    """The control byte of a field, with its size; kinds above 7 are extended."""
    more = b""
    if size >= 29:
        more, size = bytes([size - 29]), 29
    return bytes([kind << 5 | size]) + more if kind <= 7 else bytes([size, kind - 7]) + more


def field(value):
    if isinstance(value, str):
        text = value.encode()
        return control(2, len(text)) + text
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(field(k) + field(v) for k, v in value.items())
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(field(v) for v in value)
    number, kind = value
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return control({16: 5, 32: 6, 64: 9}[kind], len(content)) + content


def bits_of(network):
    """The path in a tree of IPv6: IPv4 lies below ::/96."""
    net = ipaddress.ip_network(network)
    whole, length = int(net.network_address), net.prefixlen
    if net.version == 4:
        length += 96
    return [whole >> (127 - i) & 1 for i in range(length)]


def database(name, networks, record):
    nodes, values = [[None, None]], {}
    for network, country in networks.items():
        at, path = 0, bits_of(network)
        for bit in path[:-1]:
            if nodes[at][bit] is None:
                nodes.append([None, None])
                nodes[at][bit] = len(nodes) - 1
            at = nodes[at][bit]
        nodes[at][path[-1]] = ("data", country)
    data = b""
    for country in sorted(set(networks.values())):
        values[country] = len(data)
        data += field(record(country))

    def entry(child):
        if child is None:
            return len(nodes)  # not in the database
        return child if isinstance(child, int) else len(nodes) + 16 + values[child[1]]
    tree = b"".join(entry(child).to_bytes(3, "big") for node in nodes for child in node)
    metadata = {"node_count": (len(nodes), 32), "record_size": (24, 16), "ip_version": (6, 16), "database_type": name,
                "languages": ["en"], "binary_format_major_version": (2, 16), "binary_format_minor_version": (0, 16),
                "build_epoch": (BUILT, 64), "description": {"en": "made-up countries, for the example cases of leash"}}
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + field(metadata)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for name, content in (
            ("iptoasn-country.mmdb", database("example registry", REGISTRY, lambda c: {"country_code": c})),
            ("location.mmdb", database("example location", LOCATION, lambda c: {"country": {"iso_code": c}}))):
        with open(os.path.join(folder, name), "wb") as out:
            out.write(content)


if __name__ == "__main__":
    main(sys.argv[1])
