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
    subnet = dns_query("q.example", 1)[:10] + b"\0\1" + dns_query("q.example", 1)[12:]
    put("dns", "udp-client-subnet", udp + turn(subnet + b"\0\0\x29\4\xd0\0\0\0\0\0\x0f\0\x0a\0\0\0\x08\0\7\0\1\x18\0\xc0\0\2") +
        turn(dns_answer("q.example", 1, [], flags=0x8183), True))
    put("dns", "udp-every-form", udp + turn(dns_answer("t.example", 255, [
        (35, b"\0\1\0\2\1S\7SIP+D2U\0\1r\0"), (17, b"\1a\0\1b\0"), (44, b"\4\2\xca\xfe"),
        (46, b"\0\1\x08\2\0\0\1\x2c\x65\x92\0\x80\x65\x6a\x73\x80\x30\x39\1s\0abcd"), (47, b"\1n\0\0\6\x40\1\0\0\0\3\1\1\x40"),
        (50, b"\1\0\0\x0a\2\xaa\xbb\5hello\0\1\x40"), (51, b"\1\0\0\x0a\0"), (43, b"\x30\x39\x0d\2\1\2"),
        (45, b"\x0a\1\2\xc0\0\2\x26key"), (45, b"\x0a\3\2\1g\0key"), (45, b"\x0a\2\2" + bytes(16)), (260, b"\x0a\x81\xcb\0\x71\x0f"),
        (42, b"\0\1\x15\3\xc0\xa8\x20\0\2\x20\x84\x20\1\x0d\xb8"), (55, b"\2\2\0\3\xaa\xbbabc\1r\0"), (105, b"\0\x0a\x0a\1\2\0"),
        (256, b"\0\x0a\0\1https://a"), (13, b"\3ARM\5Linux"), (37, b"\0\1\0\0\0cert"), (48, b"\1\1\3\x08key"),
        (64, b"\0\1\1s\0\0\0\0\4\0\1\0\3\0\3\0\2\1\xbb\0\5\0\3abc\0\7\0\2/d\x10\0\0\0")]), True))
    put("dns", "nbns-registration", b"\4" + turn(struct.pack(">6H", 1, 0x2910, 1, 0, 0, 1) + b"\x20" + b"FEEBECEMEFFECACACACACACACACACAAA" +
        b"\0\0\x20\0\1\xc0\x0c\0\x20\0\1\0\4\x93\xe0\0\6\0\0\xc0\0\2\1"))
    put("dns", "llmnr-answer", b"\3" + turn(dns_answer("tablet", 1, [(1, bytes([192, 0, 2, 1]))], flags=0x8000)))
    put("dns", "mdns-answer", b"\2" + turn(dns_answer("tablet.local", 1, [(1, bytes([192, 0, 2, 1])), (16, b"\x0amodel=RC-1\x09fn=Anna's")], flags=0x8400)))
    put("dns", "udp-on-another-port", b"\5" + turn(query) + turn(answer, True))
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
    put("tls", "name-service-inside", turn(record(22, client_hello(b"x.dns.google"))))
    refused = b"\2" + struct.pack(">I", 38)[1:] + b"\3\3" + bytes(32) + b"\0\xc0\x2f\0"
    put("tls", "client-refuses-certificate", turn(record(22, hello)) + turn(record(22, refused + chain), True) + turn(record(21, b"\2\x30")))
    put("tls", "gap-in-hello", turn(record(22, hello)[:60]) + gap(20) + turn(hello[80:]))


