#!/usr/bin/python3
"""Makes the corpora of fuzz/leak: files of search begin with commands as that target reads them, those of the others as theirs say."""
import base64, gzip, json, os, struct, zlib

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'search')
LONG = 0x40  # view 0, a long piece with its length before it


def long(data, view=0):
    return bytes([LONG | view]) + struct.pack('<H', len(data) - 1) + data


def point(i):
    return -30.25 + min(i, 60) * 1.2e-4, 42.48 + max(i - 60, 0) * 1e-4


def doubles(order='<'):
    return b''.join(struct.pack(order + 'dd', *reversed(point(i))) for i in range(0, 120, 3))


path_json = ','.join('{"lat":%.7f,"lon":%.7f}' % (point(i)[1], point(i)[0]) for i in range(0, 120, 3)).encode()
timed = ''.join('{"t":%d,"lat":%.6f,"lon":%.6f}\n' % (1905242400 + i, point(i)[1], point(i)[0]) for i in range(0, 60, 4)).encode()
serial = b'sn=1ZNBX9K00C00Q7&'
photo = bytes((i * i * 31 + i // 3) & 255 for i in range(4096))
files = {
    'path-as-json': long(path_json),
    'path-with-times': long(timed),
    'path-as-doubles-little-endian': long(doubles('<')),
    'path-as-doubles-big-endian': long(doubles('>')),
    'path-as-int32-1e7': long(b''.join(struct.pack('<ii', round(point(i)[1] * 1e7), round(point(i)[0] * 1e7)) for i in range(0, 120, 3))),
    'path-in-gzip': long(gzip.compress(path_json, mtime=0)),
    'path-in-zlib-in-base64': long(b'data=' + base64.b64encode(zlib.compress(path_json))),
    'path-in-hex': long(doubles().hex().encode()),
    'path-in-utf16': long(path_json.decode().encode('utf-16-le')),
    'serial-in-short-pieces': b''.join(bytes([9 << 2]) + serial[i:i + 10] for i in range(0, len(serial), 10)),
    'serial-across-a-gap': bytes([9 << 2]) + serial[:10] + bytes([0x80 | 1 << 2]) + bytes([9 << 2]) + serial[10:],
    'two-views-of-one-flow': long(path_json[:400], 0) + long(path_json[400:], 1) + bytes([0xc0, 0xc1]),
    'file-as-a-body': long(photo, 1) + bytes([0xc1]),
    'file-in-a-multipart-body': long(b'--x\r\n\r\n' + photo[1000:], 1),
    'gzip-cut-off': long(gzip.compress(path_json, mtime=0)[:60]),
    'gzip-bomb': long(gzip.compress(gzip.compress(b'\0' * 3000000, mtime=0), mtime=0)),
    'numbers-without-end': long(b'42.48' + b'0' * 300 + b',' + b'9' * 300 + b'.1234'),
    'nmea': long(b'$GPGGA,100000.00,4228.80000,N,03015.00000,W,1,12,0.8,41,M,,M,,*5F\r\n' * 3),
    'date-line': long(b'[-16.5000,179.9999],[-16.50001,-179.99995]'),
    'nested-too-deep': long(gzip.compress(gzip.compress(gzip.compress(gzip.compress(path_json, mtime=0), mtime=0), mtime=0), mtime=0)),
}


# fuzz/leak/position takes the bytes as they are.

def varint(v):
    out = b''
    while v > 127:
        out, v = out + bytes([v & 127 | 128]), v >> 7
    return out + bytes([v])


def zigzag(v):
    return v << 1 if v >= 0 else (-v << 1) - 1


def whole(i):
    lon, lat = point(i)
    return round(lat * 1e7), round(lon * 1e7)


path = [whole(i) for i in range(0, 120, 3)]
steps = [path[0]] + [(b[0] - a[0], b[1] - a[1]) for a, b in zip(path, path[1:])]
column = lambda values: b''.join(varint(zigzag(v)) for v in values)
packed = lambda number, data: bytes([number << 3 | 2]) + varint(len(data)) + data
positions = {
    'doubles-little-endian': doubles(),
    'int32-1e7-big-endian': b''.join(struct.pack('>ii', *p) for p in path),
    'zigzag-pairs': b''.join(b'\x08' + varint(zigzag(a)) + b'\x10' + varint(zigzag(o)) for a, o in path),
    'zigzag-steps': b''.join(varint(zigzag(a)) + varint(zigzag(o)) for a, o in steps),
    'steps-of-16-bits': struct.pack('<ii', *path[0]) + b''.join(struct.pack('<hh', *s) for s in steps[1:]),
    'packed-columns': packed(1, column(p[0] for p in path)) + packed(2, column(p[1] for p in path)),
    'packed-columns-of-steps': packed(1, column(s[0] for s in steps)) + packed(2, column(s[1] for s in steps)),
    'column-without-end': packed(1, column(p[0] for p in path))[:-1],
    'near-zero': b''.join(struct.pack('<dd', 0.0005 + i * 1e-5, -0.0005 - i * 1e-5) for i in range(40)),
}


def polyline(points):
    out, before = '', (0, 0)
    for lon, lat in points:
        now = round(lat * 1e5), round(lon * 1e5)
        for v in (now[0] - before[0], now[1] - before[1]):
            v = ~(v << 1) if v < 0 else v << 1
            while v >= 32:
                out, v = out + chr((32 | v & 31) + 63), v >> 5
            out += chr(v + 63)
        before = now
    return out.encode()


def deflated(data):
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return z.compress(data) + z.flush()


def xored(data, key):
    return bytes(b ^ key[i % len(key)] for i, b in enumerate(data))


def cbor_int(v):
    return struct.pack('>BI', 0x1a if v >= 0 else 0x3a, v if v >= 0 else -1 - v)


key = bytes.fromhex('a35c17e944')
records = b''.join(struct.pack('<BHdd', 0xa7, i, point(i)[1], point(i)[0]) + b'\x2c\x01' for i in range(0, 120, 3))
# Along what the fuzz target of keys has flown.
rows = [struct.pack('<Iiii', 1000 + i * 40, round((42.4809 + (0 if i % 16 < 8 else 0.0005)) * 1e7), round((-30.2491 + 0.00008 * i) * 1e7), 88200 + i % 7) for i in range(60)]
track = [point(i) for i in range(0, 120, 3)]
columns = json.dumps({'lat': [p[1] for p in track], 'lon': [p[0] for p in track]}).encode()
ALL = {
    'search': files,
    'position': positions,
    'cell': {
        'geohash': b'erd3xwdk68gx', 'plus-code': b'89JFFPQW+2PXFF7H', 'plus-code-without-digits-behind': b'89JFFPQW+', 'mgrs': b'25TGH2575007574',
        'mgrs-in-a-zone-that-is-none': b'61TGH2575007574', 's2-leaf': b'4a732fd32907aebf', 's2-of-a-face-that-is-none': b'f', 'h3': b'8f351675dae8973',
        'h3-around-a-pentagon': b'860906297ffffff', 'h3-with-a-digit-missing': b'8f351675dae897f', 'h3-in-binary': struct.pack('<Q', 0x8f351675dae8973),
        's2-in-binary': struct.pack('<Q', 0x4a732fd32907aebf), 'nothing': b'',
    },
    'polyline': {
        'path': polyline(track), 'behind-its-length': b'd' + polyline(track), 'cut-in-a-pair': polyline(track)[:37], 'step-beyond-the-earth': b'_' * 6 + b'?' + b'_ibE',
        'too-many-bits': b'~' * 40,
    },
    'text_scan': {name: b'\x10' + data for name, data in {
        'decimals': path_json, 'columns': columns, 'scaled': b'{"latE6":42489000,"lngE6":-30245000},{"latE6":-12,"lngE6":312}', 'nmea': files['nmea'][3:],
        'degrees-minutes-seconds': "42\u00b029'24.0\"N 30\u00b014'42.0\"W".encode(), 'degrees-and-minutes-compact': b'at 422924N 0301442W',
        'rounded': b'{"lat":42.490,"lng":-30.245,"search_radius":5000}', 'tiles': b'GET /tiles/15/13631/12103.png /a031232302111333.jpeg?x=13631&y=12103&z=15',
        'boxes': b'?bbox=-30.26,42.48,-30.23,42.50&bbox=179.98,-16.51,180.01,-16.49', 'elevation': b'/srtm/N42W031.hgt.zip s17e179.hgt',
        'codes': b'erd3xz060 89JFFQR3+2X5 25TGH2641107860 4a732e2ef51cf31f 8f351675dae8973 5364682360344081183',
        'ids-in-binary': struct.pack('<Q', 0x4a732e2ef51cf31f) + struct.pack('>Q', 0x8f351675dae8973) * 2, 'utm': b'25N 726411 4707860',
        'exponent': b'4.2490000e+01,-3.0245000E1', 'digits-without-end': b'42.' + b'4' * 300, 'date-line': b'[-16.5000,179.9999],[-16.50001,-179.99995]',
    }.items()},
    'cbor': {
        'pairs': b'\x03' + b''.join(b'\x82' + cbor_int(a) + cbor_int(o) for a, o in path), 'named': b'\x07' + b''.join(
            b'\xa2\x63lat' + cbor_int(a) + b'\x63lon' + cbor_int(o) for a, o in path), 'cut-in-a-number': b'\x00' + (cbor_int(path[0][0]) + cbor_int(path[0][1])) * 3 + b'\x3a\x15',
        'of-64-bits': b'\x01' + (b'\x1b' + struct.pack('>Q', 424800000) + b'\x3b' + struct.pack('>Q', 302500000)) * 2, 'nothing': b'\x00\x00',
    },
    'xor': {
        'text': b'\x00' + xored(path_json, key[:4]), 'text-in-parts': b'\x07' + b''.join(xored(path_json[i:i + 150], key) for i in range(0, 1200, 150)),
        'records': b'\x00' + xored(records, key), 'a-known-value': b'\x00' + xored(b'\1\2\3\4' * 10 + serial, key[:3]), 'one-byte': b'\x00' + xored(records, b'\x5a'),
        'rows-that-share-a-factor': b'\x00' + xored(b''.join(rows), key[:4]), 'rows-twice-as-long': b'\x00' + xored(b''.join(rows), key[:4] + b'\x13\x37\xca\xfe' + key),
        'rows-in-messages': b'\x2f' + b''.join(xored(row, key[:4]) for row in rows[:48]), 'not-under-a-key': b'\x00' + records, 'nothing': b'\x00\x00',
    },
    'unpack': {
        'gzip': b'\x00\x07' + gzip.compress(path_json, mtime=0), 'zlib': b'\x01\xff' + zlib.compress(path_json), 'deflate': b'\x02\x03' + deflated(path_json),
        'gzip-cut-off': b'\x00\x01' + gzip.compress(path_json, mtime=0)[:50], 'bomb': b'\x01\xff' + zlib.compress(b'\0' * 3000000, 9),
        'zstd': b'\x03\x02' + bytes.fromhex('28b52ffd2411890000') + b'erd3xz060qj6x8888' + bytes(4), 'zstd-window-too-large': b'\x03\x10' + bytes.fromhex('28b52ffd00f8ffff'),
        'brotli-stored': b'\x04\x02' + bytes([0x0b, 0x08, 0x80]) + b'hello brotli world' + b'\x03', 'nothing': b'\x00\x00',
    },
}
for target, made in ALL.items():
    folder = os.path.join(os.path.dirname(here), target)
    os.makedirs(folder, exist_ok=True)
    for name, data in made.items():
        with open(os.path.join(folder, name), 'wb') as f:
            f.write(data)
