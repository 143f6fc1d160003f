"""leash scrub: copies without positions, serial numbers and names.  What is left is looked for here without leash, in the
bytes of the copies; pictures are decoded by other programs."""
import base64
import errno
import fcntl
import os
import platform
import shutil
import signal
import struct
import subprocess
import time

from harness import Folder, PROGRAM, SOURCE, equal, facts, leash, need, run, samples, skip
from scrub_kit import Scrubbed, corpus, decoded, forms_of_place, forms_of_text, nothing_left, read, sha256

made = corpus("media", "make.py")

LATITUDE, LONGITUDE = 52 + 5 / 60 + 24.36 / 3600, -(5 + 7 / 60 + 12.84 / 3600)
SERIAL, DRONE, OWNER, CARD = "0TESTCAM000001", "0TESTUAV000001", "The Owner", "DCIM\\100MEDIA\\DJI_0042.JPG"
SCANS = read(os.path.join(SOURCE, "test", "corpus", "media", "picture_hash", "baseline.jpg"))


def picture(*segments, behind=b""):
    """A picture that decoders decode, with more segments in front."""
    return SCANS[:2] + b"".join(segments) + SCANS[2:] + behind


def photo(order="<", behind=b"", more=()):
    return picture(made.exif(made.camera_block(order)), made.segment(0xe1, made.XMP + made.PACKET), *more, behind=behind)


def everything_gone(data):
    nothing_left(data, forms_of_place(LATITUDE, LONGITUDE), forms_of_place(52.0901, -5.12023), forms_of_place(52.1000001, -5.2000001),
                 forms_of_text(SERIAL), forms_of_text(DRONE), forms_of_text(OWNER), forms_of_text(CARD), {"XPAuthor": "A B\0".encode("utf-16-le")},
                 {"date of the fix": b"2024:05:01\0\0"})


def test_photo_in_both_byte_orders():
    with Folder() as folder:
        names = {"little.jpg": photo("<"), "big.jpg": photo(">")}
        paths = [folder.write("in/" + name, content) for name, content in names.items()]
        before = [(sha256(p), os.stat(p).st_mtime_ns, os.stat(p).st_mode) for p in paths]
        done = Scrubbed(folder, *paths, expect=0)
        for name in names:
            assert done.results[name] == "removed_and_checked", done.said
            everything_gone(done.copy(name))
            assert len(done.copy(name)) == len(names[name])
            assert done.copy(name).endswith(SCANS[2:]), "tables and scans stay as they are"
            told = done.sidecar(name)
            assert told["altered"] is True and told["result"] == "removed_and_checked"
            assert told["original"]["sha256"] == sha256(folder / ("in/" + name)) and told["copy"]["sha256"] == sha256(done.copies[name])
            assert {row["kind"] for row in told["removed"]} >= {"position", "serial", "name"}
            assert "can still tell the place" in told["reminder"] and told["tool"].startswith("leash ")
        assert before == [(sha256(p), os.stat(p).st_mtime_ns, os.stat(p).st_mode) for p in paths]
        assert "can still tell the place" in done.said
        assert sorted(os.listdir(done.folder)) == sorted([n + e for n in names for e in ("", ".scrub.json")])


def test_pixels_are_the_same():
    with Folder() as folder:
        path = folder.write("in/a.jpg", photo())
        done = Scrubbed(folder, path, expect=0)
        want = decoded(path)
        if want is None:
            skip("no ffmpeg to decode with")
        assert decoded(done.copies["a.jpg"]) == want


def test_other_programs_open_the_copy():
    need("exiftool")
    with Folder() as folder:
        def told_of(path):
            return subprocess.run(["exiftool", "-a", "-u", "-G1", "-s", path], capture_output=True, text=True, check=True).stdout

        path = folder.write("in/a.jpg", photo())
        done = Scrubbed(folder, path, expect=0)
        told = told_of(done.copies["a.jpg"])
        for word in ("GPS", "Serial", "Owner", "0TEST", "52."):
            assert word not in told, told
        assert "FC-TEST" in told and "2024:05:01 11:30:00" in told, told
        assert told.count("Warning") <= told_of(path).count("Warning"), told


def test_keep():
    with Folder() as folder:
        path = folder.write("in/a.jpg", photo())
        copy = Scrubbed(folder, "--keep", "serial", path, out="serial").copy("a.jpg")
        assert SERIAL.encode() in copy and DRONE.encode() in copy
        nothing_left(copy, forms_of_place(LATITUDE, LONGITUDE), forms_of_text(OWNER))
        done = Scrubbed(folder, "--keep", "position", "--keep", "operator", path, out="position", expect=0)
        assert b"+52.0901" in done.copy("a.jpg")
        nothing_left(done.copy("a.jpg"), forms_of_text(SERIAL), forms_of_text(OWNER))
        assert "position" in done.sidecar("a.jpg")["kept"]
        assert OWNER.encode() in Scrubbed(folder, "--keep", "name", path, out="name").copy("a.jpg")


def test_drop_time():
    with Folder() as folder:
        path = folder.write("in/DJI_20240501113000_0001.jpg", photo())
        assert b"2024:05:01 11:30:00" in Scrubbed(folder, path, out="kept", expect=0).copy("DJI_20240501113000_0001.jpg")
        done = Scrubbed(folder, "--drop", "time", path, out="dropped", expect=0)
        copy = done.copy("DJI_20240501113000_0001.jpg")
        assert b"2024:05:01" not in copy and b"2024-05-01" not in copy
        assert os.path.basename(done.copies["DJI_20240501113000_0001.jpg"]) == "scrubbed-1.jpg", "the name tells the time, too"
        assert done.sidecar("DJI_20240501113000_0001.jpg")["renamed"] is True


