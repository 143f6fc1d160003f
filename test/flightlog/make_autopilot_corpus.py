#!/usr/bin/python3
"""Makes test/corpus/flightlog/{ulog,dataflash,tlog} anew: small logs of flights that never took place,
over open sea.

    test/flightlog/make_autopilot_corpus.py [DIALECT.py]

ULog and DataFlash are written here from their specifications; pyulog and pymavlink read them as
test/flightlog/{ulog,dataflash}.c say.  The telemetry logs are packed by MAVLink's own generated code:
DIALECT.py is what mavgen.py (ArduPilot/pymavlink) makes of message_definitions/v1.0/all.xml; without it
they are left as they are.
"""
import importlib.util
import os
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORPUS = os.path.join(ROOT, "test", "corpus", "flightlog")
UTC_US = 1715679000000000  # 2024-05-14T09:30:00Z
LATITUDE, LONGITUDE = 45.5, -5.25


def save(folder, name, content):
    with open(os.path.join(CORPUS, folder, name), "wb") as f:
        f.write(content)


# ULog

FORMATS = {
    "vehicle_gps_position": "uint64_t timestamp;uint64_t time_utc_usec;double latitude_deg;double longitude_deg;double altitude_msl_m;"
                            "int32_t timestamp_time_relative;uint8_t fix_type;uint8_t[3] _padding0;",
    "vehicle_global_position": "uint64_t timestamp;double lat;double lon;float alt;uint8_t[4] _padding0;",
    "home_position": "uint64_t timestamp;double lat;double lon;float alt;bool valid_hpos;uint8_t[3] _padding0;",
    "position_setpoint": "uint64_t timestamp;double lat;double lon;float alt;bool valid;uint8_t[3] _padding0;",
    "position_setpoint_triplet": "uint64_t timestamp;position_setpoint previous;position_setpoint current;",
    "follow_target": "uint64_t timestamp;double lat;double lon;float alt;uint8_t[4] _padding0;",
    "open_drone_id_system": "uint64_t timestamp;int32_t operator_latitude;int32_t operator_longitude;float operator_altitude_geo;"
                            "uint8_t[20] id_or_mac;",
    "battery_status": "uint64_t timestamp;float[4] voltage_cell_v;uint16_t serial_number;uint8_t[6] _padding0;",
    "transponder_report": "uint64_t timestamp;double lat;double lon;float altitude;",
    "cpuload": "uint64_t timestamp;float load;float ram_usage;",
}
OLD_GPS = "uint64_t timestamp;uint64_t time_utc_usec;int32_t lat;int32_t lon;int32_t alt;uint8_t fix_type;uint8_t[3] _padding0;"
START_US = 5000000


def record(kind, content):
    return struct.pack("<Hc", len(content), kind.encode()) + content


def keyed(key, value):
    return bytes([len(key)]) + key.encode() + value


def ulog_header(version, incompatible=0, offsets=(0, 0, 0)):
    return b"ULog\x01\x125" + struct.pack("<BQ", version, START_US) + \
        record("B", bytes(8) + struct.pack("<Q3Q", incompatible, *offsets))


def ulog_definitions(formats):
    out = b"".join(record("F", ("%s:%s" % f).encode()) for f in formats.items())
    for key, value in (("char[3] sys_name", b"PX4"), ("char[12] ver_hw", b"TEST_BOARD_1"), ("char[24] sys_uuid", b"00ffeeddccbbaa9988776655"),
                       ("char[10] ver_sw", b"0123456789"), ("uint32_t ver_sw_release", struct.pack("<I", 0x010f02ff))):
        out += record("I", keyed(key, value))
    out += record("M", b"\0" + keyed("char[5] boot_console_output", b"hello")) + record("M", b"\1" + keyed("char[6] boot_console_output", b" world"))
    out += record("P", keyed("int32_t MAV_SYS_ID", struct.pack("<i", 1))) + record("P", keyed("float RTL_RETURN_ALT", struct.pack("<f", 30)))
    return out + record("Q", b"\1" + keyed("float RTL_RETURN_ALT", struct.pack("<f", 60)))


def subscribe(number, name, instance=0):
    return record("A", struct.pack("<BH", instance, number) + name.encode())


def data(number, layout, *values):
    return record("D", struct.pack("<H" + layout, number, *values))


