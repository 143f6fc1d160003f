"""leash scrub on videos, PNG and HEIF: made ones of the corpus and some that ffmpeg, ImageMagick and libheif make.  Pictures and sound
are decoded or hashed by other programs."""
import datetime
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib

from harness import Folder, PROGRAM, SOURCE, equal, facts, leash, need, run, samples, skip
from scrub_kit import Scrubbed, corpus as corpus_script, decoded, forms_of_place, forms_of_text, nothing_left, read
from scrub_logs import nothing_told, told

sys.path.insert(0, os.path.join(SOURCE, "examples"))
import video as made_video  # noqa: E402

START = datetime.datetime(2024, 5, 1, 9, 30, tzinfo=datetime.timezone.utc)
MEDIA = os.path.join(SOURCE, "test", "corpus", "media")
SERIAL = "0TESTCAM000001"


def corpus(kind):
    return [os.path.join(MEDIA, kind, name) for name in sorted(os.listdir(os.path.join(MEDIA, kind)))]


def streams(path):
    """A hash of every packet of every stream, as ffmpeg finds them."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v?", "-map", "0:a?", "-c", "copy", "-f", "framemd5", "-"], capture_output=True)
    return done.returncode, [line for line in done.stdout.splitlines() if not line.startswith(b"#")]


def test_every_video_and_picture_of_the_corpus():
    for kind in ("movie", "png"):
        with Folder() as folder:
            before = {path: told(path) for path in corpus(kind)}
            done = Scrubbed(folder, *corpus(kind))
            removed = 0
            for path in corpus(kind):
                name = os.path.basename(path)
                places, values, status = before[path]
                if done.results[name] == "failed":
                    continue
                behind = len(read(path).partition(b"IEND")[2][4:]) if kind == "png" else 0
                if name.endswith(".insv"):
                    behind, = struct.unpack("<I", read(path)[-40:-36])
                equal(len(done.copy(name)), os.path.getsize(path) - behind, name)
                nothing_told(done.copy(name), places, values)
                equal([p for p in told(done.copies[name])[0] if abs(p[0]) > 1e-6 or abs(p[1]) > 1e-6], [], name)
                removed += done.results[name] == "removed_and_checked"
            assert removed >= 5, done.said


def test_broken_videos():
    with Folder() as folder:
        names = ["gigantic-counts.mp4", "sample-outside.mp4", "size-of-seven.mp4", "size-past-the-end.mp4", "no-table-of-contents.mp4", "fragment-promises-samples.mp4",
                 "fragment-of-bytes-without-end.mp4"]
        for arguments in ([], ["--strip-unknown"]):
            done = Scrubbed(folder, *arguments, *[os.path.join(MEDIA, "movie", name) for name in names], out="out" + "".join(arguments), expect=3)
            for name in names:
                assert done.results[name] in ("not_shown", "failed"), (name, done.said)


def test_cut_videos_and_pictures():
    with Folder() as folder:
        for path in (os.path.join(MEDIA, "movie", "gopro-track.mp4"), os.path.join(MEDIA, "png", "exif.png")):
            whole = read(path)
            for n in range(20, len(whole), max(1, len(whole) // 40)):
                folder.write(f"in/{os.path.basename(path)}-{n:06}", whole[:n])
        done = Scrubbed(folder, folder / "in")
        for name, result in done.results.items():
            assert result != "removed_and_checked", (name, done.reasons[name])


def test_shift_of_tracks():
    with Folder() as folder:
        for name in ("gopro-track.mp4", "gps9-track.mp4", "camm-track.mp4"):
            path = os.path.join(MEDIA, "movie", name)
            places, values, _ = told(path)
            done = Scrubbed(folder, "--shift", path, out=name)
            moved = told(done.copies[name])[0]
            equal(len(moved), len(places), name)
            nothing_told(done.copy(name), places, values)
            north = [round((b[0] - a[0]) * 1e5) for a, b in zip(places, moved)]
            assert max(north) - min(north) <= 1, (name, "all by the same way")


def video(path):
    """A second of picture and sound, with a place and names, as ffmpeg writes them."""
    need("ffmpeg")
    done = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=d=1:s=160x120", "-f", "lavfi", "-i", "sine=d=1", "-c:v", "mpeg4", "-c:a", "aac",
                           "-metadata", "location=+52.0901-005.1202/", "-metadata", "artist=Test Pilot One", "-metadata", "comment=card of Test Pilot One",
                           "-metadata", "creation_time=2024-05-01T09:30:00Z", path], capture_output=True)
    if done.returncode:
        skip("ffmpeg cannot make a video here: " + done.stderr.decode()[-200:])


def test_video_of_ffmpeg():
    with Folder() as folder:
        os.mkdir(folder / "in")
        for name in ("a.mp4", "b.mov"):
            video(folder / ("in/" + name))
        done = Scrubbed(folder, folder / "in")
        for name in ("a.mp4", "b.mov"):
            assert done.results[name] == "removed_and_checked", done.said
            equal(streams(done.copies[name]), streams(folder / ("in/" + name)))
            nothing_left(done.copy(name), forms_of_text("Test Pilot One"), {"place": b"52.0901", "place too": b"005.1202"})
        timeless = Scrubbed(folder, "--drop", "time", folder / "in/a.mp4", out="timeless", expect=0)
        shown = subprocess.run(["ffprobe", "-v", "error", "-show_format", timeless.copies["a.mp4"]], capture_output=True, text=True, check=True).stdout
        assert "2024" not in shown, shown


def test_fragments():
    """What is in fragments goes as what is in tables; pictures and sound of fragments that ffmpeg wrote stay as they are."""
    with Folder() as folder:
        names = {form: folder.write(f"in/{form}.mp4", made_video.fragmented(made_video.video(form, START, 4), 3)) for form in ("gopro", "gps9", "camm", "dji", "srt")}
        before = {form: told(path) for form, path in names.items()}
        done = Scrubbed(folder, folder / "in", expect=0)
        for form, path in names.items():
            places, values, _ = before[form]
            assert len(places) >= 18, (form, len(places))
            equal(done.results[form + ".mp4"], "removed_and_checked", done.said)
            equal(len(done.copy(form + ".mp4")), os.path.getsize(path), form)
            nothing_told(done.copy(form + ".mp4"), places, values)
        assert b"traf" not in done.copy("dji.mp4") and b"moof" in done.copy("dji.mp4")
        cut = read(names["gopro"])
        for n in range(400, len(cut), len(cut) // 20):
            folder.write(f"cut/{n}.mp4", cut[:n])
        for name, result in Scrubbed(folder, folder / "cut", out="cut-out").results.items():
            assert result != "removed_and_checked" or int(name[:-4]) in ends_of_boxes(cut), name
    with Folder() as folder:
        os.mkdir(folder / "in")
        video(folder / "in/a.mp4")
        for flags in ("frag_keyframe+empty_moov", "cmaf+frag_keyframe", "frag_every_frame+empty_moov+omit_tfhd_offset"):
            subprocess.run(["ffmpeg", "-v", "error", "-i", folder / "in/a.mp4", "-c", "copy", "-movflags", flags, folder / ("in/" + flags + ".mp4")], check=True)
        done = Scrubbed(folder, folder / "in", expect=0)
        for name in done.results:
            equal(streams(done.copies[name]), streams(folder / ("in/" + name)), name)
            nothing_left(done.copy(name), forms_of_text("Test Pilot One"), {"place": b"52.0901", "place too": b"005.1202"})


def ends_of_boxes(whole):
    ends, at = set(), 0
    while at < len(whole):
        at += struct.unpack_from(">I", whole, at)[0]
        ends.add(at)
    return ends


def test_free_space_and_what_is_in_no_sample():
    with Folder() as folder:
        os.mkdir(folder / "in")
        video(folder / "in/a.mp4")
        whole = read(folder / "in/a.mp4")
        at = whole.index(b"mdat") + 4
        # Room before the first sample, as cameras leave it: the tables' offsets move on.
        junk = b"GPRO " + SERIAL.encode() + b" left over"
        size, = struct.unpack_from(">I", whole, at - 8)
        spoiled = bytearray(whole[:at - 8] + struct.pack(">I", size + len(junk)) + b"mdat" + junk + whole[at:])
        for table in re.finditer(b"stco", bytes(spoiled)):
            count, = struct.unpack_from(">I", spoiled, table.start() + 8)
            for i in range(count):
                offset, = struct.unpack_from(">I", spoiled, table.start() + 12 + 4 * i)
                if offset >= at:
                    struct.pack_into(">I", spoiled, table.start() + 12 + 4 * i, offset + len(junk))
        spoiled += struct.pack(">I", 8 + 20) + b"free" + b"name of the pilot..."
        path = folder.write("in/b.mp4", bytes(spoiled))
        done = Scrubbed(folder, path, expect=0)
        nothing_left(done.copy("b.mp4"), {"junk": b"GPRO", "serial": SERIAL.encode(), "free space": b"name of the pilot"})
        equal(streams(done.copies["b.mp4"]), streams(path))


def test_boxes_in_tracks():
    """Every box of a track is looked at, whichever it is in; and media data that no track has are not understood."""
    box, created = made_video.box, made_video.EPOCH_1904
    name = box(b"udta", made_video.international(b"\xa9" b"cmt", "Test Pilot One"))

    def movie(change):
        head = box("ftyp", b"isom", b"\0\0\2\0", b"isom") + box("mdat", b"six  +52.0901-005.1202/")
        track = made_video.track(1, "vide", "Pictures", "avc1", created, [1000], [6], [len(head) - 23])
        return head + box("moov", made_video.full_box("mvhd", 0, 0, struct.pack(">IIII", created, created, 1000, 1000), b"\0" * 80), change(track))

    with Folder() as folder:
        path = folder.write("in/two.mp4", movie(lambda t: box("trak", t[8:] + name + name)))
        nothing_left(Scrubbed(folder, path, expect=0).copy("two.mp4"), forms_of_text("Test Pilot One"), {"place": b"+52.0901"})
        for what, change in (("unknown", lambda t: box("trak", t[8:] + box("what", b"Test Pilot One"))), ("tables", lambda t: t.replace(b"stbl", b"stbX")),
                             ("second", lambda t: t.replace(b"stsz", b"stsd")), ("none", lambda t: b"")):
            path = folder.write("in/%s.mp4" % what, movie(change))
            done = Scrubbed(folder, path, out="out-" + what, expect=3)
            equal(done.results[what + ".mp4"], "not_shown", done.said)
            done = Scrubbed(folder, "--strip-unknown", path, out="stripped-" + what)
            nothing_left(done.copy(what + ".mp4"), forms_of_text("Test Pilot One"))


def test_insta360():
    """The trailer of an Insta360 camera goes, whichever way it is written; boxes and samples stay."""
    for name in ("insta360-trailer.insv", "insta360-box.mp4"):
        path = os.path.join(MEDIA, "movie", name)
        with Folder() as folder:
            done = Scrubbed(folder, path, expect=0)
            nothing_left(done.copy(name), forms_of_text("0TESTCAM000360"), forms_of_place(52.5, -5.25), {"preview": b"quantisation"})
            assert read(path).startswith(done.copy(name)[:read(path).index(b"0TESTCAM") - 16])
            kept = Scrubbed(folder, "--keep", "position", "--keep", "serial", path, out="kept", expect=3)
            assert b"0TESTCAM000360" in kept.copy(name)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks, behind=b""):
    rows = b"".join(b"\0" + bytes((x * 7 + y) & 255 for x in range(48)) for y in range(16))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)) + b"".join(chunks) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + behind)


def test_png():
    made = corpus_script("media", "make.py")
    with Folder() as folder:
        content = png(chunk(b"eXIf", made.camera_block(">")), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + made.PACKET), chunk(b"tEXt", b"Author\0Test Pilot One"),
                      chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"of Test Pilot One")), chunk(b"tIME", b"\x07\xe8\5\1\x09\x1e\0"), behind=b"behind " + SERIAL.encode())
        path = folder.write("in/a.png", content)
        done = Scrubbed(folder, path, expect=0)
        copy = done.copy("a.png")
        nothing_left(copy, forms_of_place(52 + 5 / 60 + 24.36 / 3600, -(5 + 7 / 60 + 12.84 / 3600)), forms_of_text(SERIAL), forms_of_text("Test Pilot One"),
                     forms_of_text("0TESTUAV000001"), {"latitude": b"52.0901", "packed": zlib.compress(b"of Test Pilot One")})
        at = 8
        while at < len(copy):  # every check sum is right
            size, = struct.unpack_from(">I", copy, at)
            equal(struct.unpack_from(">I", copy, at + 8 + size)[0], zlib.crc32(copy[at + 4:at + 8 + size]))
            at += 12 + size
        want = decoded(path)
        assert want is None or decoded(done.copies["a.png"]) == want
        assert b"tIME" not in Scrubbed(folder, "--drop", "time", path, out="timeless", expect=0).copy("a.png")


def test_a_comment_that_is_another_files_program():
    """What one file has for a comment is taken out of another one's harmless texts: no copy fails of it, and check sums fit."""
    made = corpus_script("media", "make.py")
    scans = read(os.path.join(SOURCE, "test", "corpus", "media", "picture_hash", "baseline.jpg"))
    program, created = b"Example Program 7.0", made_video.EPOCH_1904
    block = b"II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x0131, 2, len(program) + 1, 26, 0) + program + b"\0"
    user_data = made_video.international(b"\xa9swr", program.decode())
    files = {"a.jpg": scans[:2] + made.segment(0xfe, program) + scans[2:], "b.jpg": scans[:2] + made.exif(block) + scans[2:],
             "c.png": png(chunk(b"tEXt", b"Software\0" + program)),
             "d.mp4": made_video.movie([b"\0\0\0\5\x65abcd"], [1000], "vide", "Pictures", "avc1", created, user_data=user_data)}
    with Folder() as folder:
        for name, data in files.items():
            assert program in data, name
            folder.write("in/" + name, data)
        done = Scrubbed(folder, folder / "in", expect=0)
        for name, data in files.items():
            equal(done.results[name], "removed_and_checked", done.said)
            assert program not in done.copy(name), name
        blanks = b" " * len(program)
        equal(done.copy("b.jpg"), files["b.jpg"].replace(program, blanks))
        equal(done.copy("c.png"), png(chunk(b"tEXt", b"Software\0" + blanks)))
        equal(done.copy("d.mp4"), files["d.mp4"].replace(program, blanks))
        assert program in Scrubbed(folder, folder / "in/b.jpg", out="alone", expect=0).copy("b.jpg")


