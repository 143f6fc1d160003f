#!/usr/bin/python3
"""Writes payloads for test/leak/layers.c: the same few values and positions behind every kind of
layer, made by Python's own encoders.  One record for each: a line "NAME|STEP,STEP,...|BYTES",
and the bytes.  The place is over open sea, the serial number is made up."""
import base64
import binascii
import gzip
import io
import json
import struct
import sys
import urllib.parse
import zipfile
import zlib

SERIAL = b"1ZNBX9K00C00Q7"
POINTS = [(42.49 + 0.0004 * i, -30.2500 + 0.0003 * i) for i in range(8)]
TEXT = json.dumps({"sn": SERIAL.decode(), "track": [{"lat": round(a, 6), "lon": round(o, 6)} for a, o in POINTS]}).encode()
BINARY = SERIAL + b"\0\0" + b"".join(struct.pack("<ddf", a, o, 100.0) for a, o in POINTS) + b"\x07end"


def raw_deflate(data):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    return c.compress(data) + c.flush()


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def protobuf(*fields):
    out = b""
    for number, value in fields:
        out += varint(number << 3 | 2) + varint(len(value)) + value if isinstance(value, bytes) else varint(number << 3) + varint(value)
    return out


def msgpack_map(*pairs):
    out = bytes([0x80 | len(pairs)])
    for key, value in pairs:
        out += bytes([0xa0 | len(key)]) + key
        out += b"\xc5" + struct.pack(">H", len(value)) + value if isinstance(value, bytes) else struct.pack(">Bd", 0xcb, value)
    return out


def cbor_map(*pairs):
    out = bytes([0xa0 | len(pairs)])
    for key, value in pairs:
        out += bytes([0x60 | len(key)]) + key
        out += b"\x59" + struct.pack(">H", len(value)) + value if isinstance(value, bytes) else struct.pack(">Bd", 0xfb, value)
    return out


