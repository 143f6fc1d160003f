#!/usr/bin/python3
"""Writes test/corpus/app anew: small packages and their parts, made by test/program/apk.py.
Signed ones get a new key each time, so that running this changes them."""
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "corpus", "app")
sys.path.insert(0, os.path.join(HERE, "..", "program"))
import apk  # noqa: E402  pylint: disable=wrong-import-position
from apk import Entry  # noqa: E402  pylint: disable=wrong-import-position


def write(folder, name, content):
    os.makedirs(os.path.join(CORPUS, folder), exist_ok=True)
    with open(os.path.join(CORPUS, folder, name), "wb") as out:
        out.write(content)


RULES = ("network-security-config", {}, [("base-config", {"cleartextTrafficPermitted": "true"}, [
    ("trust-anchors", {}, [("certificates", {"src": "user"}, [])])])])


REFERENCES = {0x7F010000: "2.5", 0x7F010001: apk.Reference(0x7F010000), 0x7F020000: "res/xml/rules.xml", 0x7F030000: True,
              0x7F010002: apk.Reference(0x7F010003), 0x7F010003: apk.Reference(0x7F010002)}
PARTS = [("activity", ".Main", {"exported": True}, [True]), ("service", "org.example.app.Work", {}, []),
         ("receiver", ".Boot", {}, ["android.intent.action.BOOT_COMPLETED"]),
         ("provider", ".Files", {"exported": False, "authorities": "org.example.files"}, [])]
PERMISSIONS = ["android.permission.INTERNET", "android.permission.WRITE_EXTERNAL_STORAGE", "android.permission.READ_PHONE_STATE"]
WHOLE = {
    "package": "org.example.app", "version": apk.Reference(0x7F010001), "version_code": 7, "min_sdk": 21, "target_sdk": 29,
    "permissions": PERMISSIONS, "parts": PARTS, "resources": REFERENCES, "meta": {"UMENG_APPKEY": "0123456789abcdef"},
    "application": {"name": ".App", "debuggable": apk.Reference(0x7F030000), "allowBackup": False, "networkSecurityConfig": apk.Reference(0x7F020000)},
    "classes": ["org.example.app.App", "org.example.app.Main", "org.example.app.Work", "org.example.app.Boot", "org.example.app.Files",
                "cn.sharesdk.framework.ShareSDK"],
    "strings": ["https://api.example.net/v1", "http://plain.example.net:8080/x", "http://schemas.android.com/apk/res/android"],
    "calls": [("dalvik.system.DexClassLoader", "<init>"), ("android.telephony.TelephonyManager", "getDeviceId"), ("org.example.Other", "getDeviceId")],
    "files": {"res/xml/rules.xml": apk.binary_xml(RULES)},
    "libraries": {"libBugly.so": apk.elf("libBugly.so", ["liblog.so", "libc.so"], bytes(range(20)), ["Java_com_mapbox_Native_start"], ["OpenSSL 1.0.2k  26 Jan 2017"])},
}