def gps(number, i, fix=3, away=0.0):
    at = START_US + 100000 * i
    return data(number, "QQdddiB", at, UTC_US + 100000 * i + 2000 if i >= 2 else 0, LATITUDE + i / 10000 + away, LONGITUDE, 100.0 + i, 2000, fix)


def ulog_flight():
    """Ten fixes, one every tenth of a second; UTC is known from the third on."""
    names = list(FORMATS)
    out = b"".join(subscribe(i, name) for i, name in enumerate(names)) + subscribe(20, "vehicle_gps_position", 1)
    out += data(0, "QQdddiB", START_US, 0, 0.0, 0.0, 0.0, 0, 0)
    out += record("L", b"6" + struct.pack("<Q", START_US + 50000) + b"[commander] Takeoff detected")
    for i in range(10):
        at = START_US + 100000 * i
        out += gps(0, i) + gps(20, i, away=0.00001)
        out += data(1, "Qddf", at + 1000, LATITUDE + i / 10000, LONGITUDE, 100.5)
        out += data(9, "Qff", at + 2000, 0.5, 0.25)
        if i == 4:
            out += record("S", bytes([0x2f, 0x73, 0x13, 0x20, 0x25, 0x0c, 0xbb, 0x12])) + record("O", struct.pack("<H", 250))
            out += record("P", keyed("float RTL_RETURN_ALT", struct.pack("<f", 40)))
            out += record("C", b"4" + struct.pack("<HQ", 7, at) + b"tagged")
        if i in (5, 6):
            out += data(2, "Qddf?", at, LATITUDE - 0.001, LONGITUDE, 90.0, True)
            out += data(4, "QQddf?3xQddf?3x", at, 0, 0.0, 0.0, 0.0, False, at, LATITUDE + 0.01, LONGITUDE + 0.01, 120.0, True)
            out += data(6, "Qiif20s", at, 454990000, -52510000, 3.0, bytes(20))
            out += data(7, "Q4fH", at, 4, 4, 4, 4, 4711)
            out += data(5, "Qddf", at, LATITUDE + 0.002, LONGITUDE, 1.0)
            out += data(8, "Qddf", at, LATITUDE + 0.1, LONGITUDE, 1000.0)
    return out + record("R", struct.pack("<H", 9))


def old_flight():
    """As before 1.13: whole numbers, and no UTC."""
    out = subscribe(3, "vehicle_gps_position")
    for i in range(5):
        out += data(3, "QQiiiB", START_US + 200000 * i, 0, 455000000 + 1000 * i, -52500000, 100000 + i, 3)
    return out


LOCAL = "uint64_t timestamp;double ref_lat;double ref_lon;float ref_alt;float x;float y;float z;bool xy_valid;bool xy_global;bool z_global;" \
        "uint8_t[1] _padding0;"


def local_flight():
    """Metres from a reference alone: a kilometre north, then one east; the first and the last do not count."""
    out = subscribe(3, "vehicle_local_position")
    steps = [(0, 0, False), (0, 0, True), (500, 0, True), (1000, 0, True), (1000, 500, True), (1000, 1000, True), (9, 9, False)]
    for i, (north, east, of_globe) in enumerate(steps):
        out += data(3, "Qdd4f???", START_US + 200000 * i, LATITUDE, LONGITUDE, 50.0, north, east, -20.0 - i, True, of_globe, True)
    return out


def make_ulog():
    whole = ulog_header(1) + ulog_definitions(FORMATS) + ulog_flight()
    save("ulog", "ten-fixes.ulg", whole)
    save("ulog", "cut-in-a-record.ulg", whole[:-40])
    save("ulog", "version-0-whole-numbers-no-utc.ulg", ulog_header(0) + ulog_definitions({"vehicle_gps_position": OLD_GPS}) + old_flight())
    save("ulog", "only-local-positions.ulg",
         ulog_header(1) + ulog_definitions({"vehicle_local_position": LOCAL}) + local_flight())
    save("ulog", "unknown-incompatible-bit.ulg", ulog_header(1, 0x10) + whole[16 + 43:])
    at = whole.index(gps(0, 4))
    save("ulog", "flipped-length.ulg", whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1:])
    save("ulog", "noise-inside.ulg", whole[:at] + bytes((i * 37 + 11) & 255 for i in range(300)) + whole[at:])
    # the log stops inside a record, and a crash dump is appended
    stump = whole[:whole.index(gps(0, 8)) + 20]
    appended = record("M", b"\0" + keyed("char[4] hardfault_plain", b"dump")) + \
        record("L", b"2" + struct.pack("<Q", START_US + 900000) + b"hardfault")
    save("ulog", "appended-after-a-stump.ulg", ulog_header(1, 1, (len(stump), 0, 0)) + stump[16 + 43:] + appended)


