#!/usr/bin/env python3
"""Makes the files of map_tile/ and pmtiles/ anew.  Towns, names and places are made up."""
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "program"))
import map_kit as kit  # noqa: E402


def write(folder, name, content):
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    with open(os.path.join(HERE, folder, name), "wb") as out:
        out.write(content)


def changed(content, at, new):
    return content[:at] + new + content[at + len(new):]


town = kit.town(3, 4)
far = [(0, 0), (1 << 24, 1 << 24), (5, 5)]
write("map_tile", "town", town)
write("map_tile", "cut-in-a-feature", town[:len(town) // 2])
write("map_tile", "coordinates-far-outside", kit.layer("water", [(3, [far], {})]))
write("map_tile", "more-points-than-are-there", kit.layer("roads", [(2, [[(0, 0), (9, 9)]], {})]).replace(b"\x0a\x12\x12", b"\xfa\xff\xff\x7f"))
write("map_tile", "extent-zero", kit.layer("water", [(3, [[(0, 0), (9, 0), (9, 9)]], {})], extent=0))
write("map_tile", "tags-beyond-keys", kit.field(3, kit.field(1, b"place") + kit.field(2, kit.field(2, b"\x09\x09\x00") + kit.field(3, 1) + kit.field(4, b"\x09\x02\x02"))))
write("map_tile", "names-hostile", kit.layer("place", [(1, [[(100 + 90 * i, 500)]], {"name": name}) for i, name in enumerate(
    [b"<script>", b"\xe2\x80\xaeevil", b"\xff\xfe", b"\x1b[31m", b"n" * 200, b"=1+1"])]))
write("map_tile", "commands-unknown", kit.layer("roads", [(2, [[(0, 0), (9, 9)]], {})]).replace(b"\x09\x00\x00", b"\x0b\x00\x00"))

plain = {(z, x, y): b"tile %d %d %d" % (z, x, y) for z in range(4) for x in range(1 << z) for y in range(1 << z)}
whole = kit.pmtiles(plain, kit.VECTOR, {"name": "Nowhere", "attribution": "<b>&copy;</b> Nobody"}, packed=1)
write("pmtiles", "plain", whole)
write("pmtiles", "leaves-packed", kit.pmtiles(plain, kit.VECTOR, {"name": "Nowhere"}, leaf=10))
write("pmtiles", "pictures", kit.pmtiles({(0, 0, 0): kit.png(16, (1, 2, 3))}, kit.PNG, {}))
write("pmtiles", "version-2", kit.pmtiles(plain, kit.VECTOR, {}, version=2))
write("pmtiles", "cut-in-header", whole[:100])
write("pmtiles", "cut-in-directory", whole[:140])
write("pmtiles", "root-outside-file", changed(whole, 8, struct.pack("<Q", 1 << 40)))
write("pmtiles", "root-longer-than-any-file", changed(whole, 16, struct.pack("<Q", (1 << 64) - 1)))
write("pmtiles", "leaf-is-the-root", changed(whole, 127, b"\x01\x00\x00\x05\x01"))
write("pmtiles", "count-larger-than-directory", changed(whole, 127, b"\xff\xff\x3f"))
