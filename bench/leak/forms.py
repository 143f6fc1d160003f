"""How positions are written: from points to records of bytes, one a point, and what joins
them.  Written from the formats' own descriptions and public libraries, not from leash's
decoders: a mistake shared by both would hide a miss.
"""
import collections
import json
import math
import plistlib
import struct

Point = collections.namedtuple("Point", "lat lon ms alt cell")

ENCODINGS = {}

# kind: path (numbers fine enough to show the path), near (coarser), area (a place only)
Encoding = collections.namedtuple("Encoding", "name group kind text records join whole")


def add(name, group, records=None, kind="path", text=False, join=b"", whole=None):
    """`records`: one point -> bytes.  `whole`: all points -> bytes, for forms that depend on the point before."""
    ENCODINGS[name] = Encoding(name, group, kind, text, records, join, whole)


# Binary

def wrapped32(v):
    return struct.pack("<i", v)


KINDS = {
    "double degrees": (8, lambda d: struct.pack("<d", d)),
    "float degrees": (4, lambda d: struct.pack("<f", d)),
    "double radians": (8, lambda d: struct.pack("<d", math.radians(d))),
    "float radians": (4, lambda d: struct.pack("<f", math.radians(d))),
    "int32 1e7": (4, lambda d: wrapped32(round(d * 1e7))),
    "int32 1e6": (4, lambda d: wrapped32(round(d * 1e6))),
    "int32 1e5": (4, lambda d: wrapped32(round(d * 1e5))),
    "int32 174533": (4, lambda d: wrapped32(round(d * 174533))),
    "int32 semicircles": (4, lambda d: wrapped32(round(d * 2**31 / 180) if abs(d) < 180 else 2**31 - 1)),
    "int64 1e9": (8, lambda d: struct.pack("<q", round(d * 1e9))),
}