# DataFlash

LETTERS = {"B": "B", "H": "H", "I": "I", "Q": "Q", "L": "i", "f": "f", "c": "h", "e": "i", "N": "16s", "Z": "64s", "n": "4s", "h": "h", "d": "d"}
KINDS = {
    "FMT": (128, "BBnNZ", "Type,Length,Name,Format,Columns"),
    "PARM": (129, "QNf", "TimeUS,Name,Value"),
    "GPS": (130, "QBBIHBcLLef", "TimeUS,I,Status,GMS,GWk,NSats,HDop,Lat,Lng,Alt,Spd"),
    "POS": (131, "QLLef", "TimeUS,Lat,Lng,Alt,RelHomeAlt"),
    "MSG": (132, "QZ", "TimeUS,Message"),
    "ORGN": (133, "QBLLe", "TimeUS,Type,Lat,Lng,Alt"),
    "CMD": (134, "QHHHffffLLfB", "TimeUS,CTot,CNum,CId,Prm1,Prm2,Prm3,Prm4,Lat,Lng,Alt,Frame"),
    "CAM": (135, "QIHLLe", "TimeUS,GPSTime,GPSWeek,Lat,Lng,Alt"),
    "RALY": (136, "QBBLLh", "TimeUS,Tot,Seq,Lat,Lng,Alt"),
    "ATT": (137, "Qcc", "TimeUS,Roll,Pitch"),
}
WEEK, WEEK_MS = 2314, 207018000  # 2024-05-14T09:30:00Z, 18 leap seconds later in GPS time


def e7(degrees):
    return round(degrees * 1e7)


def dataflash_flight():
    rows = [("MSG", 10000000, "ArduCopter V4.5.7 (0123abcd)"), ("MSG", 10000100, "TestBoard 00112233 44556677 8899AABB"),
            ("PARM", 10000200, "BRD_SERIAL_NUM", 4242.0), ("PARM", 10000300, "RTL_ALT", 1500.0),
            ("GPS", 10000400, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0.0),
            ("CMD", 10000500, 2, 0, 16, 0.0, 0.0, 0.0, 0.0, e7(45.49), e7(-5.26), 0.0, 0),
            ("CMD", 10000600, 2, 1, 178, 0.0, 0.0, 0.0, 0.0, 0, 0, 0.0, 3),
            ("ORGN", 10000700, 0, e7(45.4999), e7(-5.2501), 9000), ("ORGN", 10000800, 1, e7(45.4998), e7(-5.2502), 9100),
            ("RALY", 10000900, 1, 0, e7(45.51), e7(-5.27), 30)]
    for i in range(5):
        at = 11000000 + 200000 * i
        rows += [("GPS", at, 0, 3, WEEK_MS + 200 * i, WEEK, 12, 80, e7(LATITUDE + i / 10000), e7(LONGITUDE), 10000 + 10 * i, 1.5),
                 ("GPS", at + 50, 1, 3, WEEK_MS + 200 * i, WEEK, 11, 90, e7(LATITUDE + i / 10000 + 0.00001), e7(LONGITUDE), 10010, 1.5),
                 ("POS", at + 100, e7(LATITUDE + i / 10000), e7(LONGITUDE), 10005, 1.0), ("ATT", at + 200, -150, 275)]
    return rows + [("CAM", 11900000, WEEK_MS + 900, WEEK, e7(45.5004), e7(-5.25), 10050)]


def encode(value, letter):
    return value.encode() if letter in "nNZ" else value


def dataflash_record(name, *values):
    number, letters, _ = KINDS[name]
    layout = "<" + "".join(LETTERS[c] for c in letters)
    return b"\xa3\x95" + bytes([number]) + struct.pack(layout, *[encode(v, c) for v, c in zip(values, letters)])


def fmt(name):
    number, letters, columns = KINDS[name]
    return dataflash_record("FMT", number, 3 + struct.calcsize("<" + "".join(LETTERS[c] for c in letters)), name, letters, columns)


