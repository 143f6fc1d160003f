"""Map tiles that are made up: PMTiles version 3 with vector tiles (MVT) or pictures, written from the specifications
(github.com/protomaps/PMTiles, github.com/mapbox/vector-tile-spec)."""
import gzip
import json
import math
import struct
import zlib

VECTOR, PNG, JPEG, WEBP = 1, 2, 3, 4
SIDE = 4096


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out) + bytes([n])


def field(number, content):
    """A field of a Protocol Buffers message: a number or bytes."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def zigzag(n):
    return n << 1 ^ n >> 63


def geometry(kind, parts):
    """Lists of points: polygons are closed."""
    out, x, y = bytearray(), 0, 0
    for points in parts:
        for i, (px, py) in enumerate(points):
            if i == 0:
                out += varint(1 | 1 << 3)
            elif i == 1:
                out += varint(2 | (len(points) - 1) << 3)
            out += varint(zigzag(px - x) & 0xffffffff) + varint(zigzag(py - y) & 0xffffffff)
            x, y = px, py
        if kind == 3:
            out += varint(7 | 1 << 3)
    return bytes(out)


def layer(name, features, extent=SIDE):
    """features: (kind 1 point, 2 line, 3 polygon; parts; tags)."""
    keys, values, made = [], [], b""
    for kind, parts, tags in features:
        pairs = b""
        for key, value in tags.items():
            if key not in keys:
                keys.append(key)
            if value not in values:
                values.append(value)
            pairs += varint(keys.index(key)) + varint(values.index(value))
        made += field(2, field(2, pairs) + field(3, kind) + field(4, geometry(kind, parts)))
    made += b"".join(field(3, key.encode()) for key in keys)
    made += b"".join(field(4, field(1, value if isinstance(value, bytes) else value.encode())) for value in values)
    return field(3, field(15, 2) + field(1, name.encode()) + made + field(5, extent))


def town(x, y, name="Exampleton"):
    """One tile of a town that is nowhere."""
    square = lambda a, b, w, h: [(a, b), (a + w, b), (a + w, b + h), (a, b + h)]
    return (layer("landuse", [(3, [square(200, 200, 1500, 1200)], {"class": "park"}), (3, [square(2000, 300, 1800, 2500)], {"class": "residential"})]) +
            layer("water", [(3, [[(0, 3000), (1400, 2800), (2600, 3300), (4096, 3100), (4096, 3700), (0, 3600)]], {"class": "river"})]) +
            layer("waterway", [(2, [[(900, 0), (1000, 1500), (1400, 2800)]], {"class": "stream"})]) +
            layer("building", [(3, [square(2100 + 260 * i, 500 + 330 * j, 150, 180)], {}) for i in range(6) for j in range(6)]) +
            layer("transportation", [(2, [[(0, 2048), (4096, 2048)]], {"class": "primary"}), (2, [[(1950, 0), (1950, 4096)]], {"class": "minor"}),
                                     (2, [[(0, 700), (4096, 900)]], {"class": "service"})]) +
            layer("boundary", [(2, [[(0, 4000), (4096, 3950)]], {})]) +
            layer("place", [(1, [[(2048, 1300)]], {"class": "village", "name": f"{name} {x % 100}/{y % 100}", "name:es": f"Villa {x % 100}/{y % 100}"})]))


def png(side, colour):
    """A square of one colour with a darker edge."""
    dark = bytes(c // 2 for c in colour)
    edge, inside = b"\0" + dark * side, b"\0" + dark + bytes(colour) * (side - 2) + dark
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(edge + inside * (side - 2) + edge)) + chunk(b"IEND", b""))


def tile_id(zoom, x, y):
    """Along the Hilbert curve, as Wikipedia has it."""
    number, n = (4 ** zoom - 1) // 3, 1 << zoom
    s = n // 2
    while s:
        rx, ry = int(x & s > 0), int(y & s > 0)
        number += s * s * ((3 * rx) ^ ry)
        if ry == 0:
            if rx:
                x, y = n - 1 - x, n - 1 - y
            x, y = y, x
        s //= 2
    return number


def directory(entries):
    """entries: (id, run, length, offset)."""
    out, last, end = varint(len(entries)), 0, None
    for number, _, _, _ in entries:
        out += varint(number - last)
        last = number
    out += b"".join(varint(run) for _, run, _, _ in entries) + b"".join(varint(length) for _, _, length, _ in entries)
    for _, _, length, offset in entries:
        out += varint(0 if offset == end else offset + 1)
        end = offset + length
    return out


def pmtiles(tiles, kind, metadata, leaf=None, packed=2, version=3):
    """tiles: {(zoom, x, y): content}.  With `leaf` directories of so many tiles each hang below the first."""
    pack = (lambda b: gzip.compress(b, mtime=0)) if packed == 2 else lambda b: b
    entries, data, seen = [], b"", {}
    for number, content in sorted((tile_id(*at), content) for at, content in tiles.items()):
        content = pack(content) if kind == VECTOR else content
        if content not in seen:
            seen[content] = len(data)
            data += content
        if entries and entries[-1][3] == seen[content] and entries[-1][0] + entries[-1][1] == number:
            entries[-1] = (entries[-1][0], entries[-1][1] + 1, *entries[-1][2:])
        else:
            entries.append((number, 1, len(content), seen[content]))
    leaves, root = b"", entries
    if leaf:
        root = []
        for i in range(0, len(entries), leaf):
            made = pack(directory(entries[i:i + leaf]))
            root.append((entries[i][0], 0, len(made), len(leaves)))
            leaves += made
    parts = [pack(directory(root)), pack(json.dumps(metadata).encode()), leaves, data]
    at, places = 127, b""
    for part in parts:
        places += struct.pack("<QQ", at, len(part))
        at += len(part)
    zooms = [zoom for zoom, _, _ in tiles]
    head = (b"PMTiles" + bytes([version]) + places + struct.pack("<QQQ", len(tiles), len(entries), len(seen)) +
            bytes([1, packed, packed if kind == VECTOR else 1, kind, min(zooms), max(zooms)]) + struct.pack("<iiiiBii", 0, 0, 0, 0, 0, 0, 0))
    assert len(head) == 127
    return head + b"".join(parts)


def around(longitude, latitude, zooms, reach_deg=0.05):
    """The tiles around a place."""
    for zoom in zooms:
        n = 1 << zoom
        down = lambda lat: (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n
        across = lambda lon: (lon + 180) / 360 * n
        for x in range(int(across(longitude - 1.6 * reach_deg)), int(across(longitude + 1.6 * reach_deg)) + 1):
            for y in range(int(down(latitude + reach_deg)), int(down(latitude - reach_deg)) + 1):
                yield zoom, x, y


def town_map(longitude, latitude, zooms=range(10, 18), metadata=None, reach_deg=0.01, **more):
    return pmtiles({at: town(at[1], at[2]) for at in around(longitude, latitude, zooms, reach_deg)}, VECTOR,
                   metadata or {"name": "Nowhere", "attribution": '<a href="https://example.org/c">&copy; Example Mappers</a>'}, **more)
