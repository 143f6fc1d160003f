"""A known value is found wherever in what left it stands: in every part of every protocol that is read, in protocols that
nobody reads, behind the end of those that are, in any case of letters.  One capture, a connection for each place."""
import base64
import gzip
import struct

import evidence as made
from harness import Folder, audit, equal, run

SERIAL = b"1581F5FKD229X00A4T7K"
SERVER = "93.184.216.34"
FIRST_PORT = 41000


def dns(labels, kind=1):
    return (struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + b"".join(bytes([len(x)]) + x for x in labels) + b"\0" +
            struct.pack(">HH", kind, 1))


def request(first=b"GET / HTTP/1.1", fields=b"", body=b""):
    return first + b"\r\nHost: a.example\r\n" + fields + b"\r\n" + body


def chunked(body):
    return request(b"POST / HTTP/1.1", b"Transfer-Encoding: chunked\r\n", body)


def mqtt(kind, body):
    return bytes([kind, len(body)]) + body


def named(value):
    return struct.pack(">H", len(value)) + value


def masked(opcode, payload):
    key = b"\x11\x22\x33\x44"
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + key + bytes(x ^ key[i % 4] for i, x in enumerate(payload))


def icmp(payload):
    echo = b"\x08\0\0\0\0\1\0\1" + payload
    return echo[:2] + struct.pack(">H", made.checksum(echo + b"\0" * (len(echo) % 2))) + echo[4:]


PACKED = gzip.compress(b'{"sn":"' + SERIAL + b'"}', mtime=0)
NAMED_PACK = b"\x1f\x8b\x08\x08\0\0\0\0\0\3" + SERIAL + b".txt\0" + gzip.compress(b"hello hello", mtime=0)[10:]
GREETING = b"220 a\r\n250 a\r\n250 a\r\n250 a\r\n354 a\r\n250 a\r\n221 a\r\n"
MAIL = b"EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"
CONNECT = mqtt(0x10, b"\0\4MQTT\4\2\0\x3c\0\3abc")
WEBSOCKET = request(fields=b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    b"Sec-WebSocket-Version: 13\r\n")
SWITCHED = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
HELLO = b"\x16\3\1\0\4\1\0\0\0"