def made_profile(words):
    """ICC.1: what is looked at of a colour profile, and a text."""
    body = bytes(32) + b"acsp" + bytes(88) + struct.pack(">I4sII", 1, b"cprt", 144, 8 + len(words)) + b"text\0\0\0\0" + words
    return struct.pack(">I", len(body) + 4) + body


def chunks_of(data):
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(data[at + 4:at + 8 + length]), kind
        yield kind, data[at + 8:at + 8 + length]
        at += 12 + length


def tiff_entry(tag, kind, value, count=None):
    """A block with one value."""
    return b"II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, tag, kind, count or len(value), 26, 0) + value


def test_a_name_in_what_is_packed():
    """A known value in a compressed text or colour profile of a PNG is blanked there, in the old length; alone, nothing changes."""
    program = b"Example Program 7.0 of nobody"
    words = program + b", on an Example System, for whoever likes it"
    profile = made_profile(words)
    packed = {"z.png": (b"zTXt", b"Software\0\0", words), "i.png": (b"iTXt", b"Software\0\1\0en\0Software\0", words),
              "c.png": (b"iCCP", b"a profile\0\0", profile), "level1.png": (b"zTXt", b"Software\0\0", words * 40)}
    files = {"a.png": png(chunk(b"tEXt", b"Comment\0" + program))}
    for name, (kind, head, plain) in packed.items():
        files[name] = png(chunk(kind, head + zlib.compress(plain, 1 if name == "level1.png" else 9)))
    with Folder() as folder:
        for name, data in files.items():
            folder.write("in/" + name, data)
        done = Scrubbed(folder, folder / "in", expect=0)
        for name, (kind, head, plain) in packed.items():
            equal(done.results[name], "removed_and_checked", done.said)
            copy = done.copy(name)
            equal(len(copy), len(files[name]), name)
            chunks = dict(chunks_of(copy))
            assert chunks[kind].startswith(head), name
            unpack = zlib.decompressobj()
            equal(unpack.decompress(chunks[kind][len(head):]), plain.replace(program, (b"\0" if kind == b"iCCP" else b" ") * len(program)), name)
            assert unpack.eof and unpack.unused_data == b"", name
            equal(Scrubbed(folder, folder / ("in/" + name), out="alone-" + name, expect=0).copy(name), files[name])
            equal(decoded(done.copies[name]), decoded(folder / ("in/" + name)), name)


