"""What is put around content before it is sent, and how it is sent.

A layer is a function of bytes and a random source to bytes; `text` layers take text only; `keep` makes one for all that a
sender sends, which keeps its key as real senders do.
A transport puts content into a capture as one flow and says by which source port it went.
"""
import base64
import collections
import gzip
import io
import json
import plistlib
import random
import struct
import urllib.parse
import zipfile
import zlib

LAYERS = {}
Layer = collections.namedtuple("Layer", "name put text content_encoding keep")


def layer(name, put, text=False, content_encoding=None, keep=None):
    LAYERS[name] = Layer(name, put, text, content_encoding, keep)


def raw_deflate(data):
    z = zlib.compressobj(6, zlib.DEFLATED, -15)
    return z.compress(data) + z.flush()


def phased(data, rng):
    """Not from the beginning of what was encoded: another phase of the alphabet."""
    return b'{"v":1,"blob":"' + base64.b64encode(rng.randbytes(rng.choice((1, 2))) + data) + b'"}'


def pem(data):
    text = base64.b64encode(data)
    return b"\r\n".join(text[i:i + 76] for i in range(0, len(text), 76))


def json_escaped(data):
    return b'{"body":' + json.dumps(data.decode("utf-8")).encode() + b"}"


def every_escape(data):
    return b'{"body":"' + b"".join(b"\\u%04x" % ord(c) for c in data.decode("utf-8")) + b'"}'


def multipart(data, rng):
    mark = b"----bench%d" % rng.randrange(10**9)
    return (b"--" + mark + b'\r\nContent-Disposition: form-data; name="id"\r\n\r\n17\r\n--' + mark +
            b'\r\nContent-Disposition: form-data; name="file"; filename="t.bin"\r\nContent-Type: application/octet-stream\r\n\r\n' +
            data + b"\r\n--" + mark + b"--\r\n")


def varint(v):
    out = b""
    while v > 127:
        out, v = out + bytes([v & 127 | 128]), v >> 7
    return out + bytes([v])


def zipped(data, rng):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("readme.txt", "log of %d\n" % rng.randrange(10**6))
        z.writestr("logs/flight.log", data)
    return out.getvalue()


def xored(data, key):
    return bytes(b ^ key[i % len(key)] for i, b in enumerate(data))


def kept_key(rng, size):
    key = bytes(rng.randrange(1, 256) for _ in range(size))
    return lambda data, _: xored(data, key)


layer("none", lambda d, r: d)
layer("percent encoding", lambda d, r: b"data=" + urllib.parse.quote_from_bytes(d, safe="").encode())
layer("percent encoding twice", lambda d, r: b"data=" + urllib.parse.quote(urllib.parse.quote_from_bytes(d, safe=""), safe="").encode())
layer("base64", lambda d, r: base64.b64encode(d))
layer("base64url", lambda d, r: b"data=" + base64.urlsafe_b64encode(d).rstrip(b"="))
layer("base64 in another phase", phased)
layer("base64 in lines", lambda d, r: pem(d))
layer("hex", lambda d, r: d.hex().encode())
layer("hex, upper case", lambda d, r: b"[" + d.hex().upper().encode() + b"]")
layer("UTF-16 LE", lambda d, r: d.decode("utf-8").encode("utf-16-le"), text=True)
layer("UTF-16 BE", lambda d, r: d.decode("utf-8").encode("utf-16-be"), text=True)
layer("JSON string", lambda d, r: json_escaped(d), text=True)
layer("JSON \\u escapes", lambda d, r: every_escape(d), text=True)
layer("gzip", lambda d, r: gzip.compress(d, mtime=0))
layer("zlib", lambda d, r: b"\x05\0" + zlib.compress(d))
layer("deflate", lambda d, r: raw_deflate(d), content_encoding="deflate")
layer("multipart", multipart)
layer("protobuf bytes", lambda d, r: b"\x08\x96\x01\x12" + varint(len(d)) + d + b"\x1a\x03abc")
layer("msgpack bin", lambda d, r: b"\x82\xa1v\x01\xa4data\xc6" + struct.pack(">I", len(d)) + d)
layer("CBOR bytes", lambda d, r: b"\xa1\x64data\x5a" + struct.pack(">I", len(d)) + d)
layer("CBOR bytes in chunks", lambda d, r: b"\xa1\x64data\x5f" + b"".join(b"\x58\xc8" + d[i:i + 200] if len(d[i:i + 200]) == 200 else
      b"\x59" + struct.pack(">H", len(d[i:i + 200])) + d[i:i + 200] for i in range(0, len(d), 200)) + b"\xff")
