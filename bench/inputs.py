"""What is measured: made by bench/*.c and examples/*.py, the same each time, into build/bench."""
import datetime
import gzip
import importlib.util
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from importlib.machinery import SourceFileLoader

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LEASH = os.path.join(ROOT, "build", "leash")
HERE = os.path.join(ROOT, "build", "bench")
BULK_BYTES, MIXED_COPIES = 600_000_000, 5  # what others measured with


def say(text):
    print(text, file=sys.stderr, flush=True)


def program(name, libraries=(), sources=("frames.c",)):
    path = os.path.join(HERE, name)
    folder = os.path.join(ROOT, "bench")
    os.makedirs(HERE, exist_ok=True)
    newest = max(os.path.getmtime(os.path.join(folder, f)) for f in os.listdir(folder) if f.endswith((".c", ".h")))
    if not os.path.exists(path) or os.path.getmtime(path) < newest:
        subprocess.run([os.environ.get("CC", "cc"), "-std=gnu17", "-O2", "-o", path, os.path.join(folder, name + ".c")] +
                       [os.path.join(folder, f) for f in sources] + list(libraries), check=True)
    return path


def walk():
    return program("walk", sources=())


def capture(name, generator, *arguments):
    """Made anew when the generator is newer.  None among the arguments stands for the file.  What the
    generator said of it stands beside it."""
    path = os.path.join(HERE, name)
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(generator):
        say("making " + name)
        with open(path + ".truth", "wb") as truth:
            subprocess.run([generator] + [path if a is None else str(a) for a in arguments], check=True, stdout=truth)
    return path


def truth(path):
    """For a bulk capture: {host: (bytes up, bytes down, packets, bytes missing)}."""
    with open(path + ".truth", encoding="ascii") as f:
        rows = [line.split() for line in f]
    return {r[0]: tuple(int(n) for n in r[1:5]) for r in rows if len(r) == 5 and r[0] != "total" and r[3] != "0"}


def app(times=1, plain=False):
    maker = os.path.join(ROOT, "bench", "app.py")
    path = os.path.join(HERE, "app%s%s.apk" % ("" if times == 1 else "-%d" % times, "-plain" if plain else ""))
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(maker):
        say("making " + os.path.basename(path))
        subprocess.run([sys.executable, maker, path, str(times)] + (["plain"] if plain else []), check=True)
    return path


def unpacked_app():
    """What is in the app, as files: for programs that open no package."""
    folder = os.path.join(HERE, "app")
    if not os.path.isdir(folder):
        with zipfile.ZipFile(app()) as package:
            package.extractall(folder)
    return folder


def bulk(size=BULK_BYTES, *mishap):
    return capture("bulk-%s%d.pcap" % ("".join(m.strip("-") + "-" for m in mishap), size), program("bulk"), *mishap, None, size)


def mixed(copies=MIXED_COPIES):
    return capture("mixed-%d.pcap" % copies, program("mixed", ("-lcrypto", "-lz"), ("frames.c", "hello.c")), None, copies)


def flows(count, size):
    return capture("flows-%d.pcap" % count, program("bulk"), "--flows", count, None, size)


def telemetry(count, size):
    return capture("telemetry-%d.pcap" % count, program("bulk"), "--telemetry", count, None, size)


def mixed_gz():
    plain = mixed()
    path = plain + ".gz"
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(plain):
        say("making " + os.path.basename(path))
        with open(plain, "rb") as f, gzip.GzipFile(path, "wb", 6, mtime=0) as packed:
            shutil.copyfileobj(f, packed, 1 << 20)
    return path


def remove(path):
    for name in (path, path + ".truth"):
        if os.path.exists(name):
            os.remove(name)


# Folders, by the scripts that make the examples

def module(name):
    path = os.path.join(ROOT, "examples", name + ".py")
    loader = SourceFileLoader(name, path)
    loaded = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    sys.dont_write_bytecode = True
    loader.exec_module(loaded)
    return loaded


def folder(name, fill):
    path = os.path.join(HERE, name)
    if not os.path.isdir(path):
        say("making " + name)
        os.makedirs(HERE, exist_ok=True)
        unfinished = tempfile.mkdtemp(dir=HERE)
        maker = os.fork()  # a process of its own: what is measured begins with our size
        if maker == 0:
            fill(unfinished)
            os._exit(0)
        if os.waitpid(maker, 0)[1] != 0:
            sys.exit("tools/bench: %s could not be made" % name)
        os.chmod(unfinished, 0o755)
        os.rename(unfinished, path)
    return path


def run_example(loaded, arguments):
    before, sys.argv = sys.argv, ["example"] + arguments
    try:
        loaded.main()
    finally:
        sys.argv = before


def fill_logs(into):
    flight = module("flight")
    for i in range(12):
        run_example(flight, ["--version", str((6, 8, 12)[i % 3]), "--seed", str(i + 1), "--side", "200", "--duration", "1200",
                             "--start", "2024-05-%02dT09:30:00Z" % (i + 1), "-o", os.path.join(into, "DJIFlightRecord_%02d.txt" % i)])


def fill_photos(into):
    """The example's photo as large as real ones are: 4 MB of noise in its scan, in which no
    byte 0xff stands alone."""
    photo = module("photo")
    small = os.path.join(into, "small")
    noise = random.Random(1).randbytes(4000000).replace(b"\xff", b"\xff\0")
    for i in range(60):
        run_example(photo, ["--latitude", str(45.5 + i / 1000), "--longitude", "-5.25", "--time", "2024-05-01T09:30:%02dZ" % i, "-o", small])
        with open(small, "rb") as f:
            content = f.read()
        with open(os.path.join(into, "DJI_%04d.JPG" % i), "wb") as f:
            f.write(content[:-2] + noise[i:] + b"\xff\xd9")
    os.remove(small)


