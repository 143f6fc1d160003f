"""Made-up evidence for the whole-program tests: captures packet by packet, a flight and a
photo from examples/, archives.  Addresses are those of documentation (RFC 5737)."""
import functools
import gzip
import io
import os
import struct
import tarfile
import tempfile
import zipfile

import scripts

PHONE, GATEWAY, FOREIGN, WEB = "192.168.50.10", "192.168.50.1", "203.0.113.20", "198.51.100.9"
BASE_S = 1_715_679_000


@functools.lru_cache(maxsize=None)
def example(script, *arguments):
    """What a script in examples/ writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out")
        scripts.write(path, script, *arguments)
        with open(path, "rb") as f:
            return f.read()


def flight(version=8, seconds=30, kind="dji-txt"):
    return example("flight", "--format", kind, "--version", str(version), "--duration", str(seconds))


def flight_json(every=1, seconds=30):
    return example("flight", "--format", "json", "--every", str(every), "--duration", str(seconds))


def photo(latitude=45.5, longitude=-5.25):
    return example("photo", "--latitude", str(latitude), "--longitude", str(longitude),
                   "--time", "2024-05-14T09:31:00Z")


def address(text):
    return bytes(int(n) for n in text.split("."))


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


class Capture:
    """A pcap in the making; the time goes on by a millisecond a packet."""

    def __init__(self):
        self.records, self.ms, self.sequence = [], 0, {}

    def frame(self, data, original=None):
        self.ms += 1
        self.records.append((BASE_S + self.ms // 1000, self.ms % 1000 * 1000, data, original or len(data)))

    def ip(self, src, dst, protocol, payload):
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0, address(src),
                           address(dst))
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        out = src.startswith("192.168.")
        macs = b"\2\0\0\0\0\1\2\0\0\0\0\2" if out else b"\2\0\0\0\0\2\2\0\0\0\0\1"
        self.frame(macs + b"\x08\0" + head + payload)

    def udp(self, src, src_port, dst, dst_port, payload):
        self.ip(src, dst, 17, struct.pack(">HHHH", src_port, dst_port, 8 + len(payload), 0) + payload)

    def tcp(self, src, src_port, dst, dst_port, flags, payload=b""):
        here, there = (src, src_port, dst, dst_port), (dst, dst_port, src, src_port)
        seq = self.sequence.setdefault(here, 1000)
        ack = self.sequence.get(there, 0)
        self.ip(src, dst, 6, struct.pack(">HHIIBBHHH", src_port, dst_port, seq, ack, 5 << 4, flags, 65535, 0, 0) + payload)
        self.sequence[here] = (seq + len(payload) + (1 if flags & 3 else 0)) & 0xffffffff

    def conversation(self, port, dst, dst_port, up, down):
        """A whole TCP connection from the phone."""
        self.tcp(PHONE, port, dst, dst_port, 2)
        self.tcp(dst, dst_port, PHONE, port, 0x12)
        self.tcp(PHONE, port, dst, dst_port, 0x10)
        for at in range(0, len(up), 1400):
            self.tcp(PHONE, port, dst, dst_port, 0x18, up[at:at + 1400])
        for at in range(0, len(down), 1400):
            self.tcp(dst, dst_port, PHONE, port, 0x18, down[at:at + 1400])
        self.tcp(PHONE, port, dst, dst_port, 0x11)
        self.tcp(dst, dst_port, PHONE, port, 0x11)
        self.tcp(PHONE, port, dst, dst_port, 0x10)

    def name_lookup(self, number, name, answer):
        labels = name if isinstance(name, list) else name.encode().split(b".")
        question = b"".join(bytes([len(p)]) + p for p in labels) + b"\0\0\1\0\1"
        self.udp(PHONE, 50000 + number, GATEWAY, 53, struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + question)
        self.udp(GATEWAY, 53, PHONE, 50000 + number, struct.pack(">HHHHHH", number, 0x8180, 1, 1, 0, 0) + question +
                 b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + address(answer))

    def post(self, port, host, dst, path, body, headers=b"", agent=b"Example/1"):
        up = (b"POST " + path + b" HTTP/1.1\r\nHost: " + host + b"\r\nUser-Agent: " + agent + b"\r\n" + headers +
              b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.conversation(port, dst, 80, up, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def tls(self, port, host, dst, opaque=3000):
        self.conversation(port, dst, 443, client_hello(host) + b"\x17\3\3" + struct.pack(">H", opaque) + noise(opaque),
                          b"\x17\3\3\0\x40" + noise(64))

    def pcap(self):
        out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
        return out + b"".join(struct.pack("<IIII", s, us, len(d), n) + d for s, us, d, n in self.records)

    def pcapng(self):
        def block(kind, body):
            body += b"\0" * (-len(body) % 4)
            return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
        out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 262144))
        for s, us, d, n in self.records:
            t = s * 1_000_000 + us
            out += block(6, struct.pack("<IIIII", 0, t >> 32, t & 0xffffffff, len(d), n) + d)
        return out


def noise(n):
    """Bytes that look like nothing, the same each time."""
    state, out = 88172645463325252, bytearray()
    while len(out) < n:
        state ^= state << 13 & 0xffffffffffffffff
        state ^= state >> 7
        state ^= state << 17 & 0xffffffffffffffff
        out += struct.pack("<Q", state)
    return bytes(out[:n])


def client_hello(host):
    host = host if isinstance(host, bytes) else host.encode()
    name = struct.pack(">HBH", len(host) + 3, 0, len(host)) + host
    extensions = struct.pack(">HH", 0, len(name)) + name + b"\0\x10\0\5\0\3\2h2" + b"\0\x2b\0\3\2\3\4"
    body = (b"\3\3" + noise(32) + b"\0" + b"\0\4\x13\1\x13\2" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions)
    shake = b"\1" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\3\1" + struct.pack(">H", len(shake)) + shake


@functools.lru_cache(maxsize=None)
def quiet_capture():
    """TLS only: names are seen, content is not."""
    c = Capture()
    c.name_lookup(1, "api.example-drone.com", FOREIGN)
    c.tls(40001, "api.example-drone.com", FOREIGN)
    return c


@functools.lru_cache(maxsize=None)
def leaking_capture():
    """The flight's path as gzipped JSON over plain HTTP, and other requests around it."""
    c = Capture()
    c.name_lookup(1, "log.example-drone.cn", FOREIGN)
    c.tls(40001, "api.example-drone.com", WEB)
    c.post(40002, b"log.example-drone.cn", FOREIGN, b"/v1/track", gzip.compress(flight_json(), mtime=0),
           b"Content-Type: application/json\r\nContent-Encoding: gzip\r\n")
    return c


def tar_of(members):
    """members: (name, bytes) or a ready TarInfo with bytes or None."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if content is not None:
                info.size = len(content)
            tar.addfile(info, io.BytesIO(content) if content is not None else None)
    return out.getvalue()


def zip_of(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as box:
        for name, content in members:
            box.writestr(zipfile.ZipInfo(name, (2024, 5, 14, 9, 30, 0)), content, compress_type=method)
    return out.getvalue()