def test_packed_texts_that_are_none():
    """What cannot be unpacked, or has something behind it, is not understood; a name that is no more than the text goes with it."""
    program = b"Example Program 7.0 of nobody"
    whole = zlib.compress(b"an Example System of " + program, 9)
    files = {"cut.png": chunk(b"zTXt", b"Software\0\0" + whole[:-5]), "behind.png": chunk(b"zTXt", b"Software\0\0" + whole + b"something"),
             "early.png": chunk(b"iTXt", b"Software\0\1\0en"), "profile.png": chunk(b"iCCP", b"a profile\0\0" + whole[:-5])}
    with Folder() as folder:
        for name, data in files.items():
            done = Scrubbed(folder, folder.write("in/" + name, png(data)), out=name, expect=3)
            equal(done.results[name], "not_shown", done.said)
        for name in list(files)[:3]:
            equal(Scrubbed(folder, "--strip-unknown", folder / ("in/" + name), out="strip-" + name, expect=0).results[name], "removed_and_checked")
        folder.write("in/a.png", png(chunk(b"tEXt", b"Comment\0" + program)))
        done = Scrubbed(folder, folder / "in")
        for name in ("cut.png", "behind.png", "profile.png"):
            assert done.results[name] in ("failed", "not_shown"), done.said


def test_a_name_where_no_text_is():
    """In values of EXIF that are numbers or bytes, in colour profiles, and where a time is one file's comment: no copy fails of it."""
    made = corpus_script("media", "make.py")
    scans = read(os.path.join(SOURCE, "test", "corpus", "media", "picture_hash", "baseline.jpg"))
    program, day = b"Example Program 7.0 of nobody", b"2019:05:06 12:00:00\0"
    profile = made_profile(program)

    def photo(*segments):
        return scans[:2] + b"".join(segments) + scans[2:]

    numbers = program.ljust(32, b"\0")
    files = {"profile.jpg": photo(made.exif(tiff_entry(0x8773, 7, profile))), "numbers.jpg": photo(made.exif(tiff_entry(0x012d, 3, numbers, 16))),
             "print.jpg": photo(made.exif(tiff_entry(0xc4a5, 7, b"PrintIM\0" + program))), "time.jpg": photo(made.exif(tiff_entry(0x0132, 2, day))),
             "segment.jpg": photo(made.segment(0xe2, b"ICC_PROFILE\0\1\1" + profile)), "created.png": png(chunk(b"tEXt", b"Creation Time\0" + program))}
    says = {"a.jpg": photo(made.segment(0xfe, program)), "b.jpg": photo(made.exif(tiff_entry(0x010e, 2, day)))}
    with Folder() as folder:
        for name, data in {**says, **files}.items():
            folder.write("in/" + name, data)
        done = Scrubbed(folder, folder / "in", expect=0)
        for name, data in files.items():
            equal(done.results[name], "removed_and_checked", done.said)
            equal(len(done.copy(name)), len(data))
            assert program not in done.copy(name) and day[:-1] not in done.copy(name), name
            equal(Scrubbed(folder, folder / ("in/" + name), out="alone-" + name, expect=0).copy(name), data)
            if name.endswith(".jpg"):
                assert done.copy(name).endswith(scans[2:]), name
        equal(done.copy("time.jpg"), files["time.jpg"].replace(day[:-1], b" " * 19))
        equal(done.copy("numbers.jpg"), files["numbers.jpg"].replace(program, b"\0" * len(program)))
        # Where the picture lies is told by numbers, too: the copy fails rather than show another picture.
        folder.write("layout/a.jpg", says["a.jpg"])
        folder.write("layout/tables.jpg", photo(made.exif(tiff_entry(0x015b, 7, b"\xff\xd8\xff" + program))))
        equal(Scrubbed(folder, folder / "layout", out="layout-out").results["tables.jpg"], "failed")


