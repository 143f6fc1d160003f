"""What the tests of leash scrub share: running it, and looking for values in bytes without leash."""
import base64
import hashlib
import importlib.util
import json
import math
import os
import shutil
import struct
import subprocess

from harness import SOURCE, leash


def corpus(*path):
    """The script that makes a folder of the corpus, as a module: its builders make inputs here, too."""
    name = "_".join(path).replace(".py", "")
    spec = importlib.util.spec_from_file_location(name, os.path.join(SOURCE, "test", "corpus", *path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Scrubbed:
    """One run over some files; results by the original's name."""

    def __init__(self, folder, *arguments, out="out", expect=None):
        self.folder = folder / out
        done = leash("scrub", "-o", self.folder, *arguments)
        self.status, self.said, self.errors = done.returncode, done.stdout.decode(), done.stderr.decode()
        self.results, self.copies, self.reasons = {}, {}, {}
        for line in self.said.splitlines():
            word, _, rest = line.partition(" ")
            if word not in ("removed_and_checked", "not_shown", "failed"):
                continue
            rest, _, reason = rest.strip().partition(": ")
            name, _, copy = rest.partition(" -> ")
            name = os.path.basename(name)
            self.results[name], self.copies[name], self.reasons[name] = word, copy or None, reason
        if expect is not None:
            assert self.status == expect, (self.status, self.said, self.errors)

    def copy(self, name):
        assert self.copies.get(name), (name, self.said, self.errors)
        return read(self.copies[name])

    def sidecar(self, name):
        return json.loads(read(self.copies[name] + ".scrub.json"))


def forms_of_text(value):
    """A text as devices and programs write it."""
    plain = value.encode() if isinstance(value, str) else value
    forms = {"plain": plain, "UTF-16LE": value.encode("utf-16-le"), "UTF-16BE": value.encode("utf-16-be"), "hex": plain.hex().encode(),
             "HEX": plain.hex().upper().encode(), "XOR 55": bytes(b ^ 0x55 for b in plain), "reversed": plain[::-1],
             "MD5": hashlib.md5(plain).digest(), "SHA-1": hashlib.sha1(plain).digest(), "SHA-256": hashlib.sha256(plain).digest()}
    for phase in range(3):
        text = base64.b64encode(b"\0" * phase + plain)
        forms[f"base64 in phase {phase}"] = text[4 if phase else 0:-4]
    return forms


def forms_of_place(latitude, longitude):
    """Each coordinate as it is written, alone: none of it may be left."""
    forms = {}
    for name, degrees in (("latitude", latitude), ("longitude", longitude)):
        for digits in range(5, 9):
            forms[f"{name}, {digits} decimals"] = (f"{abs(degrees):.{digits}f}"[:-1]).encode()
        for order in "<>":
            forms[f"{name} f64 {order}"] = struct.pack(order + "d", degrees)[1:-1] if False else struct.pack(order + "d", degrees)
            forms[f"{name} f64 radians {order}"] = struct.pack(order + "d", math.radians(degrees))
            forms[f"{name} f32 {order}"] = struct.pack(order + "f", degrees)
            forms[f"{name} i32 1e7 {order}"] = struct.pack(order + "i", round(degrees * 1e7))
            whole, minutes = int(abs(degrees)), int(abs(degrees) * 60 % 60)
            forms[f"{name} rationals {order}"] = struct.pack(order + "IIII", whole, 1, minutes, 1)
    return forms


def nothing_left(data, *forms):
    for group in forms:
        for name, form in group.items():
            assert form not in data, f"{name} is still there, at {data.find(form)}"


def decoded(path):
    """A hash of the pixels, by a program that is not leash; None where there is none."""
    if shutil.which("ffmpeg"):
        done = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-f", "framemd5", "-"], capture_output=True)
        if done.returncode == 0:
            return [line for line in done.stdout.splitlines() if not line.startswith(b"#")]
    return None