layer("plist data", lambda d, r: plistlib.dumps({"payload": d}))
layer("bplist data", lambda d, r: plistlib.dumps({"payload": d}, fmt=plistlib.FMT_BINARY))
for size in (1, 2, 3, 4, 5, 7, 8, 12, 16):
    layer("XOR of %s" % ("one byte" if size == 1 else "%d bytes" % size), None, keep=lambda r, n=size: kept_key(r, n))
layer("XOR of 4 bytes, another key for each message", lambda d, r: xored(d, r.randbytes(4)))
layer("zip with a log", zipped)
layer("base64 of gzip", lambda d, r: b'{"z":"' + base64.b64encode(gzip.compress(d)) + b'"}')
layer("gzip of base64 of gzip", lambda d, r: gzip.compress(base64.b64encode(gzip.compress(d))))
layer("percent encoding of base64 of zlib", lambda d, r: b"q=" + urllib.parse.quote(base64.b64encode(zlib.compress(d)), safe="").encode())
layer("gzip of zip", lambda d, r: gzip.compress(zipped(d, r)))
layer("hex of zlib", lambda d, r: zlib.compress(d).hex().encode())
layer("gzip of multipart", lambda d, r: gzip.compress(multipart(d, r)))
layer("base64 of protobuf", lambda d, r: base64.b64encode(b"\x12" + varint(len(d)) + d))

try:
    import zstandard
    layer("zstd", lambda d, r: zstandard.ZstdCompressor().compress(d))
    layer("base64 of zstd", lambda d, r: base64.b64encode(zstandard.ZstdCompressor().compress(d)))
except ImportError:
    pass
try:
    import brotli
    layer("brotli", lambda d, r: brotli.compress(d), content_encoding="br")
except ImportError:
    pass


# Transports

SYN, ACK, PUSH, FIN = 2, 16, 8, 1
PHONE = "192.168.50.10"


class Sender:
    """One flow of the phone at a time, in a capture of examples/capture.py."""

    def __init__(self, capture, rng):
        self.capture, self.rng, self.port = capture, rng, 20000

    def server(self):
        return "198.51.100.%d" % self.rng.randrange(1, 255)

    def tcp(self, turns, port=80):
        """`turns` go out and come in by turns.  In segments of any size, some of them twice
        or after the next one."""
        c, rng = self.capture, self.rng
        self.port += 1
        phone, server = (PHONE, self.port), (self.server(), port)
        c.segment(phone, server, SYN)
        c.segment(server, phone, SYN | ACK)
        c.segment(phone, server, ACK)
        for turn, payload in enumerate(turns):
            if turn % 2:
                c.segment(server, phone, PUSH | ACK, payload)
                continue
            pieces, at = [], 0
            while at < len(payload):
                size = rng.choice((1400, 1400, 1400, rng.randrange(1, 1400), rng.randrange(1, 60)))
                pieces.append(payload[at:at + size])
                at += size
            start = c.sequence.get((phone, server), 1000)
            order = list(range(len(pieces)))
            for i in range(len(order) - 1):
                if rng.random() < 0.04:
                    order[i], order[i + 1] = order[i + 1], order[i]
            offsets = [0]
            for p in pieces:
                offsets.append(offsets[-1] + len(p))
            for i in order:
                for _ in range(2 if rng.random() < 0.02 else 1):
                    c.sequence[phone, server] = start + offsets[i]
                    c.segment(phone, server, PUSH | ACK, pieces[i])
            c.sequence[phone, server] = start + len(payload)
            c.segment(server, phone, ACK)
        c.segment(phone, server, FIN | ACK)
        c.segment(server, phone, FIN | ACK)
        return self.port

    def udp(self, datagrams, port):
        self.port += 1
        server = self.server()
        for d in datagrams:
            self.capture.datagram(PHONE, self.port, server, port, d)
            self.capture.wait(0.01)
        return self.port


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def head(method, path, headers):
    lines = ["%s %s HTTP/1.1" % (method, path), "Host: api.collector.example", "User-Agent: okhttp/4.9.1"]
    return ("\r\n".join(lines + ["%s: %s" % h for h in headers]) + "\r\n\r\n").encode()


def post(body, content_encoding=None, content_type="application/octet-stream", more=()):
    headers = [("Content-Type", content_type)] + ([("Content-Encoding", content_encoding)] if content_encoding else [])
    return head("POST", "/v1/batch", headers + list(more) + [("Content-Length", len(body))]) + body