def packages():
    write("apk", "whole-unsigned.apk", apk.build(**WHOLE, sign=()))
    write("apk", "whole-signed-v1-v2-v3.apk", apk.build(**WHOLE, sign=("v1", "v2", "v3")))
    small = {"permissions": PERMISSIONS[:1], "classes": ["org.example.app.App"]}
    for scheme in ("v1", "v2", "v3"):
        write("apk", f"signed-{scheme}.apk", apk.build(**small, sign=(scheme,), min_sdk={"v1": 18, "v2": 24, "v3": 28}[scheme], target_sdk=29))
    signed = bytearray(apk.build(**small, sign=("v2",)))
    signed[60] ^= 1
    write("apk", "changed-after-v2-signature.apk", bytes(signed))

    def trick(name, change):
        write("apk", name, apk.build(**small, sign=(), tamper=change))

    trick("duplicate-entry.apk", lambda e: e + [Entry("classes.dex", apk.dex(classes=["org.example.Other"]))])
    trick("encrypted-flag-on-plain-data.apk", lambda e: e[:1] + [Entry("classes.dex", e[1].content, flags=1)])
    trick("unknown-method.apk", lambda e: e[:1] + [Entry("classes.dex", e[1].content, method=0x1234)])
    trick("other-name-in-own-header.apk", lambda e: e[:1] + [Entry("classes.dex", e[1].content, local_name="innocent.txt")])
    trick("unknown-method-stored.apk", lambda e: e[:1] + [Entry("classes.dex", e[1].content, stored=True, method=0x1234)])
    trick("file-and-folder.apk", lambda e: e + [Entry("classes.dex/x", b"x")])
    odd = apk.binary_xml(apk.manifest(permissions=PERMISSIONS[:1]))
    trick("manifest-with-another-mark.apk", lambda e: [Entry("AndroidManifest.xml", b"\1\x10" + odd[2:])] + e[1:])
    trick("false-size.apk", lambda e: e[:1] + [Entry("classes.dex", e[1].content, bytes_said=10)])
    trick("wrong-check-value.apk", lambda e: e[:1] + [Entry("classes.dex", e[1].content, crc=1)])
    trick("name-with-nul.apk", lambda e: e + [Entry("assets/a\0b", b"x")])
    trick("manifest-twice.apk", lambda e: e[:1] + e)

    entries = [Entry("AndroidManifest.xml", apk.binary_xml(apk.manifest())), Entry("classes.dex", apk.dex(classes=["org.example.app.App"]))]
    body, directory, count = apk.zip_parts(entries)
    hidden, _, _ = apk.zip_parts([Entry("hidden.dex", apk.dex())])
    at = len(body) + len(hidden)
    write("apk", "entry-that-the-directory-hides.apk", body + hidden + directory + apk.zip_end(directory, count, at))
    write("apk", "comment-with-another-end.apk", body + directory + apk.zip_end(directory, count, len(body), apk.zip_end(b"", 0, 0)[:-2] + b"\5\0"))
    write("apk", "bytes-behind-its-end.apk", apk.build(**small, sign=()) + b"something")
    write("apk", "directory-missing.apk", body)
    overlap = bytearray(directory)
    second = overlap.index(b"PK\1\2", 4)
    overlap[second + 42:second + 46] = struct.pack("<I", 0)
    write("apk", "entries-over-each-other.apk", body + bytes(overlap) + apk.zip_end(bytes(overlap), count, len(body)))
    write("apk", "code-before-the-zip.apk", apk.dex()[:112] + body + shifted(directory, 112) + apk.zip_end(directory, count, len(body) + 112))

    bundle = [Entry("BundleConfig.pb", b"\x0a\x02\x08\x01"), Entry("base/manifest/AndroidManifest.xml", b"\x0a\x00"),
              Entry("base/dex/classes.dex", apk.dex(classes=["cn.sharesdk.framework.ShareSDK"]))]
    write("apk", "bundle.aab", apk.package(bundle, sign=()))
    write("apk", "bundle-whole.aab", apk.bundle(**dict(WHOLE, files={"res/xml/rules.xml": RULES})))


def shifted(directory, by):
    """The directory, with every entry `by` bytes further down."""
    out, at = bytearray(directory), 0
    while at < len(out):
        name, extra, comment = struct.unpack_from("<HHH", out, at + 28)
        (offset,) = struct.unpack_from("<I", out, at + 42)
        struct.pack_into("<I", out, at + 42, offset + by)
        at += 46 + name + extra + comment
    return bytes(out)


