"""Videos and pictures that other programs wrote (exiftool, ffmpeg, ImageMagick, libheif), and long videos.

For GPMF, CAMM and djmd no free program writes files: they come from examples/video.py, and exiftool reads them beside leash."""
import datetime
import json
import math
import os
import resource
import struct
import subprocess
import sys

import scripts
from harness import SANITIZED, SOURCE, Folder, audit, equal, facts, leash, need, run, skip

sys.path.insert(0, os.path.join(SOURCE, "examples"))
import video as made  # noqa: E402

START = datetime.datetime(2024, 5, 1, 9, 30, tzinfo=datetime.timezone.utc)
LATITUDE, LONGITUDE = 52.0901, -5.12023


def tool(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True)
    assert done.returncode == 0, (command, done.stdout[-500:], done.stderr[-500:])
    return done.stdout


def rows(path, kind):
    return [r for r in facts("--no-hash", path) if r["fact"] == kind]


def media(path):
    found = rows(path, "media")
    assert found, path
    return found[0]


def near(got, want, what, by=1e-6):
    assert got is not None and abs(got - want) <= by, (what, got, want)


def photo(folder):
    path = folder / "photo.jpg"
    scripts.write(path, "photo", "--latitude", LATITUDE, "--longitude", LONGITUDE, "--altitude", 34.5,
                  "--time", "2024-05-01T09:30:00Z", "--local-offset", 2, "--serial", "0TESTCAM000001")
    return path