def chunked(body, rng, content_encoding=None):
    headers = [("Content-Type", "application/octet-stream"), ("Transfer-Encoding", "chunked")]
    out = head("POST", "/v1/stream", headers + ([("Content-Encoding", content_encoding)] if content_encoding else []))
    at = 0
    while at < len(body):
        piece = body[at:at + rng.randrange(1, 900)]
        out, at = out + b"%x\r\n" % len(piece) + piece + b"\r\n", at + len(piece)
    return out + b"0\r\n\r\n"


def frame(opcode, payload, rng, fin=True):
    """RFC 6455, section 5.2, masked as clients must."""
    key = rng.randbytes(4)
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size) if size < 65536 else b"\xff" + struct.pack(">Q", size)
    return bytes([(0x80 if fin else 0) | opcode]) + length + key + xored(payload, key)


UPGRADE = (b"GET /live HTTP/1.1\r\nHost: ws.collector.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
UPGRADED = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")


def mqtt(kind, flags, body):
    size, length = len(body), b""
    while True:
        size, low = size >> 7, size & 127
        length += bytes([low | (128 if size else 0)])
        if not size:
            return bytes([kind << 4 | flags]) + length + body


def mqtt_text(text):
    return struct.pack(">H", len(text)) + text


CONNECT = mqtt(1, 0, mqtt_text(b"MQTT") + b"\x04\x02\x00\x3c" + mqtt_text(b"app-17"))


def publish(payload, topic=b"dev/up"):
    return mqtt(3, 0, mqtt_text(topic) + payload)


def split_bytes(data, rng, most=1200):
    out, at = [], 0
    while at < len(data):
        size = rng.randrange(most // 2, most)
        out.append(data[at:at + size])
        at += size
    return out


# name: function of (sender, whole content, records, rng) to a source port; None where it does not suit.  `records` is
# None when the content is not made of records.

def by_tcp(s, content, records, rng):
    return s.tcp([rng.randbytes(rng.randrange(0, 40)) + content], 8443 + rng.randrange(100))


def by_udp(s, content, records, rng):
    if not records:
        return None  # a codec's stream cut at any byte is no protocol
    batch = rng.choice((1, 1, 4))
    datagrams = [b"".join(records[i:i + batch]) for i in range(0, len(records), batch)]
    return s.udp([b"\x5a\x01" + struct.pack(">I", n) + d for n, d in enumerate(datagrams)], 14550 + rng.randrange(100))


def by_http(s, content, records, rng, content_encoding=None):
    return s.tcp([post(content, content_encoding), ANSWER])


def by_chunks(s, content, records, rng, content_encoding=None):
    return s.tcp([chunked(content, rng, content_encoding), ANSWER])


def by_chunks_gzip(s, content, records, rng):
    return s.tcp([chunked(gzip.compress(content), rng, "gzip"), ANSWER])


def by_websocket(s, content, records, rng):
    pieces = records if records else [content]
    out = b""
    for p in pieces:
        if len(p) > 200 and rng.random() < 0.5:
            cut = rng.randrange(1, len(p))
            out += frame(2, p[:cut], rng, fin=False) + frame(9, b"ping", rng) + frame(0, p[cut:], rng)
        else:
            out += frame(rng.choice((1, 2)), p, rng)
    return s.tcp([UPGRADE, UPGRADED, out])


def by_mqtt(s, content, records, rng):
    out = b"".join(publish(p) for p in (records if records else [content]))
    return s.tcp([CONNECT, b"\x20\x02\0\0", out], 1883)


def by_form(s, content, records, rng):
    body = b"device=phone&payload=" + urllib.parse.quote_from_bytes(content, safe="").encode() + b"&v=2"
    return s.tcp([post(body, None, "application/x-www-form-urlencoded"), ANSWER])


def by_requests(s, content, records, rng):
    """One record a request, in one connection."""
    if not records:
        return None
    turns = []
    for r in records:
        turns += [post(r), ANSWER]
    return s.tcp(turns)


def by_queries(s, content, records, rng):
    if not records or any(len(r) > 400 for r in records):
        return None
    turns = []
    for r in records:
        turns += [head("GET", "/t?d=" + urllib.parse.quote_from_bytes(r, safe=""), []), ANSWER]
    return s.tcp(turns)


def by_upload(s, content, records, rng):
    body = multipart(content, rng)
    return s.tcp([post(body, None, "multipart/form-data; boundary=" + body[2:body.index(b"\r")].decode()), ANSWER])


TRANSPORTS = {
    "TCP": by_tcp, "UDP": by_udp, "HTTP": by_http, "HTTP in chunks": by_chunks, "HTTP in chunks, gzip": by_chunks_gzip,
    "WebSocket": by_websocket, "MQTT": by_mqtt, "form field": by_form, "a request each": by_requests,
    "a query each": by_queries, "multipart upload": by_upload,
}
