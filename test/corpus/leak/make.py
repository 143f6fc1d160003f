#!/usr/bin/python3
"""Makes the corpora of fuzz/leak/search, whose files begin with commands as that target reads them, and of fuzz/leak/position."""
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
os.makedirs(here, exist_ok=True)
for name, data in files.items():
    with open(os.path.join(here, name), 'wb') as f:
        f.write(data)
there = os.path.join(os.path.dirname(here), 'position')
os.makedirs(there, exist_ok=True)
for name, data in positions.items():
    with open(os.path.join(there, name), 'wb') as f:
        f.write(data)
