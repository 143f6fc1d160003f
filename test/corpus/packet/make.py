#!/usr/bin/python3
"""Makes the corpora of fuzz/packet/link.c and fuzz/packet/stream.c, each file named for what it shows."""
import glob
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
PAYLOAD = b"made-up payload"


def write(folder, name, content):
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    with open(os.path.join(HERE, folder, name), "wb") as f:
        f.write(content)


def ipv4(payload=PAYLOAD):
    udp = struct.pack(">HHHH", 40000, 5000, 8 + len(payload), 0) + payload
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, bytes([10, 0, 0, 2]), bytes([203, 0, 113, 9])) + udp


def ipv6():
    udp = struct.pack(">HHHH", 40000, 5000, 8 + len(PAYLOAD), 0) + PAYLOAD
    return struct.pack(">IHBB", 6 << 28, len(udp), 17, 64) + bytes([0xfd]) + bytes(15) + b"\x20\x01\x0d\xb8" + bytes(12) + udp


def attribute(kind, content):
    return struct.pack("<HH", 4 + len(content), kind) + content + bytes(-len(content) % 4)


MACS = bytes([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2])
ETHERNET = MACS + b"\x08\0" + ipv4()
SNAP = b"\xaa\xaa\3\0\0\0\x08\0"
# Labels, and behind them PPPoE in a frame of Ethernet that can be read with a control word and without.
LABELS_IN_PPPOE = b"\x88\x64\x11\0\0\1\xff\xff" b"\2\x81" b"\0\0\x11\x40"
IN_TWO_WAYS = bytes(4) + MACS[:6] + b"\2\0\x81\0\0\1" + LABELS_IN_PPPOE
LINKS = {
    "labels-and-pppoe-in-each-other-in-two-ways": (1, MACS + LABELS_IN_PPPOE + IN_TWO_WAYS * 40),
    "ethernet": (1, ETHERNET),
    "ethernet-ipv6": (1, MACS + b"\x86\xdd" + ipv6()),
    "ethernet-arp": (1, MACS + b"\x08\x06" + bytes(28)),
    "ethernet-cut": (1, ETHERNET[:13]),
    "ethernet-vlans": (1, MACS + b"\x88\xa8\0\1" + b"\x81\0\0\2" + b"\x08\0" + ipv4()),
    "ethernet-vlans-without-end": (1, MACS + b"\x81\0\0\1" * 40),
    "ethernet-provider-backbone": (1, MACS + b"\x88\xe7" + bytes(4) + ETHERNET),
    "ethernet-mpls": (1, MACS + b"\x88\x47" + b"\0\x01\0\x40" + b"\0\x02\1\x40" + ipv4()),
    "ethernet-mpls-pseudowire": (1, MACS + b"\x88\x47" + b"\0\x01\1\x40" + bytes(4) + ETHERNET),
    "ethernet-pppoe": (1, MACS + b"\x88\x64" + b"\x11\0\0\1" + struct.pack(">H", 2 + len(ipv4())) + b"\0\x21" + ipv4()),
    "ethernet-llc-snap": (1, MACS + struct.pack(">H", 8 + len(ipv4())) + b"\xaa\xaa\3\0\0\0\x08\0" + ipv4()),
    "ethernet-vn-tag": (1, MACS + b"\x89\x26\x80\1\0\2" + b"\x08\0" + ipv4()),
    "ethernet-e-tag": (1, MACS + b"\x89\x3f" + bytes(6) + b"\x08\0" + ipv4()),
    "ethernet-fabric-path": (1, MACS + b"\x89\3\4\x20" + ETHERNET),
    "ethernet-trill": (1, MACS + b"\x22\xf3\0\x41\0\1\0\2optn" + ETHERNET),
    "ethernet-service-header": (1, MACS + b"\x89\x4f\x0f\xc6\1\3\0\0\1\xff" + bytes(16) + ETHERNET),
    "fddi": (10, b"\x57" + MACS + SNAP + ipv4()),
    "token-ring-with-a-route": (6, b"\x10\x40" + MACS[:6] + b"\x82\0\0\0\0\1" + b"\6\x30\0\1\0\2" + SNAP + ipv4()),
    "frame-relay": (107, b"\x18\x41\3\xcc" + ipv4()),
    "frame-relay-with-ethernet": (107, b"\x18\x41\3\0\x80\0\x80\xc2\0\7" + ETHERNET),
    "atm-with-ethernet": (100, b"\xaa\xaa\3\0\x80\xc2\0\7\0\0" + ETHERNET),
    "atm-of-sun": (123, b"\x82\0\0\x20" + SNAP + ipv4()),
    "slip": (8, b"\1\x40" + bytes(14) + ipv4()),
    "infiniband": (242, bytes(40) + b"\x08\0\0\0" + ipv4()),
    "switch-tag": (285, MACS + b"\xda\xda\0\0\xc0\x08\0\1\x08\0" + ipv4()),
    "ethernet-macsec": (1, MACS + b"\x88\xe5" + bytes(40)),
    "null-little": (0, struct.pack("<I", 2) + ipv4()),
    "null-big-ipv6": (0, struct.pack(">I", 30) + ipv6()),
    "loop": (108, struct.pack(">I", 2) + ipv4()),
    "raw": (101, ipv4()),
    "raw-ipv6": (229, ipv6()),
    "raw-neither": (101, b"\x95" + bytes(30)),
    "ppp": (9, b"\xff\3\0\x21" + ipv4()),
    "ppp-hdlc-cisco": (50, b"\x0f\0\x08\0" + ipv4()),
    "ppp-encrypted": (9, b"\xff\3\0\x53" + bytes(30)),
    "ppp-with-direction": (204, b"\1\xff\3\0\x57" + ipv6()),
    "cisco-hdlc": (104, b"\x8f\0\x86\xdd" + ipv6()),
    "cooked": (113, struct.pack(">HHH8sH", 0, 1, 6, MACS[:6] + b"\0\0", 0x0800) + ipv4()),
    "cooked-2": (276, struct.pack(">HHIHBB8s", 0x86dd, 0, 3, 1, 0, 6, MACS[:6] + b"\0\0") + ipv6()),
    "netfilter-log": (239, b"\2\0\0\0" + attribute(1, bytes(4)) + attribute(9, ipv4())),
    "netfilter-log-attribute-of-no-length": (239, b"\2\0\0\0" + bytes(64)),
    "apple-tap": (258, struct.pack("<III", 108, 1, 1) + bytes(96) + ETHERNET),
    "apple-taps-in-each-other": (258, (struct.pack("<III", 108, 1, 258) + bytes(96)) * 6 + ETHERNET),
    "type-that-is-not-read": (9999, ETHERNET),
}
for made, (number, frame) in LINKS.items():
    write("link", made, struct.pack("<H", number) + frame)