def test_a_name_with_the_serial_number():
    with Folder() as folder:
        done = Scrubbed(folder, folder.write(f"in/{SERIAL}_7.jpg", photo()), expect=0)
        assert sorted(os.listdir(done.folder)) == ["scrubbed-1.jpg", "scrubbed-1.jpg.scrub.json"]
        assert SERIAL.encode() not in read(done.folder + "/scrubbed-1.jpg.scrub.json")


def test_thumbnail():
    small = made.jpeg(made.segment(0xe1, made.XMP + made.PACKET))
    block = made.tiff("<", [made.text(0x010f, "DJI")])
    block = made.tiff("<", [made.text(0x010f, "DJI")], following=len(block))
    second = made.directory("<", len(block), [(0x0201, 4, 1, struct.pack("<I", len(block) + 30)), (0x0202, 4, 1, struct.pack("<I", len(small)))])
    assert len(second) == 30
    with Folder() as folder:
        path = folder.write("in/a.jpg", picture(made.exif(block + second + small)))
        kept = Scrubbed(folder, path, expect=0).copy("a.jpg")
        assert made.PICTURE in kept and b"0TESTUAV" not in kept and b"52.0901" not in kept, "a thumbnail has metadata of its own"
        dropped = Scrubbed(folder, "--drop", "thumbnail", path, out="without", expect=0).copy("a.jpg")
        assert made.PICTURE not in dropped


def test_pictures_behind_the_first():
    second = made.jpeg(made.exif(made.camera_block(">")))
    first = photo()
    whole = photo(behind=b"\x80" * 40 + second + b"noise behind")
    with Folder() as folder:
        path = folder.write("in/a.jpg", whole)
        done = Scrubbed(folder, path, expect=0)
        assert len(done.copy("a.jpg")) == len(first), "cut off behind the first"
        everything_gone(done.copy("a.jpg"))
        done = Scrubbed(folder, "--keep", "preview", path, out="kept", expect=3)
        assert done.results["a.jpg"] == "not_shown" and len(done.copy("a.jpg")) == len(whole)
        everything_gone(done.copy("a.jpg"))
        done = Scrubbed(folder, "--keep", "preview", "--strip-unknown", path, out="stripped", expect=0)
        assert b"noise behind" not in done.copy("a.jpg") and made.PICTURE in done.copy("a.jpg")


