"""Photos and logs in what was sent: whole, in part, in another order, without their metadata, smaller or
written anew; and encrypted uploads of a file's size, which are no leak."""
import gzip
import io
import json
import os
import random
import re
import sqlite3
import struct

import evidence as made
from harness import Folder, audit, leash, run, skip

HOST, SERVER = b"media.example.com", made.FOREIGN


def pictures():
    try:
        from PIL import Image
    except ImportError:
        skip("python3-pil is not installed")
    return Image


def as_jpeg(image, quality=90, **more):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, **more)
    return out.getvalue()


def landscape(seed, size=(1600, 1200)):
    """A picture like no other: patches of light, softened, with noise."""
    image, rng = pictures(), random.Random("landscape %d" % seed)
    small = image.frombytes("RGB", (9, 7), rng.randbytes(9 * 7 * 3)).resize(size, image.BICUBIC)
    noise = image.frombytes("RGB", size, rng.randbytes(size[0] * size[1] * 3))
    return image.blend(small, noise, 0.1)


def sent(folder, stored, bodies, local_port=40000):
    """Audits stored files and a capture with one upload for each of `bodies`; gives leaks by upload."""
    c = made.Capture()
    c.name_lookup(1, HOST.decode(), SERVER)
    for i, body in enumerate(bodies):
        c.post(local_port + i, HOST, SERVER, b"/up", body)
    evidence = [folder.write("in/up.pcap", c.pcap())] + [folder.write("in/" + name, content) for name, content in stored.items()]
    audit(folder, *evidence)
    db = sqlite3.connect(folder / "case.gpkg")
    rows = db.execute("SELECT flow.src_port, leak.claim_key, leak.claim, leak.decoding, evidence.path, leak.what, leak.id FROM leak JOIN flow ON flow.id = leak.flow "
                      "LEFT JOIN evidence ON evidence.id = leak.secret ORDER BY leak.fid").fetchall()
    db.close()
    return [[r[1:] for r in rows if r[0] == local_port + i] for i in range(len(bodies))]


def tls_records(rng, size):
    """Application data of so many bytes, as one sees it: records of 16 KiB at most."""
    out = []
    while size > 0:
        n = min(size, 16384)
        out.append(b"\x17\3\3" + struct.pack(">H", n) + rng.randbytes(n))
        size -= n
    return b"".join(out)


def keys(rows):
    return {r[0] for r in rows}


def test_part_of_a_photo_in_any_order():
    photo = as_jpeg(landscape(1))
    other = as_jpeg(landscape(2))
    assert len(photo) > 300_000
    third = len(photo) // 3
    scan = photo[photo.index(b"\xff\xda"):]  # without its tables and what names it
    resumed = photo[2 * third:] + photo[third:2 * third]
    with Folder() as folder:
        found = sent(folder, {"a.jpg": photo, "b.jpg": other},
                     [photo, photo[third:2 * third], resumed, b"\xff\xd8" + scan, gzip.compress(photo[third:2 * third]), landscape(3).tobytes()[:400_000], photo[:20_000]])
        whole, part, order, stripped, packed, stranger, head = found
        assert "file_sent" in keys(whole), whole
        for rows, share in ((part, 33), (order, 66), (stripped, 98), (packed, 33)):
            assert "file_content_sent" in keys(rows), rows
            claim, path = next((r[1], r[3]) for r in rows if r[0] == "file_content_sent")
            assert path.endswith("a.jpg"), path
            told = int(re.search(r"about (\d+) % of it", claim)[1])
            assert abs(told - share) <= 8, (told, share)
        assert not keys(stranger) and not keys(head), (stranger, head)


def test_explain_of_a_part_shows_its_bytes():
    photo = as_jpeg(landscape(1))
    with Folder() as folder:
        found = sent(folder, {"a.jpg": photo}, [photo[100_000:250_000]])
        row = next(r for r in found[0] if r[0] == "file_content_sent")
        text = leash("explain", folder / "case.gpkg", row[5]).stdout.decode()
        lines = re.findall(r"^  [0-9a-f]{8} ((?: [0-9a-f]{2})+)", text, re.M)
        shown = bytes.fromhex("".join(lines))
        assert len(shown) >= 16 and shown in photo, text


def test_a_smaller_copy_is_alike_and_no_more():
    image = landscape(4)
    others = {"o%d.jpg" % n: as_jpeg(landscape(10 + n, (800, 600))) for n in range(6)}
    copies = [as_jpeg(image.resize((400, 300)), 60), as_jpeg(image.resize((1000, 750)), 85, progressive=True), as_jpeg(image, 35), as_jpeg(image.convert("L"), 70)]
    strangers = [as_jpeg(landscape(50 + n, (500, 400)), 70) for n in range(6)]
    with Folder() as folder:
        found = sent(folder, {"a.jpg": as_jpeg(image, 95), **others}, copies + strangers)
        for rows in found[:len(copies)]:
            assert keys(rows) == {"picture_alike"}, rows
            assert rows[0][4] == "media" and "looks like a stored photo" in rows[0][1]
        for rows in found[len(copies):]:
            assert not rows, rows


def test_the_place_in_the_exif_of_another_picture():
    """A photo that is not on the card was taken where a stored one was: its GPS block is read."""
    stored = made.photo(45.5003, -5.2497)
    other = re.sub(rb"http://ns.adobe.com/xap/1.0/\0", b"http://ns.other.com/xap/1.0/\0", made.photo(45.50031, -5.24968))
    with Folder() as folder:
        found = sent(folder, {"a.jpg": stored}, [other])
        assert any(r[0] == "positions_at_photo" and "EXIF" in json.loads(r[2]) for r in found[0]), found


def test_an_upload_of_a_files_size_is_a_behaviour():
    rng = random.Random(8)
    sizes = [1_234_567, 2_345_678, 3_456_789]
    stored = {"a%d.jpg" % n: as_jpeg(landscape(n, (64, 64))) + b"\0" * 16 + rng.randbytes(size) for n, size in enumerate(sizes)}
    with Folder() as folder:
        c = made.Capture()
        for n, size in enumerate([len(stored["a0.jpg"]) * 1002 // 1000 + 900, len(stored["a1.jpg"]) * 1002 // 1000 + 700, 5_000_000]):
            c.conversation(41000 + n, SERVER, 443, made.client_hello(b"up.example.com") + tls_records(rng, size), tls_records(rng, 64))
        evidence = [folder.write("in/up.pcap", c.pcap())] + [folder.write("in/" + name, content) for name, content in stored.items()]
        _, report = audit(folder, *evidence)
        like = [b for b in report["behaviours"] if b["kind"] == "burst_like_file"]
        assert len(like) == 2, report["behaviours"]
        for b in like:
            assert "consistent with" in b["statement"] and "not readable" in b["statement"], b
            assert "2 of 3 large encrypted connections fit" in b["likelihood"], b
            assert float(re.search(r"make (\S+) such", b["likelihood"])[1]) < 0.1, b
        assert not report["leaks"], report["leaks"]
        text = leash("explain", folder / "case.gpkg", like[0]["id"]).stdout.decode()
        assert "flow-" in text and "evidence-" in text, text


run(globals())
