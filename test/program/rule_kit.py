"""What the scenarios of rules are made of: captures with connections at given seconds of the
flight, flight logs, photos, policies, address databases.  Everything is tiny, and the same
arguments give the same bytes.

The flight of all scenarios begins at FLIGHT_START_S and lasts FLIGHT_S.  Times of packets are
seconds after take-off, and may be negative.  Addresses outside are those of documentation
(RFC 5737); names are those of data/destinations.csv where a rule asks who is at the other end."""
import datetime
import functools
import hashlib
import ipaddress
import struct
import sys

import evidence
import scripts
from evidence import client_hello, noise

FLIGHT_START_S = evidence.BASE_S
FLIGHT_S = 30
PHONE, CONTROLLER, GATEWAY, AIRCRAFT = "192.168.50.10", "192.168.50.11", "192.168.50.1", "192.168.50.20"
SERVER, OTHER_SERVER, THIRD_SERVER = "203.0.113.20", "198.51.100.9", "192.0.2.77"


# Policies

def policy(*lines, profiles=("dhs-cisa",)):
    """A policy with these lines of YAML."""
    return "\n".join(["version: 1", "name: scenario", f"profiles: [{', '.join(profiles)}]", *lines]) + "\n"


def attest(rule, holds=None, document=None, when="2024-01-01", until="2199-12-31"):
    """The policy's lines by which a person states something; `document`: the bytes it rests on."""
    more = "" if holds is None else f", holds: {str(holds).lower()}"
    more += f", document_sha256: {sha256(document)}" if document is not None else ""
    return f"attestations:\n  {rule}: {{ who: Sgt. Example, when: {when}, until: {until}{more} }}"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


# Times