def test_a_gain_map_stays():
    gain = made.jpeg(made.segment(0xe2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0"), made.exif(made.camera_block("<")))
    with Folder() as folder:
        done = Scrubbed(folder, folder.write("in/a.jpg", photo(behind=gain)), expect=0)
        assert made.PICTURE in done.copy("a.jpg")[-len(gain):]
        everything_gone(done.copy("a.jpg"))


def test_what_is_not_understood():
    with Folder() as folder:
        path = folder.write("in/a.jpg", photo(more=[made.segment(0xe5, b"calibration of something " * 20), made.segment(0xe9, SERIAL.encode() * 3)]))
        done = Scrubbed(folder, path, expect=3)
        assert done.results["a.jpg"] == "not_shown" and "APP segment" in done.reasons["a.jpg"], done.said
        assert b"calibration" in done.copy("a.jpg")
        everything_gone(done.copy("a.jpg"))
        assert [row["kind"] for row in done.sidecar("a.jpg")["left"]] == ["unknown"] * len(done.sidecar("a.jpg")["left"]) != []
        done = Scrubbed(folder, "--strip-unknown", path, out="stripped", expect=0)
        assert b"calibration" not in done.copy("a.jpg")
        assert done.sidecar("a.jpg")["left"] == []


def test_vendor_blocks():
    with Folder() as folder:
        done = Scrubbed(folder, folder.write("in/a.jpg", photo(more=made.flir() + [made.thermal(), made.segment(0xe7, b"DJI-DBG\0[sensor_id:0TESTCAM000009]"),
                                                              made.segment(0xed, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\x0c\x1c\2\x50\0\7By Line"),
                                                              made.segment(0xfe, b"a comment by somebody")])), expect=0)
        copy = done.copy("a.jpg")
        nothing_left(copy, forms_of_text("FLIR00001"), forms_of_text("0TESTTHERM0001"), forms_of_text("0TESTCAM000009"), forms_of_text("By Line"),
                     forms_of_text("a comment by somebody"), {"FLIR GPS": struct.pack("<dd", 52.25, 5.5)})
        everything_gone(copy)


def test_extended_xmp():
    packet = made.PACKET
    parts = [made.extension(len(packet), 0, packet[:400]), made.extension(len(packet), 400, packet[400:])]
    with Folder() as folder:
        done = Scrubbed(folder, folder.write("in/a.jpg", picture(*parts)), folder.write("in/b.jpg", picture(*parts[::-1])), expect=0)
        for name in ("a.jpg", "b.jpg"):
            nothing_left(done.copy(name), forms_of_text(DRONE), {"latitude": b"52.0901", "longitude": b"5.12023", "target": b"52.1"})


# Free texts of published schemas, by how their namespace ends: what a person writes there goes.
SCHEMAS = {
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": ["CiAdrExtadr", "CiAdrPcode", "CiTelWork", "CiUrlWork", "CiEmailWork", "CiAdrCity", "Location", "SubjectCode"],
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": ["Event", "OrganisationInImageName", "PersonInImage", "AddlModelInfo", "AOTitle", "AOCreator", "City"],
    "http://purl.org/dc/elements/1.1/": ["creator", "title", "description", "subject", "coverage", "relation", "source", "publisher"],
    "http://ns.adobe.com/photoshop/1.0/": ["City", "History", "SupplementalCategories", "Headline", "Credit"],
    "http://ns.adobe.com/lightroom/1.0/": ["hierarchicalSubject", "weightedFlatSubject"],
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": ["shotLocation", "logComment", "tapeName", "cameraLabel", "projectName"],
    "http://ns.adobe.com/xap/1.0/": ["BaseURL", "Nickname", "Label"], "http://ns.adobe.com/xap/1.0/mm/": ["ManageTo", "LastURL"],
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": ["filePath"], "http://ns.adobe.com/xap/1.0/sType/Job#": ["name", "url"],
    "http://www.metadataworkinggroup.com/schemas/regions/": ["Name", "Description"], "http://www.digikam.org/ns/1.0/": ["TagsList"],
    "http://ns.adobe.com/exif/1.0/": ["RelatedSoundFile", "UserComment"],
}
SETTINGS = {"http://ns.adobe.com/xap/1.0/": ["CreatorTool"], "http://ns.adobe.com/tiff/1.0/": ["Software", "Model"],
            "http://www.metadataworkinggroup.com/schemas/regions/": ["Type"]}


def test_texts_of_published_schemas():
    """As attributes and as elements; programs and settings stay."""
    with Folder() as folder:
        said, paths = {}, []
        for which, schemas in (("goes", SCHEMAS), ("stays", SETTINGS)):
            for number, (namespace, names) in enumerate(schemas.items()):
                values = {name: "Word of %s %d" % (name, number) for name in names}
                for form in ("attributes", "elements"):
                    head = '<rdf:Description rdf:about="" xmlns:n="%s"' % namespace
                    body = head + " " + " ".join('n:%s="%s"' % v for v in values.items()) + "/>" if form == "attributes" else \
                        head + ">" + "".join("<n:%s><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></n:%s>" % (name, value, name) for name, value in values.items()) + "</rdf:Description>"
                    packet = ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">%s</rdf:RDF></x:xmpmeta>' % body).encode()
                    name = "%s-%d-%s.jpg" % (which, number, form)
                    paths.append(folder.write("in/" + name, picture(made.segment(0xe1, made.XMP + packet))))
                    said[name] = values
        done = Scrubbed(folder, *paths, expect=0)
        for name, values in said.items():
            assert done.results[name] == "removed_and_checked", (name, done.said)
            for value in values.values():
                equal(value.encode() in done.copy(name), name.startswith("stays"), (name, value))


def test_lists_in_a_damaged_namespace():
    """An rdf:li whose namespace was hit is no list's any more: what it names is not known."""
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http\n//www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ' \
             b'xmlns:n="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"><n:PersonInImage><rdf:Bag><rdf:li>Somebody Else</rdf:li></rdf:Bag></n:PersonInImage>' \
             b'</rdf:Description></rdf:RDF></x:xmpmeta>'
    with Folder() as folder:
        done = Scrubbed(folder, folder.write("in/a.jpg", picture(made.segment(0xe1, made.XMP + packet))), expect=3)
        assert done.results["a.jpg"] == "not_shown" and "rdf:li" in done.reasons["a.jpg"], done.said
        stripped = Scrubbed(folder, "--strip-unknown", folder / "in/a.jpg", out="stripped", expect=0)
        assert b"Somebody" not in stripped.copy("a.jpg")


def test_a_property_whose_name_was_hit():
    """A word whose property no published schema has may be a name; a number is none."""
    for value, result in (("Somebody", "not_shown"), ("12.5", "removed_and_checked"), ("True", "removed_and_checked")):
        packet = ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
                  'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Artisu="%s"/></rdf:RDF></x:xmpmeta>' % value).encode()
        with Folder() as folder:
            done = Scrubbed(folder, folder.write("in/a.jpg", picture(made.segment(0xe1, made.XMP + packet))))
            equal(done.results["a.jpg"], result, done.said)


def test_what_is_no_property():
    """Comments, definitions and instructions: one is the whole packet when the mark that opens it has lost its end."""
    body = ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
            'xmlns:aux="http://ns.adobe.com/exif/1.0/aux/">%s</rdf:Description></rdf:RDF></x:xmpmeta>')
    owner, mark, end = "<aux:OwnerName>Somebody</aux:OwnerName>", "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>", "<?xpacket end='w'?>"
    for packet, result in ((mark + body % owner + end, "removed_and_checked"), (mark.replace("?>", "??") + body % owner + end, "not_shown"),
                           (mark + body % "<!-- of Somebody -->" + end, "not_shown"), (mark + body % "<?of Somebody?>" + end, "not_shown"),
                           ("<!DOCTYPE a [<!ENTITY b 'Somebody'>]>" + body % "" + end, "not_shown")):
        with Folder() as folder:
            done = Scrubbed(folder, folder.write("in/a.jpg", picture(made.segment(0xe1, made.XMP + packet.encode()))))
            equal(done.results["a.jpg"], result, packet + str(done.said))
            stripped = Scrubbed(folder, "--strip-unknown", folder / "in/a.jpg", out="stripped")
            equal(stripped.results["a.jpg"], "removed_and_checked", packet + str(stripped.said))
            assert b"Somebody" not in stripped.copy("a.jpg"), packet


def test_room_that_windows_leaves():
    """0xea1c holds whatever stood there before; 0xea1d only how far the maker note was moved."""
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + struct.pack("<HHII", 0xea1c, 7, 40, 38) + struct.pack("<HHIi", 0xea1d, 9, 1, -7) + b"\0\0\0\0" + \
        b"left over of what stood there before....."
    with Folder() as folder:
        done = Scrubbed(folder, folder.write("in/a.jpg", picture(made.exif(block))), expect=0)
        assert b"left over" not in done.copy("a.jpg")


def test_tiff_and_dng():
    with Folder() as folder:
        paths = [folder.write("in/little.tif", made.camera_block("<")), folder.write("in/big.tif", made.camera_block(">"))]
        done = Scrubbed(folder, *paths, expect=0)
        for path in paths:
            copy = done.copy(os.path.basename(path))
            assert len(copy) == os.path.getsize(path)
            everything_gone(copy)


def test_bytes_that_nothing_points_at():
    """As programs leave them that change a TIFF file in place: no reader comes to them, and a hex editor does."""
    left = b"left where it was: 0OLDSERIAL4711"
    with Folder() as folder:
        paths = []
        for order in "<>":
            block = made.camera_block(order)
            name = "little" if order == "<" else "big"
            paths += [folder.write("in/%s.tif" % name, block + left), folder.write("in/%s.jpg" % name, picture(made.exif(block + left))),
                      folder.write("in/%s-blank.tif" % name, block + bytes(64)), folder.write("in/%s-blank.jpg" % name, picture(made.exif(block + b" " * 64)))]
        # A directory whose count was hit: nearly all that it pointed at is there, and nothing points at it.
        hidden = bytearray(made.camera_block("<"))
        first, = struct.unpack_from("<I", hidden, 4)
        hidden[first:first + 2] = b"\1\0"
        alone = folder.write("in/one-entry.tif", bytes(hidden))
        done = Scrubbed(folder, alone, out="alone", expect=3)
        assert "nothing points at" in done.reasons["one-entry.tif"], done.said
        everything_gone(Scrubbed(folder, "--strip-unknown", alone, out="alone-stripped", expect=3).copy("one-entry.tif"))
        done = Scrubbed(folder, *paths, expect=3)
        for name, result in done.results.items():
            equal(result, "removed_and_checked" if "blank" in name else "not_shown", name)
            assert "blank" in name or "nothing points at" in done.reasons[name], done.said
        stripped = Scrubbed(folder, "--strip-unknown", *paths, out="stripped", expect=0)
        for name in stripped.results:
            assert left not in stripped.copy(name)
            everything_gone(stripped.copy(name))


def test_tables_longer_than_they_may_be():
    """What belongs to the picture has its length; in what is longer, or has another marker than it had, may be anything."""
    secret = b"Test Pilot One"
    cases = {"lines": made.segment(0xdc, secret), "restarts": made.segment(0xdd, b"\0\0" + secret), "quantisation": made.segment(0xdb, bytes(65) + secret),
             "Huffman": made.segment(0xc4, bytes(17) + secret), "frame": made.segment(0xde, bytes([8, 0, 8, 0, 8, 1, 1, 0x11, 0]) + secret),
             "Adobe": made.segment(0xee, b"Adobe\0" + bytes(6) + secret), "JFIF": made.segment(0xe0, b"JFIF\0\1\2\0\0\1\0\1\0\0" + secret),
             "Ducky": made.segment(0xec, b"Ducky" + b"\0\1\0\4\0\0\0\x40\0\2\0\x12\0\0\0\x0e" + secret)}
    with Folder() as folder:
        paths = [folder.write("in/%s.jpg" % name, picture(segment)) for name, segment in cases.items()]
        done = Scrubbed(folder, *paths, expect=3)
        equal(done.results, {name + ".jpg": "not_shown" for name in cases}, "results")
        right = [made.segment(0xdd, b"\0\0"), made.segment(0xdb, bytes(65)), made.segment(0xc4, bytes(17)), made.segment(0xee, b"Adobe\0" + bytes(6)),
                 made.segment(0xe0, b"JFIF\0\1\2\0\0\1\0\1\1\1" + bytes(3)), made.segment(0xec, b"Ducky\0\1\0\4\0\0\0\x40\0\0")]
        equal(Scrubbed(folder, folder.write("in/right.jpg", picture(*right)), out="right", expect=0).results["right.jpg"], "removed_and_checked")


def test_words_where_numbers_are():
    """A tag that has numbers by its definition, with words in it: one that was moved there, or hit."""
    with Folder() as folder:
        for name, tag, kind in (("aperture", 0x9202, 2), ("width", 0x0100, 2), ("sensitivity", 0x8833, 2), ("interop", 0x0001, 7), ("maker", 0x0110, 7),
                                ("colour profile", 0x8773, 7)):
            path = folder.write("in/%s.tif" % name, made.tiff("<", [made.text(0x010f, "Canon"), (tag, kind, 15, b"Test Pilot One\0")]))
            equal(Scrubbed(folder, path, out="out-" + name, expect=3).results[name + ".tif"], "not_shown")
            nothing_left(Scrubbed(folder, "--strip-unknown", path, out="stripped-" + name, expect=0).copy(name + ".tif"), forms_of_text("Test Pilot One"))


def test_xmp_of_phones():
    """Pictures in base64 go, ids of series go, and what the maker enciphered is not understood."""
    camera = 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" xmlns:GImage="http://ns.google.com/photos/1.0/image/" '

    def photo(properties):
        packet = ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
                  + camera + properties + '/></rdf:RDF></x:xmpmeta>').encode()
        return made.jpeg(made.segment(0xe1, made.XMP + packet))

    inside = base64.b64encode(made.jpeg(made.segment(0xfe, b"Test Pilot One was here"))).decode()
    with Folder() as folder:
        path = folder.write("in/a.jpg", photo('GCamera:MotionPhoto="1" GCamera:BurstID="0TEST-BURST-1" GImage:Mime="image/jpeg" GImage:Data="%s"' % inside))
        copy = Scrubbed(folder, path, expect=0).copy("a.jpg")
        nothing_left(copy, forms_of_text("0TEST-BURST-1"), {"picture": inside[:40].encode()})
        assert b"MotionPhoto" in copy
        path = folder.write("in/b.jpg", photo('GCamera:hdrp_makernote="SERSUAMAAAAA%s"' % inside))
        equal(Scrubbed(folder, path, out="b", expect=3).results["b.jpg"], "not_shown")
        assert inside[:40].encode() not in Scrubbed(folder, "--strip-unknown", path, out="stripped", expect=0).copy("b.jpg")


