"""`--map FILE`: map tiles of the operator's own under the places of the page.  The tiles are made up (map_kit.py)."""
import json
import os
import re
import subprocess

import map_kit as kit
from example_kit import example
from harness import SOURCE, Folder, equal, leash, need, run, skip

BLOCK = re.compile(r'<script type="application/json" id="map">(.*?)</script>\n', re.S)
POLICY = re.compile(r'Content-Security-Policy" content="([^"]*)"')
LON, LAT = -5.25, 45.5   # of the example "leak"


FOLDER = Folder()
FOLDER.__enter__()
LEAK, _ = example(FOLDER, "leak")


def page_of(case, *options):
    done = leash("report", case, "--format", "html", *options)
    equal(done.returncode, 0, done.stderr.decode())
    return done.stdout.decode()


def map_of(page):
    found = BLOCK.findall(page)
    equal(len(found), 1, "blocks of a map")
    return json.loads(found[0])


def test_vector_tiles_become_shapes_and_nothing_else_changes():
    with Folder() as folder:
        case = LEAK
        path = folder.write("town.pmtiles", kit.town_map(LON, LAT, leaf=40))
        bare, page = page_of(case), page_of(case, "--map", path)
        equal(BLOCK.sub("", page), bare, "the page around the map")
        equal(POLICY.findall(page), POLICY.findall(bare))
        made = map_of(page)
        equal((made["schema"], made["kind"], made["name"], made["attribution"]), ("leash.map/1", "vector", "Nowhere", "© Example Mappers"))
        equal([made[k] for k in ("left_out", "damaged", "cut")], [0, 0, 0])
        equal(len(made["places"]), 1)
        place = made["places"][0]
        assert 4 <= len(place["tiles"]) <= 40 and place["zoom"] == 17, (len(place["tiles"]), place["zoom"])
        for tile in place["tiles"]:
            equal(set(tile["shapes"]), {"green", "built", "water", "stream", "building", "border", "road", "road-large"})
            for shape in tile["shapes"].values():
                assert re.fullmatch(r"[Mlz0-9 -]+", shape), shape[:80]
        assert place["names"] and all(n["name"].startswith("Exampleton ") for n in place["names"]), place["names"]
        assert all(abs(n["at"][0] - LON) < 0.1 and abs(n["at"][1] - LAT) < 0.1 for n in place["names"])
        assert all(n["name"].startswith("Villa ") for n in map_of(page_of(case, "--lang", "es", "--map", path))["places"][0]["names"])
        equal(page_of(case, "--map", path), page, "the same again")


def test_pictures_are_taken_as_they_are():
    import base64
    with Folder() as folder:
        case = LEAK
        path = folder.write("air.pmtiles", kit.pmtiles({at: kit.png(256, (at[1] % 200, at[2] % 200, 90)) for at in kit.around(LON, LAT, range(12, 18), 0.004)},
                                                       kit.PNG, {"attribution": "Example Air"}))
        made = map_of(page_of(case, "--map", path))
        equal((made["kind"], made["attribution"], made["name"]), ("picture", "Example Air", None))
        for tile in made["places"][0]["tiles"]:
            equal(tile["type"], "image/png")
            equal(base64.b64decode(tile["picture"]), kit.png(256, (tile["x"] % 200, tile["y"] % 200, 90)))