def certificate_chain():
    def name(*pairs):
        return der(0x30, *(der(0x31, der(0x30, der(6, oid), der(tag, text))) for oid, tag, text in pairs))

    def made(names=None, times=((0x17, b"240101000000Z"), (0x17, b"491231235959Z")), serial=b"\0\xff"):
        extensions = der(0xA3, der(0x30, der(0x30, der(6, b"\x55\x1d\x11"), der(4, der(0x30, *names))))) if names else b""
        return der(0x30, der(0x30, der(0xA0, b"\2\1\2"), der(2, serial), der(0x30),
                             name((b"\x55\x04\x06", 0x13, b"CH"), (b"\x55\x04\x0a", 0x0C, b"Made, Inc.")), der(0x30, *(der(*t) for t in times)),
                             name((b"\x55\x04\x03", 0x0C, b"cn.example"), (b"\x2a\x03\x04", 0x1E, b"\0A\x20\xac")), der(0x30), extensions),
                   der(0x30), der(3, bytes(9)))
    kinds = [der(0x82, b"*.a.example"), der(0x82, b"a.example"), der(0x87, bytes([192, 0, 2, 7])), der(0x87, bytes(16)), der(0x81, b"p@a.example"),
             der(0x86, b"urn:x:1"), der(0xA4, b"\x30\0")]
    put("certificate", "names-of-every-kind", made(kinds))
    put("certificate", "never-ends", made(None, ((0x18, b"20500101000000Z"), (0x18, b"99991231235959Z"))))
    put("certificate", "times-that-are-none", made(None, ((0x17, b"24"), (0x05, b"")), b""))
    put("certificate", "cut", made(kinds)[:200])
    put("certificate", "length-longer-than-file", b"\x30\x84\xff\xff\xff\xff\x30")
    put("certificate", "indefinite-length", b"\x30\x80\x30\x80\0\0\0\0")
    put("certificate", "nested-short", b"\x30\x08\x30\x06\x02\x01\x01\x30\x00\x30")


def starttls():
    hello = turn(record(22, client_hello()), step=3)
    put("starttls", "xmpp", b"\0" + turn(b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='a'>", step=4) + turn(
        b"<stream:stream><features/>", True) + turn(b"<starttls/>") + turn(b"<proceed/>", True) + hello)
    put("starttls", "xmpp-long-stanza", b"\0" + turn(b"<stream:stream xmlns='jabber:client'>" + b"x" * 3000 + b"<starttls/>"))
    ask = b"\x30\x1d\2\1\1\x77\x18\x80\x161.3.6.1.4.1.1466.20037"
    put("starttls", "ldap", b"\1" + turn(ask, step=2) + turn(b"\x30\x0c\2\1\1\x78\7\x0a\1\0\4\0\4\0", True) + hello)
    put("starttls", "ldap-refused", b"\1" + turn(ask) + turn(b"\x30\x0c\2\1\1\x78\7\x0a\1\2\4\0\4\0", True) + turn(b"\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0"))
    put("starttls", "ldap-length-longer", b"\1" + turn(b"\x30\x84\x7f\xff\xff\xff\2\1\1"))
    put("starttls", "postgresql", b"\2" + turn(b"\0\0\0\x08\4\xd2\x16\x30") + turn(b"N", True) + turn(b"\0\0\0\x08\4\xd2\x16\x2f") + turn(b"S", True) + hello)
    put("starttls", "postgresql-clear", b"\2" + turn(b"\0\0\0\x15\0\3\0\0user\0drone\0\0") + turn(b"R\0\0\0\x08\0\0\0\0", True))
    greeting = b"\x0a8.0.36\0\x2a\0\0\0challeng\0\xff\xff\xff\2\0\xff\xc7\x15" + bytes(10) + b"challengeagai\0caching_sha2_password\0"
    greeting = struct.pack("<I", len(greeting)) + greeting
    put("starttls", "mysql", b"\3" + turn(greeting, True, 5) + turn(b"\x20\0\0\1\x85\xae\xff\x19\0\0\0\1\xff" + bytes(23)) + hello)
    put("starttls", "mysql-clear", b"\3" + turn(greeting, True) + turn(b"\x26\0\0\1\x85\xa6\xff\x19\0\0\0\1\xff" + bytes(23) + b"drone\0"))


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
    for name, agent in (("android", b"Dalvik/2.1.0 (Linux; U; Android 12; SM-G991B Build/SP1A.210812.016)"), ("iphone", b"app/1 (iPhone; iOS 15.1; Scale/3.00)"),
                        ("ipad", b"Mozilla/5.0 (iPad; CPU OS 14_4 like Mac OS X) AppleWebKit/605.1.15"), ("windows", b"Mozilla/5.0 (Windows NT 10.0; rv:1) Gecko"),
                        ("parentheses-in-model", b"Mozilla/5.0 (Linux; Android 9; SM-T580 (2016); wv) AppleWebKit/537.36"), ("hidden-model", b"app (Linux; Android 11; K)"),
                        ("language-and-versions", b"Mozilla/5.0 (Linux; Android 10; en-us; Redmi Note 9 MIUI/V12) x"), ("open-parenthesis", b"x (Android"),
                        ("many-parentheses", b"x (((((((((("), ("version-missing", b"(iPhone OS )")):
        put("http1", "agent-" + name, turn(b"GET / HTTP/1.1\r\nHost: h.example\r\nUser-Agent: " + agent + b"\r\n\r\n"))
    put("http1", "two-lengths", turn(b"PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"))