def binary(pack, big, lon_first, between):
    def record(p):
        first, second = pack(p.lon if lon_first else p.lat), pack(p.lat if lon_first else p.lon)
        if big:
            first, second = first[::-1], second[::-1]
        # what stands around: a counter, a height, flags
        return struct.pack(">BH", 0xA7, p.ms // 100 & 0xFFFF) + first + b"\x11\x22\x33\x44\x55"[:between] + second + struct.pack("<h", int(p.alt * 10))
    return record


# The coarsest of these, float degrees at 180 and int32 1e5, are within 1.1 m.
for kind, (width, pack) in KINDS.items():
    for big in (False, True):
        for lon_first in (False, True):
            add("%s %s, %s first" % (kind, "BE" if big else "LE", "lon" if lon_first else "lat"), "binary",
                binary(pack, big, lon_first, 0 if width == 8 else 4 if lon_first else 0))


# Records as a program's struct has them in memory: their sizes are multiples of four, as keys of XOR are.
for e, order in (("<", "LE"), (">", "BE")):
    add("struct of two doubles %s" % order, "struct", lambda p, e=e: struct.pack(e + "dd", p.lat, p.lon))
    add("struct of two int32 1e7 %s" % order, "struct", lambda p, e=e: struct.pack(e + "ii", round(p.lat * 1e7), round(p.lon * 1e7)))
    add("struct of a clock and two doubles %s" % order, "struct", lambda p, e=e: struct.pack(e + "qdd", p.ms, p.lat, p.lon))
    add("struct of a clock, two int32 1e7, height %s" % order, "struct", lambda p, e=e: struct.pack(
        e + "Iiii", p.ms & 0xFFFFFFFF, round(p.lat * 1e7), round(p.lon * 1e7), round(p.alt * 1000)))
add("struct of two floats LE", "struct", lambda p: struct.pack("<ff", p.lat, p.lon))
add("struct of GLOBAL_POSITION_INT", "struct", lambda p: struct.pack(
    "<IiiiihhhH", p.ms & 0xFFFFFFFF, round(p.lat * 1e7), round(p.lon * 1e7), round(p.alt * 1000), round(p.alt * 500), 100, -50, 3, 9000))


def varint(v):
    out = b""
    while v > 127:
        out, v = out + bytes([v & 127 | 128]), v >> 7
    return out + bytes([v])


def zigzag(v):
    return v << 1 ^ v >> 63 if v >= 0 else (-v << 1) - 1


def signed_varint(v):
    return varint(v & (1 << 64) - 1)


def deltas(scale, write):
    def whole(points):
        out, before = b"", (0, 0)
        for p in points:
            now = round(p.lat * scale), round(p.lon * scale)
            out += write(now[0] - before[0]) + write(now[1] - before[1])
            before = now
        return out
    return whole


for scale, name in ((1e7, "1e7"), (1e6, "1e6")):
    add("zigzag varint %s pairs" % name, "varint", lambda p, s=scale: b"\x08" + varint(zigzag(round(p.lat * s))) + b"\x10" + varint(zigzag(round(p.lon * s))))
    add("plain varint %s pairs" % name, "varint", lambda p, s=scale: b"\x08" + signed_varint(round(p.lat * s)) + b"\x10" + signed_varint(round(p.lon * s)))
    add("zigzag varint %s deltas" % name, "varint", whole=deltas(scale, lambda v: varint(zigzag(v))))
add("int16 deltas 1e7 after int32", "varint", whole=lambda points: int16_deltas(points))


def int16_deltas(points):
    out, before = b"", None
    for p in points:
        now = round(p.lat * 1e7), round(p.lon * 1e7)
        if before is None or max(abs(now[0] - before[0]), abs(now[1] - before[1])) > 32767:
            out += struct.pack("<ii", *now)
        else:
            out += struct.pack("<hh", now[0] - before[0], now[1] - before[1])
        before = now
    return out


# Containers with typed numbers

try:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    def proto():
        f = descriptor_pb2.FileDescriptorProto(name="bench.proto", package="bench", syntax="proto2")
        F = descriptor_pb2.FieldDescriptorProto
        for name, kind in (("D", F.TYPE_DOUBLE), ("S", F.TYPE_SINT32), ("F", F.TYPE_FLOAT), ("X", F.TYPE_SFIXED32), ("I", F.TYPE_INT32)):
            m = f.message_type.add(name=name)
            for number, (field, t) in enumerate((("latitude", kind), ("longitude", kind), ("time", F.TYPE_UINT64)), 1):
                m.field.add(name=field, number=number, type=t, label=F.LABEL_OPTIONAL)
        packed = f.message_type.add(name="Packed")
        for number, field in ((1, "lat"), (2, "lon")):
            packed.field.add(name=field, number=number, type=F.TYPE_SINT64, label=F.LABEL_REPEATED).options.packed = True
        pool = descriptor_pool.DescriptorPool()
        pool.Add(f)
        factory = message_factory.MessageFactory(pool)
        return {m.name: factory.GetPrototype(pool.FindMessageTypeByName("bench." + m.name)) for m in f.message_type}

    PROTO = proto()

    def proto_record(name, value):
        def record(p):
            m = PROTO[name](latitude=value(p.lat), longitude=value(p.lon), time=p.ms).SerializeToString()
            return b"\x0a" + varint(len(m)) + m  # repeated message, field 1
        return record

    add("protobuf double", "container", proto_record("D", float))
    add("protobuf float", "container", proto_record("F", float))
    add("protobuf sint32 1e7", "container", proto_record("S", lambda d: round(d * 1e7)))
    add("protobuf int32 1e7", "container", proto_record("I", lambda d: round(d * 1e7)))
    add("protobuf sfixed32 1e7", "container", proto_record("X", lambda d: round(d * 1e7)))

    def packed_deltas(points):
        lat, lon = [round(p.lat * 1e7) for p in points], [round(p.lon * 1e7) for p in points]
        first = lambda v: [v[0]] + [b - a for a, b in zip(v, v[1:])]
        return PROTO["Packed"](lat=first(lat), lon=first(lon)).SerializeToString()
    add("protobuf packed sint64 deltas", "container", whole=packed_deltas)
    add("protobuf packed sint64", "container", whole=lambda points: PROTO["Packed"](
        lat=[round(p.lat * 1e7) for p in points], lon=[round(p.lon * 1e7) for p in points]).SerializeToString())
except ImportError:
    pass

try:
    import msgpack
    add("msgpack named", "container", lambda p: msgpack.packb({"lat": p.lat, "lon": p.lon, "t": p.ms}))
    add("msgpack arrays", "container", whole=lambda points: msgpack.packb([[p.lon, p.lat, p.alt] for p in points]))
    add("msgpack float32", "container", lambda p: msgpack.packb([p.lat, p.lon], use_single_float=True))
    add("msgpack ints 1e7", "container", lambda p: msgpack.packb([round(p.lat * 1e7), round(p.lon * 1e7)]))
except ImportError:
    pass

try:
    import cbor2
    add("CBOR named", "container", lambda p: cbor2.dumps({"latitude": p.lat, "longitude": p.lon, "at": p.ms}))
    add("CBOR ints 1e7", "container", lambda p: cbor2.dumps([round(p.lat * 1e7), round(p.lon * 1e7)]))
except ImportError:
    pass

add("bplist", "container", whole=lambda points: plistlib.dumps({"track": [{"lat": p.lat, "lon": p.lon} for p in points]}, fmt=plistlib.FMT_BINARY))
add("plist XML", "container", text=True, whole=lambda points: plistlib.dumps({"track": [{"lat": p.lat, "lon": p.lon} for p in points]}))


def bson(p):
    inner = b"\x01lat\0" + struct.pack("<d", p.lat) + b"\x01lon\0" + struct.pack("<d", p.lon) + b"\x09at\0" + struct.pack("<q", p.ms)
    return struct.pack("<i", len(inner) + 5) + inner + b"\0"


add("BSON", "container", bson)

# Text


def text(name, form, kind="path", join=b",", group="text"):
    add(name, group, lambda p: form(p).encode(), kind, True, join)


for digits in (15, 9, 7, 6, 5):
    text("JSON %d decimals" % digits, lambda p, n=digits: '{"lat":%.*f,"lon":%.*f,"alt":%.1f}' % (n, p.lat, n, p.lon, p.alt))
text("JSON 4 decimals", lambda p: '{"latitude": %.4f, "longitude": %.4f}' % (p.lat, p.lon), "near")
text("JSON 3 decimals", lambda p: '{"latitude": %.3f, "longitude": %.3f}' % (p.lat, p.lon), "area")
text("JSON with times", lambda p: json.dumps({"ts": p.ms, "lat": round(p.lat, 7), "lng": round(p.lon, 7)}))
text("JSON strings", lambda p: json.dumps({"longitude": "%.7f" % p.lon, "latitude": "%.7f" % p.lat}))
text("JSON scaled 1e7", lambda p: '{"lat":%d,"lon":%d}' % (round(p.lat * 1e7), round(p.lon * 1e7)))
text("JSON scaled 1e6", lambda p: '{"latE6":%d,"lngE6":%d}' % (round(p.lat * 1e6), round(p.lon * 1e6)))
text("JSON radians", lambda p: '{"lat":%.10f,"lon":%.10f}' % (math.radians(p.lat), math.radians(p.lon)))
text("JSON exponent", lambda p: '{"lat":%.9e,"lon":%.9e}' % (p.lat, p.lon))
text("GeoJSON", lambda p: "[%.7f,%.7f]" % (p.lon, p.lat))
add("GeoJSON arrays of columns", "text", text=True, whole=lambda points: json.dumps(
    {"lat": [round(p.lat, 7) for p in points], "lon": [round(p.lon, 7) for p in points]}).encode())
text("WKT", lambda p: "%.7f %.7f" % (p.lon, p.lat))
text("KML", lambda p: "%.8f,%.8f,%.1f" % (p.lon, p.lat, p.alt), join=b" ")
text("GPX", lambda p: '<trkpt lat="%.7f" lon="%.7f"><ele>%.1f</ele></trkpt>' % (p.lat, p.lon, p.alt), join=b"\n")
text("CSV", lambda p: "%d,%.7f,%.7f,%.1f" % (p.ms // 100, p.lat, p.lon, p.alt), join=b"\r\n")
text("CSV decimal comma", lambda p: ("%.7f;%.7f;%.1f" % (p.lat, p.lon, p.alt)).replace(".", ","), join=b"\r\n")
text("query string", lambda p: "lat=%.6f&lon=%.6f" % (p.lat, p.lon), join=b"&")
text("query pair %2C", lambda p: "ll=%.6f%%2C%.6f" % (p.lat, p.lon), join=b"&")
text("SRT subtitle", lambda p: "GPS(%.6f,%.6f,18) BAROMETER: %.1f" % (p.lon, p.lat, p.alt), join=b"\n\n")
text("SRT bracket", lambda p: "[latitude: %.6f] [longitude: %.6f] [rel_alt: %.3f]" % (p.lat, p.lon, p.alt), join=b"\n\n")
text("geo URI", lambda p: "geo:%.6f,%.6f" % (p.lat, p.lon), join=b"\n")
text("ISO 6709", lambda p: "%+011.7f%+012.7f/" % (p.lat, p.lon), join=b"\n")


def dms(d, signs):
    sign, d = signs[d < 0], abs(d)
    seconds = round(d * 3600, 2)
    return "%d°%02d'%05.2f\"%s" % (seconds // 3600, seconds // 60 % 60, seconds % 60, sign)


def dm(d, signs, width, decimals):
    minutes = round(abs(d) * 60, decimals)
    return "%0*d%0*.*f,%s" % (width, minutes // 60, decimals + 3, decimals, minutes % 60, signs[d < 0])


text("degrees-minutes-seconds", lambda p: dms(p.lat, "NS") + " " + dms(p.lon, "EW"), join=b"; ")
text("degrees-minutes-seconds ASCII", lambda p: (dms(p.lat, "NS") + ", " + dms(p.lon, "EW")).replace("°", " deg "), join=b"; ")
text("degrees decimal minutes", lambda p: "%s %s" % tuple(
    "%s%d° %08.5f'" % (s[d < 0], round(abs(d) * 6e6) // 6000000, round(abs(d) * 6e6) % 6000000 / 1e5) for d, s in ((p.lat, "NS"), (p.lon, "EW"))), join=b"\n")


def nmea(kind):
    def sentence(p):
        s = p.ms // 1000 % 86400
        clock = "%02d%02d%02d.%02d" % (s // 3600, s // 60 % 60, s % 60, p.ms % 1000 // 10)
        where = dm(p.lat, "NS", 2, 5) + "," + dm(p.lon, "EW", 3, 5)
        body = "GPGGA,%s,%s,1,12,0.8,%.1f,M,,M,," % (clock, where, p.alt) if kind == "GGA" else "GNRMC,%s,A,%s,12.1,84.4,010124,," % (clock, where)
        check = 0
        for c in body.encode():
            check ^= c
        return "$%s*%02X" % (body, check)
    return sentence


text("NMEA GGA", nmea("GGA"), join=b"\r\n")
text("NMEA RMC", nmea("RMC"), join=b"\r\n")


def polyline(precision):
    def whole(points):
        out, before = [], (0, 0)
        for p in points:
            now = round(p.lat * 10**precision), round(p.lon * 10**precision)
            for k in (0, 1):
                v = now[k] - before[k]
                v = ~(v << 1) if v < 0 else v << 1
                while v >= 0x20:
                    out.append(chr((0x20 | v & 0x1F) + 63))
                    v >>= 5
                out.append(chr(v + 63))
            before = now
        return "".join(out).encode()
    return whole


add("polyline 5", "polyline", text=True, whole=polyline(5))
add("polyline 6", "polyline", text=True, whole=polyline(6))
add("polyline 5 in JSON", "polyline", text=True, whole=lambda points: json.dumps({"points": polyline(5)(points).decode()}).encode())
add("polyline 5 in URL", "polyline", text=True, whole=lambda points: b"path=enc:" + __import__("urllib.parse").parse.quote(polyline(5)(points).decode(), safe="").encode())

# Cells: the names of a place.  `cell` of a point holds what bench/leak/cells.mjs worked out.


def geohash(p, length):
    box, out, even = [[-90.0, 90.0], [-180.0, 180.0]], "", True
    for _ in range(length):
        v = 0
        for _ in range(5):
            axis, value = (1, p.lon) if even else (0, p.lat)
            middle = sum(box[axis]) / 2
            high = value >= middle
            v = v * 2 + high
            box[axis][0 if high else 1] = middle
            even = not even
        out += "0123456789bcdefghjkmnpqrstuvwxyz"[v]
    return out


for n in (8, 9, 10):
    text("geohash %d" % n, lambda p, n=n: '"%s"' % geohash(p, n), "near" if n < 10 else "near", group="cell")
text("geohash 6", lambda p: '"geohash":"%s"' % geohash(p, 6), "area", group="cell")
for key, name, kind in (("plus10", "plus code 10", "near"), ("plus11", "plus code 11", "near"), ("mgrs1", "MGRS 1 m", "near"), ("mgrs10", "MGRS 10 m", "near"),
                        ("h3_13", "H3 resolution 13", "near"), ("h3_9", "H3 resolution 9", "area"),
                        ("s2_24", "S2 level 24 token", "near")):
    text(name, lambda p, k=key: '"%s"' % p.cell[k], kind, group="cell")
# Nine hex digits are a hash as much as a cell: of a stretch within one of them nobody could tell without a name.
text("S2 level 16 token", lambda p: '"cell":"%s"' % p.cell["s2_16"], "area", group="cell")
text("S2 level 30 decimal", lambda p: '"s2":%s' % p.cell["s2_30_id"], "near", group="cell")
add("S2 level 30 uint64", "cell", lambda p: struct.pack("<Q", int(p.cell["s2_30_id"])) + b"\x07", kind="near")


def utm(p):
    """Krueger's series to the third order; WGS-84."""
    a, f = 6378137.0, 1 / 298.257223563
    n = f / (2 - f)
    zone = min(60, int((p.lon + 180) // 6) + 1)
    A = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    alpha = (n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240)
    lat, d = math.radians(p.lat), math.radians(p.lon - (zone * 6 - 183))
    e = 2 * math.sqrt(n) / (1 + n)
    t = math.sinh(math.atanh(math.sin(lat)) - e * math.atanh(e * math.sin(lat)))
    xi, eta = math.atan2(t, math.cos(d)), math.asinh(math.sin(d) / math.hypot(t, math.cos(d)))
    east = 500000 + 0.9996 * A * (eta + sum(c * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, c in enumerate(alpha, 1)))
    north = 0.9996 * A * (xi + sum(c * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, c in enumerate(alpha, 1)))
    return zone, "CDEFGHJKLMNPQRSTUVWX"[min(19, int((p.lat + 80) // 8))], east, north + (10000000 if p.lat < 0 else 0)


text("UTM", lambda p: "%d%s %.1f %.1f" % utm(p), group="cell", join=b"\n")

# Place by reference


def tile(p, zoom):
    n = 2**zoom
    s = math.sin(math.radians(p.lat))
    return int((p.lon + 180) / 360 * n) % n, int((0.5 - math.atanh(s) / (2 * math.pi)) * n)


def quadkey(p, zoom):
    x, y = tile(p, zoom)
    return "".join(str((x >> i & 1) + 2 * (y >> i & 1)) for i in range(zoom - 1, -1, -1))


text("map tiles z/x/y", lambda p: "/tiles/17/%d/%d.png" % tile(p, 17), "area", join=b"\n", group="reference")
text("map tiles in a query", lambda p: "x=%d&y=%d&z=18" % tile(p, 18), "area", join=b"\n", group="reference")
text("quadkey 17", lambda p: "/tiles/a%s.jpeg?g=1" % quadkey(p, 17), "area", join=b"\n", group="reference")
text("elevation tile", lambda p: "/srtm/%s%02d%s%03d.hgt.zip" % ("NS"[p.lat < 0], abs(math.floor(p.lat)), "EW"[p.lon < 0], abs(math.floor(p.lon))), "area", join=b"\n", group="reference")
text("zone query box", lambda p: "bbox=%.4f,%.4f,%.4f,%.4f" % (p.lon - 0.01, p.lat - 0.01, p.lon + 0.01, p.lat + 0.01), "area", join=b"\n", group="reference")
text("zone query radius", lambda p: '{"lat":%.3f,"lng":%.3f,"search_radius":5000}' % (p.lat, p.lon), "area", join=b"\n", group="reference")