def clip(folder, *more, name="clip.mp4"):
    path = folder / name
    tool(need("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "color=c=gray:s=64x64:r=5:d=2", *more, "-y", path)
    return path


def same_place(path, what, altitude=None):
    row = media(path)
    near(row["position"][0], LONGITUDE, what + " longitude", 2e-4 if altitude is None else 1e-6)
    near(row["position"][1], LATITUDE, what + " latitude", 2e-4 if altitude is None else 1e-6)
    if altitude is not None:
        near(row["position"][2], altitude, what + " altitude", 0.01)
    return row


def test_exif_that_exiftool_puts_into_png_heif_and_tiff():
    exiftool = need("exiftool")
    with Folder() as folder:
        jpeg = photo(folder)
        wanted = [("png", need("convert")), ("tif", need("convert"))]
        for ending, convert in wanted:
            path = folder / ("plain." + ending)
            tool(convert, jpeg, "-strip", path)
            assert media(path)["position"] is None, path
            tool(exiftool, "-q", "-overwrite_original", "-tagsfromfile", jpeg, "-exif:all", path)
            row = same_place(path, ending, 34.5)
            assert "0TESTCAM000001" in row["serials"], row
            equal((row["taken"], row["taken_local"], row["alt_ref"]), (None, "2024-05-01T11:30:00", "msl"), ending)


def test_what_imagemagick_keeps_in_png():
    with Folder() as folder:
        path = folder / "kept.png"
        tool(need("convert"), photo(folder), path)
        row = same_place(path, "png of ImageMagick", 34.5)
        assert "0TESTCAM000001" in row["serials"], row


def test_heif_and_avif_of_libheif():
    encoder, exiftool = need("heif-enc"), need("exiftool")
    with Folder() as folder:
        jpeg, read = photo(folder), 0
        for ending, options in (("heic", []), ("avif", ["-A"])):
            path = folder / ("still." + ending)
            done = subprocess.run([encoder, *options, jpeg, "-o", path], capture_output=True)
            if done.returncode or not os.path.exists(path):
                continue  # built without that encoder
            said = json.loads(tool(exiftool, "-json", "-n", "-GPSLatitude", "-SerialNumber", path))[0]
            if "GPSLatitude" not in said: # this libheif leaves EXIF behind
                tool(exiftool, "-q", "-overwrite_original", "-tagsfromfile", jpeg, "-exif:all", path)
            row = same_place(path, ending, 34.5)
            assert "0TESTCAM000001" in row["serials"], row
            equal(row["format"], "avif" if ending == "avif" else "heif")
            read += 1
        if read == 0:
            skip("heif-enc has no encoder")


def test_places_that_exiftool_writes_into_videos():
    exiftool = need("exiftool")
    with Folder() as folder:
        for number, option in enumerate(("-Keys:GPSCoordinates=%g, %g, 34.5" % (LATITUDE, LONGITUDE), "-UserData:GPSCoordinates=%g, %g, 34.5" % (LATITUDE, LONGITUDE),
                                         "-XMP:GPSLatitude=%g" % LATITUDE)):
            path = clip(folder, name="place%d.mp4" % number)
            assert media(path)["position"] is None
            more = ["-XMP:GPSLongitude=%g" % LONGITUDE, "-XMP:GPSAltitude=34.5"] if option.startswith("-XMP") else []
            tool(exiftool, "-q", "-overwrite_original", option, *more, "-XMP:Creator=A Person", path)
            same_place(path, option, 34.5)
            assert any(r["kind"] == "name" and r["value"] == "A Person" for r in rows(path, "identifier")), path
        path = clip(folder, name="keys.mov")
        tool(exiftool, "-q", "-overwrite_original", "-Keys:Make=Maker", "-Keys:Model=Model 1", "-Keys:CreationDate=2024:05:01 11:30:00+02:00", path)
        row = media(path)
        equal((row["model"], row["taken"], row["time_basis"]), ("Maker Model 1", "2024-05-01T09:30:00Z", "utc"))


def test_places_that_ffmpeg_writes():
    with Folder() as folder:
        for name in ("place.mp4", "place.mov"):
            path = clip(folder, "-metadata", "location=%+08.4f%+09.4f/" % (LATITUDE, LONGITUDE), name=name)
            same_place(path, name)


def subtitles(points):
    out = []
    for i, p in enumerate(points):
        begin, end = i * 200, i * 200 + 200
        text = made.subtitle(p, 2)[2:].decode()
        out.append("%d\n00:00:%02d,%03d --> 00:00:%02d,%03d\n%s\n" % (i + 1, begin // 1000, begin % 1000, end // 1000, end % 1000, text))
    return "\n".join(out)


def path_of(found):
    return [(round(r["longitude_deg"], 6), round(r["latitude_deg"], 6), r["altitude_m"], r["alt_ref"], r["time_local"]) for r in found
            if r["fact"] == "position" and r["flight"]]


def test_subtitles_in_a_video_are_the_same_flight_as_beside_it():
    with Folder() as folder:
        srt = folder.write("flight.srt", subtitles(list(made.circle(START, 2, 5, LATITUDE, LONGITUDE))).encode())
        path = folder / "flight.mp4"
        tool(need("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "color=c=gray:s=64x64:r=5:d=2", "-i", srt, "-c:s", "mov_text", "-y", path)
        inside, beside = facts("--no-hash", path), facts("--no-hash", srt)
        equal(path_of(inside), path_of(beside))
        assert len(path_of(inside)) == 10, path_of(inside)
        equal(media(path)["timed_points"], 10)


def said_by_exiftool(path):
    """(latitude, longitude) as exiftool finds them in the track."""
    text = tool("exiftool", "-ee3" if float(tool("exiftool", "-ver")) >= 12.6 else "-ee", "-n", "-a", "-p", "$GPSLatitude $GPSLongitude", path).decode()
    return [tuple(float(v) for v in line.split()) for line in text.splitlines() if line.strip()]


def test_paths_of_our_encoder_are_read_alike_by_exiftool():
    exiftool = need("exiftool")
    version = float(tool(exiftool, "-ver"))
    compared = []
    with Folder() as folder:
        for form in ("gopro", "gps9", "camm", "dji"):
            content = made.video(form, START, 3)
            path = folder.write(form + ".mp4", content)
            flights = rows(path, "flight")
            equal(len(flights), 1, form)
            got = [(r["latitude_deg"], r["longitude_deg"]) for r in rows(path, "position") if r["flight"]]
            want = [p[1:3] for p in made.circle(START, 3, 10 if form in ("gopro", "gps9") else 5, 52.0901, -5.12023)]
            equal(len(got), len(want), form)
            for g, w in zip(got, want):
                near(g[0], w[0], form), near(g[1], w[1], form)
            if version >= {"gopro": 11, "gps9": 13, "camm": 12, "dji": 13.3}[form]:
                theirs = said_by_exiftool(path)
                assert len(theirs) >= 3, (form, theirs) # one a payload at least
                for t in theirs:
                    assert any(abs(t[0] - g[0]) < 1e-6 and abs(t[1] - g[1]) < 1e-6 for g in got), (form, t)
                compared.append(form)
    print("# compared with exiftool %s: %s" % (version, ", ".join(compared)))


def test_fragments_tell_what_the_whole_tells():
    """The same samples in tables and in fragments, by our own encoder; and of subtitles by ffmpeg, in each of its ways to write fragments."""
    def points(path):
        return [(r["longitude_deg"], r["latitude_deg"], r["altitude_m"], r["time"], r["time_local"]) for r in rows(path, "position") if r["flight"]]

    with Folder() as folder:
        for form in ("gopro", "gps9", "camm", "dji", "srt"):
            whole = made.video(form, START, 6)
            want = points(folder.write(form + ".mp4", whole))
            assert len(want) >= 30, (form, len(want))
            for count in (1, 4, 1000):
                path = folder.write("%s-%d.mp4" % (form, count), made.fragmented(whole, count))
                equal(points(path), want, (form, count))
                equal([r["statement"] for r in rows(path, "damage")], [r["statement"] for r in rows(folder / (form + ".mp4"), "damage")], form)
        ffmpeg = need("ffmpeg")
        srt = folder.write("t.srt", "".join("%d\n00:00:0%d,000 --> 00:00:0%d,000\n[iso: 100] [latitude: %.6f] [longitude: 5.120000] [rel_alt: 30.0 abs_alt: 64.5]\n\n" %
                                            (i + 1, i, i + 1, 52.09 + i * 1e-4) for i in range(5)).encode())
        base = [ffmpeg, "-v", "error", "-f", "lavfi", "-i", "testsrc=d=5:s=64x64:r=5", "-i", srt, "-map", "0", "-map", "1", "-c:v", "mpeg4", "-g", "5", "-c:s", "mov_text"]
        wants = None
        for flags in ("+faststart", "+frag_keyframe+empty_moov", "+frag_keyframe", "+frag_keyframe+empty_moov+default_base_moof", "+frag_keyframe+empty_moov+omit_tfhd_offset",
                      "+cmaf+frag_keyframe", "+frag_every_frame+empty_moov", "+frag_keyframe+empty_moov+separate_moof"):
            path = folder / (flags.strip("+").replace("+", "-") + ".mp4")
            if subprocess.run(base + ["-movflags", flags, path], capture_output=True).returncode:
                skip("this ffmpeg cannot write such a video")
            wants = wants or points(path)
            equal(len(wants), 5, flags)
            equal(points(path), wants, flags)


def test_a_video_alone_is_a_flight():
    with Folder() as folder:
        path = folder.write("DJI_0001.MP4", made.video("dji", START, 20))
        _, report = audit(folder, path)
        equal(len(report["flights"]), 1)
        flight, video = report["flights"][0], report["media"][0]
        equal((flight["aircraft_serial"], flight["points"], flight["alt_ref"], video["timed_points"]), ("0TESTUAV000001", 100, "takeoff", 100))
        assert any(d["role"] == "aircraft" and d["serial"] == "0TESTUAV000001" and d["model"] == "DJI Air 3" for d in report["devices"])


def sparse_video(folder, size):
    """A video of `size` bytes that is mostly a hole, with a metadata sample every 8 MB."""
    head = made.box("ftyp", b"isom\0\0\2\0isom")
    count = size // (8 << 20)
    points = list(made.circle(START, count, 1, LATITUDE, LONGITUDE))
    samples = [made.dji_frame(p, i == 0, "0TESTUAV000001", START) for i, p in enumerate(points)]
    offsets = [len(head) + 4096 + i * (8 << 20) for i in range(count)]
    created = int(START.timestamp()) + made.EPOCH_1904
    track = made.track(1, "meta", "DJI meta", "djmd", created, [1000] * count, [len(s) for s in samples], [0] * count)
    stco = made.full_box("stco", 0, 0, struct.pack(">I", count), *[b"\0\0\0\0"] * count)
    co64 = made.full_box("co64", 0, 0, struct.pack(">I", count), *[struct.pack(">Q", o) for o in offsets])
    for name in (b"trak", b"mdia", b"minf", b"stbl"):
        at = track.index(name) - 4
        track = track[:at] + struct.pack(">I", struct.unpack_from(">I", track, at)[0] + len(co64) - len(stco)) + track[at + 4:]
    path = folder / "long.mp4"
    with open(path, "wb") as out:
        out.write(head + struct.pack(">I4sQ", 1, b"mdat", size))
        for offset, sample in zip(offsets, samples):
            out.seek(offset)
            out.write(sample)
        out.seek(len(head) + size)
        out.write(made.box("moov", made.full_box("mvhd", 0, 0, struct.pack(">IIII", created, created, 1000, count * 1000), b"\0" * 80),
                           track.replace(stco, co64)))
    return path, count


def test_a_long_video_takes_no_more_memory():
    with Folder() as folder:
        path, count = sparse_video(folder, 4500 << 20)
        if os.stat(path).st_blocks * 512 > 64 << 20:
            skip("this file system has no holes")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = facts("--no-hash", path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        equal(len([r for r in found if r["fact"] == "position" and r["flight"]]), count)
        equal([r["status"] for r in found if r["fact"] == "evidence"], ["read"])
        if not SANITIZED:
            assert after.ru_maxrss < 64 << 10, "%d KiB" % after.ru_maxrss
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            assert cpu < 2, cpu


def test_false_sizes_are_said_and_the_rest_is_read():
    whole = made.video("dji", START, 2)
    moov = whole.index(b"moov")
    cases = {
        "cut in the media": (whole[:moov - 40], 0), "cut in the tables": (whole[:-8], None),
        "a box larger than the file": (whole[:moov - 4] + b"\x7f\xff\xff\xff" + whole[moov:], 10),
        "garbage behind": (whole + b"\0\0\0\3junk", 10),
    }
    with Folder() as folder:
        for name, (content, points) in cases.items():
            path = folder.write("bad.mp4", content)
            found = facts("--no-hash", path)
            damage = [r for r in found if r["fact"] == "damage"]
            assert damage and all(r["origin"] and r["origin"]["offset"] is not None for r in damage), (name, damage)
            equal([r["status"] for r in found if r["fact"] == "evidence"], ["partial"], name)
            got = len([r for r in found if r["fact"] == "position" and r["flight"]])
            assert points is None or got == points, (name, got, points)
            assert math.isfinite(got)


run(globals())
