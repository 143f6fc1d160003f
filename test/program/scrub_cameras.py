"""What public collections of pictures of phones, drones and thermal cameras were found to hold, in made files: what each tells, and that
nothing of it is in the copy."""
import os
import struct
import zlib

from harness import Folder, SOURCE, equal, facts, run
from scrub_kit import Scrubbed, corpus, forms_of_place, forms_of_text, nothing_left, read

made = corpus("media", "make.py")
movies = corpus("media", "make_movies.py")

LATITUDE, LONGITUDE = 52 + 5 / 60 + 24.36 / 3600, -(5 + 7 / 60 + 12.84 / 3600)
SCANS = read(os.path.join(SOURCE, "test", "corpus", "media", "picture_hash", "baseline.jpg"))


def picture(*segments):
    return SCANS[:2] + b"".join(segments) + SCANS[2:]


def packet(properties, inside="", **namespaces):
    names = "".join(' xmlns:%s="%s"' % n for n in namespaces.items())
    return ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""%s %s>%s'
            '</rdf:Description></rdf:RDF></x:xmpmeta>' % (names, properties, inside)).encode()


def with_xmp(*arguments, **namespaces):
    return picture(made.segment(0xe1, made.XMP + packet(*arguments, **namespaces)))


def places(path):
    return [(row["subject"], round(row["latitude_deg"], 6), round(row["longitude_deg"], 6)) for row in facts(path) if row["fact"] == "position"]


def test_a_phone_that_calls_itself_by_its_model():
    """iPhones write their model where the host's name belongs, others as a description: a model names nobody.  Another name goes."""
    with Folder() as folder:
        paths = []
        for name, host, description in (("model", "Test Phone 12", "TEST PHONE 12"), ("name", "The Owner's phone", "A test scene")):
            first = [made.text(0x010e, description), made.text(0x010f, "Maker"), made.text(0x0110, "Test Phone 12"), made.text(0x013c, host)]
            paths.append(folder.write("in/%s.jpg" % name, picture(made.exif(made.tiff(">", first)))))
        done = Scrubbed(folder, *paths, expect=0)
        assert b"Test Phone 12" in done.copy("model.jpg") and b"TEST PHONE 12" not in done.copy("model.jpg")
        nothing_left(done.copy("name.jpg"), forms_of_text("The Owner's phone"), forms_of_text("A test scene"))


def test_pointers_with_a_sign():
    """Some programs write where the GPS directory is as a signed number; a negative one points nowhere."""
    block = made.camera_block("<")
    pointer = block.index(struct.pack("<HHI", 0x8825, 4, 1))
    with_sign = block[:pointer + 2] + b"\x09" + block[pointer + 3:]
    negative = with_sign[:pointer + 8] + struct.pack("<i", -8) + with_sign[pointer + 12:]
    with Folder() as folder:
        paths = [folder.write("in/sign.jpg", picture(made.exif(with_sign))), folder.write("in/negative.jpg", picture(made.exif(negative)))]
        equal(places(paths[0]), [("camera", round(LATITUDE, 6), round(LONGITUDE, 6))], "the place")
        equal(places(paths[1]), [], "no place")
        done = Scrubbed(folder, *paths, expect=3)
        equal(done.results, {"sign.jpg": "removed_and_checked", "negative.jpg": "not_shown"}, "results")
        nothing_left(done.copy("sign.jpg"), forms_of_place(LATITUDE, LONGITUDE))


def flir(records):
    head = bytearray(0x40)
    head[0:4] = b"FFF\0"
    struct.pack_into(">III", head, 0x14, 100, 0x40, len(records))
    at, entries, body = 0x40 + 0x20 * len(records), b"", b""
    for kind, content in records:
        entries += struct.pack(">HHIIII12x", kind, 1, 100, 1, at + len(body), len(content))
        body += content
    return made.segment(0xe1, b"FLIR\0\1\0\0" + bytes(head) + entries + body)


