"""An app of 25 MB: three files of code with kits, addresses and calls, eight native libraries, pictures and pages.
The same each time but for the key that signs it.  app.py FILE [TIMES [plain]]: so many times as much of everything;
plain: nothing compressed and nothing signed, so that reading it is looking for signatures in its bytes and little else."""
import os
import random
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "test", "program"))
import apk  # noqa: E402

WORDS = ("flight", "camera", "gimbal", "upload", "session", "manager", "battery", "record", "sensor", "video", "stream", "token")
KITS = ("com.umeng.analytics.A", "com.amap.api.A", "com.tencent.bugly.A")


def code(part, chance):
    strings = [f"https://api{i % 389}.example.org/{chance.choice(WORDS)}/{i}" if i % 50 == 0 else
               f"{chance.choice(WORDS)} {chance.choice(WORDS)} {i * 7919 % 1000003:x}" for i in range(50000)]
    return apk.dex(classes=[f"org.example.m{part}.p{i % 97}.C{i}" for i in range(2000)] + list(KITS[part:part + 1]), strings=strings,
                   calls=[("android.location.LocationManager", "requestLocationUpdates"), ("dalvik.system.DexClassLoader", "<init>")])


def library(name, size, chance):
    """As dense as compiled code: part noise, part text, part zeros."""
    body = bytearray()
    while len(body) < size:
        body += chance.randbytes(600) + "\0".join(f"error_{chance.randrange(9999)} in {chance.choice(WORDS)}" for _ in range(20)).encode() + bytes(200)
    return apk.elf(name, ["libc.so"], exports=["__stack_chk_fail"]) + bytes(body[:size])


def uncompressed(entries):
    for e in entries:
        e.stored = True
    return entries


def main(path, times=1, plain=False):
    chance = random.Random(25)
    files = {f"res/drawable/p{i}.png": b"\x89PNG\r\n\x1a\n" + chance.randbytes(60000) for i in range(150 * times)}
    files.update({f"assets/page{i}.html": " ".join(chance.choice(WORDS) for _ in range(20000)).encode() for i in range(30 * times)})
    content = apk.build(package="org.example.big", dex_files=[code(part % 3, chance) for part in range(3 * times)],
                        libraries={f"libx{i}.so": library(f"libx{i}.so", 3 << 20, chance) for i in range(8 * times)}, files=files, sign=() if plain else ("v2",), tamper=uncompressed if plain else None)
    with open(path, "wb") as out:
        out.write(content)


main(sys.argv[1], *map(int, sys.argv[2:3]), plain=sys.argv[3:] == ["plain"])