def internet_sum(content):
    total = sum(struct.unpack(">%dH" % ((len(content) + 1) // 2), content + bytes(len(content) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def bare_ipv4():
    packet = bytearray(ipv4())
    packet[10:12] = struct.pack(">H", ~internet_sum(bytes(packet[:20])) & 0xffff)
    return bytes(packet)


def bare_ipv6():
    packet = bytearray(ipv6())
    behind = len(packet) - 40
    packet[46:48] = struct.pack(">H", ~internet_sum(bytes(packet[8:]) + struct.pack(">HH", behind, 17)) & 0xffff)
    return bytes(packet)


# 802.11 behind its frame control, then LLC.
WIFI = b"\0\0" + MACS + MACS[:6] + b"\0\0" + SNAP + ipv4()
UDP_TUNNELS = {
    "packet-and-nothing-else": (5555, bare_ipv4()),
    "packet-and-nothing-else-ipv6": (5555, bare_ipv6()),
    "packet-behind-gre": (5555, b"\x20\x00\x08\x00\x00\x00\x00\x07" + bare_ipv4()),
    "teredo-between-clients": (5555, ipv6()[:8] + b"\x20\1\0\0" + bytes(12) + ipv6()[24:]),
    "gre-in-udp": (4754, b"\x20\0\x08\0keyy" + ipv4()),
    "gue-with-gre": (6080, b"\1\x2f\0\x20optn" + b"\0\0\x08\0" + ipv4()),
    "gue-version-1": (6080, bare_ipv4()),
    "lisp": (4341, b"\x80nnn\0\0\0\1" + ipv4()),
    "capwap-with-ethernet": (5247, b"\0\x10\2\0" + bytes(4) + ETHERNET),
    "capwap-with-802-11": (5247, b"\0\x20\3\x20" + bytes(4) + b"\4info\0\0\0" + b"\x08\1" + WIFI),
    "capwap-with-802-11-swapped": (5247, b"\0\x10\3\0" + bytes(4) + b"\1\x08" + WIFI),
    "ayiya": (5072, b"\x41\x52\x11\x29time" + bytes(36) + ipv6()),
}
for made, (port, content) in UDP_TUNNELS.items(): # protocol, ports, how much is cut
    write("tunnel", made, struct.pack(">BHHH", 17, 40001, port, 0) + content)

# Sizes of pieces: a byte below 128 is the size itself, above it 64 for each step.
PIECES = {
    "byte-by-byte": bytes([1]) * 255,
    "headers-split": bytes([24, 15, 1, 1, 7, 40, 0, 3]) * 20,
    "large-and-nothing": bytes([129, 0, 128, 0, 0, 130]) * 8,
}
for path in sorted(glob.glob(os.path.join(HERE, "capture", "*.pcap*"))):
    with open(path, "rb") as f:
        capture = f.read()
    if len(capture) < 8000:
        made, sizes = list(PIECES.items())[len(capture) % len(PIECES)]
        write("stream", "%s-%s" % (os.path.basename(path).split(".")[0], made), bytes([len(sizes)]) + sizes + capture)