def test_a_time_that_is_none():
    """Times stay; a text where one should be is not understood."""
    with Folder() as folder:
        block = made.camera_block("<")
        assert b"2024:05:01 " in block
        paths = [folder.write("in/time.tif", block), folder.write("in/text.tif", block.replace(b"2024:05:01 ", b"Springfield"))]
        done = Scrubbed(folder, *paths, expect=3)
        equal(done.results, {"time.tif": "removed_and_checked", "text.tif": "not_shown"}, "results")
        assert b"2024:05:01 " in done.copy("time.tif")
        assert b"Springfield" not in Scrubbed(folder, "--strip-unknown", paths[1], out="stripped", expect=0).copy("text.tif")


def test_a_picture_on_top_of_metadata():
    """What is said to be a picture is kept; where it lies on the directory, one of the two is a lie."""
    def tiff(offset):
        entries = [(0x0100, 3, 1, 8), (0x0101, 3, 1, 8), (0x0111, 4, 1, offset), (0x0117, 4, 1, 64)]
        return b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries) + bytes(4) + b"pixels.." * 8
    behind = len(tiff(0)) - 64
    with Folder() as folder:
        done = Scrubbed(folder, folder.write("in/apart.tif", tiff(behind)), folder.write("in/on-top.tif", tiff(16)), expect=3)
        equal(done.results, {"apart.tif": "removed_and_checked", "on-top.tif": "not_shown"}, "results")