def test_png_pixels():
    """However much image data unpack to, they are rows; and nothing but rows stands in them."""
    with Folder() as folder:
        rows = 12000  # of 12,001 bytes, all zeros: more than is unpacked of what nobody knows
        packer = zlib.compressobj(1)
        blank = b"".join(packer.compress(bytes(12001)) for _ in range(rows)) + packer.flush()
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", 12000, rows, 8, 0, 0, 0, 0))
        about = chunk(b"eXIf", corpus_script("media", "make.py").camera_block(">"))

        def picture(*chunks):
            return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IEND", b"")
        data = [blank[i:i + 8192] for i in range(0, len(blank), 8192)]
        path = folder.write("in/blank.png", picture(header, about, *(chunk(b"IDAT", d) for d in data)))
        nothing_left(Scrubbed(folder, path, expect=0).copy("blank.png"), forms_of_text(SERIAL))
        small = png(about)
        idat = small.index(b"IDAT") - 4
        size, = struct.unpack_from(">I", small, idat)
        pixels = small[idat + 8:idat + 8 + size]
        for name, data, why in (("behind.png", pixels + b"the pilot's name", "behind the image data"), ("short.png", pixels[:-9], "end before the last row"),
                                ("more.png", zlib.compress(zlib.decompress(pixels) + b"the pilot's name"), "behind the last row")):
            path = folder.write("in/" + name, small[:idat] + chunk(b"IDAT", data) + chunk(b"IEND", b""))
            done = Scrubbed(folder, path, out="out-" + name, expect=3)
            assert why in done.sidecar(name)["reason"], done.sidecar(name)["reason"]
        path = folder.write("in/end.png", small[:-12] + chunk(b"IEND", b"the pilot's name"))
        assert "too long" in Scrubbed(folder, path, out="out-end", expect=3).sidecar("end.png")["reason"]


