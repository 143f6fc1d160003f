#!/usr/bin/python3
"""Makes the example of a privacy-mode test: the same session twice, mode off and mode on.

    privacy_mode.py                 into privacy-mode/ beside this script
    privacy_mode.py -o FOLDER

Each of off/ and on/ has the capture of a gateway, the flight log of the phone and a photo of the
card.  Everything is made up, packet by packet: the flight (over open sea), the serial numbers
(TEST), the addresses (RFC 5737), and who is told what when.  Real host names stand in it because
leash knows their owners; it says nothing about what any real app does.  The same script always
writes the same bytes.  Needs Python's standard library only.
"""

import argparse
import datetime
import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from capture import PHONE_MAC, Capture, checksum  # noqa: E402

SERIAL = "1TESTEXAMPLE001"
TAKEOFF_S, FLIGHT_S = 120, 60
HOSTS = {
    "active.dji.com": "198.51.100.11", "flysafe-api.dji.com": "198.51.100.12", "mydjiflight.dji.com": "198.51.100.10",
    "api.mapbox.com": "198.51.100.20", "app-measurement.com": "198.51.100.21", "track.example-cloud.cn": "198.51.100.22",
}


class Session(Capture):
    """A capture by the clock of the session."""

    def __init__(self, start):
        super().__init__(start.timestamp())
        self.start_us = self.time_us

    def at(self, seconds):
        self.time_us = max(self.time_us, self.start_us + seconds * 1_000_000)

    def join(self):
        """DHCP: the phone comes into the network, and asks for an address."""
        body = (struct.pack(">BBBBIHH", 1, 1, 6, 0, 0x1234, 0, 0x8000) + bytes(16) + PHONE_MAC + bytes(10 + 192) +
                b"\x63\x82\x53\x63" + b"\x35\x01\x01" + b"\xff")
        datagram = struct.pack(">HHHH", 68, 67, 8 + len(body), 0) + body
        ends = bytes(4) + b"\xff" * 4
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(datagram), 0, 0, 64, 17, 0)
        head = head[:10] + struct.pack(">H", checksum(head + ends))
        pseudo = ends + struct.pack(">BBH", 0, 17, len(datagram))
        datagram = datagram[:6] + struct.pack(">H", checksum(pseudo + datagram)) + datagram[8:]
        self.records.append((self.time_us, b"\xff" * 6 + PHONE_MAC + b"\x08\0" + head + ends + datagram))

    def talk(self, host, out, back):
        self.tls(host, HOSTS[host], out, back)


def made_by(script, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out")
        subprocess.run([sys.executable, os.path.join(HERE, script), *(str(a) for a in arguments), "-o", path], check=True)
        with open(path, "rb") as made:
            return made.read()


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def session(start, path, mode_on):
    """The phone joins, the app starts, a flight, the minutes after it."""
    c = Session(start)
    c.join()
    c.at(45)  # the app starts
    c.talk("active.dji.com", 900, 3100)
    c.talk("flysafe-api.dji.com", 700, 5200)
    c.talk("api.mapbox.com", 800, 24000)
    c.talk("app-measurement.com", 1500, 900)
    c.at(TAKEOFF_S + 10)
    c.talk("api.mapbox.com", 600, 18000)
    c.talk("app-measurement.com", 1200, 700)
    if not mode_on:
        c.at(TAKEOFF_S + 40)
        body = gzip.compress(json.dumps(path[:300], separators=(",", ":")).encode(), mtime=0)
        host = "track.example-cloud.cn"
        c.post(host, HOSTS[host], "/v1/path", body, "application/json", "Content-Encoding: gzip\r\n")
        c.talk("mydjiflight.dji.com", 2600, 900)
        c.at(TAKEOFF_S + FLIGHT_S + 25)  # landed: the app uploads what it has
        c.talk("mydjiflight.dji.com", 60000, 1200)
    c.at(TAKEOFF_S + FLIGHT_S + 60)
    c.talk("flysafe-api.dji.com", 500, 800)
    return c.pcap()


def make(folder, start, mode_on):
    takeoff = stamp(start + datetime.timedelta(seconds=TAKEOFF_S))
    path = json.loads(made_by("flight.py", "--start", takeoff, "--duration", FLIGHT_S, "--format", "json"))
    middle = path[len(path) // 2]
    files = {
        "gateway.pcap": session(start, path, mode_on),
        "phone/FlightRecord/DJIFlightRecord_example.txt":
            made_by("flight.py", "--serial", SERIAL, "--start", takeoff, "--duration", FLIGHT_S),
        "card/DCIM/100MEDIA/DJI_0001.JPG":
            made_by("photo.py", "--latitude", middle["lat"], "--longitude", middle["lon"], "--time", middle["time"],
                    "--relative-altitude", middle["height"], "--drone-serial", SERIAL, "--altitude", 120),
    }
    for name, content in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "wb") as out:
            out.write(content)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-o", "--output", default=os.path.join(HERE, "privacy-mode"), metavar="FOLDER")
    folder = options.parse_args().output
    start = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.timezone.utc)
    make(os.path.join(folder, "off"), start, False)
    make(os.path.join(folder, "on"), start + datetime.timedelta(hours=1), True)


if __name__ == "__main__":
    main()