def in_text(value, letter):
    if letter == "L":
        return "%.7f" % (value / 1e7)
    if letter in "ce":
        return "%.2f" % (value / 100)
    return str(value)


def make_dataflash():
    layouts = b"".join(fmt(name) for name in KINDS)
    rows = dataflash_flight()
    records = [dataflash_record(*row) for row in rows]
    whole = layouts + b"".join(records)
    save("dataflash", "five-fixes.bin", whole)
    save("dataflash", "cut-in-a-record.bin", whole[:-7])
    save("dataflash", "layout-of-pos-missing.bin", whole.replace(fmt("POS"), b""))
    at = whole.index(records[14])
    save("dataflash", "flipped-mark.bin", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    save("dataflash", "flipped-type.bin", whole[:at + 2] + bytes([129]) + whole[at + 3:])
    save("dataflash", "noise-inside.bin", whole[:at] + bytes((i * 37 + 11) & 255 for i in range(200)) + whole[at:])
    lines = ["FMT, %d, %d, %s, %s, %s" % (KINDS[n][0], 3 + struct.calcsize("<" + "".join(LETTERS[c] for c in KINDS[n][1])), n, KINDS[n][1], KINDS[n][2])
             for n in KINDS]
    lines += [", ".join([row[0]] + [in_text(v, c) for v, c in zip(row[1:], KINDS[row[0]][1])]) for row in rows]
    save("dataflash", "five-fixes.log", ("\n".join(lines) + "\n").encode())
    lines.insert(20, "GPS, 11000000, 0, 3")
    save("dataflash", "line-with-too-few-values.log", ("\r\n".join(lines) + "\r\n").encode())


# Telemetry logs

def load(path):
    spec = importlib.util.spec_from_file_location("dialect", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["dialect"] = module
    spec.loader.exec_module(module)
    return module


class Station:
    """A ground station that writes down what it hears."""

    def __init__(self, m, start_us):
        self.m, self.at_us, self.log, self.links = m, start_us, b"", {}

    def hear(self, system, component, message, version=2, key=None):
        link = self.links.setdefault((system, component), self.m.MAVLink(None, srcSystem=system, srcComponent=component))
        link.signing.secret_key, link.signing.sign_outgoing, link.signing.timestamp = key, key is not None, 1
        frame = message.pack(link, force_mavlink1=version == 1)
        link.seq = (link.seq + 1) % 256
        self.log += struct.pack(">Q", self.at_us & ~3 | 1) + frame
        self.at_us += 10000


def text_bytes(text, size):
    return text.encode().ljust(size, b"\0")


def telemetry(m, start_us, version):
    s = Station(m, start_us)
    nobody = [0] * 20
    s.hear(1, 1, m.MAVLink_heartbeat_message(2, 3, 0, 0, 4, 3), version)
    s.hear(255, 190, m.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3), version)
    s.hear(1, 1, m.MAVLink_system_time_message(UTC_US + 500000, 1000), version)
    s.hear(1, 1, m.MAVLink_autopilot_version_message(0, 0x040507ff, 0, 0, 0, list(b"0123abcd"), [0] * 8, [0] * 8, 0, 0, 0x1122334455667788,
                                                     list(range(1, 19)) if version == 2 else [0] * 18), version)
    s.hear(1, 1, m.MAVLink_statustext_message(6, b"ArduCopter V4.5.7 (0123abcd)"), version)
    s.hear(1, 1, m.MAVLink_statustext_message(6, b"TestBoard 00112233 44556677 8899AABB"), version)
    s.hear(1, 1, m.MAVLink_param_value_message(b"BRD_SERIAL_NUM", 4242.0, 9, 2, 0), version)
    s.hear(1, 1, m.MAVLink_home_position_message(e7(45.4998), e7(-5.2502), 91000, 0, 0, 0, [1, 0, 0, 0], 0, 0, 0, 0), version)
    s.hear(1, 1, m.MAVLink_gps_global_origin_message(e7(45.4999), e7(-5.2501), 90000, 0), version)
    for seq in (0, 1, 1):
        s.hear(1, 1, m.MAVLink_mission_item_int_message(255, 190, seq, 3, 16, 0, 1, 0, 0, 0, 0, e7(45.51 + seq / 100), e7(-5.26), 30), version)
    for i in range(6):
        s.hear(1, 1, m.MAVLink_gps_raw_int_message(0, 3, e7(LATITUDE + i / 10000 + 0.00001), e7(LONGITUDE), 100000, 80, 80, 0, 0, 12), version)
        place = (0, 0) if i == 0 else (e7(LATITUDE + i / 10000), e7(LONGITUDE))
        s.hear(1, 1, m.MAVLink_global_position_int_message(1000 + i, place[0], place[1], 100000 + 1000 * i, 10000, 0, 0, 0, 0), version)
        s.hear(1, 1, m.MAVLink_attitude_message(1000 + i, 0, 0, 0, 0, 0, 0), version)
    s.hear(1, 1, m.MAVLink_camera_feedback_message(0, 0, 0, 1, e7(45.5004), e7(-5.25), 105.0, 5.0, 0, 0, 0, 0, 0), version)
    s.hear(1, 1, m.MAVLink_adsb_vehicle_message(0xabcdef, e7(45.6), e7(-5.3), 0, 3000000, 0, 0, 0, b"OTHER", 0, 0, 0, 0), version)
    s.hear(255, 190, m.MAVLink_global_position_int_message(0, e7(45.497), e7(-5.253), 2000, 0, 0, 0, 0, 0), version)
    if version == 2:
        second(m, s, nobody)
    return s.log


def second(m, s, nobody):
    """What only MAVLink 2 has, a second vehicle, and a signature."""
    s.hear(1, 1, m.MAVLink_open_drone_id_system_message(0, 0, nobody, 0, 0, e7(45.4971), e7(-5.2531), 1, 0, 0, 0, 0, 0, 2.0, 0))
    s.hear(1, 1, m.MAVLink_open_drone_id_system_message(0, 0, [1] * 20, 0, 0, e7(45.6), e7(-5.3), 1, 0, 0, 0, 0, 0, 2.0, 0))
    s.hear(1, 1, m.MAVLink_open_drone_id_basic_id_message(0, 0, nobody, 1, 2, list(text_bytes("1TESTSERIAL0000001", 20))))
    s.hear(1, 1, m.MAVLink_open_drone_id_operator_id_message(0, 0, nobody, 0, text_bytes("FRAtest00000000", 20)))
    s.hear(1, 100, m.MAVLink_video_stream_information_message(1, 1, 0, 0, 30.0, 1920, 1080, 1000, 0, 0, b"main", b"rtsp://pilot:secret@192.168.0.10:8554/main"))
    s.hear(1, 100, m.MAVLink_camera_information_message(0, list(text_bytes("Maker", 32)), list(text_bytes("Model 1", 32)), 0, 0.0, 0.0, 0.0, 0, 0, 0, 0, 0, b""))
    s.hear(1, 180, m.MAVLink_battery_info_message(0, 0, 0, 100, 6, 3, 100, 22.2, 18.0, 18.0, 21.0, 25.2, 10.0, 20.0, 30.0, 5.0, 5.0, b"01012024", b"BATTERY-0001", b"Pack"))
    s.hear(255, 190, m.MAVLink_follow_target_message(0, 1, e7(45.4972), e7(-5.2532), 2.0, [0] * 3, [0] * 3, [1, 0, 0, 0], [0] * 3, [0] * 3, 0))
    for piece in range(2):
        s.hear(1, 1, m.MAVLink_statustext_message(6, (b"a" * 50, b" and the end")[piece], 9, piece))
    s.hear(7, 1, m.MAVLink_heartbeat_message(13, 12, 0, 0, 4, 3))
    s.hear(7, 1, m.MAVLink_global_position_int_message(5, e7(46.5), e7(-6.25), 1000, 0, 0, 0, 0, 0), key=b"k" * 32)


def make_telemetry(m):
    whole = telemetry(m, UTC_US, 2)
    save("tlog", "two-vehicles-mavlink-2.tlog", whole)
    save("tlog", "mavlink-1.tlog", telemetry(m, UTC_US, 1))
    save("tlog", "times-since-start.tlog", telemetry(m, 47000000, 1))
    save("tlog", "cut-in-a-record.tlog", whole[:-20])
    at = len(whole) // 2
    save("tlog", "noise-inside.tlog", whole[:at] + bytes((i * 37 + 11) & 255 for i in range(500)) + whole[at:])
    save("tlog", "flipped-check.tlog", whole[:-30] + bytes([whole[-30] ^ 4]) + whole[-29:])


make_ulog()
make_dataflash()
if len(sys.argv) > 1:
    make_telemetry(load(sys.argv[1]))