def quic():
    hello = client_hello()

    def crypto(offset, data):
        return b"\6" + struct.pack(">HH", 0x4000 | offset, 0x4000 | len(data)) + data

    def payload(data):
        return struct.pack(">H", len(data)) + data
    put("quic", "hello-in-one", b"\1" + payload(crypto(0, hello) + bytes(20)))
    put("quic", "hello-out-of-order", b"\1" + payload(crypto(60, hello[60:]) + b"\2\5\1\1\2\3\4") + payload(crypto(0, hello[:70])))
    put("quic", "version-2", b"\2" + payload(crypto(0, hello) + bytes(20)))
    put("quic", "draft-29", b"\3" + payload(crypto(0, hello[:90])) + payload(crypto(90, hello[90:])))
    put("quic", "draft-23", b"\4" + payload(b"\1" * 4 + crypto(0, hello)))
    put("quic", "retry", b"\0" + turn(b"\xf0\0\0\0\1\0\x08cid-cid-token" + bytes(16), True))
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


def stun(kind, attributes=b"", ident=b"transaction1"):
    return struct.pack(">HHI", kind, len(attributes), 0x2112A442) + ident + attributes


def stun_attribute(kind, value):
    return struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)


def dtls_record(kind, data, epoch=0, version=0xFEFD):
    return struct.pack(">BHHHIH", kind, version, epoch, 0, 1, len(data)) + data


def dtls_fragment(message, offset, length, sequence=0):
    whole = message[4:]
    return (message[:1] + message[1:4] + struct.pack(">H", sequence) + struct.pack(">I", offset)[1:] +
            struct.pack(">I", length)[1:] + whole[offset:offset + length])


def dtls_hello():
    hello = client_hello()
    body = b"\xfe\xfd" + hello[6:38] + b"\0" + b"\4cook" + hello[39:]
    return b"\1" + struct.pack(">I", len(body))[1:] + body


def rtp(sequence, stamp, payload=b"frame", ssrc=0x1234ABCD, kind=96):
    return struct.pack(">BBHII", 0x80, kind, sequence, stamp, ssrc) + payload


def rtc():
    peer = b"\0\1" + struct.pack(">H", 5000 ^ 0x2112) + bytes(a ^ b for a, b in zip(bytes([203, 0, 113, 5]), b"\x21\x12\xa4\x42"))
    permission = stun(8, stun_attribute(0x12, peer) + stun_attribute(0x14, b"turn.example"))
    hello = dtls_hello()
    half = (len(hello) - 4) // 2
    put("rtc", "stun-binding", b"\0" + turn(stun(1, stun_attribute(0x8022, b"agent"))) + turn(stun(0x101), True))
    put("rtc", "turn-permission", b"\0" + turn(permission) + turn(permission) + turn(b"\x40\0\0\5hello"))
    put("rtc", "turn-over-tcp", b"\3" + turn(permission + b"\x40\1\0\5hello\0\0\0" + stun(1), step=2))
    put("rtc", "dtls-hello", b"\1" + turn(dtls_record(22, dtls_fragment(hello, 0, len(hello) - 4))))
    put("rtc", "dtls-hello-in-fragments", b"\1" + turn(dtls_record(22, dtls_fragment(hello, 0, half))) +
        turn(dtls_record(22, dtls_fragment(hello, half, len(hello) - 4 - half)) + dtls_record(23, bytes(30), 1)))
    put("rtc", "dtls-fragments-backwards", b"\1" + turn(dtls_record(22, dtls_fragment(hello, half, len(hello) - 4 - half))) +
        turn(dtls_record(22, dtls_fragment(hello, 0, half))) + turn(dtls_record(21, b"\2\x28"), True))
    framed = [stun(1), *(rtp(i, 90 * i) for i in range(4))]
    put("rtc", "framed-over-tcp", b"\3" + turn(b"".join(struct.pack(">H", len(p)) + p for p in framed), step=3))
    put("rtc", "dtls-fragment-outside", b"\1" + turn(dtls_record(22, b"\1\0\0\x20\0\0\0\0\x19\0\0\x08" + bytes(8))))
    put("rtc", "rtp-run", b"\2" + b"".join(turn(rtp(65534 + i & 65535, 3000 * i)) for i in range(5)))
    put("rtc", "rtp-extension-too-long", b"\2" + b"".join(turn(b"\x90" + rtp(i, i)[1:12] + b"\xbe\xde\xff\xff") for i in range(4)))
    put("rtc", "rtcp-reports", b"\2" + turn(b"\x81\xc9\0\7" + bytes(28)) * 3)
    put("rtc", "stun-then-media", b"\0" + turn(stun(1)) + turn(dtls_record(22, dtls_fragment(hello, 0, len(hello) - 4))) +
        b"".join(turn(rtp(i, 90 * i), True) for i in range(4)))