def test_gopro_keys():
    """Settings stay, what names something goes, and a key that nobody knows is not understood; nor is what stands behind the end."""
    def item(key, kind, size, data):
        return key + kind.encode() + struct.pack(">BH", size, len(data) // size) + data + bytes(-len(data) % 4)
    settings, serial = item(b"PTWB", "c", 1, b"AUTO-SETTING"), item(b"CASN", "c", 1, SERIAL.encode())
    blocks = {"known": settings + serial + item(b"RMRK", "c", 1, b"a remark by somebody"), "key": settings + serial + item(b"QQQQ", "c", 1, b"who knows what"),
              "behind": settings + serial + bytes(8) + b"who knows what", "numbers": settings + item(b"QQQQ", "L", 4, bytes(3) + b"\1" + b"who knows wha")}
    with Folder() as folder:
        paths = [folder.write("in/%s.jpg" % name, picture(made.segment(0xe6, b"GoPro\0" + struct.pack(">4sxBH", b"DEVC", 1, len(block)) + block)))
                 for name, block in blocks.items()]
        done = Scrubbed(folder, *paths, expect=3)
        for name in blocks:
            equal(done.results[name + ".jpg"], "removed_and_checked" if name == "known" else "not_shown", name)
            assert b"AUTO-SETTING" in done.copy(name + ".jpg") and b"a remark" not in done.copy(name + ".jpg")
            nothing_left(done.copy(name + ".jpg"), forms_of_text(SERIAL))
        stripped = Scrubbed(folder, "--strip-unknown", *paths, out="stripped", expect=0)
        assert all(b"who knows wha" not in stripped.copy(name) for name in stripped.results)


def test_parrot_photos():
    """The properties that Parrot publishes: what tells the drone, the boot and the flight goes, the rest is understood."""
    goes = {"drone-parrot:SerialNumber": "PI0000TEST00000001", "drone-parrot:SecureCn": "TEST1.drones.example.org", "drone-parrot:BootId": "E0000000TEST00000000000000000001",
            "drone-parrot:CustomId": "test-66-4711_0001", "Camera:FlightUUID": "E0000000TEST00000000000000000002"}
    stays = {"drone-parrot:CameraRollDegree": "-0.052789", "drone-parrot:ModelId": "091a", "drone-parrot:SoftwareBuildId": "anafi2-classic-7.0.0",
             "drone-parrot:PhotoMode": "GPSLapse", "drone-parrot:CaptureTsUs": "733975882", "Camera:GPSXYAccuracy": "845389/2097152",
             "Camera:AboveGroundAltitude": "11485529/262144", "Camera:PerspectiveFocalLengthUnits": "mm"}
    packet = ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
              'xmlns:drone-parrot="http://www.parrot.com/drone-parrot/1.0/" xmlns:Camera="http://pix4d.com/camera/1.0/" %s/></rdf:RDF></x:xmpmeta>'
              % " ".join('%s="%s"' % p for p in {**goes, **stays}.items())).encode()
    with Folder() as folder:
        path = folder.write("in/a.jpg", picture(made.segment(0xe1, made.XMP + packet)))
        serials = [(row["role"], row["vendor"], row["serial"]) for row in facts(path) if row["fact"] == "device"]
        equal(serials, [("aircraft", "Parrot", goes["drone-parrot:SerialNumber"])], "devices")
        done = Scrubbed(folder, path, expect=0)
        nothing_left(done.copy("a.jpg"), *(forms_of_text(value) for value in goes.values()))
        assert all(value.encode() in done.copy("a.jpg") for value in stays.values())