# What is sent in one datagram, to a port.
DATAGRAMS = {
    "a name asked for": (53, dns([SERIAL, b"x", b"example"])),
    "a name in small letters": (53, dns([SERIAL.lower(), b"example"])),
    "a name in hex": (53, dns([SERIAL.hex().encode(), b"example"])),
    "a name in base64": (53, dns([base64.urlsafe_b64encode(SERIAL).rstrip(b"="), b"example"])),
    "STUN's user": (3478, struct.pack(">HHI", 1, 4 + len(SERIAL), 0x2112a442) + b"a" * 12 + struct.pack(">HH", 6, len(SERIAL)) + SERIAL),
    "an extension of NTP": (123, b"\x23" + b"\0" * 47 + struct.pack(">HH", 0x104, 4 + len(SERIAL)) + SERIAL),
    "a log line": (514, b"<13>Jan 1 00:00:00 h a: " + SERIAL),
    "RTP": (5004, b"\x80\x60\0\1\0\0\0\2\0\0\0\3" + SERIAL),
    "SSDP's user agent": (1900, b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nUSER-AGENT: " + SERIAL + b"\r\n\r\n"),
    "SIP": (5060, b"REGISTER sip:a SIP/2.0\r\nFrom: <sip:" + SERIAL + b"@a>\r\n\r\n"),
    "no protocol": (7777, b"\1\2\3" + SERIAL),
}

# So short a run of base64 is looked for as it is written, and not undone.
WRITTEN_IN_CASE = {"a name in base64", "a cookie in base64"}

# What one side of a connection sends, to a port, and what it is answered.
STREAMS = {
    "a path": (80, request(b"GET /u/" + SERIAL + b" HTTP/1.1"), b""),
    "a query": (80, request(b"GET /u?sn=" + SERIAL + b" HTTP/1.1"), b""),
    "a field": (80, request(fields=b"X-Sn: " + SERIAL + b"\r\n"), b""),
    "a cookie in base64": (80, request(fields=b"Cookie: a=" + base64.b64encode(b"sn=" + SERIAL) + b"\r\n"), b""),
    "a body": (80, request(b"PUT / HTTP/1.0", b"Content-Length: 90000\r\n", SERIAL), b""),
    "a packed body": (80, request(b"POST / HTTP/1.1", b"Content-Encoding: gzip\r\nContent-Length: %d\r\n" % len(PACKED), PACKED), b""),
    "two chunks": (80, chunked(b"8\r\n" + SERIAL[:8] + b"\r\nc\r\n" + SERIAL[8:] + b"\r\n0\r\n\r\n"), b""),
    "behind a chunk's size": (80, chunked(b"1;sn=" + SERIAL + b"\r\na\r\n0\r\n\r\n"), b""),
    "behind the last chunk": (80, chunked(b"1\r\na\r\n0\r\nX-Sn: " + SERIAL + b"\r\n\r\n"), b""),
    "behind CONNECT": (8080, request(b"CONNECT a.example:99 HTTP/1.1") + SERIAL, b"HTTP/1.1 200 OK\r\n\r\n"),
    "a mail": (25, MAIL + b"Subject: x\r\n\r\nsn " + SERIAL + b"\r\n.\r\nQUIT\r\n", GREETING),
    "FTP's user": (21, b"USER " + SERIAL + b"\r\nPASS x\r\n", b"220 a\r\n331 x\r\n230 k\r\n"),
    "SSH's banner": (22, b"SSH-2.0-" + SERIAL + b"\r\n", b"SSH-2.0-x\r\n"),
    "MQTT's client": (1883, mqtt(0x10, b"\0\4MQTT\4\2\0\x3c" + named(SERIAL)), b"\x20\2\0\0"),
    "a topic": (1883, CONNECT + mqtt(0x30, named(b"a/" + SERIAL) + b"hi"), b"\x20\2\0\0"),
    "a topic asked for": (1883, CONNECT + mqtt(0x82, b"\0\1" + named(b"a/" + SERIAL) + b"\0"), b"\x20\2\0\0"),
    "what is published": (1883, CONNECT + mqtt(0x30, b"\0\1asn=" + SERIAL), b"\x20\2\0\0"),
    "RTSP": (554, b"ANNOUNCE rtsp://a/" + SERIAL + b" RTSP/1.0\r\nCSeq: 1\r\n\r\n", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"),
    "SOCKS' user": (1080, b"\5\1\2\1" + bytes([len(SERIAL)]) + SERIAL + b"\1x\5\1\0\1\x08\x08\x08\x08\0\x50", b"\5\2\1\0\5\0\0\1\0\0\0\0\0\0"),
    "SOCKS 4's user": (1080, b"\4\1\0\x50\x08\x08\x08\x08" + SERIAL + b"\0", b"\0\x5a\0\0\0\0\0\0"),
    "the name of what was packed": (80, request(b"POST / HTTP/1.1", b"Content-Encoding: gzip\r\nContent-Length: %d\r\n" % len(NAMED_PACK), NAMED_PACK), b""),
    "no TLS behind a hello": (443, HELLO + b"sn=" + SERIAL, b""),
    "no known protocol": (7777, b"\1\2\3" + SERIAL, b""),
}

# Frames of a WebSocket.
FRAMES = {"a message": masked(1, SERIAL), "a ping": masked(9, SERIAL), "why it is closed": masked(8, b"\x03\xe8" + SERIAL)}

# IP protocols that nobody reads.
BARE = {"ping": (1, icmp(SERIAL)), "SCTP": (132, b"\x10\0\x20\0\0\0\0\1\0\0\0\0\0\3\0\x24\0\0\0\1\0\0\0\0\0\0\0\0" + SERIAL),
        "UDP-Lite": (136, b"\x12\x34\x43\x21\0\0\0\0" + SERIAL), "a protocol for tests": (253, SERIAL)}


def stream(capture, port, to, up, down, more=b""):
    capture.tcp(made.PHONE, port, SERVER, to, 2)
    capture.tcp(SERVER, to, made.PHONE, port, 0x12)
    capture.tcp(made.PHONE, port, SERVER, to, 0x10)
    capture.tcp(made.PHONE, port, SERVER, to, 0x18, up)
    if down:
        capture.tcp(SERVER, to, made.PHONE, port, 0x18, down)
    if more:
        capture.tcp(made.PHONE, port, SERVER, to, 0x18, more)


def found(folder, name, capture, value=SERIAL):
    """The flows in which it was found, by source port or protocol."""
    path = folder.write("in/" + name, capture.pcap())
    _, report = audit(folder, "--secret", "serial=" + value.decode(), path)
    flows = {f["id"]: f["src_port"] or f["dst"] for f in report["flows"]}
    return {flows[leak["flow"]] for leak in report["leaks"]}


def test_in_every_part_of_a_protocol():
    capture, places, port = made.Capture(), {}, FIRST_PORT
    for place, (to, payload) in DATAGRAMS.items():
        capture.udp(made.PHONE, port, SERVER, to, payload)
        places[port], port = place, port + 1
    for place, (to, up, down) in STREAMS.items():
        stream(capture, port, to, up, down)
        places[port], port = place, port + 1
    for place, frame in FRAMES.items():
        stream(capture, port, 80, WEBSOCKET, SWITCHED, frame)
        places[port], port = place, port + 1
    with Folder() as folder:
        seen = found(folder, "a.pcap", capture)
        equal([place for at, place in places.items() if at not in seen], [])
        other_case = found(folder, "a.pcap", capture, SERIAL.lower())
        equal({place for at, place in places.items() if at not in other_case}, WRITTEN_IN_CASE)
        equal(found(folder, "a.pcap", capture, SERIAL[:-1] + b"Q"), set())


def test_in_protocols_that_nobody_reads():
    capture, places = made.Capture(), {}
    for i, (place, (protocol, payload)) in enumerate(BARE.items()):
        capture.ip(made.PHONE, f"93.184.216.{i + 1}", protocol, payload)
        places[f"93.184.216.{i + 1}"] = place
    # An error message quotes what the other side sent.
    capture.ip(made.PHONE, "93.184.216.99", 1, b"\x03\x03\0\0\0\0\0\0" + b"\x45" + b"\0" * 19 + SERIAL)
    with Folder() as folder:
        seen = found(folder, "a.pcap", capture)
        equal([place for at, place in places.items() if at not in seen], [])
        assert "93.184.216.99" not in seen


def test_what_repeats_is_under_no_key():
    """Bytes with a period are like others under a key of half of it."""
    message = b"\x0a" + bytes([len(SERIAL)]) + SERIAL + b"\x10\x05"
    body = base64.b64encode(message * 2)
    capture = made.Capture()
    stream(capture, FIRST_PORT, 80, request(b"POST / HTTP/1.1", b"Content-Length: %d\r\n" % len(body), body), b"")
    with Folder() as folder:
        path = folder.write("in/a.pcap", capture.pcap())
        _, report = audit(folder, "--secret", "serial=" + SERIAL.decode(), path, expect=1)
        equal([leak["decoding"] for leak in report["leaks"]], [["http body", "base64", "text"]])


run(globals())
