#!/usr/bin/python3
"""Writes the corpus of the photo readers: small files, each named for what it shows.

Everything in them is made up.  Run from anywhere; the files land beside this script.
"""

import pathlib
import struct

HERE = pathlib.Path(__file__).parent
XMP = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
GUID = b"0123456789ABCDEF0123456789ABCDEF"


def segment(marker, body):
    return struct.pack(">BBH", 0xff, marker, len(body) + 2) + body


PICTURE = (segment(0xc0, bytes([8, 0, 8, 0, 8, 1, 1, 0x11, 0])) + segment(0xda, bytes([1, 1, 0, 0, 63, 0])) +
           b"\x12\xff\x00\x34\xff\xd3\x56\x78\xff\xd9")
VIDEO = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", 8, b"moov")
SECOND = b"\xff\xd8" + segment(0xdb, b"\0" + b"quantisation".ljust(64, b"\1")) + PICTURE


def jpeg(*segments, behind=b""):
    return b"\xff\xd8" + b"".join(segments) + PICTURE + behind


def directory(order, offset, entries, following=0, wide=False):
    """Entries are (tag, type, count, value bytes); longer values follow the directory.  `wide`: those of BigTIFF."""
    number, counter = ("Q", "Q") if wide else ("I", "H")
    room = struct.calcsize(number)
    head, values = struct.pack(order + counter, len(entries)), b""
    behind = offset + len(head) + (4 + 2 * room) * len(entries) + room
    for tag, kind, count, data in entries:
        field = data.ljust(room, b"\0")
        if len(data) > room:
            field = struct.pack(order + number, behind + len(values))
            values += data
        head += struct.pack(order + "HH" + number, tag, kind, count) + field
    return head + struct.pack(order + number, following) + values


def text(tag, value):
    return tag, 2, len(value) + 1, value.encode() + b"\0"


def tiff(order, first, exif=(), gps=(), sub=(), following=0, wide=False):
    """A block with IFD0 and up to three more directories."""
    number, head = ("Q", (43, 8, 0, 16)) if wide else ("I", (42, 8))
    parts = [(0x8769, exif), (0x8825, gps), (0x014a, sub)]
    links = {tag: 0 for tag, entries in parts if entries}
    for _ in range(2):
        out = (b"II" if order == "<" else b"MM") + struct.pack(order + ("HHHQ" if wide else "HI"), *head)
        out += directory(order, len(out), list(first) + [(t, 16 if wide else 4, 1, struct.pack(order + number, o)) for t, o in links.items()],
                         following, wide)
        for tag, entries in parts:
            if entries:
                links[tag] = len(out)
                out += directory(order, len(out), entries, 0, wide)
    return out


# How cameras' maker notes begin, and what their offsets count from; exiftool/exiftool lib/Image/ExifTool/MakerNotes.pm.
def from_tiff(head):
    return lambda order, at, tags: head + directory(order, at + len(head), tags)


def from_note(head):
    return lambda order, at, tags: head + directory(order, len(head), tags)


def from_header(head):
    return lambda order, at, tags: head + (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8) + directory(order, 8, tags)


def raw(tag, value):
    return tag, 7, len(value), value


MAKERS = {  # name: (make, note, tags)
    "canon": ("Canon", from_tiff(b""), [text(7, "Firmware Version 1.0"), text(9, "The Owner"), (12, 4, 1, 123456789), text(0x96, "TESTINT001"),
                                        raw(0x4019, b"\x00\x12\x34\x56\x78" + bytes(25))]),
    "nikon": ("NIKON CORPORATION", from_header(b"Nikon\0\2\x10\0\0"), [text(0x1d, "NO= 20000001"), text(0xa0, "TESTNIKON2")]),
    "olympus": ("OLYMPUS CORPORATION", from_tiff(b"OLYMP\0\2\0"), [text(0x404, "TESTOLY001"), text(0x101a, "TESTOLY002")]),
    "olympus-new": ("OLYMPUS IMAGING CORP.", from_note(b"OLYMPUS\0II\3\0"), [text(0x404, "TESTOLY003")]),
    "panasonic": ("Panasonic", from_tiff(b"Panasonic\0\0\0"), [raw(2, b"\0\1\0\x08"), raw(0x25, b"TST010101001\0\0\0\0"), text(0x52, "TESTLENS01"),
                                                              raw(0x6d, b"Springfield".ljust(72, b"\0"))]),
    "pentax": ("PENTAX Corporation", from_tiff(b"AOC\0MM"), [raw(0x27, b"\xfe\xe1\xff\xed"), text(0x229, "TESTPTX001")]),
    "pentax-new": ("PENTAX", from_note(b"PENTAX \0MM"), [text(0x229, "TESTPTX002"), text(0x22e, "The Artist")]),
    "sony": ("SONY", from_tiff(b"SONY DSC \0\0\0"), [text(0x2031, "TESTSNY1")]),
    "fujifilm": ("FUJIFILM", from_note(b"FUJIFILM\x0c\0\0\0"), [text(0x10, "FPX TEST00001"), text(0x1000, "NORMAL ")]),
    "apple": ("Apple", from_note(b"Apple iOS\0\0\1MM"), [text(0x0b, "TEST-BURST-0001"), text(0x2b, "TEST-PHOTO-0001"), raw(3, b"bplist00time")]),
    "ricoh": ("RICOH", from_tiff(b"RICOH\0\0\0"), [text(2, "Rev0104"), raw(5, b"(TEST)RICOH00001")]),
    "motorola": ("Motorola", from_note(b"MOT\0\1\1\1\1"), [text(0x5501, "TESTMOT001")]),
}