def test_heif():
    for program in ("heif-enc", "exiftool"):
        need(program)
    with Folder() as folder:
        source = folder.write("a.png", png())
        made = subprocess.run(["heif-enc", source, "-o", folder / "a.heic"], capture_output=True)
        if made.returncode:
            skip("heif-enc: " + made.stderr.decode()[-200:])
        made = subprocess.run(["exiftool", "-q", "-overwrite_original", "-GPSLatitude=52.0901", "-GPSLatitudeRef=N", "-GPSLongitude=5.12023", "-GPSLongitudeRef=W",
                               "-SerialNumber=" + SERIAL, "-XMP:Creator=Test Pilot One", folder / "a.heic"], capture_output=True)
        if made.returncode:
            skip("exiftool cannot write HEIF here")
        assert SERIAL.encode() in read(folder / "a.heic")
        done = Scrubbed(folder, folder / "a.heic")
        nothing_left(done.copy("a.heic"), forms_of_text(SERIAL), forms_of_text("Test Pilot One"), forms_of_place(52.0901, -5.12023))
        told_of = subprocess.run(["exiftool", "-a", "-G1", "-s", done.copies["a.heic"]], capture_output=True, text=True, check=True).stdout
        assert "GPS" not in told_of and "Serial" not in told_of, told_of
        if shutil.which("heif-convert"):
            for name in ("a.heic", "out/a.heic"):
                subprocess.run(["heif-convert", folder / name, folder / (name.replace("/", "-") + ".png")], capture_output=True, check=True)
            equal(decoded(folder / "out-a.heic.png"), decoded(folder / "a.heic.png"))


