#!/usr/bin/python3
"""Makes the example of a privacy-mode test: the same session twice, mode off and mode on.

    privacy_mode.py -o privacy-mode

writes privacy-mode/off and privacy-mode/on, each with the capture of a gateway, the flight log
of the phone and a photo of the card.  Everything is made up, packet by packet: the flight (over
open sea), the serial numbers (TEST), the addresses (RFC 5737), and who is told what when.  Real
host names stand in it because leash knows their owners; it says nothing about what any real
app does.  The same script always writes the same bytes.  Needs Python's standard library only.
"""

import argparse
import datetime
import gzip
import json
import os
import random
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PHONE, GATEWAY, NAMES = "192.168.50.10", "192.168.50.1", "198.51.100.53"
PHONE_MAC, GATEWAY_MAC = bytes.fromhex("020000005010"), bytes.fromhex("020000005001")
SERIAL = "1TESTEXAMPLE001"
FLIGHT_S = 60
HOSTS = {
    "active.dji.com": "198.51.100.11", "flysafe-api.dji.com": "198.51.100.12", "mydjiflight.dji.com": "198.51.100.10",
    "api.mapbox.com": "198.51.100.20", "app-measurement.com": "198.51.100.21", "track.example-cloud.cn": "198.51.100.22",
}


def address(text):
    return bytes(int(n) for n in text.split("."))


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Capture:
    """Packets with their times; `at` is the second of the session that comes next."""

    def __init__(self, start, seed):
        self.start, self.at, self.records = start, 0.0, []
        self.random = random.Random(seed)
        self.port, self.question = 40000, 0

    def frame(self, src, dst, protocol, payload):
        src_mac, dst_mac = (PHONE_MAC, GATEWAY_MAC) if src in (PHONE, "0.0.0.0") else (GATEWAY_MAC, PHONE_MAC)
        if dst == "255.255.255.255":
            dst_mac = b"\xff" * 6
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0, address(src), address(dst))
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        self.records.append((self.start + self.at, dst_mac + src_mac + b"\x08\0" + head + payload))
        self.at += 0.002

    def transport(self, src, dst, protocol, head, at, payload):
        pseudo = address(src) + address(dst) + struct.pack(">BBH", 0, protocol, len(head) + len(payload))
        head = head[:at] + struct.pack(">H", checksum(pseudo + head + payload)) + head[at + 2:]
        self.frame(src, dst, protocol, head + payload)

    def udp(self, src, src_port, dst, dst_port, payload):
        self.transport(src, dst, 17, struct.pack(">HHHH", src_port, dst_port, 8 + len(payload), 0), 6, payload)

    def join(self):
        """DHCP: the phone comes into the network."""
        options = b"\x63\x82\x53\x63" + b"\x35\x01\x01" + b"\xff"
        body = struct.pack(">BBBBIHH", 1, 1, 6, 0, 0x1234, 0, 0x8000) + bytes(16) + PHONE_MAC + bytes(10 + 192) + options
        self.udp("0.0.0.0", 68, "255.255.255.255", 67, body)

    def look_up(self, name):
        self.question += 1
        labels = b"".join(bytes([len(p)]) + p for p in name.encode().split(b".")) + b"\0\0\1\0\1"
        self.udp(PHONE, 50000 + self.question, NAMES, 53, struct.pack(">HHHHHH", self.question, 0x100, 1, 0, 0, 0) + labels)
        self.udp(NAMES, 53, PHONE, 50000 + self.question, struct.pack(">HHHHHH", self.question, 0x8180, 1, 1, 0, 0) + labels +
                 b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + address(HOSTS[name]))

    def conversation(self, host, port, turns):
        """A TCP connection; turns are (from the phone?, bytes)."""
        self.look_up(host)
        self.port += 1
        ends = ((PHONE, self.port), (HOSTS[host], port))
        sequence = [self.random.getrandbits(32), self.random.getrandbits(32)]

        def send(side, flags, payload=b""):
            (src, src_port), (dst, dst_port) = ends[side], ends[1 - side]
            acknowledged = sequence[1 - side] if flags & 0x10 else 0
            head = struct.pack(">HHIIBBHHH", src_port, dst_port, sequence[side], acknowledged, 5 << 4, flags, 65535, 0, 0)
            self.transport(src, dst, 6, head, 16, payload)
            sequence[side] = (sequence[side] + len(payload) + (flags & 3 > 0)) & 0xffffffff

        send(0, 0x02)
        send(1, 0x12)
        send(0, 0x10)
        for from_phone, content in turns:
            side = 0 if from_phone else 1
            for at in range(0, len(content), 1400):
                send(side, 0x18, content[at:at + 1400])
            send(1 - side, 0x10)
        send(0, 0x11)
        send(1, 0x11)
        send(0, 0x10)

    def noise(self, count):
        return self.random.randbytes(count)

    def tls(self, host, sent, received):
        """A TLS 1.3 connection with so many encrypted bytes each way."""
        name = host.encode()
        sni = struct.pack(">HBH", len(name) + 3, 0, len(name)) + name
        extensions = struct.pack(">HH", 0, len(sni)) + sni + b"\0\x10\0\5\0\3\2h2" + b"\0\x2b\0\3\2\3\4"
        hello = (b"\3\3" + self.noise(32) + b"\0" + b"\0\4\x13\1\x13\2" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions)
        answer = b"\3\3" + self.noise(32) + b"\0" + b"\x13\1\0" + struct.pack(">H", 6) + b"\0\x2b\0\2\3\4"

        def record(kind, body):
            return bytes([kind]) + b"\3\3" + struct.pack(">H", len(body)) + body

        def encrypted(count):
            return b"".join(record(0x17, self.noise(min(16000, count - at))) for at in range(0, count, 16000))

        self.conversation(host, 443, [
            (True, record(0x16, b"\1" + struct.pack(">I", len(hello))[1:] + hello)),
            (False, record(0x16, b"\2" + struct.pack(">I", len(answer))[1:] + answer) + encrypted(received)),
            (True, encrypted(sent)),
        ])

    def post(self, host, path, body, extra=""):
        head = (f"POST {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: ExampleKit/1.0\r\nContent-Type: application/json\r\n{extra}"
                f"Content-Length: {len(body)}\r\n\r\n")
        self.conversation(host, 80, [(True, head.encode() + body), (False, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")])

    def pcap(self):
        out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
        for time, data in self.records:
            microseconds = round(time * 1_000_000)
            out += struct.pack("<IIII", microseconds // 1_000_000, microseconds % 1_000_000, len(data), len(data)) + data
        return out


def made_by(script, *arguments):
    return subprocess.run([sys.executable, os.path.join(HERE, script), *arguments], check=True, stdout=subprocess.PIPE).stdout


def session(start, mode_on):
    """The phone joins, the app starts, a flight, the minutes after it.  Seconds from the start."""
    c = Capture(start.timestamp(), 2 if mode_on else 1)
    takeoff = start + datetime.timedelta(seconds=120)
    path = json.loads(made_by("flight.py", "--start", stamp(takeoff), "--duration", str(FLIGHT_S), "--format", "json"))

    c.join()
    c.at = 45   # the app starts
    c.tls("active.dji.com", 900, 3100)
    c.tls("flysafe-api.dji.com", 700, 5200)
    c.tls("api.mapbox.com", 800, 24000)
    c.tls("app-measurement.com", 1500, 900)
    c.at = 130  # in the air
    c.tls("api.mapbox.com", 600, 18000)
    c.tls("app-measurement.com", 1200, 700)
    if not mode_on:
        c.at = 150
        body = gzip.compress(json.dumps(path[:300], separators=(",", ":")).encode(), mtime=0)
        c.post("track.example-cloud.cn", "/v1/path", body, "Content-Encoding: gzip\r\n")
        c.tls("mydjiflight.dji.com", 2600, 900)
    c.at = 120 + FLIGHT_S + 25  # landed; the app uploads what it has
    if not mode_on:
        c.tls("mydjiflight.dji.com", 60000, 1200)
    c.at = 120 + FLIGHT_S + 60
    c.tls("flysafe-api.dji.com", 500, 800)
    return c.pcap(), takeoff, path


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def write(folder, name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(content)


def make(folder, start, mode_on):
    capture, takeoff, path = session(start, mode_on)
    write(folder, "gateway.pcap", capture)
    write(folder, "phone/FlightRecord/DJIFlightRecord_example.txt",
          made_by("flight.py", "--serial", SERIAL, "--start", stamp(takeoff), "--duration", str(FLIGHT_S)))
    middle = path[len(path) // 2]
    write(folder, "card/DCIM/100MEDIA/DJI_0001.JPG",
          made_by("photo.py", "--latitude", str(middle["lat"]), "--longitude", str(middle["lon"]), "--time", middle["time"],
                  "--relative-altitude", str(middle["height"]), "--drone-serial", SERIAL, "--altitude", "120", "-o", "/dev/stdout"))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-o", "--output", default=os.path.join(HERE, "privacy-mode"), help="folder (default: beside this script)")
    folder = options.parse_args().output
    day = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.timezone.utc)
    make(os.path.join(folder, "off"), day, False)
    make(os.path.join(folder, "on"), day + datetime.timedelta(hours=1), True)


if __name__ == "__main__":
    main()