def parts():
    whole = apk.manifest(**{k: v for k, v in WHOLE.items() if k in ("package", "version", "version_code", "min_sdk", "target_sdk", "permissions",
                                                                    "parts", "application", "meta")})
    manifest = apk.binary_xml(whole)
    write("manifest", "whole.xml", manifest)
    write("manifest", "whole-utf-16.xml", apk.binary_xml(whole, utf8=False))
    broken = bytearray(manifest)
    struct.pack_into("<I", broken, 16, 0x7FFFFFFF)
    write("manifest", "giant-string-count.xml", bytes(broken))
    broken = bytearray(manifest)
    struct.pack_into("<I", broken, 12, 4)
    write("manifest", "chunk-smaller-than-its-header.xml", bytes(broken))
    deep = ("a", {}, [])
    for _ in range(300):
        deep = ("a", {}, [deep])
    write("manifest", "deeper-than-the-limit.xml", apk.binary_xml(deep))
    write("manifest", "deeper-than-the-limit.pb", apk.protobuf_xml(deep))
    write("manifest", "whole.pb", apk.protobuf_xml(whole))
    write("resources", "whole.arsc", apk.resource_table(REFERENCES))
    write("resources", "whole.pb", apk.protobuf_resources(REFERENCES, {0x7F010000: "de"}))
    code = apk.dex(classes=WHOLE["classes"], strings=WHOLE["strings"], calls=WHOLE["calls"])
    write("dex", "whole.dex", code)
    broken = bytearray(code)
    struct.pack_into("<I", broken, 0x38, 0x0FFFFFFF)
    write("dex", "more-strings-than-bytes.dex", bytes(broken))
    write("dex", "container-of-version-41.dex", apk.dex_container([
        {"classes": ["com.umeng.analytics.A"]}, {"classes": ["org.example.B"], "calls": [("dalvik.system.DexClassLoader", "<init>")]}]))
    write("dex", "other-order-of-bytes.dex", code[:40] + bytes(reversed(code[40:44])) + code[44:])
    write("elf", "whole.so", WHOLE["libraries"]["libBugly.so"])
    wants, offers = ["ptrace", "dlopen", "connect"], ["first", "second"]
    gnu = apk.elf("libx.so", ["libc.so"], imports=wants, exports=offers, hashed="gnu")
    write("elf", "imports-gnu.so", gnu)
    write("elf", "imports-sysv.so", apk.elf("libx.so", ["libc.so"], imports=wants, exports=offers))
    write("elf", "imports-only-gnu.so", apk.elf("libx.so", imports=wants, hashed="gnu"))
    last = gnu.rindex(apk.u32(0x1235))
    write("elf", "gnu-chain-without-end.so", gnu[:last] + apk.u32(0x1234) + b"\0" * (len(gnu) - last - 4))
    at = gnu.index(struct.pack("<IIII", 1, 4, 1, 6))
    write("elf", "gnu-buckets-beyond-the-file.so", gnu[:at] + apk.u32(0x7FFFFFFF) + gnu[at + 4:])
    key = apk.Key()
    content = [b"before", b"directory", b"end"]
    for scheme in ("v2", "v3"):
        write("signing_block", f"one-signer-{scheme}", apk.block_signer(content, key, scheme, v3_too=True))
    listing = apk.jar_entries([Entry("a/" + "long" * 30, b"1"), Entry("b", b"2")], key, "2, 3")
    write("jar_manifest", "manifest-with-long-names.mf", listing[0].content)
    write("jar_manifest", "signature-file.sf", listing[1].content)


def entries():
    """Files of a package; the first byte is the name that fuzz/app/entry.c gives them."""
    wide = "https://tiles.example.net/a?b AIza".encode("utf-16-le") + ("y" * 35).encode("utf-16-le")
    assembly = b"MZ" + bytes(58) + apk.u32(64) + b"PE\0\0" + bytes(20) + apk.u16(0x10B) + bytes(94 + 14 * 8) + apk.u32(1) + bytes(40)
    write("entry", "wide-texts", b"\0" + wide)
    write("entry", "wide-texts-at-an-odd-place", b"\0\1" + wide)
    write("entry", "hermes", b"\0" + apk.HERMES + bytes(100) + b"https://api.example.net/v1\0")
    write("entry", "assembly", b"\0" + assembly)
    write("entry", "java-class", b"\0\xca\xfe\xba\xbe\0\0\0\x34" + bytes(20))
    write("entry", "code-named-as-a-picture", b"\1" + apk.dex(classes=["com.umeng.analytics.A"]))
    write("entry", "code-beside-the-signature", b"\2" + apk.dex(classes=["com.umeng.analytics.A"]))
    write("entry", "library-with-dart-code", b"\4" + apk.elf("libapp.so", exports=["_kDartVmSnapshotInstructions"]))


if __name__ == "__main__":
    packages()
    entries()
    parts()