def with_note(order, name, more=(), first=()):
    """A TIFF with the note of a maker; values are where its offsets say only when the note is where it was made for.  `first`: of its first directory."""
    make, note, tags = MAKERS[name]
    at = 0
    for _ in range(2):
        numbers = [(t, k, n, struct.pack(order + "I", d) if isinstance(d, int) else d) for t, k, n, d in tags]
        made = note(order, at, numbers + list(more))
        whole = tiff(order, [text(0x010f, make), *first], exif=[raw(0x927c, made)])
        at = whole.find(made)
    return whole


def rationals(order, tag, *pairs):
    return tag, 5, len(pairs), b"".join(struct.pack(order + "II", a, b) for a, b in pairs)


def gps_of(order):
    return [text(1, "N"), rationals(order, 2, (52, 1), (5, 1), (2436, 100)), text(3, "W"),
            rationals(order, 4, (5, 1), (7, 1), (1284, 100)), (5, 1, 1, b"\0"), rationals(order, 6, (345, 10)),
            rationals(order, 7, (9, 1), (30, 1), (15, 1)), text(0x12, "WGS-84"), text(0x1d, "2024:05:01")]


def camera_block(order):
    note = b"[sensor_id:0TESTCAM000001\0\0\0\0][ae_dbg_info:\x01]\x02\xff]"
    exif = [text(0x9003, "2024:05:01 11:30:00"), text(0x9011, "+02:00"), text(0x9291, "25"),
            (0x927c, 7, len(note), note), text(0xa430, "The Owner"), text(0xa431, "0TESTCAM000001")]
    first = [text(0x010e, "DCIM\\100MEDIA\\DJI_0042.JPG"), text(0x010f, "DJI"), text(0x0110, "FC-TEST"),
             (0x9c9d, 1, 8, "A B\0".encode("utf-16-le"))]
    return tiff(order, first, exif, gps_of(order))


def exif(block):
    return segment(0xe1, b"Exif\0\0" + block)


def mpf(main_length, offset, length):
    entries = struct.pack("<IIIHH", 0x20030000, main_length, 0, 0, 0) + struct.pack("<IIIHH", 0, length, offset, 0, 0)
    return segment(0xe2, b"MPF\0" + tiff("<", [(0xb000, 7, 4, b"0100"), (0xb001, 4, 1, b"\2\0\0\0"),
                                               (0xb002, 7, 32, entries)]))


PACKET = b"""<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" drone-dji:GpsLatitude="+52.0901" drone-dji:GpsLongtitude="-5.12023"
 drone-dji:AltitudeType="RtkAlt" drone-dji:AbsoluteAltitude="+34.5" drone-dji:DroneSerialNumber="0TESTUAV000001"
 drone-dji:DroneModel="TEST-1" drone-dji:LRFTargetLat="52.1" drone-dji:LRFTargetLon="-5.2"
 drone-dji:UTCAtExposure="2024-05-01T09:30:00.25"/></rdf:RDF></x:xmpmeta>  <?xpacket end='w'?>"""
ELEMENTS = b"""<a xmlns:R='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><!-- <no> --><exif:GPSLatitude>52,5.5N</exif:GPSLatitude>
<exif:GPSLongitude>5,7,12W</exif:GPSLongitude><exif:GPSAltitude>3915/100</exif:GPSAltitude><dc:creator><R:Seq><R:li>Ann &amp;
&#66;ob</R:li></R:Seq></dc:creator><p:S R:resource='x'/><p:LensSerialNumber><![CDATA[L<1]]></p:LensSerialNumber></a>"""


def extension(total, offset, part):
    return segment(0xe1, EXTENSION + GUID + struct.pack(">II", total, offset) + part)


