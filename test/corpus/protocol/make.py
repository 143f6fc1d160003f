#!/usr/bin/env python3
"""Makes the named corpus files beside it; the form of a conversation is in fuzz/protocol/conversation.h."""
import gzip
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def turn(data, incoming=False, step=0):
    return bytes([incoming | step << 4]) + struct.pack(">H", len(data)) + data


def gap(length, incoming=False):
    return bytes([2 | incoming]) + struct.pack(">H", length)


def put(folder, name, data):
    (HERE / folder / name).write_bytes(data)


def dns_name(dotted):
    return b"".join(bytes([len(x)]) + x for x in dotted.encode().split(b".") if x) + b"\0"


def dns_query(name, kind, ident=1):
    return struct.pack(">6H", ident, 0x100, 1, 0, 0, 0) + dns_name(name) + struct.pack(">2H", kind, 1)


def dns_answer(name, kind, records, ident=1, flags=0x8180):
    body = struct.pack(">6H", ident, flags, 1, len(records), 0, 0) + dns_name(name) + struct.pack(">2H", kind, 1)
    for record_kind, data in records:
        body += struct.pack(">3HIH", 0xC00C, record_kind, 1, 60, len(data)) + data
    return body


def dns():
    query = dns_query("log.example", 1)
    answer = dns_answer("log.example", 1, [(5, dns_name("cdn.example")), (1, bytes([192, 0, 2, 1]))])
    udp, tcp = b"\0", b"\1"
    put("dns", "udp-exchange", udp + turn(query) + turn(answer, True))
    put("dns", "udp-unanswered", udp + turn(query))
    put("dns", "udp-every-type", udp + turn(dns_answer("t.example", 255, [
        (1, b"\xc0\0\2\1"), (28, bytes(15) + b"\1"), (2, b"\2ns\xc0\x0c"), (12, b"\1p\0"), (15, b"\0\x0a\1m\0"),
        (16, b"\3abc\1d"), (33, b"\0\1\0\2\0\3\1s\0"), (6, b"\1m\0\1r\0" + bytes(20)), (257, b"\0\5issueca"),
        (65, b"\0\1\0\0\1\0\6\2h2\2h3\0\4\0\4\xcb\0\x71\5\0\6\0\x10" + bytes(16)), (4711, b"\xca\xfe")]), True))
    put("dns", "udp-pointer-to-itself", udp + turn(struct.pack(">6H", 1, 0x100, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1"))
    put("dns", "udp-truncated-bit", udp + turn(dns_answer("big.example", 16, [], flags=0x8380), True))
    stream = struct.pack(">H", len(query)) + query
    reply = struct.pack(">H", len(answer)) + answer
    put("dns", "tcp-two-in-one-stream", tcp + turn(stream + stream, step=3) + turn(reply + reply, True, 2))
    put("dns", "tcp-cut", tcp + turn(reply[:-5], True))
    continued = struct.pack(">6H", 1, 0x8180, 0, 1, 0, 0) + dns_name("z.example") + struct.pack(">2HIH", 1, 1, 60, 4) + b"\xc0\0\2\2"
    put("dns", "tcp-zone-transfer", tcp + turn(reply + struct.pack(">H", len(continued)) + continued, True))


def extension(kind, data):
    return struct.pack(">2H", kind, len(data)) + data


def client_hello(name=b"drone.example"):
    sni = struct.pack(">HBH", len(name) + 3, 0, len(name)) + name
    extensions = (extension(0x1A1A, b"") + extension(0, sni) + extension(10, b"\0\4\0\x1d\0\x17") + extension(11, b"\1\0") +
                  extension(13, b"\0\4\4\3\x08\4") + extension(16, b"\0\x0c\2h2\x08http/1.1") +
                  extension(43, b"\4\3\4\3\3") + extension(0xFE0D, b"\0"))
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\6\x0a\x0a\x13\1\xc0\x2b" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    return b"\1" + struct.pack(">I", len(body))[1:] + body


def record(kind, data):
    return struct.pack(">BHH", kind, 0x0303, len(data)) + data


def records(kind, data, size):
    return b"".join(record(kind, data[i:i + size]) for i in range(0, len(data), size))


def der(tag, *parts):
    data = b"".join(parts)
    return bytes([tag, 0x82]) + struct.pack(">H", len(data)) + data


def certificate():
    def name(text):
        return der(0x30, der(0x31, der(0x30, der(6, b"\x55\x04\x03"), der(0x0C, text))),
                   der(0x31, der(0x30, der(6, b"\x2a\x03\x04"), der(0x1E, b"\0A\x20\xac"))))
    alt = der(0x30, der(6, b"\x55\x1d\x11"), der(1, b"\xff"), der(4, der(0x30, der(0x82, b"api.example"))))
    return der(0x30, der(0x30, der(0xA0, b"\2\1\2"), der(2, b"\1"), der(0x30), name(b"CA, Root"), der(0x30),
                         name(b"cn.example"), der(0x30), der(0xA3, der(0x30, alt))))


def tls():
    hello = client_hello()
    server = b"\3\3" + bytes(32) + b"\0\xc0\x2b\0"
    server = b"\2" + struct.pack(">I", len(server))[1:] + server
    cert = certificate()
    chain = struct.pack(">I", len(cert))[1:] + cert
    chain = struct.pack(">I", len(chain))[1:] + chain
    chain = b"\x0b" + struct.pack(">I", len(chain))[1:] + chain
    put("tls", "client-hello", turn(record(22, hello)))
    put("tls", "client-hello-in-many-records", turn(records(22, hello, 7), step=2))
    put("tls", "handshake-tls12", turn(record(22, hello)) + turn(records(22, server + chain, 50), True) +
        turn(record(20, b"\1") + record(22, bytes(40)) + record(23, bytes(100))))
    selected = b"\3\3" + bytes(32) + b"\0\x13\1\0\0\6" + extension(43, b"\3\4")
    put("tls", "handshake-tls13", turn(record(22, hello)) +
        turn(record(22, b"\2" + struct.pack(">I", len(selected))[1:] + selected) + record(20, b"\1") + record(23, bytes(50)), True))
    put("tls", "alert-refused", turn(record(22, hello)) + turn(record(21, b"\2\x28"), True))
    put("tls", "ssl2-hello", turn(bytes([0x80, 28, 1, 3, 1, 0, 3, 0, 0, 0, 16, 0, 0, 0x35]) + bytes(16)))
    put("tls", "gap-in-hello", turn(record(22, hello)[:60]) + gap(20) + turn(hello[80:]))


def http1():
    post = b"POST /v1 HTTP/1.1\r\nHost: h.example:80\r\nContent-Length: 5\r\n\r\nhello"
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    put("http1", "post-and-answer", turn(post, step=3) + turn(ok, True))
    put("http1", "pipelined", turn(post + b"HEAD /x HTTP/1.0\n\n" + post) +
        turn(b"HTTP/1.1 100 Continue\r\n\r\n" + ok + b"HTTP/1.1 204 No\r\n\r\n" + ok, True, 4))
    put("http1", "chunked-with-trailer", turn(
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\nGET / HTTP/1.1\r\n\r\n", step=1))
    body = gzip.compress(b'{"lat":52.520008,"lon":13.404954}' * 4, mtime=0)
    head = b"POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    put("http1", "gzip-body", turn(head % len(body) + body, step=5))
    put("http1", "gzip-body-damaged", turn(head % len(body) + body[:20] + b"damage" + body[26:]))
    put("http1", "connect-tls", turn(b"CONNECT h:443 HTTP/1.1\r\n\r\n") + turn(b"HTTP/1.1 200 OK\r\n\r\n", True) +
        turn(record(22, client_hello()), step=4))
    put("http1", "upgrade", turn(b"GET /ws HTTP/1.1\r\n\r\n") + turn(b"HTTP/1.1 101 x\r\n\r\n\x81\0", True) + turn(b"\x81\x80mask"))
    put("http1", "folded-field", turn(b"GET / HTTP/1.1\r\nHost:\r\n h.example\r\nTransfer-Encoding: \r\n identity\r\n\r\n"))
    put("http1", "until-close", turn(b"GET / HTTP/1.0\r\n\r\n") + turn(b"HTTP/1.0 200 OK\r\n\r\nall of it", True, 1))
    put("http1", "gap-in-body", turn(b"PUT / HTTP/1.1\r\nContent-Length: 50\r\n\r\nabc") + gap(44) + turn(b"xyz" + post))
    put("http1", "two-lengths", turn(b"PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"))


def quic():
    hello = client_hello()

    def crypto(offset, data):
        return b"\6" + struct.pack(">HH", 0x4000 | offset, 0x4000 | len(data)) + data

    def payload(data):
        return struct.pack(">H", len(data)) + data
    put("quic", "hello-in-one", b"\1" + payload(crypto(0, hello) + bytes(20)))
    put("quic", "hello-out-of-order", b"\1" + payload(crypto(60, hello[60:]) + b"\2\5\1\1\2\3\4") + payload(crypto(0, hello[:70])))
    put("quic", "close-instead", b"\1" + payload(b"\x1c\0\0\0" + bytes(4)))
    put("quic", "google-q043", b"\0" + turn(b"\x0d12345678Q043\1" + bytes(12) + b"\xa0\1\4CHLO\1\0\0\0SNI\0\x0d\0\0\0drone.example"))
    put("quic", "version-negotiation", b"\0" + turn(b"\xff\0\0\0\0\1\xaa\1\xbb\x1a\x2a\x3a\x4a\0\0\0\1", True))
    put("quic", "cut-initial", b"\0" + turn(b"\xc0\0\0\0\1\x08cid-cid-\0\0\x44\xd0\0\0\0\0" + bytes(100)))


def socks():
    hello = turn(record(22, client_hello()), step=3)
    put("socks", "version-4a-tls", turn(b"\4\1\1\xbb\0\0\0\1\0far.example\0") + turn(b"\0\x5a" + bytes(6), True) + hello)
    put("socks", "version-5-password-tls", turn(b"\5\2\0\2") + turn(b"\5\2", True) + turn(b"\1\1u\1p") + turn(b"\1\0", True) +
        turn(b"\5\1\0\3\x0bfar.example\1\xbb") + turn(b"\5\0\0\1" + bytes(6), True) + hello)
    put("socks", "version-5-refused", turn(b"\5\1\0") + turn(b"\5\xff", True) + turn(b"anything"))


dns()
tls()
http1()
quic()
socks()