def rtsp():
    ask = b"OPTIONS rtsp://cam.example:8554/live/1 RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: app/1\r\n\r\n"
    put("rtsp", "options-and-answer", turn(ask, step=3) + turn(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", True, 2))
    put("rtsp", "announce-with-body", turn(
        b"ANNOUNCE rtsp://cam.example/live RTSP/1.0\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n") +
        turn(b"RTSP/1.0 401 No\r\nCSeq: 2\r\n\r\n", True))
    put("rtsp", "interleaved", turn(ask) + turn(b"$\0\0\5hello$\1\0\0" + b"$\0\1\0" + bytes(100), step=4) + gap(156) + turn(ask))
    put("rtsp", "length-is-no-number", turn(b"PLAY * RTSP/2.0\r\nContent-Length: -5\r\nCSeq: x\r\n\r\nrest"))
    put("rtsp", "answer-first", turn(b"RTSP/1.0 454 Session Not Found\r\nCSeq: 9\r\n\r\n", True) + turn(ask))


def amf(value):
    if isinstance(value, str):
        return b"\2" + struct.pack(">H", len(value)) + value.encode()
    if isinstance(value, float):
        return b"\0" + struct.pack(">d", value)
    if isinstance(value, dict):
        return b"\3" + b"".join(struct.pack(">H", len(k)) + k.encode() + amf(v) for k, v in value.items()) + b"\0\0\x09"
    return b"\5"


def rtmp_message(kind, data, stream=3, size=128):
    head = bytes([stream]) + bytes(3) + struct.pack(">I", len(data))[1:] + bytes([kind]) + bytes(4)
    return head + bytes([0xC0 | stream]).join(data[i:i + size] for i in range(0, len(data), size))


def rtmp():
    greet = b"\3" + bytes(8) + bytes(1528)
    connect = rtmp_message(20, amf("connect") + amf(1.0) + amf({
        "app": "live2", "tcUrl": "rtmp://ingest.example:1935/live2", "flashVer": "encoder/1", "pad": "x" * 200}))
    publish = rtmp_message(20, amf("publish") + amf(5.0) + amf(None) + amf("abcd-secret-key") + amf("live"), 4)
    video = rtmp_message(9, bytes(500), 6)
    put("rtmp", "publish", turn(greet) + turn(greet + bytes(1536), True) + turn(bytes(1536) + connect + publish + video, step=6))
    put("rtmp", "chunk-size-changed", turn(greet) + turn(bytes(1536) + rtmp_message(1, b"\0\0\x10\0", 2) +
        rtmp_message(20, amf("play") + amf(0.0) + amf(None) + amf("x" * 500), 3, 4096)))
    put("rtmp", "gap-in-video", turn(greet) + turn(bytes(1536) + connect + video[:60]) + gap(40) + turn(video[100:] + publish))
    put("rtmp", "amf3-command", turn(greet) + turn(bytes(1536) + rtmp_message(17, b"\0" + amf("connect") + amf(1.0) + amf({"app": "a"}))))
    put("rtmp", "object-without-end", turn(greet) + turn(bytes(1536) + rtmp_message(20, amf("connect") + amf(1.0) + b"\3\0\3app")))
    put("rtmp", "objects-within-objects", turn(greet) + turn(bytes(1536) + rtmp_message(20, amf("connect") + (b"\x0a\0\0\0\1" * 300))))


def srt():
    def shake(version, kind, extension, more=b""):
        return (struct.pack(">IIII", 0x80000000, 0, 0, 0) + struct.pack(">IHHIIII", version, 0, extension, 7, 1500, 8192, kind) +
                struct.pack(">II", 1, 2) + bytes(16) + more)
    name = b"live/cam"
    turned = b"".join(name[i:i + 4][::-1] for i in range(0, len(name), 4))
    put("srt", "induction", turn(shake(4, 1, 2)) + turn(shake(5, 1, 0x4A17), True))
    put("srt", "conclusion-with-stream-name", turn(shake(5, 0xFFFFFFFF, 5, struct.pack(">HH", 1, 3) + bytes(12) +
        struct.pack(">HH", 5, len(turned) // 4) + turned)) + turn(struct.pack(">IIII", 7, 0xC0000001, 0, 0) + b"\x47" + bytes(187)))
    put("srt", "extension-too-long", turn(shake(5, 0xFFFFFFFF, 4, struct.pack(">HH", 5, 500) + b"abcd")))
    put("srt", "encrypted-data", turn(shake(4, 1, 2)) + turn(struct.pack(">IIII", 7, 0xC8000001, 0, 0) + bytes(188)))


def dhcp():
    def message(op, options):
        return bytes([op, 1, 6, 0]) + bytes(24) + b"\2\0\0\xaa\xbb\xcc" + bytes(10) + bytes(192) + b"\x63\x82\x53\x63" + options
    ask = message(1, b"\x35\1\1" + b"\x0c\6myhost" + b"\x3c\x0fandroid-dhcp-12" + b"\x37\3\1\3\6" + b"\xff")
    put("dhcp", "discover-and-offer", b"\0" + turn(ask) + turn(message(2, b"\x35\1\2\xff"), True))
    put("dhcp", "fqdn-in-labels", b"\0" + turn(message(1, b"\x51\x0b\4\0\0\3abc\3xyz" + b"\xff")))
    put("dhcp", "option-too-long", b"\0" + turn(message(1, b"\0\0\x0c\x40short")))
    put("dhcp", "version-6-solicit", b"\1" + turn(b"\1abc" + b"\0\1\0\x0a\0\3\0\1\2\0\0\1\2\3" + b"\0\x27\0\6\0\4host" + b"\0\x10\0\x0a\0\0\1\x37\0\4MSFT"))
    put("dhcp", "version-6-relay", b"\1" + turn(b"\x0c\0" + bytes(32) + b"\0\x09\0\4abcd"))


def ssdp():
    put("ssdp", "notify", turn(b"NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nUSN: uuid:1234::upnp:rootdevice\r\n"
                               b"SERVER: Linux/4.9 UPnP/1.0 Camera/2.1\r\n\r\n"))
    put("ssdp", "search-and-answer", turn(b"M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nUSER-AGENT: app/1 OS/2\r\n\r\n") + turn(
        b"HTTP/1.1 200 OK\r\nST: x\r\nUSN: uuid:9::urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nSERVER: UPnP/1.0 UPnP/1.0 box/3\r\n\r\n", True))
    put("ssdp", "no-line-end", turn(b"NOTIFY * HTTP/1.1 SERVER: x"))


def vpn():
    put("vpn", "wireguard-handshake", b"\0" + turn(b"\1\0\0\0" + bytes(144)) + turn(b"\2\0\0\0" + bytes(88), True) + turn(b"\4\0\0\0" + bytes(28)))
    put("vpn", "wireguard-in-the-middle", b"\0" + b"".join(turn(b"\4\0\0\0recv" + struct.pack("<Q", i) + bytes(16)) for i in range(3)))
    put("vpn", "openvpn-reset", b"\2" + turn(b"\x38sessions\0\0\0\0\0") + turn(b"\x40sessiont\1\0\0\0\0sessions\0\0\0\0", True))
    put("vpn", "openvpn-tls-auth", b"\2" + turn(b"\x38sessions" + bytes(range(1, 21)) + b"\0\0\0\1time" + bytes(5)))
    put("vpn", "openvpn-session-goes-on", b"\2" + turn(b"\x20sessions\0\0\0\0\1") + turn(b"\x28sessiont\1\0\0\0\1", True) + turn(b"\x20sessions\0\0\0\0\2"))
    put("vpn", "openvpn-tcp", b"\4" + turn(b"\0\x0e\x38sessions\0\0\0\0\0", step=1) + turn(b"\0\x03\x48ab"))
    put("vpn", "ike", b"\5" + turn(b"initiate" + bytes(8) + b"\x21\x20\x22\x08" + bytes(4) + struct.pack(">I", 40) + bytes(12)))
    put("vpn", "esp-in-udp", b"\6" + b"".join(turn(b"\0\1\2\3" + struct.pack(">I", i) + bytes(40)) for i in range(3)))
    put("vpn", "l2tp", b"\7" + turn(b"\xc8\2\0\x0c" + bytes(8)))
    put("vpn", "pptp", b"\x08" + turn(b"\0\x9c\0\1\x1a\x2b\x3c\x4d" + bytes(148)))
    put("vpn", "teredo", b"\x0a" + turn(b"\0\1\0\0" + bytes(8) + b"\0" + b"\x60" + bytes(39)))
    put("vpn", "ntp", b"\x09" + turn(b"\x23" + bytes(47)) + turn(b"\x24" + bytes(47), True) + turn(b"\x23cut"))


def mqtt_packet(first, body):
    length, n = b"", len(body)
    while True:
        length += bytes([n & 127 | (128 if n > 127 else 0)])
        n >>= 7
        if not n:
            return bytes([first]) + length + body


def mqtt_text(text):
    return struct.pack(">H", len(text)) + text


def mqtt():
    connect = mqtt_packet(0x10, mqtt_text(b"MQTT") + b"\4\xc2\0\x3c" + mqtt_text(b"drone-1") + mqtt_text(b"user") + mqtt_text(b"pw"))
    connect5 = mqtt_packet(0x10, mqtt_text(b"MQTT") + b"\5\x06\0\x3c\5\x11\0\0\0\0" + mqtt_text(b"d") + b"\0" + mqtt_text(b"will/t") + mqtt_text(b"gone"))
    publish = mqtt_packet(0x30, mqtt_text(b"up/pos") + b'{"lat":52.520008}')
    put("mqtt", "version-3", turn(connect + publish + mqtt_packet(0x82, b"\0\1" + mqtt_text(b"down/#") + b"\1"), step=2) +
        turn(b"\x20\2\0\0" + mqtt_packet(0x32, mqtt_text(b"down/x") + b"\0\1go"), True))
    put("mqtt", "unsubscribe", turn(connect + mqtt_packet(0xa2, b"\0\2" + mqtt_text(b"down/#") + mqtt_text(b"all/+")) + mqtt_packet(0xa2, b"\0\3\0\x20ab"), step=2))
    put("mqtt", "version-5", turn(connect5 + mqtt_packet(0x32, mqtt_text(b"t") + b"\0\1\2\1\0" + bytes(300)), step=3))
    alias = b"\x0a\x26\0\1k\0\1v\x23\0\7"
    put("mqtt", "version-5-topic-alias", turn(connect5 + mqtt_packet(0x30, mqtt_text(b"t") + alias + b"x") + mqtt_packet(0x30, mqtt_text(b"") + alias + b"y")))
    put("mqtt", "gap-in-payload", turn(connect + mqtt_packet(0x30, mqtt_text(b"big") + bytes(500))[:100]) + gap(400) + turn(publish))
    put("mqtt", "length-of-five-bytes", turn(connect + b"\x30\xff\xff\xff\xff\1"))
    put("mqtt", "topic-longer-than-packet", turn(connect + b"\x30\4\0\x20ab"))


def websocket_frame(first, data, mask=b"\1\2\3\4"):
    n = len(data)
    length = bytes([0x80 | n]) if n < 126 else b"\xfe" + struct.pack(">H", n)
    return bytes([first]) + length + mask + bytes(b ^ mask[i & 3] for i, b in enumerate(data))


def websocket():
    import zlib
    ask = b"GET /ws HTTP/1.1\r\nHost: h.example\r\nUpgrade: websocket\r\n\r\n"
    accept = b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n%s\r\n"

    def deflated(text):
        z = zlib.compressobj(9, zlib.DEFLATED, -15)
        return (z.compress(text) + z.flush(zlib.Z_SYNC_FLUSH))[:-4]
    plain = turn(ask) + turn(accept % b"", True)
    put("websocket", "text-in-fragments", plain + turn(websocket_frame(0x01, b"lat=52.") + websocket_frame(0x89, b"ping") + websocket_frame(0x80, b"520008"), step=2))
    put("websocket", "binary-long", plain + turn(websocket_frame(0x82, bytes(range(256)) * 2), step=5))
    put("websocket", "deflated", turn(ask) + turn(accept % b"Sec-WebSocket-Extensions: permessage-deflate\r\n", True) +
        turn(websocket_frame(0xC1, deflated(b'{"sn":"A1"}' * 20)) + websocket_frame(0xC1, deflated(b"second")), step=3))
    put("websocket", "deflated-and-damaged", turn(ask) + turn(accept % b"Sec-WebSocket-Extensions: permessage-deflate\r\n", True) +
        turn(websocket_frame(0xC1, b"\xff" * 40) + websocket_frame(0x81, b"plain")))
    put("websocket", "mqtt-inside", turn(ask) + turn(accept % b"Sec-WebSocket-Protocol: mqtt\r\n", True) +
        turn(websocket_frame(0x82, mqtt_packet(0x10, mqtt_text(b"MQTT") + b"\4\2\0\x3c" + mqtt_text(b"ws-client"))) +
             websocket_frame(0x82, mqtt_packet(0x30, mqtt_text(b"t") + b"payload")), step=3))
    put("websocket", "reserved-bits", plain + turn(websocket_frame(0xF1, b"x")))
    put("websocket", "gap-in-frame", plain + turn(websocket_frame(0x82, bytes(100))[:40]) + gap(66) + turn(websocket_frame(0x81, b"after")))


def http2_frame(kind, flags, stream, data):
    return struct.pack(">I", len(data))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + data


def hpack(name, value):
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def http2():
    start = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2_frame(4, 0, 0, b"\0\1\0\0\x20\0")
    post = b"\x83\x86" + hpack(b":authority", b"h.example:80") + hpack(b":path", b"/up") + b"\x40\x0auser-agent\5app/1"
    answer = http2_frame(4, 0, 0, b"") + http2_frame(1, 4, 1, b"\x88") + http2_frame(0, 1, 1, b"ok")
    put("http2", "post-and-answer", turn(start + http2_frame(1, 4, 1, post) + http2_frame(0, 1, 1, b'{"lat":52.520008}'), step=2) + turn(answer, True, 3))
    put("http2", "continuation-and-padding", turn(start + http2_frame(1, 0x29, 1, b"\3" + bytes(5) + post[:9] + bytes(3)) +
        http2_frame(9, 4, 1, post[9:]) + http2_frame(0, 9, 1, b"\4body" + bytes(4)), step=4))
    put("http2", "gzip-body", turn(start + http2_frame(1, 4, 1, post + hpack(b"content-encoding", b"gzip")) +
        http2_frame(0, 1, 1, gzip.compress(b'{"sn":"A1"}' * 9, mtime=0))))
    put("http2", "promise-and-reset", turn(start + http2_frame(1, 5, 1, post)) + turn(http2_frame(4, 0, 0, b"") + http2_frame(5, 4, 1, b"\0\0\0\2" + post) + http2_frame(3, 0, 1, bytes(4)), True))
    put("http2", "block-damaged", turn(start + http2_frame(1, 4, 1, b"\xff\xff\xff\xff\xff\x0f") + http2_frame(1, 5, 3, post)))
    put("http2", "block-that-unfolds", turn(start + http2_frame(1, 4, 1, post + b"\x40\1x\x7f\x81\x1e" + b"v" * 4000 + b"\xbe" * 3000)))
    put("http2", "gap-in-data", turn(start + http2_frame(1, 4, 1, post) + http2_frame(0, 0, 1, bytes(300))[:109]) + gap(200) + turn(http2_frame(0, 1, 1, b"end")))


def line_protocol():
    hello = record(22, client_hello())
    put("line_protocol", "smtp-starttls", b"\0" + turn(b"220 mail.example ESMTP\r\n", True) + turn(b"EHLO x\r\nSTARTTLS\r\n", step=3) +
        turn(b"250 STARTTLS\r\n220 go\r\n", True) + turn(hello, step=5))
    put("line_protocol", "smtp-mail", b"\0" + turn(b"220 x\r\n", True) + turn(b"HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nhi\r\n.\r\n"))
    put("line_protocol", "smtp-commands-in-a-mail", b"\0" + turn(b"220 x\r\n", True) + turn(b"HELO x\r\nDATA\r\n") + turn(b"354 go on\r\n", True) +
        turn(b"Mail from: here\r\nSTARTTLS\r\n.\r\nQUIT\r\n"))
    put("line_protocol", "smtp-tls-unasked", b"\0" + turn(b"220 x\r\n", True) + turn(hello) + turn(b"500 what\r\n", True))
    put("line_protocol", "smtp-mail-in-chunks", b"\0" + turn(b"220 x\r\n", True) + turn(b"EHLO x\r\nBDAT 6\r\nMAIL \nBDAT 99999999999999999999\r\nBDAT 9 LAST\r\nx\r\n"))
    put("line_protocol", "ftp-files", b"\1" + turn(b"220 FTP\r\n", True) + turn(b"USER x\r\nPASS y\r\nSTOR DJI_0001.JPG\r\n", step=2))
    put("line_protocol", "ftp-passive", b"\1" + turn(b"220 FTP\r\n", True) + turn(b"PASV\r\nEPSV\r\nPORT 192,0,2,1,19,137\r\nEPRT |2|::1|5001|\r\n") +
        turn(b"227 Entering (203,0,113,5,200,1).\r\n229 Entering (|||6446|)\r\n", True, 3))
    put("line_protocol", "ftp-auth-refused", b"\1" + turn(b"220 FTP\r\n", True) + turn(b"AUTH TLS\r\n") + turn(b"500 no\r\n", True) + turn(b"USER x\r\n"))
    put("line_protocol", "imap-starttls", b"\2" + turn(b"* OK IMAP4rev1\r\n", True) + turn(b"a1 STARTTLS\r\n") + turn(b"a1 OK\r\n", True) + turn(hello))
    put("line_protocol", "pop3-binary", b"\3" + turn(b"+OK POP3\r\n", True) + turn(bytes(range(32)) * 300))
    put("line_protocol", "ftp-data-text", b"\5" + turn(b"lat=52.520008\n" * 60, step=3) + gap(20) + turn(b"more"))
    put("line_protocol", "ftp-data-binary", b"\5" + turn(bytes(range(256)) * 3))
    put("line_protocol", "ssh", b"\4" + turn(b"SSH-2.0-x\r\n", True) + turn(b"SSH-2.0-y\r\n" + bytes(40), step=1))


certificate_chain.__name__ = "certificate"
def duml():
    def place(longitude, latitude):
        return struct.pack("<dd", longitude, latitude) + bytes(34)

    def frame(command, payload, kind=0):
        return bytes([kind, 3, command, len(payload)]) + payload
    put("duml", "positions", b"\3" + frame(0x43, place(0.23, 0.91)) + frame(0x44, place(-0.01, -0.04)) + frame(0x43, place(0.24, 0.92)))
    put("duml", "positions-in-datagrams", b"\2" + frame(0x43, place(0.23, 0.91)) + frame(9, b"x"))
    put("duml", "positions-that-are-none", b"\x33" + frame(0x43, place(0, 0)) + frame(0x44, place(800000, 800000)) +
        frame(0x43, place(float("nan"), float("inf"))) + frame(0x43, b"short") + frame(0x43, place(1, 1), 1))
    put("duml", "length-too-long", b"\0" + turn(b"\x55\xff\7\0" + bytes(30), step=2))
    put("duml", "behind-a-header", b"\1" + turn(b"header" + b"\x55\x0d\4\x33" + bytes(9)))


for folder in (duml, certificate_chain, starttls, dns, tls, http1, quic, socks, rtc, rtsp, rtmp, srt, dhcp, ssdp, vpn, mqtt, websocket, http2, line_protocol):
    (HERE / folder.__name__).mkdir(exist_ok=True)
    folder()
