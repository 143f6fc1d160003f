"""Makes up a capture packet by packet: a phone behind a gateway, and what it says to the world.
For scripts that need the same capture each time; examples/make has real clients and servers instead.
Needs nothing but Python's standard library."""
import hashlib
import ipaddress
import struct

PHONE, RESOLVER = "192.168.50.10", "192.168.50.1"
PHONE_MAC, GATEWAY_MAC = b"\x02\0\0\0\x50\x10", b"\x02\0\0\0\x50\x01"
SYN, ACK, PUSH, FIN = 2, 16, 8, 1


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def opaque(seed, count):
    """Bytes that look encrypted, the same each time."""
    out = b""
    while len(out) < count:
        out += hashlib.sha256(f"{seed} {len(out)}".encode()).digest()
    return out[:count]


def client_hello(host):
    def block(kind, body):
        return struct.pack(">HH", kind, len(body)) + body
    name = host.encode()
    extensions = (block(0, struct.pack(">HBH", len(name) + 3, 0, len(name)) + name) + block(10, b"\0\4\0\x1d\0\x17") +
                  block(13, b"\0\4\4\3\x08\4") + block(16, b"\0\x0c\2h2\x08http/1.1") + block(43, b"\4\3\4\3\3"))
    body = (b"\3\3" + opaque(host, 32) + b"\0" + b"\0\4\x13\1\x13\2" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions)
    return b"\x16\3\1" + struct.pack(">HBBH", len(body) + 4, 1, 0, len(body)) + body


class Capture:
    """`start_s` is the time of the first packet, in seconds since 1970; each packet takes 2 ms."""

    def __init__(self, start_s):
        self.time_us, self.records, self.port, self.sequence = int(start_s * 1_000_000), [], 40000, {}

    def wait(self, seconds):
        self.time_us += int(seconds * 1_000_000)

    def packet(self, source, target, protocol, segment):
        self.time_us += 2000
        out = source == PHONE
        ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(target).packed
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), len(self.records) & 0xffff, 0x4000, 64, protocol, 0)
        head = head[:10] + struct.pack(">H", checksum(head + ends))
        at = 16 if protocol == 6 else 6
        pseudo = ends + struct.pack(">BBH", 0, protocol, len(segment))
        segment = segment[:at] + struct.pack(">H", checksum(pseudo + segment)) + segment[at + 2:]
        frame = (GATEWAY_MAC + PHONE_MAC if out else PHONE_MAC + GATEWAY_MAC) + b"\x08\0" + head + ends + segment
        self.records.append((self.time_us, frame))

    def datagram(self, source, source_port, target, target_port, payload):
        self.packet(source, target, 17, struct.pack(">HHHH", source_port, target_port, 8 + len(payload), 0) + payload)

    def segment(self, source, target, flags, payload=b""):
        sent, received = self.sequence.get((source, target), 1000), self.sequence.get((target, source), 0)
        self.packet(source[0], target[0], 6, struct.pack(">HHIIBBHHH", source[1], target[1], sent, received if flags & ACK else 0,
                                                         5 << 4, flags, 64000, 0, 0) + payload)
        self.sequence[source, target] = sent + len(payload) + (1 if flags & (SYN | FIN) else 0)

    def connection(self, target, port, turns):
        """A whole TCP connection of the phone; `turns` are the bytes that go out, in, out, in ..."""
        self.port += 1
        phone, server = (PHONE, self.port), (target, port)
        self.segment(phone, server, SYN)
        self.segment(server, phone, SYN | ACK)
        self.segment(phone, server, ACK)
        for number, payload in enumerate(turns):
            source, other = (phone, server) if number % 2 == 0 else (server, phone)
            for at in range(0, len(payload), 1400):
                self.segment(source, other, PUSH | ACK, payload[at:at + 1400])
            self.segment(other, source, ACK)
        self.segment(phone, server, FIN | ACK)
        self.segment(server, phone, FIN | ACK)
        self.segment(phone, server, ACK)

    def lookup(self, name, address):
        self.port += 1
        number = self.port & 0xffff
        question = b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0\0\1\0\1"
        self.datagram(PHONE, self.port, RESOLVER, 53, struct.pack(">6H", number, 0x0100, 1, 0, 0, 0) + question)
        self.datagram(RESOLVER, 53, PHONE, self.port, struct.pack(">6H", number, 0x8180, 1, 1, 0, 0) + question +
                      b"\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4" + ipaddress.ip_address(address).packed)

    def tls(self, host, address, out, back):
        """`out` and `back` bytes that nobody can read."""
        def application(seed, count):
            return b"".join(b"\x17\3\3" + struct.pack(">H", n) + opaque((seed, i), n)
                            for i, n in enumerate([4096] * (count // 4096) + [count % 4096]) if n)
        hello = client_hello(host)
        server = struct.pack(">BBH", 2, 0, 72) + b"\3\3" + opaque(("server", host), 32) + b"\0\x13\1\0\0\x2e" + b"\0\x2b\0\2\3\4" + \
            b"\0\x33\0\x24\0\x1d\0\x20" + opaque(("share", host), 32)
        server = b"\x02" + struct.pack(">I", len(server) - 4)[1:] + server[4:]
        self.lookup(host, address)
        self.connection(address, 443, [hello, b"\x16\3\3" + struct.pack(">H", len(server)) + server + application(("reply", host), 900),
                                       application(("out", host), out), application(("back", host), back)])

    def post(self, host, address, path, body, content_type, headers=""):
        self.lookup(host, address)
        head = (f"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: ExampleKit/1.0\r\nContent-Type: {content_type}\r\n{headers}"
                f"Content-Length: {len(body)}\r\n\r\n")
        self.connection(address, 80, [head.encode() + body, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"])

    def pcap(self):
        out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
        return out + b"".join(struct.pack("<IIII", t // 1_000_000, t % 1_000_000, len(f), len(f)) + f for t, f in self.records)