MAKERS_VALUES = {"canon": ["The Owner", "TESTINT001"], "nikon": ["20000001", "TESTNIKON2"], "olympus": ["TESTOLY001", "TESTOLY002"], "olympus-new": ["TESTOLY003"],
                 "panasonic": ["TST010101001", "TESTLENS01", "Springfield"], "pentax": ["TESTPTX001"], "pentax-new": ["TESTPTX002", "The Artist"],
                 "sony": ["TESTSNY1"], "fujifilm": ["FPX TEST00001"], "apple": ["TEST-BURST-0001", "TEST-PHOTO-0001"], "ricoh": ["(TEST)RICOH00001"],
                 "motorola": ["TESTMOT001"]}


def test_makers_notes():
    """A note that is understood goes through; with one value more that is not, the rest is gone all the same, and it is said."""
    assert set(MAKERS_VALUES) == set(made.MAKERS)
    with Folder() as folder:
        paths, values = [], {}
        for order in "<>":
            for name in made.MAKERS:
                for more in ([], [made.raw(0x7ff7, b"who knows what")]):
                    file = f"{name}-{'little' if order == '<' else 'big'}-{len(more)}.tif"
                    content = made.with_note(order, name, more)
                    for value in MAKERS_VALUES[name]:
                        assert value.encode() in content
                    paths.append(folder.write("in/" + file, content))
                    values[file] = MAKERS_VALUES[name]
        done = Scrubbed(folder, *paths, expect=3)
        for file, gone in values.items():
            assert done.results[file] == ("not_shown" if file.endswith("-1.tif") else "removed_and_checked"), done.said
            nothing_left(done.copy(file), *(forms_of_text(value) for value in gone))
            if file.startswith("canon"):
                assert b"\0\x12\x34\x56\x78" not in done.copy(file) and b"Firmware Version 1.0" in done.copy(file)
                nothing_left(done.copy(file), {"number": struct.pack("<I", 123456789), "other order": struct.pack(">I", 123456789)})
        stripped = Scrubbed(folder, "--strip-unknown", *[p for p in paths if str(p).endswith("-1.tif")], out="stripped", expect=0)
        assert all(b"who knows what" not in stripped.copy(file) for file in stripped.results)


def test_a_note_goes_as_a_whole():
    """Where something in a maker's note is not understood, all of it goes: in JPEG and DNG, but in no other raw picture, which needs it.  --keep note
    leaves it without what is known."""
    unknown, version = made.raw(0x7ff7, b"who knows what"), (0xc612, 1, 4, b"\1\4\0\0")
    with Folder() as folder:
        paths, values = [], {}
        for name, of_maker in MAKERS_VALUES.items():
            for file, content in ((name + ".jpg", picture(made.exif(made.with_note("<", name, [unknown])))), (name + ".dng", made.with_note(">", name, [unknown], [version]))):
                paths.append(folder.write("in/" + file, content))
                values[file] = of_maker
        paths.append(folder.write("in/casio.jpg", picture(made.exif(made.tiff("<", [made.text(0x010f, "CASIO")], exif=[made.raw(0x927c, b"QVC\0 who knows what")])))))
        values["casio.jpg"] = []
        behind = made.tiff("<", [made.text(0x010f, "CASIO")], exif=[made.raw(0x927c, b"QVC\0 and more behind it")]) + b"who knows what"
        paths.append(folder.write("in/behind.jpg", picture(made.exif(behind))))
        values["behind.jpg"] = []
        done = Scrubbed(folder, *paths, expect=0)
        kept = Scrubbed(folder, "--keep", "note", *paths, out="kept", expect=3)
        for file, of_maker in values.items():
            equal((done.results[file], kept.results[file]), ("removed_and_checked", "not_shown"), file)
            assert b"who knows what" not in done.copy(file) and b"who knows what" in kept.copy(file), file
            assert [c for c in done.sidecar(file)["removed"] if c["kind"] == "note"], file
            for copy in (done, kept):
                nothing_left(copy.copy(file), *(forms_of_text(value) for value in of_maker))
            assert struct.pack("<H", 0x927c) not in done.copy(file) and struct.pack(">H", 0x927c) not in done.copy(file), "its entry left the directory"


def test_big_tiff():
    with Folder() as folder:
        names = [f"bigtiff-{order}-endian.tif" for order in ("little", "big")]
        done = Scrubbed(folder, *[os.path.join(SOURCE, "test", "corpus", "media", "tiff", name) for name in names], expect=0)
        for name in names:
            assert done.results[name] == "removed_and_checked", done.said
            nothing_left(done.copy(name), forms_of_place(LATITUDE, LONGITUDE), forms_of_text("BIGSERIAL1"), forms_of_text(OWNER))
            assert b"Maker\0" in done.copy(name)


