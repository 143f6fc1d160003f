"""Captures of a radio, made here: beacons of networks, Remote ID, DJI's DroneID.

    air = Air(start=1750000000)                     # seconds since 1970, UTC
    air.network("field office", "wpa2")
    air.network("", "wpa2", bssid="02:00:00:00:00:07")           # hidden
    air.remote_id("1581F0000000000000A1", (9.1, 48.7, 120.0), operator=(9.2, 48.8))
    air.dji("0TESTSERIAL00001", (9.1, 48.7), app=(9.2, 48.8), home=(9.1, 48.7))
    folder.write("radio.pcap", air.pcap())

Positions are (longitude, latitude[, altitude]) in degrees and metres.  Each frame comes `step`
seconds after the one before.  Nothing in here is a real person's: serial numbers are made up."""
import struct

RADIOTAP, WIFI, BLUETOOTH, BLUETOOTH_PSEUDO = 127, 105, 251, 256
EVERYBODY = bytes(6 * [0xFF])
EPOCH_2019 = 1546300800

WPA_OUI, RSN_OUI = bytes.fromhex("0050f2"), bytes.fromhex("000fac")
CCMP, TKIP, WEP40 = 4, 2, 1
AKM_1X, AKM_PSK, AKM_SAE, AKM_OWE = 1, 2, 8, 18


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def element(number, body):
    return bytes([number, len(body)]) + body


def rsn(pairwise=(CCMP,), akm=(AKM_PSK,), group=CCMP, capabilities=0):
    suites = lambda numbers: struct.pack("<H", len(numbers)) + b"".join(RSN_OUI + bytes([n]) for n in numbers)
    return element(48, struct.pack("<H", 1) + RSN_OUI + bytes([group]) + suites(pairwise) + suites(akm) +
                   struct.pack("<H", capabilities))


def wpa():
    return element(221, WPA_OUI + b"\1" + struct.pack("<H", 1) + WPA_OUI + b"\2" +
                   struct.pack("<H", 1) + WPA_OUI + b"\2" + struct.pack("<H", 1) + WPA_OUI + b"\2")


# name of network.security -> (privacy bit, elements)
SECURITY = {
    "open": (False, b""),
    "owe": (True, rsn(akm=(AKM_OWE,))),
    "wep": (True, b""),
    "wpa": (True, wpa()),
    "wpa_and_wpa2": (True, rsn(group=TKIP) + wpa()),
    "wpa2_tkip": (True, rsn(pairwise=(TKIP, CCMP), group=TKIP)),
    "wpa2": (True, rsn()),
    "wpa2_enterprise": (True, rsn(akm=(AKM_1X,))),
    "wpa2_and_wpa3": (True, rsn(akm=(AKM_PSK, AKM_SAE), capabilities=0x80)),
    "wpa3": (True, rsn(akm=(AKM_SAE,), capabilities=0xC0)),
}