def test_gigabytes_in_flat_memory():
    """A video whose mdat has holes of gigabytes: time and memory are those of its tables."""
    if os.environ.get("LEASH_SANITIZED") == "1":
        skip("memory is measured with the program as it is installed")
    with Folder() as folder:
        os.mkdir(folder / "in")
        path = folder / "in/a.mp4"
        hole = 3 << 30
        moov = struct.pack(">I", 8 + 8 + 30) + b"moov" + struct.pack(">I", 38) + b"udta" + struct.pack(">I", 30) + b"\xa9xyz" + struct.pack(">HH", 18, 0x15c7) + b"+52.0901-005.1202/"
        with open(path, "wb") as out:
            out.write(struct.pack(">I", 16) + b"ftypisom\0\0\2\0" + struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 16 + hole))
            out.seek(hole, 1)
            out.write(moov)
        done = subprocess.run([need("time"), "-f", "%M", PROGRAM, "scrub", "-o", folder / "out", path], capture_output=True, text=True)
        if done.returncode not in (0, 3):
            skip("no room here: " + done.stderr)
        equal(os.path.getsize(folder / "out/a.mp4"), os.path.getsize(path))
        with open(folder / "out/a.mp4", "rb") as copy:
            copy.seek(-len(moov), 2)
            assert b"52.0901" not in copy.read()
        assert int(done.stderr.split()[-1]) < 200 * 1024, done.stderr