def test_thermal_cameras():
    """FLIR: three optical parts with numbers; west told by its letter alone; the position a second time in another record."""
    camera = bytearray(0x300)
    for at, value in ((0x104, b"TESTCORE01"), (0x1a0, b"TESTLENS01"), (0x21c, b"TESTFILT01"), (0x298, b"TESTPART01")):
        camera[at:at + len(value)] = value
    gps = struct.pack("<I4xcxcx4xddf", 1, b"S", b"W", 34.125, 118.25, 139.5).ljust(0x60, b"\0")
    with Folder() as folder:
        path = folder.write("in/a.jpg", picture(flir([(0x20, bytes(camera)), (0x2b, gps), (0x2e, gps)])))
        equal(places(path), [("camera", -34.125, -118.25)], "the place")
        serials = {row["value"] for row in facts(path) if row["fact"] == "identifier" and row["kind"] == "serial"}
        equal(serials, {"TESTCORE01", "TESTLENS01", "TESTFILT01", "TESTPART01"}, "serial numbers")
        copy = Scrubbed(folder, path, expect=0).copy("a.jpg")
        nothing_left(copy, *(forms_of_text(s) for s in serials), {"latitude": struct.pack("<d", 34.125), "longitude": struct.pack("<d", 118.25)})
        path = folder.write("in/none.jpg", picture(flir([(0x20, bytes(camera[:0x1a0]) + b"No Lens".ljust(0x160, b"\0"))])))
        assert "No Lens" not in str(facts(path))


def test_places_that_a_picture_shows():
    """IPTC's structures: where the camera was is one thing, what is to be seen another."""
    def place(latitude, longitude):
        return '<rdf:li rdf:parseType="Resource"><exif:GPSLatitude>%s</exif:GPSLatitude><exif:GPSLongitude>%s</exif:GPSLongitude></rdf:li>' % (latitude, longitude)
    shown = "<I:LocationShown><rdf:Bag>%s%s</rdf:Bag></I:LocationShown>" % (place("48,8.82N", "17,5.88E"), place("47,57.12N", "16,49.8E"))
    created = "<I:LocationCreated><rdf:Bag>%s</rdf:Bag></I:LocationCreated>" % place("52,5.406N", "5,7.214W")
    names = {"I": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "exif": "http://ns.adobe.com/exif/1.0/"}
    with Folder() as folder:
        both, only = (folder.write("in/%s.jpg" % n, with_xmp("", x, **names)) for n, x in (("both", created + shown), ("only", shown)))
        targets = [("target", 48.147, 17.098), ("target", 47.952, 16.83)]
        equal(places(both), [("camera", 52.0901, -5.120233)] + targets, "both")
        equal(places(only), targets, "what is shown is not where the camera was")
        done = Scrubbed(folder, both, only, expect=0)
        for value in ("48,8.82", "17,5.88", "47,57.12", "16,49.8", "52,5.406", "5,7.214"):
            assert value.encode() not in done.copy("both.jpg") + done.copy("only.jpg")


def test_cameras_with_several_bands():
    """Calibration of multispectral and thermal cameras is numbers and stays; their ids go; words among the numbers are not understood."""
    numbers = ('Camera:Irradiance="10059.41" Camera:VignettingPolynomial="2.1e-04, 1.2e-06" Camera:BlackCurrent="4096" Camera:RadiometricCalibration="1.13,0,0" '
               'D:RelativeOpticalCenterX="3.90625" D:BandFreq="560(+/-16)nm" F:MAVYaw="1.5" F:ImageValidEndX="639"')
    names = {"Camera": "http://pix4d.com/camera/1.0/", "D": "http://www.dji.com/drone-dji/1.0/", "F": "http://ns.flir.com/xmp/1.0/",
             "M": "http://micasense.com/MicaSense/1.0/"}
    with Folder() as folder:
        paths = [folder.write("in/numbers.jpg", with_xmp(numbers + ' M:FlightId="TESTFLIGHT000001" M:CaptureId="TESTCAPTURE00001" M:DarkRowValue="5102, 5093"', **names)),
                 folder.write("in/words.jpg", with_xmp(numbers.replace("10059.41", "Springfield"), **names))]
        done = Scrubbed(folder, *paths, expect=3)
        equal(done.results, {"numbers.jpg": "removed_and_checked", "words.jpg": "not_shown"}, "results")
        nothing_left(done.copy("numbers.jpg"), forms_of_text("TESTFLIGHT000001"), forms_of_text("TESTCAPTURE00001"))
        assert b"10059.41" in done.copy("numbers.jpg") and b"560(+/-16)nm" in done.copy("numbers.jpg")