def utc(seconds_since_1970):
    return datetime.datetime.fromtimestamp(seconds_since_1970, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def days_ago(days):
    """A time so long before this run, at full days, so that one run makes one log of it."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((now - datetime.timedelta(days=days)).timestamp())


# Logs and photos, by the scripts in examples/

def log(start_s=FLIGHT_START_S, seconds=FLIGHT_S, kind="dji-txt", version=8, **more):
    """A flight log; `more`: other options of examples/flight.py (serial, name, product, lat, lon ...)."""
    options = [x for k, v in sorted(more.items()) for x in ("--" + k, str(v))]
    return evidence.example("flight", "--format", kind, "--version", str(version), "--start", utc(start_s),
                            "--duration", str(seconds), *options)


def log_of_app(version, start_s=FLIGHT_START_S):
    """A flight log written by another version of the app than 3.1.4."""
    whole, theirs = log(start_s), b"\2\3\1\4"  # Android, and the version
    assert whole.count(theirs) == 1
    return whole.replace(theirs, b"\2" + bytes(int(n) for n in version.split(".")))


def _survey():
    """The script, its arguments, and the samples of the usual flight."""
    script = scripts.script("flight")
    kept, sys.argv = sys.argv, ["flight", "--start", utc(FLIGHT_START_S), "--duration", str(FLIGHT_S)]
    try:
        args = script.arguments()
    finally:
        sys.argv = kept
    return script, args, script.survey(args)


@functools.lru_cache(maxsize=None)
def log_over_date_line():
    """The same flight, at 180 degrees east and west."""
    script, args, samples = _survey()
    away = 179.9997 - args.lon
    args.lon += away
    for s in samples:
        s.lon = (s.lon + away + 180) % 360 - 180
    return script.dji_txt(args, samples)


@functools.lru_cache(maxsize=None)
def log_with_jump(metres=2000, at_s=10):
    """The same flight, during which the position is elsewhere for a second."""
    script, args, samples = _survey()
    for s in samples[at_s * 10:at_s * 10 + 10]:
        s.lat += metres / script.METRES_PER_DEGREE
    return script.dji_txt(args, samples)


def photo(taken_s=FLIGHT_START_S + 60, latitude=45.5, longitude=-5.25, **more):
    """A photo; `more`: other options of examples/photo.py (make, model, drone_serial ...)."""
    options = [f"--{k.replace('_', '-')}={v}" for k, v in sorted(more.items())]
    return evidence.example("photo", f"--latitude={latitude}", f"--longitude={longitude}", "--time", utc(taken_s), *options)


# Captures

class Net(evidence.Capture):
    """A capture whose clock is set in seconds after take-off.  A host has the Ethernet address
    that its IP address gives (mac_of), unless `macs` says otherwise; what is not private lies
    behind the gateway's."""

    def __init__(self, start_s=FLIGHT_START_S, macs=None):
        super().__init__()
        self.start_s, self.macs, self.ports, self.lookups = start_s, dict(macs or {}), 40000, 0

    def at(self, seconds):
        self.ms = round(seconds * 1000)
        return self

    def mac_of(self, address):
        if address in self.macs:
            return bytes.fromhex(self.macs[address].replace(":", ""))
        if ipaddress.ip_address(address).is_private and not address.startswith(("192.0.2.", "198.51.100.", "203.0.113.")):
            return b"\2\0" + evidence.address(address)
        return self.mac_of(GATEWAY)

    def frame(self, data, original=None):
        self.ms += 1
        self.records.append((self.start_s + self.ms // 1000, self.ms % 1000 * 1000, data, original or len(data)))

    def ip(self, src, dst, protocol, payload):
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0,
                           evidence.address(src), evidence.address(dst))
        head = head[:10] + struct.pack(">H", evidence.checksum(head)) + head[12:]
        group = ipaddress.ip_address(dst).is_multicast
        to = (b"\xff" * 6 if dst == "255.255.255.255" else b"\1\0\x5e" + evidence.address(dst)[1:] if group
              else self.mac_of(dst))
        self.frame(to + self.mac_of(src) + b"\x08\0" + head + payload)

    def port(self):
        self.ports += 1
        return self.ports

    def name(self, name, answer, client=PHONE):
        """A look-up at the gateway, answered."""
        self.lookups += 1
        question = b"".join(bytes([len(p)]) + p for p in name.encode().split(b".")) + b"\0\0\1\0\1"
        port = 50000 + self.lookups
        self.udp(client, port, GATEWAY, 53, struct.pack(">HHHHHH", self.lookups, 0x100, 1, 0, 0, 0) + question)
        self.udp(GATEWAY, 53, client, port, struct.pack(">HHHHHH", self.lookups, 0x8180, 1, 1, 0, 0) + question +
                 b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + evidence.address(answer))
        return self

    def mdns(self, name, src=PHONE):
        """A question to all in the network segment."""
        question = b"".join(bytes([len(p)]) + p for p in name.encode().split(b".")) + b"\0\0\x0c\0\1"
        self.udp(src, 5353, "224.0.0.251", 5353, struct.pack(">HHHHHH", 0, 0, 1, 0, 0, 0) + question)
        return self

    def talk(self, dst, dst_port, up=b"", down=b"", src=PHONE, seconds=0, answered=True):
        """A whole TCP connection; its end comes `seconds` after its begin.  Not answered: two SYN."""
        port = self.port()
        self.tcp(src, port, dst, dst_port, 2)
        if not answered:
            self.sequence.pop((src, port, dst, dst_port))
            self.tcp(src, port, dst, dst_port, 2)
            return self
        self.tcp(dst, dst_port, src, port, 0x12)
        self.tcp(src, port, dst, dst_port, 0x10)
        for at in range(0, len(up), 1400):
            self.tcp(src, port, dst, dst_port, 0x18, up[at:at + 1400])
        for at in range(0, len(down), 1400):
            self.tcp(dst, dst_port, src, port, 0x18, down[at:at + 1400])
        self.ms += round(seconds * 1000)
        self.tcp(src, port, dst, dst_port, 0x11)
        self.tcp(dst, dst_port, src, port, 0x11)
        self.tcp(src, port, dst, dst_port, 0x10)
        return self

    def tls(self, host, dst=SERVER, up=600, down=64, src=PHONE, seconds=0, port=443):
        """A TLS connection: the name is seen, `up` and `down` bytes are not readable."""
        def records(n):
            out = b""
            while n > 0:
                part = min(n, 16000)
                out += b"\x17\3\3" + struct.pack(">H", part) + noise(part)
                n -= part
            return out
        return self.talk(dst, port, client_hello(host) + records(up), server_hello() + records(down), src, seconds)

    def http(self, host, path="/", body=b"", dst=SERVER, src=PHONE, headers="", answer=b"ok", status="200 OK",
             kind="text/plain", port=80):
        """One request in clear text, a POST when it has a body."""
        up = (f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Example/1\r\n{headers}"
              + (f"Content-Length: {len(body)}\r\n" if body else "") + "\r\n").encode() + body
        down = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer
        return self.talk(dst, port, up, down, src)

    def rtmp(self, dst=SERVER, src=PHONE, port=1935):
        """A live stream to a server: the handshake, and what follows it."""
        hello = b"\0\0\0\0" + b"\0\0\0\0" + noise(1528)
        return self.talk(dst, port, b"\3" + hello + hello + noise(200), b"\3" + hello + hello, src)

    def rtsp(self, dst=AIRCRAFT, src=PHONE, port=554):
        """A player asks a camera for its live picture."""
        ask = f"DESCRIBE rtsp://{dst}/live RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n".encode()
        told = b"v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=live\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
        return self.talk(dst, port, ask, b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\nContent-Length: "
                         + str(len(told)).encode() + b"\r\n\r\n" + told, src)

    def stun(self, dst=SERVER, src=PHONE, port=3478):
        """What begins a WebRTC call: a question for the own address, answered."""
        head = struct.pack(">HHI", 1, 0, 0x2112a442) + noise(12)
        self.udp(src, 50200, dst, port, head)
        self.udp(dst, port, src, 50200, struct.pack(">HHI", 0x101, 0, 0x2112a442) + noise(12))
        return self

    def link(self, src=CONTROLLER, dst=AIRCRAFT, begin=-2, end=FLIGHT_S + 2, step=4, port=9003):
        """Packets between two private addresses all over the flight: no one outside is concerned,
        but the time in the air counts as captured."""
        at = begin
        while at < end:
            self.at(at).udp(src, 9003, dst, port, noise(64))
            self.udp(dst, port, src, 9003, noise(64))
            at += step
        self.at(end).udp(src, 9003, dst, port, noise(64))
        return self


def server_hello(version=b"\3\4"):
    extensions = b"\0\x2b\0\2" + version
    body = b"\3\3" + noise(32) + b"\0" + b"\x13\1" + b"\0" + struct.pack(">H", len(extensions)) + extensions
    shake = b"\2" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\3\3" + struct.pack(">H", len(shake)) + shake


def net(**options):
    """A capture of the whole flight in which nobody outside is addressed yet."""
    return Net(**options).link()


# Address databases (MaxMind's format 2.0), for --geoip

def geoip(networks):
    """networks: {"203.0.113.0/24": "US", ...}; most are not looked at: documentation addresses
    are nobody's, so take others."""
    def utf8(text):
        raw = text.encode()
        assert len(raw) < 29
        return bytes([2 << 5 | len(raw)]) + raw

    def number(kind, value):
        raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return (bytes([kind << 5 | len(raw)]) if kind < 8 else bytes([len(raw), kind - 7])) + raw

    def table(pairs):
        return bytes([7 << 5 | len(pairs)]) + b"".join(utf8(k) + v for k, v in pairs)

    data, places = b"", {}
    for country in sorted(set(networks.values())):
        places[country] = len(data)
        data += table([("country", table([("iso_code", utf8(country))]))])
    nodes = [[None, None]]
    for network, country in networks.items():
        n = ipaddress.ip_network(network)
        bits = format(int(n.network_address), "032b")[:n.prefixlen]
        node = 0
        for i, bit in enumerate(bits):
            if i == len(bits) - 1:
                nodes[node][int(bit)] = country
            else:
                if nodes[node][int(bit)] is None:
                    nodes.append([None, None])
                    nodes[node][int(bit)] = len(nodes) - 1
                node = nodes[node][int(bit)]

    def record(x):
        value = len(nodes) if x is None else x if isinstance(x, int) else len(nodes) + 16 + places[x]
        return value.to_bytes(3, "big")
    tree = b"".join(record(a) + record(b) for a, b in nodes)
    about = table([("node_count", number(6, len(nodes))), ("record_size", number(5, 24)), ("ip_version", number(5, 4)),
                   ("database_type", utf8("Scenario-Country")), ("languages", bytes([0, 4])),
                   ("binary_format_major_version", number(5, 2)), ("binary_format_minor_version", number(5, 0)),
                   ("build_epoch", number(9, FLIGHT_START_S)),
                   ("description", table([("en", utf8("made for a test"))]))])
    return tree + b"\0" * 16 + data + b"\xab\xcd\xefMaxMind.com" + about