def test_what_the_file_does_not_have_is_said():
    with Folder() as folder:
        case = LEAK
        elsewhere = map_of(page_of(case, "--map", folder.write("a", kit.town_map(10, 10))))
        equal([place["tiles"] for place in elsewhere["places"]], [[]])
        whole = kit.town_map(LON, LAT)
        tiles = int.from_bytes(whole[56:64], "little")
        damaged = map_of(page_of(case, "--map", folder.write("b", whole[:tiles] + b"\xff" * (len(whole) - tiles))))
        assert damaged["damaged"] > 0, damaged["damaged"]
        cut = map_of(page_of(case, "--map", folder.write("c", whole[:len(whole) // 2])))
        assert cut["damaged"] > 0 or not cut["places"][0]["tiles"], cut["damaged"]


def test_other_files_and_forms_are_refused():
    with Folder() as folder:
        case = LEAK
        good = folder.write("town.pmtiles", kit.town_map(LON, LAT))
        for name, content, why in (("empty", b"", "not a file of map tiles"), ("text", b"PMTiles, but a letter about them" * 9, "does not read"),
                                   ("old", kit.town_map(LON, LAT, version=2), "does not read"),
                                   ("avif", kit.pmtiles({(0, 0, 0): b"x"}, 5, {}), "does not read")):
            done = leash("report", case, "--format", "html", "--map", folder.write(name, content))
            equal((done.returncode, done.stdout), (2, b""), name)
            assert why in done.stderr.decode(), (name, done.stderr)
        for options, why in ((["--format", "json"], "html and pdf only"), (["--format", "html", "--redact"], "--redact"), ([], "html and pdf only")):
            done = leash("report", case, *options, "--map", good)
            equal(done.returncode, 2, options)
            assert why in done.stderr.decode(), done.stderr
        equal(leash("report", case, "--format", "html", "--map", folder / "none").returncode, 2)
        equal(leash("report", case, "--format", "html", "--map", os.path.dirname(good)).returncode, 2)
        done = leash("audit", "-o", folder / "a.gpkg", "--html", folder / "a.html", "--map", folder / "text", good)
        equal((done.returncode, os.path.exists(folder / "a.gpkg")), (2, False))


def test_audit_takes_a_map_and_verify_knows_its_page():
    with Folder() as folder:
        log = folder.write("flight.gpx", b'<gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>' + b"".join(
            b'<trkpt lat="%.5f" lon="%.5f"><time>2026-10-01T08:%02d:00Z</time></trkpt>' % (LAT + 0.0004 * i, LON + 0.0003 * i, i) for i in range(20)) +
            b"</trkseg></trk></gpx>")
        case, page = folder / "case.gpkg", folder / "page.html"
        leash("audit", "-o", case, "--html", page, "--map", folder.write("town.pmtiles", kit.town_map(LON, LAT)), log)
        with open(page, encoding="utf-8") as text:
            content = text.read()
        assert len(map_of(content)["places"][0]["tiles"]) > 3
        said = leash("verify", case, page, log)
        equal(said.returncode, 0, said.stdout.decode())
        assert "report of this case, with a map under its places" in said.stdout.decode(), said.stdout
        for changed in (content.replace("What left", "What leaked", 1), content.replace('id="map"', 'id="nap"', 1), content + "\n"):
            done = leash("verify", case, folder.write("changed.html", changed.encode()), log)
            equal(done.returncode, 1, done.stdout.decode())
            assert "NOT a report of this case" in done.stdout.decode()


HOSTILE = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\u202eevil\u202c", "\x1b[31mred", "=1+1", "a\u0000b", '"\'`&lt;']


def test_hostile_words_are_inert():
    with Folder() as folder:
        case = LEAK
        features = [(1, [[(300 + 400 * i, 400)]], {"class": "city", "name": name, "name:es": name}) for i, name in enumerate(HOSTILE)]
        features.append((1, [[(200, 900)]], {"class": "city", "name": b"\xff\xfe\xed\xa0\x80"}))
        tiles = {at: kit.layer("place", features) for at in kit.around(LON, LAT, range(12, 16))}
        for language in ("en", "es"):
            for word in HOSTILE:
                path = folder.write("h.pmtiles", kit.pmtiles(tiles, kit.VECTOR, {"name": word, "attribution": word}))
                page = page_of(case, "--lang", language, "--map", path)
                equal(page.count("<script"), 8, word)
                inside = BLOCK.findall(page)[0]
                assert "<" not in inside and "\x1b" not in inside and "\u0000" not in inside, word
                map_of(page)


def test_size_is_bounded():
    with Folder() as folder:
        case = LEAK
        road = [(i * 37 % 4000, i * 101 % 4000) for i in range(40000)]
        heavy = kit.layer("roads", [(2, [road], {})])
        path = folder.write("heavy.pmtiles", kit.pmtiles({at: heavy for at in kit.around(LON, LAT, range(10, 16))}, kit.VECTOR, {}))
        page = page_of(case, "--map", path)
        equal(len(BLOCK.findall(page)[0]) < 2_000_000, True, len(BLOCK.findall(page)[0]))
        bomb = kit.pmtiles({at: b"\x1a" + kit.varint(60 << 20) + bytes(60 << 20) for at in [(15, *list(kit.around(LON, LAT, [15], 0.001))[0][1:])]}, kit.VECTOR, {})
        made = map_of(page_of(case, "--map", folder.write("bomb.pmtiles", bomb)))
        assert made["drawn"] == 0, made["drawn"]


def test_the_page_shows_whose_map_it_is():
    need("node")
    with Folder() as folder:
        case = LEAK
        paths = []
        for name, content in (("town", kit.town_map(LON, LAT)), ("none", kit.town_map(10, 10)), ("nobody", kit.town_map(LON, LAT, metadata={"x": 1}))):
            paths.append(folder / f"{name}.html")
            with open(paths[-1], "w", encoding="utf-8") as out:
                out.write(page_of(case, "--map", folder.write(name, content)))
        shown = subprocess.run(["node", os.path.join(SOURCE, "test", "report", "texts.mjs"), *paths], capture_output=True, check=False)
        if shown.returncode == 77:
            skip("no playwright-core or no Chromium")
        equal(shown.returncode, 0, shown.stderr.decode())
        town, none, nobody = ([" ".join(t.split()) for t in page["ours"]] for page in json.loads(shown.stdout))
        assert 'Map: © Example Mappers ("Nowhere").' in town and any(t.startswith("Exampleton ") for t in town)
        assert any("The map file has nothing for this place." in t for t in none) and not any(t.startswith("Exampleton ") for t in none)
        assert "Map: its file names no author." in nobody


try:
    run(globals())
finally:
    FOLDER.__exit__()
