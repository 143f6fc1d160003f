#!/usr/bin/python3
"""Writes the mixed corpus from test captures of other projects: what bench/mixed.c only resembles.

    bench/recipe.py FOLDER FILE

Every capture below FOLDER (.pcap, .pcapng, .cap), in the order of their paths, is put somewhere within one hour
(a seeded draw each), all are merged by time, and the hour is written five times with other addresses and checksums
that fit.  The recipe was described with nDPI's default test captures (ntop/nDPI, tests/cfgs/default/pcap), those of
FoxIO-LLC/ja4 (pcap) and of cisco/mercury (test/data): 584 files, 599,870 packets, 208.2 MB of frames.  Those files
belong to their projects and are no part of this tree.  `BENCH_MIXED_RECIPE=FILE tools/bench peers` measures with it.
"""
import os
import random
import struct
import sys

HOUR_US, DRAW_US, COPIES, COPY_STEP_US, BASE_US = 3_600_000_000, 1_800_000_000, 5, 7_200_000_000, 1_700_000_000_000_000
MACS = bytes((2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1))
RAW_IP, NULL, COOKED, COOKED_2 = (12, 14, 101, 228, 229), (0, 108), 113, 276
TCP, UDP, ICMPV6 = 6, 17, 58
CHECKSUM_AT = {TCP: 16, UDP: 6, ICMPV6: 2}


def pcap_records(data):
    """Link type, time in microseconds and bytes of each record."""
    order = "<" if data[:1] in b"\xd4\x4d" else ">"
    nanoseconds = data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
    link_type = struct.unpack(order + "I", data[20:24])[0] & 0xffff
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, length, _ = struct.unpack(order + "IIII", data[at:at + 16])
        if at + 16 + length > len(data):
            return
        yield link_type, seconds * 1_000_000 + (fraction // 1000 if nanoseconds else fraction), data[at + 16:at + 16 + length]
        at += 16 + length


def interface_of(order, body):
    """Link type, and how many units of its time a second has."""
    units, at = 10 ** 6, 8
    while at + 4 <= len(body):
        code, length = struct.unpack(order + "HH", body[at:at + 4])
        if code == 0:
            break
        if code == 9:
            units = 2 ** (body[at + 4] & 127) if body[at + 4] & 128 else 10 ** body[at + 4]
        at += 4 + (length + 3) // 4 * 4
    return struct.unpack(order + "H", body[:2])[0], units


def pcapng_records(data):
    at, order, interfaces = 0, "<", []
    while at + 12 <= len(data):
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order, interfaces = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">", []
        kind, length = struct.unpack(order + "II", data[at:at + 8])
        if length < 12 or at + length > len(data):
            return
        body = data[at + 8:at + length - 4]
        if kind == 1:
            interfaces.append(interface_of(order, body))
        elif kind == 6:
            number, high, low, captured, _ = struct.unpack(order + "IIIII", body[:20])
            if number < len(interfaces):
                link_type, units = interfaces[number]
                yield link_type, (high << 32 | low) * 1_000_000 // units, body[20:20 + captured]
        elif kind == 3 and interfaces:
            yield interfaces[0][0], 0, body[4:4 + struct.unpack(order + "I", body[:4])[0]]
        at += length


def records(path):
    with open(path, "rb") as f:
        data = f.read()
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        return pcapng_records(data)
    if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") and len(data) >= 24:
        return pcap_records(data)
    return iter(())


def as_ethernet(link_type, frame):
    """None: a link that the recipe leaves out."""
    if link_type == 1:
        return frame if len(frame) >= 14 else None
    if link_type == COOKED:
        return MACS + frame[14:]
    if link_type == COOKED_2:
        return MACS + frame[:2] + frame[20:]
    if link_type in NULL:
        frame = frame[4:]
    elif link_type not in RAW_IP:
        return None
    return MACS + (b"\x86\xdd" if frame[0] >> 4 == 6 else b"\x08\x00") + frame if frame else None


def corrected(checksum, changes):
    """RFC 1624: the checksum after 16-bit words have become others."""
    total = ~checksum & 0xffff
    for before, after in changes:
        total += (~before & 0xffff) + after
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def word(frame, at):
    return frame[at] << 8 | frame[at + 1]


def put_word(frame, at, value):
    frame[at:at + 2] = value.to_bytes(2, "big")


def change(frame, at, byte, mask, changes):
    before = word(frame, at)
    frame[at + byte] ^= mask
    changes.append((before, word(frame, at)))


def with_other_addresses(frame, copy):
    frame, changes, at = bytearray(frame), [], 12
    frame[5] ^= copy
    frame[11] ^= copy
    while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    ether_type, ip = bytes(frame[at:at + 2]), at + 2
    if ether_type == b"\x08\x00" and len(frame) >= ip + 20:
        for address in (12, 16):
            change(frame, ip + address, 1, 16 * copy, changes)
        put_word(frame, ip + 10, corrected(word(frame, ip + 10), changes))
        if word(frame, ip + 6) & 0x1fff:
            return bytes(frame)
        protocol, behind = frame[ip + 9], ip + (frame[ip] & 15) * 4
        place = None if protocol == ICMPV6 else CHECKSUM_AT.get(protocol)
    elif ether_type == b"\x86\xdd" and len(frame) >= ip + 40:
        for address in (14, 30):
            change(frame, ip + address, 0, copy, changes)
        protocol, behind = frame[ip + 6], ip + 40
        place = CHECKSUM_AT.get(protocol)
    else:
        return bytes(frame)
    if place is not None and behind + place + 2 <= len(frame):
        checksum = word(frame, behind + place)
        if protocol != UDP or checksum:
            put_word(frame, behind + place, corrected(checksum, changes))
    return bytes(frame)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    paths = sorted(os.path.join(folder, name) for folder, _, names in os.walk(sys.argv[1]) for name in names
                   if name.endswith((".pcap", ".pcapng", ".cap")))
    draw, hour = random.Random(1), []
    for number, path in enumerate(paths):
        offset, first = draw.randrange(DRAW_US + 1), None
        for index, (link_type, time, frame) in enumerate(records(path)):
            first = time if first is None else first
            frame = as_ethernet(link_type, frame)
            if frame is not None:
                at = offset + time - first
                hour.append((at if 0 <= at <= HOUR_US else at % HOUR_US, number, index, frame))
    hour.sort(key=lambda packet: packet[:3])
    with open(sys.argv[2], "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for copy in range(COPIES):
            for at, _, _, frame in hour:
                frame, time = with_other_addresses(frame, copy) if copy else frame, BASE_US + COPY_STEP_US * copy + at
                out.write(struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(frame), len(frame)) + frame)
    print("%d captures, %d packets, %d bytes of frames" % (len(paths), COPIES * len(hour), COPIES * sum(len(p[3]) for p in hour)))


if __name__ == "__main__":
    main()