def test_shift_keeps_the_shape():
    def at(north, east):
        gps = [made.text(1, "N"), made.rationals("<", 2, (52, 1), (5, 1), (round((24.36 + north) * 10000), 10000)), made.text(3, "W"),
               made.rationals("<", 4, (5, 1), (7, 1), (round((12.84 + east) * 10000), 10000))]
        return picture(made.exif(made.tiff("<", [made.text(0x010f, "DJI")], gps=gps)))

    with Folder() as folder:
        steps = [(0, 0), (10, 0), (0, 10), (7, 3)]
        paths = [folder.write(f"in/{i}.jpg", at(*step)) for i, step in enumerate(steps)]
        done = Scrubbed(folder, "--shift", *paths, expect=0)
        places = {}
        for i in range(len(steps)):
            copy = done.copies[f"{i}.jpg"]
            media = next(row for row in facts(copy) if row["fact"] == "media")
            places[i] = media["position"][1], media["position"][0]
            # Whole degrees and minutes may be those of the new place, too.
            place = forms_of_place(LATITUDE + steps[i][0] / 3600, LONGITUDE)
            nothing_left(read(copy), {name: form for name, form in place.items() if "rationals" not in name})
            assert done.sidecar(f"{i}.jpg")["positions_moved"] is True

        def metres(a, b):
            import math
            return 111320 * math.hypot(a[0] - b[0], (a[1] - b[1]) * math.cos(math.radians(a[0])))
        before = {i: (LATITUDE + n / 3600, LONGITUDE - e / 3600) for i, (n, e) in enumerate(steps)}
        for i in before:
            for k in before:
                assert abs(metres(before[i], before[k]) - metres(places[i], places[k])) < 0.5, (before, places)
            assert metres(before[i], places[i]) > 100000


def test_failed_leaves_no_copy():
    with Folder() as folder:
        done = Scrubbed(folder, folder.write("in/notes.txt", b"some notes\n"), folder.write("in/empty.jpg", b""), expect=3)
        assert set(done.results.values()) == {"failed"} and os.listdir(done.folder) == []
        assert "no scrubbed copies of this kind" in done.reasons["notes.txt"]


def test_nothing_is_overwritten():
    with Folder() as folder:
        path = folder.write("in/a.jpg", photo())
        Scrubbed(folder, path, expect=0)
        first = read(folder / "out/a.jpg")
        with open(folder / "out/a.jpg", "ab") as f:
            f.write(b"mine")
        done = Scrubbed(folder, path, expect=3)
        assert done.results["a.jpg"] == "failed" and "is there already" in done.reasons["a.jpg"], done.said
        assert read(folder / "out/a.jpg") == first + b"mine"
        os.rename(folder / "out/a.jpg.scrub.json", folder / "kept")
        assert Scrubbed(folder, path, expect=3).results["a.jpg"] == "failed"
        assert os.listdir(folder / "out") == ["a.jpg"], "no sidecar without its copy"


def test_folders_and_equal_files():
    with Folder() as folder:
        for name in ("card/a/x.jpg", "card/b/x.jpg", "card/b/y.jpg"):
            folder.write(name, photo())
        os.symlink("x.jpg", folder / "card/b/link.jpg")
        done = Scrubbed(folder, folder / "card", expect=3)
        assert sorted(os.listdir(done.folder + "/b")) == ["x.jpg", "x.jpg.scrub.json", "y.jpg", "y.jpg.scrub.json"]
        assert os.path.exists(done.folder + "/a/x.jpg") and done.results["link.jpg"] == "failed"
        for name in ("a/x.jpg", "b/x.jpg", "b/y.jpg"):
            everything_gone(read(f"{done.folder}/{name}"))


def test_another_files_serial_number():
    """What one file tells is looked for in all of them."""
    with Folder() as folder:
        other = picture(made.segment(0xe9, b"only here: " + SERIAL.encode()))
        done = Scrubbed(folder, folder.write("in/a.jpg", photo()), folder.write("in/b.jpg", other))
        assert SERIAL.encode() not in (done.copy("b.jpg") if done.copies["b.jpg"] else b"")
        assert done.results["b.jpg"] == "not_shown"


def test_a_number_that_only_planning_finds():
    """It is looked for in all copies, also of files that come before: that one is planned anew, and nothing is called by it."""
    number = "EXAMPLE-4711-0815"
    packet = (f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="{number}"/>'
              '</rdf:RDF></x:xmpmeta>')
    tells = picture(made.segment(0xe1, made.XMP + packet.encode()))
    with Folder() as folder:
        holds = picture(made.segment(0xe9, b"only here: " + number.encode()))
        done = Scrubbed(folder, folder.write("in/a.jpg", holds), folder.write("in/b.jpg", tells), folder.write(f"in/c {number}.jpg", picture()),
                        folder.write(f"in/d {number}.jpg", holds))
        equal(done.results["a.jpg"], "not_shown", done.said)
        equal(done.results["b.jpg"], "removed_and_checked", done.said)
        for name in done.copies:
            assert number.encode() not in done.copy(name), name
        equal(sorted(os.listdir(folder / "out")), sorted(name + end for name in ("a.jpg", "b.jpg", "scrubbed-1.jpg", "scrubbed-2.jpg") for end in ("", ".scrub.json")))
        assert number not in done.sidecar("a.jpg").__repr__()
        equal(done.sidecar("a.jpg")["original"]["sha256"], sha256(folder / "in/a.jpg"))
        equal(done.sidecar("b.jpg")["checked"]["values_searched"], 1)


def test_usage():
    with Folder() as folder:
        path = folder.write("a.jpg", photo())
        for arguments in (["scrub", path], ["scrub", "-o", folder / "x"], ["scrub", "-o", folder / "x", "--keep", "nonsense", path],
                          ["scrub", "-o", folder / "x", "--drop", "unknown", path], ["scrub", "-o", folder / "x", "-"], ["scrub", "-o", folder / "x", "--nonsense", path]):
            done = leash(*arguments)
            assert done.returncode == 2 and b"leash" in done.stderr, (arguments, done)
        assert leash("scrub", "--help").returncode == 0
        assert leash("scrub", "-o", folder / "x/y/z", path).returncode == 4, "a folder that cannot be made"