class Air:
    def __init__(self, start=1750000000, step=0.1, link_type=RADIOTAP):
        self.link_type, self.time, self.step = link_type, start, step
        self.records, self.sequence, self.counter = [], 0, 0
        self.signal = None  # dBm, told with every frame

    # The capture and what is around a frame.

    def record(self, frame):
        seconds = int(self.time)
        self.records.append(struct.pack("<IIII", seconds, round((self.time - seconds) * 1e6) % 1000000, len(frame),
                                        len(frame)) + frame)
        self.time = round(self.time + self.step, 6)

    def pcap(self):
        return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, self.link_type) + b"".join(self.records)

    def frame(self, content, frequency=2437):
        if self.link_type == RADIOTAP:  # flags and channel
            told = 1 << 1 | 1 << 3 | (1 << 5 if self.signal else 0)
            signal = struct.pack("b", self.signal) if self.signal else b""
            content = struct.pack("<BBHIBxHH", 0, 0, 14 + len(signal), told, 0, frequency, 0xA0) + signal + content
        self.record(content)

    def management(self, subtype, sender, body, receiver=EVERYBODY, bssid=None, frequency=2437):
        self.sequence = (self.sequence + 16) & 0xFFFF
        self.frame(bytes([subtype << 4, 0, 0, 0]) + receiver + sender + (bssid or sender) +
                   struct.pack("<H", self.sequence) + body, frequency)

    def beacon(self, sender, elements, capability=0x420, subtype=8, frequency=2437):
        """`capability`: bit 0 an access point, bit 4 privacy; without either it is no network that can be joined."""
        self.management(subtype, sender, struct.pack("<QHH", int(self.time * 1e6), 100, capability) + elements,
                        frequency=frequency)

    # What can be heard.

    def network(self, ssid, security="wpa2", bssid="02:00:00:00:00:01", channel=6, response=False, more=b""):
        privacy, protection = SECURITY[security]
        frequency = 2407 + 5 * channel if channel < 14 else 5000 + 5 * channel
        self.beacon(mac(bssid), element(0, ssid if isinstance(ssid, bytes) else ssid.encode()) +
                    element(1, b"\x82\x84\x8b\x96") + element(3, bytes([channel])) + protection + more,
                    0x431 if privacy else 0x421,
                    subtype=5 if response else 8, frequency=frequency)

    def remote_id(self, serial, position, operator=None, operator_type=1, operator_id=None, session=None, self_id=None,
                  sender="02:00:00:00:00:02", ssid=None, speed=5.0, version=2, clock=0.0, **of_location):
        """A beacon with a message pack.  `clock`: seconds by which the aircraft's clock is ahead."""
        messages = [basic_id(serial, version=version)] if serial else []
        if session:
            messages.append(basic_id(session, id_type=4, version=version))
        now = self.time + clock
        messages.append(location(position, speed=speed, now=now, version=version, **of_location))
        if self_id:
            messages.append(bytes([0x30 | version, 0]) + self_id.encode().ljust(23, b"\0"))
        if operator:
            messages.append(system(operator, operator_type, now, version))
        if operator_id:
            messages.append(bytes([0x50 | version, 0]) + operator_id.encode().ljust(20, b"\0") + bytes(3))
        self.remote_id_messages(pack(messages, version), sender, ssid)

    def remote_id_messages(self, content, sender="02:00:00:00:00:02", ssid=None):
        self.counter = (self.counter + 1) & 0xFF
        self.beacon(mac(sender), element(0, (ssid or "").encode()) +
                    element(221, bytes.fromhex("fa0bbc0d") + bytes([self.counter]) + content))

    def dji(self, serial, position, app=None, home=None, version=2, sequence=None, sender="60:60:1f:00:00:01", ssid="DJI-TEST",
            height=20.0, velocity=(0, 0, 0), clock=0.0, uuid="", state=0x1FF7, product=58, oui="263712"):
        """A beacon with DJI's flight record."""
        self.counter = (self.counter + 1) & 0xFFFF
        raw = lambda place: struct.pack("<ii", degrees_raw(place[0]), degrees_raw(place[1])) if place else bytes(8)
        record = struct.pack("<BHH", version, self.counter if sequence is None else sequence, state) + \
            serial.encode().ljust(16, b"\0") + raw(position) + \
            struct.pack("<hhhhh", round(position[2]) if position and len(position) > 2 else 100, round(height * 10), *velocity)
        if version == 2:
            record += struct.pack("<hQ", 9000, round((self.time + clock) * 1000)) + raw(app and (app[1], app[0])) + raw(home)
        else:
            record += struct.pack("<hhh", 0, 0, 9000) + raw(home)
        record += bytes([product, len(uuid)]) + uuid.encode().ljust(20, b"\0")
        self.beacon(mac(sender), element(0, ssid.encode()) + rsn() + element(221, bytes.fromhex(oui + "58621310") + record), 0x431)

    def french(self, identifier, position, takeoff=None, height=20, speed=3, heading=90, sender="02:00:00:00:00:03"):
        """A French identification beacon."""
        item = lambda kind, body: bytes([kind, len(body)]) + body
        place = lambda kind, p: item(kind, struct.pack(">i", round(p[1] * 1e5))) + item(kind + 1, struct.pack(">i", round(p[0] * 1e5)))
        body = item(1, b"\1") + item(2, identifier.encode()) + place(4, position) + item(6, struct.pack(">h", round(position[2]))) + \
            item(7, struct.pack(">h", height)) + (place(8, takeoff) if takeoff else b"") + item(10, bytes([speed])) + \
            item(11, struct.pack(">H", heading))
        self.beacon(mac(sender), element(0, b"") + element(221, bytes.fromhex("6a5c3501") + body))

    def data(self, packet, protected=False, source="02:00:00:00:00:05", bssid="02:00:00:00:00:01", retry=False, ethertype=0x0800):
        """A data frame of a station to its access point; `packet` is an IP packet."""
        if not retry:
            self.sequence = (self.sequence + 16) & 0xFFFF
        flags = 1 | (0x40 if protected else 0) | (8 if retry else 0)
        self.frame(bytes([0x88, flags, 0, 0]) + mac(bssid) + mac(source) + mac(bssid) + struct.pack("<HH", self.sequence, 0) +
                   b"\xaa\xaa\x03\0\0\0" + struct.pack(">H", ethertype) + packet)


def degrees_raw(degrees):
    return round(degrees * 3.141592653589793 / 180 * 1e7)


# Messages of ASTM F3411, 25 bytes each.

def basic_id(text, id_type=1, aircraft_type=2, version=2):
    content = text if isinstance(text, bytes) else text.encode()
    return bytes([version, id_type << 4 | aircraft_type]) + content.ljust(20, b"\0") + bytes(3)


def altitude_raw(metres):
    return 0 if metres is None else round((metres + 1000) * 2)


def location(position, speed=5.0, direction=90, now=None, status=2, version=2, height=30.0, height_ref="takeoff", pressure=None):
    east = direction >= 180
    tenths = 0xFFFF if now is None else int(now * 10) % 36000
    return struct.pack("<BBBBbiiHHHBBHBB", 0x10 | version, status << 4 | (4 if height_ref == "ground" else 0) | (2 if east else 0), direction - 180 if east else direction,
                       round(speed * 4), 0, round(position[1] * 1e7), round(position[0] * 1e7), altitude_raw(pressure),
                       altitude_raw(position[2] if len(position) > 2 else None), altitude_raw(height), 0x4A, 0x63, tenths, 1, 0)


def system(operator, operator_type=1, now=None, version=2):
    stamp = 0 if now is None or version < 2 else int(now) - EPOCH_2019
    return struct.pack("<BBiiHBHHBHIB", 0x40 | version, operator_type, round(operator[1] * 1e7), round(operator[0] * 1e7),
                       1, 0, 0, 0, 0, altitude_raw(operator[2] if len(operator) > 2 else None), stamp, 0)


def pack(messages, version=2, size=25, count=None):
    return bytes([0xF0 | version, size, len(messages) if count is None else count]) + b"".join(messages)