def test_a_known_value_under_a_harmless_name():
    """Of DJI `ImageSource` is a word for the lens, in other schemas it may be the archive's or the photographer's name."""
    with Folder() as folder:
        path = folder.write("in/a.jpg", with_xmp('dc:creator="Test Pilot One" art:ImageSource="Test Pilot One, Archive"', dc="http://purl.org/dc/elements/1.1/",
                                                 art="http://example.org/art/"))
        nothing_left(Scrubbed(folder, path, expect=0).copy("a.jpg"), forms_of_text("Test Pilot One"))


def test_motion_photos_of_heif():
    """Google's `mpvd` holds a video with places of its own, Samsung's `sefd` the country of the network: both go, the picture stays."""
    exif = b"\0\0\0\0" + made.camera_block(">")
    video = read(os.path.join(SOURCE, "test", "corpus", "media", "movie", "user-data.mp4"))
    country = b"\0\0\xa1\n\x08\0\0\0MCC_Data901SEFHj\0\0\0\1\0\0\0"
    boxes = b"".join(struct.pack(">I", 8 + len(body)) + kind + body for kind, body in ((b"mpvd", video), (b"sefd", country)))
    still = movies.still([(b"hvc1", b"", b"picture"), (b"Exif", b"", exif)])
    with Folder() as folder:
        path = folder.write("in/a.heic", still + boxes)
        inside = [row["path"] for row in facts(path) if row["fact"] == "evidence" and row["parent"]]
        assert [p for p in inside if p.endswith("!motion-video.mp4")], inside
        done = Scrubbed(folder, path, expect=0)
        equal(done.results, {"a.heic": "removed_and_checked"}, "results")
        copy = done.copy("a.heic")
        equal((len(copy), copy[-len(boxes):]), (len(still + boxes), b"".join(struct.pack(">I", 8 + n) + b"free" + bytes(n) for n in (len(video), len(country)))), "boxes")
        nothing_left(copy, forms_of_place(LATITUDE, LONGITUDE))
        equal(Scrubbed(folder, "--keep", "preview", path, out="kept", expect=3).results, {"a.heic": "failed"}, "the video that stays tells the place")


def test_colour_profiles_of_heif():
    """A profile's words say who made it, who may be somebody that another file names: those go wherever they stand, all else of the profile stays,
    and so do a profile that names nobody and colours that are numbers."""
    def colour(kind, words, text="ascii"):
        body = struct.pack(">I", 128 + 4 + 64).ljust(36, b"\0") + b"acsp" + bytes(88) + b"desc" + words.encode(text).ljust(64, b"\0")
        return movies.v.box("colr", kind + body)

    def with_properties(*boxes):
        whole = movies.still([(b"hvc1", b"", b"picture")])
        at = whole.rindex(b"meta") - 4
        properties = movies.v.box("iprp", movies.v.box("ipco", *boxes))
        return whole[:at] + struct.pack(">I", len(whole) - at + len(properties)) + whole[at + 4:] + properties

    def properties_of(whole):
        return whole[whole.index(b"iprp"):]
    numbers = movies.v.box("colr", b"nclx" + struct.pack(">HHHB", 12, 13, 6, 0x80))
    nobody = colour(b"prof", "Display P3")
    for kind, text in ((b"prof", "ascii"), (b"rICC", "ascii"), (b"prof", "utf-16-be")):
        own, blank = colour(kind, "of Test Pilot One.", text), colour(kind, "of " + 14 * "\0" + ".", text)
        with Folder() as folder:
            paths = [folder.write("in/a.heic", with_properties(numbers, own, nobody)),
                     folder.write("in/b.jpg", with_xmp('dc:creator="Test Pilot One"', dc="http://purl.org/dc/elements/1.1/"))]
            done = Scrubbed(folder, *paths, expect=0)
            equal(done.results, {"a.heic": "removed_and_checked", "b.jpg": "removed_and_checked"}, "results")
            equal(properties_of(done.copy("a.heic")), properties_of(with_properties(numbers, blank, nobody)), "all but the name is as it was")
            said = [entry["what"] for entry in done.sidecar("a.heic")["removed"]]
            equal([what for what in said if "profile" in what], ["colour profile"], "what the sidecar says")
            alone = Scrubbed(folder, paths[0], out="alone", expect=0)
            equal(properties_of(alone.copy("a.heic")), properties_of(with_properties(numbers, own, nobody)), "whom nobody names is a word like others")