def zip_of(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo(name, (2030, 5, 17, 10, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def xor(key, data):
    return bytes(b ^ key[i % len(key)] for i, b in enumerate(data))


def plist(data):
    import plistlib
    return plistlib.dumps({"id": "x", "blob": data, "n": 7}, fmt=plistlib.FMT_BINARY)


def optional(module, encode):
    try:
        __import__(module)
    except ImportError:
        return None
    return encode(sys.modules[module])


B64 = base64.b64encode
PAD = "x" * 40
cases = [
    ("plain", "", TEXT), ("binary", "", BINARY),
    ("gzip", "gzip", gzip.compress(TEXT, mtime=0)), ("zlib", "zlib", zlib.compress(TEXT)),
    ("deflate", "deflate", raw_deflate(TEXT)), ("deflate binary", "deflate", raw_deflate(BINARY)),
    ("base64", "base64", B64(TEXT)), ("base64 phase 1", "base64", b"k=" + B64(b"x" + TEXT)),
    ("base64 phase 2", "base64", b"k=" + B64(b"xx" + TEXT)), ("base64 url", "base64", base64.urlsafe_b64encode(BINARY).rstrip(b"=")),
    ("base64 lines", "base64", base64.encodebytes(TEXT)), ("base64 crlf", "base64", base64.encodebytes(TEXT).replace(b"\n", b"\r\n")),
    ("hex", "hex", binascii.hexlify(TEXT)), ("hex upper", "hex", b"data=" + binascii.hexlify(BINARY).upper()),
    ("UTF-16LE", "UTF-16", TEXT.decode().encode("utf-16-le")), ("UTF-16BE", "UTF-16", TEXT.decode().encode("utf-16-be")),
    ("percent", "percent-encoding", b"d=" + "".join("%%%02X" % b for b in TEXT).encode()),
    ("percent lower", "percent-encoding", b"d=" + "".join("%%%02x" % b for b in TEXT).encode()),
    ("JSON escapes", "JSON escapes", b'{"d":"' + "".join("\\u%04x" % b for b in TEXT).encode() + b'"}'),
    ("base64 in gzip", "gzip,base64", gzip.compress(B64(TEXT), mtime=0)),
    ("gzip in base64", "base64,gzip", B64(gzip.compress(TEXT, mtime=0))),
    ("gzip in base64 in percent", "percent-encoding,base64,gzip",
     b"d=" + urllib.parse.quote(B64(gzip.compress(TEXT, mtime=0)), safe="").replace("A", "%41").encode()),
    ("deflate in base64", "base64,deflate", B64(raw_deflate(TEXT))),
    ("zlib in hex in gzip", "gzip,hex,zlib", gzip.compress(binascii.hexlify(zlib.compress(TEXT)), mtime=0)),
    ("zlib in JSON string with escaped slashes", "base64,zlib",
     b'{"d":"' + B64(zlib.compress(TEXT)).replace(b"/", b"\\/") + b'"}'),
    ("base64 of UTF-16", "base64,UTF-16", B64(TEXT.decode().encode("utf-16-le"))),
    ("zip", "deflate", zip_of("DJIFlightRecord_2030-05-17_[10-00-00].txt", TEXT)),
    ("multipart gzip", "multipart,gzip", b"--b\r\nContent-Type: application/gzip\r\n\r\n" + gzip.compress(TEXT, mtime=0) + b"\r\n--b--"),
    ("multipart deflate", "multipart,deflate", b"--b\r\nContent-Type: application/x\r\n\r\n" + raw_deflate(BINARY) + b"\r\n--b--"),
    ("protobuf", "protobuf", protobuf((1, 7), (2, b"model"), (3, TEXT), (4, 1))),
    ("protobuf deflate", "protobuf,deflate", protobuf((1, 7), (2, b"model"), (3, 5), (4, raw_deflate(TEXT)), (5, 1))),
    ("protobuf nested deflate", "protobuf,deflate",
     protobuf((1, 7), (2, b"model"), (3, protobuf((1, 9), (2, 8), (3, 7), (4, raw_deflate(TEXT)))), (4, 1))),
    ("msgpack", "msgpack", msgpack_map((b"model", b"air"), (b"blob", BINARY), (b"lat", 1.5), (b"lon", 2.5))),
    ("msgpack deflate", "msgpack,deflate", msgpack_map((b"model", 1.0), (b"v", 2.0), (b"blob", raw_deflate(TEXT)), (b"lon", 2.5))),
    ("CBOR", "CBOR", cbor_map((b"model", b"air"), (b"blob", BINARY), (b"lat", 1.5), (b"lon", 2.5))),
    ("CBOR deflate", "CBOR,deflate", cbor_map((b"model", 1.0), (b"v", 2.0), (b"blob", raw_deflate(TEXT)), (b"lon", 2.5))),
    ("plist", "binary plist", plist(BINARY)),
    ("brotli", "brotli", optional("brotli", lambda m: m.compress(TEXT))),
    ("brotli in base64", "base64,brotli", optional("brotli", lambda m: B64(m.compress(TEXT)))),
    ("zstd", "zstd", optional("zstandard", lambda m: m.ZstdCompressor().compress(TEXT))),
    ("zstd in base64", "base64,zstd", optional("zstandard", lambda m: B64(m.ZstdCompressor().compress(BINARY)))),
    ("XOR of one byte", "XOR", xor(b"\x5a", TEXT)), ("XOR of one byte, binary", "XOR", xor(b"\xa7", BINARY)),
    ("XOR of four bytes", "XOR", xor(b"\x13\xc4\x7e\x99", TEXT)),
    ("XOR of eight bytes, binary", "XOR", xor(b"\x13\xc4\x7e\x99\xd1\x02\xfe\x38", BINARY)),
    ("XOR of seven bytes", "XOR", xor(b"\x13\xc4\x7e\x99\xd1\x02\xfe", TEXT)),
    ("XOR in base64", "base64,XOR", B64(xor(b"\x5a", TEXT))),
]
out = sys.stdout.buffer
for name, steps, data in cases:
    if data is not None:
        out.write(("%s|%s|%d\n" % (name, steps, len(data))).encode() + data)