def flir():
    head = bytearray(0x40)
    head[0:4] = b"FFF\0"
    struct.pack_into(">III", head, 0x14, 100, 0x40, 2)
    records = struct.pack(">HHIIII12x", 0x20, 1, 100, 1, 0x80, 0x300) + struct.pack(">HHIIII12x", 0x2b, 1, 100, 2, 0x380, 0x40)
    camera = bytearray(0x300)
    camera[0x104:0x10d] = b"FLIR00001"
    gps = struct.pack("<I12xddf", 1, 52.25, 5.5, 34.5).ljust(0x40, b"\0")
    whole = bytes(head) + records + bytes(camera) + gps
    return [segment(0xe1, b"FLIR\0\1" + bytes([i, 1]) + whole[at:end]) for i, (at, end) in enumerate([(0, 336), (336, None)])]


def thermal():
    body = bytearray(0x560)
    body[0:4] = b"\xaa\x55\x12\x06"
    body[0x500:0x512] = b"\x55\xaa\x12\x060TESTTHERM0001"
    return segment(0xe4, bytes(body))


def samsung(blocks):
    """Blocks with names and the directory behind them: (kind, name, data)."""
    parts = [struct.pack("<HHI", 0, kind, len(name)) + name + data for kind, name, data in blocks]
    entries, before = b"", sum(map(len, parts))
    for (kind, _, _), part in zip(blocks, parts):
        entries += struct.pack("<HHII", 0, kind, before, len(part))
        before -= len(part)
    directory = b"SEFH" + struct.pack("<II", 107, len(blocks)) + entries
    return b"".join(parts) + directory + struct.pack("<I", len(directory)) + b"SEFT"