def hostile():
    """Photos that are broken somewhere, and must never be removed_and_checked."""
    good = photo()
    block = made.camera_block("<")
    yield "segment-past-the-end", SCANS[:2] + b"\xff\xe1\xff\xff" + good[2:]
    yield "no-end", good[:-2]
    yield "length-zero", SCANS[:2] + b"\xff\xe1\0\0" + good[2:]
    yield "loop", picture(made.exif(made.tiff("<", [made.text(0x010f, "DJI")], following=8)))
    yield "outside", picture(made.exif(made.tiff("<", [(0xa431, 2, 500, struct.pack("<I", 1 << 30) + b"....")])))
    yield "many-entries", picture(made.exif(block[:8] + b"\xff\xff" + block[10:]))
    yield "gps-outside", picture(made.exif(made.tiff("<", [(0x8825, 4, 1, struct.pack("<I", 0xfffffff0))])))
    yield "xmp-cut", picture(made.segment(0xe1, made.XMP + made.PACKET[:500]))
    yield "extension-cut", picture(made.segment(0xe1, made.EXTENSION + b"short"))


def test_broken_photos():
    with Folder() as folder:
        names = [folder.write(f"in/{name}.jpg", content) for name, content in hostile()]
        done = Scrubbed(folder, *names, expect=3)
        for name in names:
            assert done.results[os.path.basename(name)] in ("not_shown", "failed"), (name, done.said)
            if done.copies[os.path.basename(name)]:
                nothing_left(done.copy(os.path.basename(name)), forms_of_text(SERIAL), forms_of_text(DRONE))


def test_cut_everywhere():
    whole = photo()
    head = len(whole) - len(SCANS)
    with Folder() as folder:
        names = [folder.write(f"in/{n:05}.jpg", whole[:n]) for n in list(range(4, head, 61)) + [len(whole) - 2, len(whole) - 1]]
        done = Scrubbed(folder, folder / "in")
        assert len(done.results) == len(names)
        for name in names:
            assert done.results[os.path.basename(name)] != "removed_and_checked", name


def test_killed_it_leaves_nothing_half():
    with Folder() as folder:
        for i in range(40):
            folder.write(f"in/{i}.jpg", photo(behind=bytes(200000)))
        out = folder / "out"
        for wait in (0.02, 0.05, 0.1, 0.3):
            child = subprocess.Popen([PROGRAM, "scrub", "-o", out, folder / "in"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(wait)
            child.kill()
            child.wait()
            for name in os.listdir(out) if os.path.exists(out) else []:
                assert name.endswith(".scrub.json") or read(os.path.join(out, name)).endswith(SCANS[2:]), name


def no_nameless_files():
    """In the child: what asks for a file without a name is told that this file system has none, as cards do."""
    import ctypes
    allow, refuse = 0x7fff0000, 0x00050000 | errno.EOPNOTSUPP
    openat, nameless = 257, 0o20000000
    program = [(0x20, 0, 0, 0), (0x15, 0, 4, openat), (0x20, 0, 0, 32), (0x54, 0, 0, nameless), (0x15, 0, 1, nameless), (0x06, 0, 0, refuse), (0x06, 0, 0, allow)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *line) for line in program))
    libc = ctypes.CDLL(None)
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if libc.prctl(22, 2, ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(program), ctypes.addressof(code)))):  # PR_SET_SECCOMP, a filter
        os._exit(99)


def test_cards_have_no_nameless_files():
    """A signal takes the unnamed copies along; what a killed run leaves, the next one removes."""
    if platform.machine() != "x86_64":
        skip("the filter is written for x86-64")
    with Folder() as folder:
        for i in range(60):
            folder.write("in/%d.jpg" % i, photo(behind=bytes(300000)))
        out = folder / "out"

        def parts():
            return [name for name in os.listdir(out) if name.endswith(".part")] if os.path.exists(out) else []

        def begun():
            child = subprocess.Popen([PROGRAM, "scrub", "-o", out, folder / "in"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=no_nameless_files)
            deadline = time.monotonic() + 120
            while len(parts()) < 3 and child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            if child.poll() == 99:
                skip("no seccomp here")
            return child

        child = begun()
        assert parts(), "it was never seen at work"
        child.terminate()
        equal(child.wait(), -signal.SIGTERM)
        equal(parts(), [], "after SIGTERM")
        child = begun()
        child.kill()
        child.wait()
        left = parts()
        assert left, "a killed run cannot clean up"
        for name in left[1:]:
            os.utime(os.path.join(out, name), (1, 1))
        with open(os.path.join(out, left[-1]), "rb") as held:
            fcntl.flock(held, fcntl.LOCK_SH)  # as if somebody were still at it
            shutil.rmtree(folder / "in")
            done = subprocess.run([PROGRAM, "scrub", "-o", out, folder.write("in/last.jpg", photo())], capture_output=True, preexec_fn=no_nameless_files)
        equal(done.returncode, 0, done)
        equal(set(parts()), {left[0], left[-1]}, "the one that is new, and the one that is held")
        assert read(os.path.join(out, "last.jpg")).endswith(SCANS[2:])


def test_samples():
    path = samples("media")
    names = [name for name in sorted(os.listdir(path)) if name.lower().endswith((".jpg", ".dng"))]
    with Folder() as folder:
        done = Scrubbed(folder, "--strip-unknown", *[os.path.join(path, name) for name in names])
        for name in names:
            assert done.results[name] == "removed_and_checked", done.said
            told = facts(done.copies[name])
            assert not [row for row in told if row["fact"] == "position"], told
            if name.lower().endswith(".jpg"):
                want = decoded(os.path.join(path, name))
                assert want is None or decoded(done.copies[name]) == want, name


if __name__ == "__main__":
    run(globals())