def fill_card(into):
    """The first eighteen of them, each with a second picture of 220 kB behind it, as cameras leave them for previews."""
    noise = random.Random(2).randbytes(218000).replace(b"\xff", b"\xff\0")
    for name in sorted(os.listdir(photos()))[:18]:
        with open(os.path.join(photos(), name), "rb") as f:
            content = f.read()
        scan = content.index(b"\xff\xda")
        begin = scan + 2 + int.from_bytes(content[scan + 2:scan + 4], "big")
        tables = content[content.index(b"\xff\xdb"):begin]
        with open(os.path.join(into, name), "wb") as f:
            f.write(content[:3230000].removesuffix(b"\xff") + b"\xff\xd9\xff\xd8" + tables + noise + b"\xff\xd9")


def fill_videos(into):
    """Three videos of ten minutes: a GPMF payload each second, and between them a megabyte where pictures and sound would
    be, which is a hole in the file: nobody reads it."""
    video, seconds, step = module("video"), 600, 1 << 20
    start = datetime.datetime(2024, 5, 1, 9, 30, tzinfo=datetime.timezone.utc)
    created = int(start.timestamp()) + video.EPOCH_1904
    for i in range(3):
        points = list(video.circle(start, seconds, 18, 45.5 + i / 100, -5.25))
        payloads = [video.gopro_payload(points[18 * n][0], points[18 * n:18 * n + 18]) for n in range(seconds)]
        head = video.box("ftyp", b"mp41\0\0\0\0mp41")
        offsets = [len(head) + 8 + n * step for n in range(seconds)]
        with open(os.path.join(into, "GH01%04d.MP4" % i), "wb") as f:
            f.write(head + struct.pack(">I4s", 8 + seconds * step, b"mdat"))
            for offset, payload in zip(offsets, payloads):
                f.seek(offset)
                f.write(payload)
            f.seek(len(head) + 8 + seconds * step)
            f.write(video.box("moov", video.full_box("mvhd", 0, 0, struct.pack(">IIII", created, created, 1000, seconds * 1000), b"\0" * 80),
                              video.track(1, "meta", "GoPro MET", "gpmd", created, [1000] * seconds, [len(p) for p in payloads], offsets)))


def fill_film(into):
    """A video of 200 seconds as cameras write them: each second three megabytes of coded pictures in units of H.264, thirty of them, which nothing can pack, and a GPMF payload."""
    video, seconds, rate, units = module("video"), 200, 3000000, 30
    start = datetime.datetime(2024, 5, 1, 9, 30, tzinfo=datetime.timezone.utc)
    created = int(start.timestamp()) + video.EPOCH_1904
    points = list(video.circle(start, seconds, 18, 45.5, -5.25))
    payloads = [video.gopro_payload(points[18 * n][0], points[18 * n:18 * n + 18]) for n in range(seconds)]
    pictures, unit = random.Random(2).randbytes(rate + seconds), rate // units
    record = b"\0" * 70 + video.box("avcC", b"\1\x64\0\x28\xff\xe1\0\0\0")
    head = video.box("ftyp", b"mp41\0\0\0\0mp41")
    at, telemetry, frames = len(head) + 8, [], []
    with open(os.path.join(into, "GH010001.MP4"), "wb") as f:
        f.write(head + struct.pack(">I4s", 8 + sum(len(p) + rate for p in payloads), b"mdat"))
        for n, payload in enumerate(payloads):
            telemetry.append(at)
            frames.append(at + len(payload))
            f.write(payload)
            for k in range(units):  # a length, the kind: a key picture, then others
                f.write(struct.pack(">IB", unit - 4, 0x41 if k else 0x65) + pictures[n + k * unit:n + (k + 1) * unit - 5])
            at += len(payload) + rate
        f.write(video.box("moov", video.full_box("mvhd", 0, 0, struct.pack(">IIII", created, created, 1000, seconds * 1000), b"\0" * 80),
                          video.track(1, "vide", "Pictures", "avc1", created, [1000] * seconds, [rate] * seconds, frames, entry=record),
                          video.track(2, "meta", "GoPro MET", "gpmd", created, [1000] * seconds, [len(p) for p in payloads], telemetry)))


def film():
    return folder("film-h264", fill_film)


def logs():
    return folder("logs", fill_logs)


def videos():
    return folder("videos", fill_videos)


def photos():
    return folder("photos", fill_photos)


def card():
    return folder("card", fill_card)


def fill_texts(into):
    flight = module("flight_text")
    for form in ("srt", "csv", "gpx", "kml"):
        run_example(flight, ["--form", form, "--points", "300000", "-o", os.path.join(into, "flight." + form)])


def text_flight(form):
    """Ten points a second for eight hours, as the subtitles of a camera, a table, GPX or KML."""
    return os.path.join(folder("texts", fill_texts), "flight." + form)


def autopilot(form, size=300_000_000):
    return capture("flight.%s" % form, program("autopilot", ("-lm",), ()), form, None, size)


def size_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(path, name)) for name in os.listdir(path))


def files_of(path):
    return [path] if os.path.isfile(path) else [os.path.join(path, n) for n in os.listdir(path)]


def out_of_page_cache(path):
    """So that the next one to read it reads the disk.  What is not written out yet would stay."""
    for name in files_of(path):
        descriptor = os.open(name, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def into_page_cache(path):
    for name in files_of(path):
        with open(name, "rb", buffering=0) as f:
            while f.read(1 << 22):
                pass


def from_disk(path):
    """Into the page cache by way of the disk, as evidence comes there.  What was just made lies in the cache in pages as small as the
    writes were; how many there are is a good part of what a walk over a capture takes."""
    out_of_page_cache(path)
    into_page_cache(path)