def jpegs():
    cut = PACKET.index(b"Longtitude")
    iptc = b"\x1c\2\x50\0\6A Name\x1c\2\x5a\0\7Utrecht"
    gopro = b"DEVC\0\1\0\x28CASNc\1\0\x0eC0000000000001\0\0MUIDL\4\0\1\1\2\3\4\0\0\0\0"
    announced = len(jpeg(mpf(0, 0, 0))) - 2 - 8  # from behind "MPF\0", which is 8 bytes into its segment at 2
    return {
        "samsung-blocks": jpeg(behind=samsung([(0x0a01, b"Image_UTC_Data", b"1714555800250"), (0x0aa1, b"MCC_Data", b"901"), (0x0a30, b"MotionPhoto_Data", VIDEO),
                                               (0x0100, b"Of_Nobody_Known", b"who knows what")])),
        "whole-photo-little-endian": jpeg(exif(camera_block("<")), segment(0xe1, XMP + PACKET)),
        "whole-photo-big-endian": jpeg(exif(camera_block(">")), segment(0xe1, XMP + PACKET)),
        "extended-xmp-out-of-order": jpeg(extension(len(PACKET), cut, PACKET[cut:]), extension(len(PACKET), 0, PACKET[:cut])),
        "extended-xmp-part-missing": jpeg(extension(len(PACKET), cut, PACKET[cut:])),
        "flir-in-two-segments": jpeg(*flir()),
        "thermal-core-serial": jpeg(thermal(), segment(0xe3, bytes(160 * 120)), segment(0xe3, bytes(160 * 120)),
                                    exif(tiff("<", [text(0x010f, "DJI")]))),
        "vendor-text": jpeg(segment(0xe7, b"DJI-DBG\0[sensor_id:0TEST\0\0][ae_dbg_info:]x][new:abc]"),
                            segment(0xe6, b"GoPro\0" + gopro)),
        "photoshop-iptc": jpeg(segment(0xed, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0" + struct.pack(">I", len(iptc)) + iptc)),
        "second-picture-announced": jpeg(mpf(17, announced, len(SECOND)), behind=SECOND + bytes(8)),
        "second-picture-behind-the-end": jpeg(mpf(17, 100000, 5000)),
        "second-picture-not-announced": jpeg(behind=b"\x80" * 20 + SECOND + b"noise" + SECOND[:-2]),
        "fill-bytes": b"\xff\xd8\xff\xff\xff" + segment(0xfe, b"comment") + PICTURE,
        "segment-of-length-zero": b"\xff\xd8\xff\xe5\0\0garbage" + segment(0xfe, b"comment") + PICTURE,
        "segment-past-the-end": b"\xff\xd8" + segment(0xe1, b"Exif\0\0" + camera_block("<"))[:200],
        "scans-with-comment-between": b"\xff\xd8" + segment(0xda, b"\1" + bytes(5)) + b"\1\xff\0\xff\xd1\xff\xff\0" * 12 +
                                      segment(0xfe, b"comment") + segment(0xda, b"\1" + bytes(5)) + b"\1\xff\x37\2\xff\xd9",
        "no-end-of-image": b"\xff\xd8" + PICTURE[:-2],
        "unknown-segments": jpeg(segment(0xe5, b"calibration"), segment(0xeb, b"JP c2pa"), segment(0xf0, b"reserved")),
    }


def tiffs():
    loop = b"II*\0\x08\0\0\0" + directory("<", 8, [text(0x010f, "DJI")], 8)
    adobe = b"Adobe\0MakN" + struct.pack(">I", 20) + b"II\0\0\0\0[sensor_id:AB]"
    dng = [text(0x010f, "Maker"), (0xc612, 1, 4, b"\1\4\0\0"), text(0xc62f, "DNGSERIAL1"), (0xc634, 1, len(adobe), adobe),
           (0xc65d, 1, 16, bytes(range(16))), (0x02bc, 1, len(ELEMENTS), ELEMENTS)]
    note = directory("<", 0, [text(1, "DJI"), (6, 11, 1, struct.pack("<f", 1))])
    preview = b"\xff\xd8" + segment(0xe1, b"ab") + b"\xff\xd9"
    with_preview = tiff("<", [(0x0201, 4, 1, struct.pack("<I", 38)), (0x0202, 4, 1, struct.pack("<I", len(preview)))]) + preview
    return {
        "dng-little-endian": tiff("<", dng, sub=[text(0xa435, "LENS-9")]),
        "dng-big-endian": tiff(">", dng, sub=[text(0xa435, "LENS-9")]),
        "camera-tags-big-endian": camera_block(">"),
        "directory-loop": loop,
        "exif-directory-is-the-first": tiff("<", [(0x8769, 4, 1, b"\x08\0\0\0")]),
        "count-overflows": tiff("<", [(0x010f, 5, 0x20000000, b"\x08\0\0\0"), (0x0110, 12, 0xffffffff, b"\0\0\0\0")]),
        "value-behind-the-end": tiff("<", [(0x010f, 2, 9, b"\xff\xff\xff\xff")]),
        "many-entries-promised": b"II*\0\x08\0\0\0\xff\xff" + struct.pack("<HHI", 0x010f, 2, 4) + b"DJI\0",
        "dji-maker-note-directory": tiff(">", [], exif=[(0x927c, 7, len(note), note)]),
        "preview-with-metadata": with_preview,
        "bigtiff-without-directory": b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0",
        "bigtiff-offsets-of-4-bytes": b"II+\0\x04\0\0\0\x10\0\0\0\0\0\0\0" + directory("<", 16, [text(0x010f, "DJI")], 0, True),
        "bigtiff-little-endian": tiff("<", [text(0x010f, "Maker"), text(0xc62f, "BIGSERIAL1")], exif=[text(0xa430, "The Owner")], gps=gps_of("<"), wide=True),
        "bigtiff-big-endian": tiff(">", [text(0x010f, "Maker"), text(0xc62f, "BIGSERIAL1")], exif=[text(0xa430, "The Owner")], gps=gps_of(">"), wide=True),
        "bigtiff-loop": b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + directory("<", 16, [text(0x010f, "DJI")], 16, True),
        "bigtiff-count-overflows": b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + directory("<", 16, [(0x010f, 12, 0x2000000000000001, b"DJI"), (0x0110, 2, 2**64 - 1, b"M")], 0, True),
        "maker-note-directory-loop": with_note("<", "olympus", [(0x2010, 13, 1, struct.pack("<I", 8)), (0x2020, 4, 1, struct.pack("<I", 8))]),
        "maker-note-value-outside": with_note("<", "canon", [(0x0028, 7, 16, b"\xff\xff\xff\x7f")]),
    } | {f"maker-note-{name}-{'little' if order == '<' else 'big'}": with_note(order, name) for name in MAKERS for order in "<>"}


def packets():
    return {
        "attributes-misspelt-longitude": PACKET,
        "elements-entities-cdata": ELEMENTS,
        "no-quotes": b"<a p:X=1 p:Y='2'><p:SerialNumber>3</p:SerialNumber></a>",
        "cut-in-a-value": PACKET[:300],
        "deep": b"<p:X>" * 60 + b"v" + b"</p:X>" * 60,
        "prefix-bound-behind-its-use": b"<a d:GpsLatitude='1' d:GpsLongitude='2' xmlns:d='urn:dji'/>",
        "utf-16": "\ufeff<a/>".encode("utf-16-le"),
        "place-of-nobody-known": b"<a y:HangarLatitude='52.7' y:PilotLat='52' y:PilotLon='5' y:RtkStdLat='0.1'/>",
    }


def main():
    for folder, ending, files in (("jpeg", ".jpg", jpegs()), ("tiff", ".tif", tiffs()), ("xmp", ".xmp", packets())):
        (HERE / folder).mkdir(exist_ok=True)
        for name, content in files.items():
            (HERE / folder / (name + ending)).write_bytes(content)


if __name__ == "__main__":
    main()