def test_known_values_that_pixels_hang_on():
    """Where the bytes of a picture lie and how they are packed cannot change: such a copy fails, and is told why and what helps, also when all that is
    not understood is to go.  The same bytes where no pixel hangs on them are taken out."""
    owner = b"Test Pilot One\0\0"
    with Folder() as folder:
        known = folder.write("in/known.jpg", with_xmp('dc:creator="Test Pilot One"', dc="http://purl.org/dc/elements/1.1/"))
        for tag, kind, each, bound in ((0x0144, 4, 4, True), (0x0140, 3, 2, True), (0x0117, 4, 4, True), (0x013e, 4, 4, False)):
            block = made.tiff("<", [made.text(0x010f, "X"), (tag, kind, len(owner) // each, owner)])
            paths = [folder.write("in/a.jpg", picture(made.exif(block))), folder.write("in/a.tif", block)]
            for n, options in enumerate(([], ["--strip-unknown"])):
                done = Scrubbed(folder, *options, *paths, known, out=f"out{tag:x}-{n}")
                for name, block_name in (("a.jpg", "EXIF"), ("a.tif", "TIFF")):
                    if bound:
                        equal(done.results[name], "failed", hex(tag))
                        assert f"is still in the copy: {block_name} tag 0x{tag:04x} has one" in done.reasons[name], done.reasons[name]
                        assert "Save the picture anew" in done.reasons[name] and "--strip-unknown" not in done.reasons[name], done.reasons[name]
                    else:
                        equal(done.results[name], "removed_and_checked", hex(tag))
                        nothing_left(done.copy(name), forms_of_text("Test Pilot One"))


def test_newer_apple_notes():
    """Numbers of 8 bytes, and an entry that was left empty; a list of values that nobody published is not understood."""
    def note(order, at, tags):
        return made.from_note(b"Apple iOS\0\0\1MM")(order, at, tags)
    made.MAKERS["apple-new"] = ("Apple", note, [made.text(0x2b, "TEST-PHOTO-0002"), (0x25, 16, 1, struct.pack(">Q", 142)), (0x52, 0, 0, b"\0\0\0\0")])
    with Folder() as folder:
        paths = [folder.write("in/known.tif", made.with_note(">", "apple-new")),
                 folder.write("in/list.tif", made.with_note(">", "apple-new", [made.raw(0x4e, b"bplist00 and so on")]))]
        values = [row["value"] for row in facts(paths[0]) if row["fact"] == "identifier"]
        equal(values, ["TEST-PHOTO-0002"], "identifiers")
        done = Scrubbed(folder, *paths, expect=3)
        equal(done.results, {"known.tif": "removed_and_checked", "list.tif": "not_shown"}, "results")
        nothing_left(done.copy("known.tif") + done.copy("list.tif"), forms_of_text("TEST-PHOTO-0002"))


def test_where_nobody_reads():
    """Filler becomes zeros; with text behind it, or in it where numbers belong, DJI's note goes as a whole; in a colour profile that is none, text is not
    understood."""
    secret = b"Test Pilot One was here"
    numbers = [made.text(1, "DJI"), (2, 1, 4, b"\1\0\0\0"), (3, 11, 1, struct.pack("<f", 1.5))]
    profile = struct.pack(">I", 128 + 4).ljust(36, b"\0") + b"acsp" + bytes(92)

    def note(entries, behind=b""):
        whole = made.directory("<", 0, entries) + behind
        return made.exif(made.tiff("<", [made.text(0x010f, "DJI")], exif=[made.raw(0x927c, whole)]))
    files = {"padding": (made.segment(0xe7, b"PADDING\0" + bytes(40) + secret), True), "note": (note(numbers, bytes(64)), True), "behind": (note(numbers, bytes(20) + secret), True),
             "text": (note(numbers[:2] + [made.text(3, secret.decode())]), True), "profile": (made.segment(0xe2, b"ICC_PROFILE\0\1\1" + profile), True),
             "no-profile": (made.segment(0xe2, b"ICC_PROFILE\0\1\1" + secret * 4), False), "behind-profile": (made.segment(0xe2, b"ICC_PROFILE\0\1\1" + profile + secret), False)}
    with Folder() as folder:
        paths = [folder.write("in/%s.jpg" % name, picture(segment)) for name, (segment, _) in files.items()]
        done = Scrubbed(folder, *paths, expect=3)
        equal(done.results, {name + ".jpg": "removed_and_checked" if understood else "not_shown" for name, (_, understood) in files.items()}, "results")
        assert all(secret not in done.copy(name + ".jpg") for name in ("padding", "behind", "text")) and len(done.copy("padding.jpg")) == len(picture(files["padding"][0]))
        stripped = Scrubbed(folder, "--strip-unknown", *paths, out="stripped", expect=0)
        assert all(secret not in stripped.copy(name) for name in stripped.results)


def test_gopro_without_a_fix():
    """Before it has a fix a receiver repeats where it was last.  The file gives that away, so it is told as what it is; in the copy it is gone."""
    v = movies.v
    payload = v.gopro_payload(movies.START, [(movies.START, 52.0901, -5.12023, 34.5)] * 3)
    payload = payload.replace(b"GPSFL\4\0\1\0\0\0\3", b"GPSFL\4\0\1\0\0\0\0")
    with Folder() as folder:
        path = folder.write("in/a.mp4", v.movie([payload], [1000], "meta", "GoPro MET", "gpmd", movies.CREATED))
        rows = facts(path)
        notes = [row["note"] for row in rows if row["fact"] == "flight"]
        assert len(notes) == 1 and "had no fix in the whole track: its places are the last known ones" in notes[0], notes
        assert all(row["time_basis"] != "utc" for row in rows if row["fact"] == "position"), "times are the recording's"
        nothing_left(Scrubbed(folder, path, expect=0).copy("a.mp4"), forms_of_place(52.0901, -5.12023))


def test_dates_in_texts_of_png():
    """ImageMagick copies XMP's dates into texts: a date names nobody, whatever its keyword."""
    def with_text(value):
        head = b"\x89PNG\r\n\x1a\n" + movies.chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        return (head + movies.chunk(b"tEXt", b"xmp:ModifyDate\0" + value) + movies.chunk(b"tEXt", b"date:modify\0" + value + b"T14:45:37+00:00")
                + movies.chunk(b"IDAT", zlib.compress(b"\0\0")) + movies.chunk(b"IEND", b""))
    with Folder() as folder:
        date, word = folder.write("in/date.png", with_text(b"2019-09-02")), folder.write("in/word.png", with_text(b"2019-09-02 Springfield"))
        equal([row["value"] for row in facts(date) if row["fact"] == "identifier"], [], "a date")
        equal([row["value"] for row in facts(word) if row["fact"] == "identifier"], ["2019-09-02 Springfield"], "a text")
        done = Scrubbed(folder, date, out="date", expect=0)
        assert b"2019-09-02T" in done.copy("date.png") and b"xmp:ModifyDate" not in done.copy("date.png")


if __name__ == "__main__":
    run(globals())