def test_a_large_copy_is_searched_in_parts():
    """A known place in the pictures of a video as large as is searched by several readers, at the cut between two and anywhere."""
    half, pictures = 64 << 20, 128 << 20
    with Folder() as folder:
        os.mkdir(folder / "in")
        for number, at in enumerate((half - 5, pictures - 100000)):
            path = folder / ("in/%d.mp4" % number)
            head = made_video.box("ftyp", b"isom", b"\0\0\2\0", b"isom") + struct.pack(">I4s", 8 + pictures, b"mdat")
            with open(path, "wb") as out:
                out.write(head)
                out.seek(at)
                out.write(b"+52.0901234-005.1202345/")
                out.seek(len(head) + pictures)
                created = made_video.EPOCH_1904
                place = made_video.box("udta", made_video.international(b"\xa9xyz", "+52.0901234-005.1202345/"))
                track = made_video.track(1, "vide", "Pictures", "avc1", created, [1000], [pictures], [len(head)])
                out.write(made_video.box("moov", made_video.full_box("mvhd", 0, 0, struct.pack(">IIII", created, created, 1000, 1000), b"\0" * 80), place, track))
        done = Scrubbed(folder, folder / "in", expect=3)
        for number in range(2):
            equal(done.results["%d.mp4" % number], "failed", done.said)
        assert "is still in the copy" in done.said, done.said


def test_samples():
    path = samples("media")
    with Folder() as folder:
        names = ["karma.mp4", "with-gps.mov", "QuickTime.mov"]
        done = Scrubbed(folder, "--strip-unknown", *[os.path.join(path, name) for name in names], expect=0)
        for name in names:
            nothing_told(done.copy(name), *told(os.path.join(path, name))[:2])
            if shutil.which("ffmpeg"):
                equal(streams(done.copies[name]), streams(os.path.join(path, name)), name)


if __name__ == "__main__":
    run(globals())
