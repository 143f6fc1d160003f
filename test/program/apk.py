"""Makes small Android packages: signed, unsigned and broken ones, with a binary manifest, code with
chosen classes, strings and calls, and whatever files a test wants to plant.

    data = apk.build(package="org.example.app", permissions=["android.permission.INTERNET"],
                     classes=["cn.sharesdk.framework.ShareSDK"], strings=["https://example.net/x"],
                     calls=[("dalvik.system.DexClassLoader", "<init>")], min_sdk=24, sign=("v2",))

Formats: Android's public documents on DEX and APK Signature Scheme v2 and v3, and the headers of its
resource format.  Signing uses the openssl program (harness.need("openssl"))."""
import base64
import hashlib
import os
import shutil
import struct
import subprocess
import tempfile
import zlib


def u16(value):
    return struct.pack("<H", value)


def u32(value):
    return struct.pack("<I", value & 0xFFFFFFFF)


def u64(value):
    return struct.pack("<Q", value)


# Binary XML

# android.R.attr
ATTRIBUTES = {
    "name": 0x01010003, "permission": 0x01010006, "sharedUserId": 0x0101000B, "hasCode": 0x0101000C, "enabled": 0x0101000E,
    "debuggable": 0x0101000F, "exported": 0x01010010, "authorities": 0x01010018, "value": 0x01010024, "resource": 0x01010025,
    "minSdkVersion": 0x0101020C, "versionCode": 0x0101021B, "versionName": 0x0101021C, "targetSdkVersion": 0x01010270,
    "maxSdkVersion": 0x01010271, "testOnly": 0x01010272, "allowBackup": 0x01010280, "fullBackupContent": 0x010104EB, "usesCleartextTraffic": 0x010104EC,
    "networkSecurityConfig": 0x01010527, "targetSandboxVersion": 0x0101054C, "appComponentFactory": 0x0101057A, "dataExtractionRules": 0x0101063E,
}
NONE = 0xFFFFFFFF
ANDROID = "http://schemas.android.com/apk/res/android"


class Reference(int):
    """A value that is a reference to a resource."""


def chunk(kind, header, body):
    return struct.pack("<HHI", kind, 8 + len(header), 8 + len(header) + len(body)) + header + body


def string_pool(strings, utf8=True):
    offsets, data = [], b""
    for text in strings:
        offsets.append(len(data))
        if utf8:
            raw = text.encode()
            for length in (len(text.encode("utf-16-le")) // 2, len(raw)):
                data += bytes([length]) if length < 128 else bytes([0x80 | length >> 8, length & 0xFF])
            data += raw + b"\0"
        else:
            raw = text.encode("utf-16-le")
            data += u16(len(raw) // 2) + raw + b"\0\0"
    data += b"\0" * (-len(data) % 4)
    start = 28 + 4 * len(strings)
    header = u32(len(strings)) + u32(0) + u32(0x100 if utf8 else 0) + u32(start) + u32(0)
    return chunk(0x0001, header, b"".join(u32(o) for o in offsets) + data)


def binary_xml(element, utf8=True):
    """element: (name, {attribute: value}, [children]).  Attributes of ATTRIBUTES get their resource id;
    values may be text, bool, int or Reference."""
    ids = list(ATTRIBUTES.items())
    strings = [name for name, _ in ids]
    index = {text: i for i, text in enumerate(strings)}

    def string(text):
        if text not in index:
            index[text] = len(strings)
            strings.append(text)
        return index[text]

    def attribute(name, value):
        namespace = string(ANDROID) if name in ATTRIBUTES else NONE
        raw, kind, data = NONE, 0x10, 0
        if isinstance(value, Reference):
            kind, data = 0x01, int(value)
        elif isinstance(value, bool):
            kind, data = 0x12, NONE if value else 0
        elif isinstance(value, int):
            data = value
        else:
            raw = data = string(value)
            kind = 0x03
        return u32(namespace) + u32(string(name)) + u32(raw) + struct.pack("<HBB", 8, 0, kind) + u32(data)

    def write(node):
        if isinstance(node, str):
            return chunk(0x0104, u32(1) + u32(NONE), u32(string(node)) + u32(8) + u32(0))
        name, attributes, children = node
        listed = [attribute(k, v) for k, v in attributes.items() if v is not None]
        head = u32(1) + u32(NONE)
        body = u32(NONE) + u32(string(name)) + struct.pack("<HHHHHH", 20, 20, len(listed), 0, 0, 0) + b"".join(listed)
        out = chunk(0x0102, head, body)
        for child in children:
            out += write(child)
        return out + chunk(0x0103, head, u32(NONE) + u32(string(name)))

    prefix, uri = string("android"), string(ANDROID)
    namespace = u32(prefix) + u32(uri)
    body = chunk(0x0100, u32(1) + u32(NONE), namespace) + write(element) + chunk(0x0101, u32(1) + u32(NONE), namespace)
    resource_map = chunk(0x0180, b"", b"".join(u32(i) for _, i in ids))
    return chunk(0x0003, b"", string_pool(strings, utf8) + resource_map + body)


def resource_table(values, package_id=0x7F):
    """values: {resource id: text, int or bool}; gives resources.arsc."""
    strings = sorted({v for v in values.values() if isinstance(v, str)})
    types = {}
    for identity, value in values.items():
        types.setdefault(identity >> 16 & 0xFF, {})[identity & 0xFFFF] = value
    inner = string_pool([f"type{i}" for i in range(1, max(types) + 1)]) + string_pool(["key"])
    for kind, entries in sorted(types.items()):
        count = max(entries) + 1
        offsets, data = b"", b""
        for i in range(count):
            if i not in entries:
                offsets += u32(NONE)
                continue
            offsets += u32(len(data))
            value = entries[i]
            data += struct.pack("<HHI", 8, 0, 0)
            if isinstance(value, Reference):
                data += struct.pack("<HBBI", 8, 0, 0x01, int(value))
            elif isinstance(value, bool):
                data += struct.pack("<HBBI", 8, 0, 0x12, NONE if value else 0)
            elif isinstance(value, int):
                data += struct.pack("<HBBI", 8, 0, 0x10, value)
            else:
                data += struct.pack("<HBBI", 8, 0, 0x03, strings.index(value))
        inner += chunk(0x0202, struct.pack("<BBHI", kind, 0, 0, count), u32(0) * count)
        config = u32(64) + b"\0" * 60
        header = struct.pack("<BBHII", kind, 0, 0, count, 20 + len(config) + len(offsets)) + config
        inner += chunk(0x0201, header, offsets + data)
    name = "org.example".encode("utf-16-le").ljust(256, b"\0")
    type_pool = 8 + 4 + 256 + 20
    keys = type_pool + len(string_pool([f"type{i}" for i in range(1, max(types) + 1)]))
    package = chunk(0x0200, u32(package_id) + name + u32(type_pool) + u32(0) + u32(keys) + u32(0) + u32(0), inner)
    return chunk(0x0002, u32(1), string_pool(strings) + package)


def manifest(package="org.example.app", version="1.0", version_code=1, min_sdk=24, target_sdk=33, permissions=(), application=None,
             parts=(), meta=None, extra=(), root=None):
    """parts: (kind, class name, {attributes}, [intent filters: True or actions]).  application: attributes of <application>."""
    children = []
    if min_sdk is not None or target_sdk is not None:
        children.append(("uses-sdk", {"minSdkVersion": min_sdk, "targetSdkVersion": target_sdk}, []))
    children += [("uses-permission", {"name": p}, []) for p in permissions]
    inside = [("meta-data", {"name": k, "value": v}, []) for k, v in (meta or {}).items()]
    for part in parts:
        kind, name, attributes, filters = (list(part) + [{}, []][len(part) - 2:])[:4]
        nested = [("intent-filter", {}, [("action", {"name": a if isinstance(a, str) else "android.intent.action.MAIN"}, [])]) for a in filters]
        inside.append((kind, {"name": name, **attributes}, nested))
    children += list(extra)
    children.append(("application", application or {}, inside))
    attributes = {"package": package, "versionCode": version_code, "versionName": version, **(root or {})}
    return ("manifest", attributes, children)


# The same for app bundles: protocol buffers (aapt2's Resources.proto)

def field(number, value):
    """A field: bytes and text with their length, numbers as they are."""
    if isinstance(value, int):
        return uleb128(number << 3) + uleb128(value & 0xFFFFFFFFFFFFFFFF)
    content = value.encode() if isinstance(value, str) else value
    return uleb128(number << 3 | 2) + uleb128(len(content)) + content


def protobuf_item(value):
    if isinstance(value, Reference):
        return field(1, field(2, int(value)))
    if isinstance(value, bool):
        return field(7, field(8, int(value)))
    if isinstance(value, int):
        return field(7, field(6, value))
    return field(2, field(1, value))


def protobuf_xml(element):
    """element as for binary_xml; a child that is text is text."""
    if isinstance(element, str):
        return field(2, element)
    name, attributes, children = element
    inside = field(3, name)
    for key, value in attributes.items():
        if value is None:
            continue
        attribute = (field(1, ANDROID) if key in ATTRIBUTES else b"") + field(2, key)
        if isinstance(value, str):
            attribute += field(3, value)
        if key in ATTRIBUTES:
            attribute += field(5, ATTRIBUTES[key])
        if not isinstance(value, str):
            attribute += field(6, protobuf_item(value))
        inside += field(4, attribute)
    return field(1, inside + b"".join(field(5, protobuf_xml(child)) for child in children))


def protobuf_resources(values, other=None):
    """values: {id: value} of one package, in the default configuration; other: likewise, for another language."""
    types = {}
    for number in sorted({*values, *(other or {})}):
        entry = field(1, field(1, number & 0xFFFF)) + field(2, f"name{number:x}")
        for config, table in ((field(3, "de"), other or {}), (b"", values)):
            if number in table:
                entry += field(6, field(1, config) + field(2, field(4, protobuf_item(table[number]))))
        types.setdefault(number >> 16 & 0xFF, []).append(entry)
    inside = b"".join(field(3, field(1, field(1, t)) + field(2, f"type{t}") + b"".join(field(3, e) for e in entries)) for t, entries in types.items())
    return field(2, field(1, field(1, 0x7F)) + field(2, "org.example") + inside)


def bundle(package_name="org.example.app", classes=(), strings=(), calls=(), libraries=None, files=None, resources=None, module=None, **declared):
    """An app bundle with the same arguments as build(); files that are tuples are XML.  module: files of a second module."""
    entries = [Entry("BundleConfig.pb", field(1, field(2, "1.15.6"))),
               Entry("base/manifest/AndroidManifest.xml", protobuf_xml(manifest(package=declared.pop("package", package_name), **declared))),
               Entry("base/dex/classes.dex", dex(classes=classes, strings=strings, calls=calls))]
    if resources:
        entries.append(Entry("base/resources.pb", protobuf_resources(resources)))
    for name, content in (libraries or {}).items():
        entries.append(Entry(f"base/lib/arm64-v8a/{name}", content))
    for name, content in (files or {}).items():
        entries.append(Entry("base/" + name, protobuf_xml(content) if isinstance(content, tuple) else content))
    for name, content in (module or {}).items():
        entries.append(Entry(name, content))
    return package(entries, sign=())


# Code

def uleb128(value):
    out = b""
    while True:
        value, low = value >> 7, value & 0x7F
        out += bytes([low | (0x80 if value else 0)])
        if not value:
            return out


def descriptor(name):
    return name if name.endswith(";") or name in "V" else "L" + name.replace(".", "/") + ";"


def dex(classes=(), strings=(), calls=(), caller="org.example.Caller", version=b"035", fields=(), base=0):
    """calls: (class, method) pairs; the class `caller` gets a method for each that calls it.  fields: likewise, static ones
    that it reads.  base: where it will stand in a container (version 041)."""
    object_type = "Ljava/lang/Object;"
    methods = [(descriptor(c), m) for c, m in calls]
    read = [(descriptor(c), f) for c, f in fields]
    own = [(descriptor(caller), f"call{i}") for i in range(len(methods))]
    own_reads = [(descriptor(caller), f"read{i}") for i in range(len(read))]
    defined = sorted({descriptor(c) for c in classes} | ({descriptor(caller)} if methods or read else set()))
    types = sorted({object_type, "V", *defined, *(c for c, _ in methods), *(c for c, _ in read)})
    texts = sorted({*types, *strings, *(m for _, m in methods + own + own_reads + read), "V"}, key=lambda t: t.encode("utf-16-be"))
    text = {t: i for i, t in enumerate(texts)}
    types.sort(key=lambda t: text[t])
    kind = {t: i for i, t in enumerate(types)}
    listed = sorted(set(methods + own + own_reads), key=lambda m: (kind[m[0]], text[m[1]]))
    method = {m: i for i, m in enumerate(listed)}
    listed_fields = sorted(set(read), key=lambda f: (kind[f[0]], text[f[1]]))
    field = {f: i for i, f in enumerate(listed_fields)}

    header = 0x78 if version >= b"041" else 0x70
    string_ids = base + header
    type_ids = string_ids + 4 * len(texts)
    proto_ids = type_ids + 4 * len(types)
    field_ids = proto_ids + 12
    method_ids = field_ids + 8 * len(listed_fields)
    class_defs = method_ids + 8 * len(listed)
    data_start = class_defs + 32 * len(defined)
    data, offsets, codes, class_data = bytearray(), [], {}, 0
    for i, pair in enumerate(own + own_reads):
        data += b"\0" * (-(data_start + len(data)) % 4)
        codes[pair] = data_start + len(data)
        if i < len(own):
            words = [0x0071, method[methods[i]], 0x0000, 0x000E]  # invoke-static {}, return-void
        else:
            words = [0x0062, field[read[i - len(own)]], 0x000E, 0x0000]  # sget-object v0, return-void
        data += struct.pack("<HHHHII", int(i >= len(own)), 0, 0, 0, 0, len(words)) + b"".join(u16(w) for w in words)
    own += own_reads
    if own:
        class_data = data_start + len(data)
        data += uleb128(0) + uleb128(0) + uleb128(len(own)) + uleb128(0)
        before = 0
        for pair in sorted(own, key=lambda m: method[m]):
            data += uleb128(method[pair] - before) + uleb128(0x9) + uleb128(codes[pair])
            before = method[pair]
    for t in texts:
        offsets.append(data_start + len(data))
        data += uleb128(len(t.encode("utf-16-le")) // 2) + t.encode() + b"\0"
    data += b"\0" * (-(data_start + len(data)) % 4)
    map_offset = data_start + len(data)
    items = [(0x0000, 1, 0), (0x0001, len(texts), string_ids), (0x0002, len(types), type_ids), (0x0003, 1, proto_ids)]
    if listed_fields:
        items.append((0x0004, len(listed_fields), field_ids))
    if listed:
        items.append((0x0005, len(listed), method_ids))
    if defined:
        items.append((0x0006, len(defined), class_defs))
    if own:
        items += [(0x2001, len(own), min(codes.values())), (0x2000, 1, class_data)]
    items += [(0x2002, len(texts), offsets[0]), (0x1000, 1, map_offset)]
    data += u32(len(items)) + b"".join(struct.pack("<HHII", k, 0, n, o) for k, n, o in items)

    body = bytearray(b"".join(u32(o) for o in offsets) + b"".join(u32(text[t]) for t in types))
    body += u32(text["V"]) + u32(kind["V"]) + u32(0)
    body += b"".join(struct.pack("<HHI", kind[c], kind[object_type], text[f]) for c, f in listed_fields)
    body += b"".join(struct.pack("<HHI", kind[c], 0, text[m]) for c, m in listed)
    for c in defined:
        body += u32(kind[c]) + u32(1) + u32(kind[object_type]) + u32(0) + u32(NONE) + u32(0)
        body += u32(class_data if own and c == descriptor(caller) else 0) + u32(0)
    body = bytes(body + data)
    total = header + len(body)
    rest = u32(total) + u32(header) + u32(0x12345678) + u32(0) + u32(0) + u32(map_offset)
    rest += u32(len(texts)) + u32(string_ids) + u32(len(types)) + u32(type_ids) + u32(1) + u32(proto_ids)
    rest += u32(len(listed_fields)) + u32(field_ids if listed_fields else 0)
    rest += u32(len(listed)) + u32(method_ids if listed else 0) + u32(len(defined)) + u32(class_defs if defined else 0)
    rest += u32(len(data)) + u32(data_start)
    if version >= b"041":
        rest += u32(base + total) + u32(base)
    signature = hashlib.sha1(rest + body).digest()
    checksum = zlib.adler32(signature + rest + body)
    return b"dex\n" + version + b"\0" + u32(checksum) + signature + rest + body


# What React Native's compiled code begins with (hermes, BytecodeFileFormat.h).
HERMES = bytes.fromhex("c61fbc03c103191f")


def dex_container(files):
    """Version 041: several files in one, each a dictionary of what dex() takes; all offsets count from the beginning."""
    out, starts = b"", []
    for declared in files:
        starts.append(len(out))
        out += dex(**declared, version=b"041", base=len(out))
    out = bytearray(out)
    for start in starts:
        out[start + 112:start + 116] = u32(len(out))
    return bytes(out)


def elf(soname=None, needed=(), build_id=None, exports=(), strings=(), machine=183, hardened=False, executable_stack=False, fixed=False,
        imports=(), hashed="sysv"):
    """A small 64-bit shared library with a dynamic section, and a build id where wanted.  hardened: with read-only
    relocations and a stack that is not executable (or is); fixed: a program for one address, no library; hashed: by
    which of the two tables its symbols are found."""
    table = b"\0"
    place = {}
    for name in [soname, *needed, *imports, *exports]:
        if name and name not in place:
            place[name] = len(table)
            table += name.encode() + b"\0"
    rodata = b"".join(s.encode() + b"\0" for s in strings)
    note = struct.pack("<III", 4, len(build_id), 3) + b"GNU\0" + build_id if build_id else b""
    symbols = b"\0" * 24 + b"".join(struct.pack("<IBBHQQ", place[i], 0x12, 0, 0, 0, 0) for i in imports) + b"".join(struct.pack("<IBBHQQ", place[e], 0x12, 0, 1, 0x1000, 4) for e in exports)
    more = [(0x6474E552, 4), (0x6474E551, 7 if executable_stack else 6)] if hardened else []
    count = (3 if build_id else 2) + len(more)
    at = 64 + 56 * count
    note_at = at
    at += len(note) + (-len(note) % 8)
    table_at, symbols_at = at, at + len(table) + (-len(table) % 8)
    hash_at = symbols_at + len(symbols)
    first, count_of_symbols = len(imports) + 1, len(imports) + len(exports) + 1
    if hashed == "gnu":  # one bucket; the chain of values, odd at its end
        hashes = struct.pack("<IIII", 1, first, 1, 6) + b"\xff" * 8 + u32(first if exports else 0)
        hashes += b"".join(u32(0x1234 | (i == len(exports) - 1)) for i in range(len(exports)))
    else:
        hashes = struct.pack("<II", 1, count_of_symbols) + u32(0) + u32(0) * count_of_symbols
    dynamic_at = hash_at + len(hashes) + (-len(hashes) % 8)
    tags = [(1, place[n]) for n in needed] + ([(14, place[soname])] if soname else [])
    tags += [(0x6FFFFEF5 if hashed == "gnu" else 4, hash_at), (5, table_at), (10, len(table)), (6, symbols_at), (11, 24), (0, 0)]
    dynamic = b"".join(struct.pack("<QQ", k, v) for k, v in tags)
    total = dynamic_at + len(dynamic) + len(rodata)
    head = b"\x7fELF\2\1\1" + b"\0" * 9 + struct.pack("<HHIQQQIHHHHHH", 2 if fixed else 3, machine, 1, 0, 64, 0, 0, 64, 56, count, 0, 0, 0)
    segments = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, total, total, 0x1000)
    segments += struct.pack("<IIQQQQQQ", 2, 6, dynamic_at, dynamic_at, dynamic_at, len(dynamic), len(dynamic), 8)
    if build_id:
        segments += struct.pack("<IIQQQQQQ", 4, 4, note_at, note_at, note_at, len(note), len(note), 4)
    for kind, flags in more:
        segments += struct.pack("<IIQQQQQQ", kind, flags, 0, 0, 0, 0, 0, 8)
    out = head + segments + note
    out = out.ljust(table_at, b"\0") + table
    out = out.ljust(symbols_at, b"\0") + symbols + hashes
    return out.ljust(dynamic_at, b"\0") + dynamic + rodata


# Zip

class Entry:
    """One file of a package; fields that are set make a false header."""

    def __init__(self, name, content, stored=False, flags=0, method=None, local_name=None, bytes_said=None, crc=None):
        self.name, self.content, self.stored, self.flags = name, content, stored, flags
        self.method, self.local_name, self.bytes_said, self.crc = method, local_name, bytes_said, crc


def zip_parts(entries):
    """What stands before the directory, the directory, and how many entries."""
    body, directory = bytearray(), bytearray()
    for e in entries:
        packed = e.content if e.stored else zlib.compress(e.content, 6)[2:-4]
        method = e.method if e.method is not None else 0 if e.stored else 8
        crc = zlib.crc32(e.content) if e.crc is None else e.crc
        size = len(e.content) if e.bytes_said is None else e.bytes_said
        name, local = e.name.encode(), (e.local_name or e.name).encode()
        common = struct.pack("<HHHHIIIHH", e.flags, method, 0, 0x21, crc, len(packed), size, len(local), 0)
        offset = len(body)
        body += b"PK\3\4" + u16(20) + common + local + packed
        common = struct.pack("<HHHHIIIHH", e.flags, method, 0, 0x21, crc, len(packed), size, len(name), 0)
        directory += b"PK\1\2" + u16(20) + u16(20) + common + struct.pack("<HHHII", 0, 0, 0, 0, offset) + name
    return bytes(body), bytes(directory), len(entries)


def zip_end(directory, count, offset, comment=b""):
    return b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), offset, len(comment)) + comment


def zip_file(entries):
    """A whole archive."""
    body, directory, count = zip_parts(entries)
    return body + directory + zip_end(directory, count, len(body))


# Signatures

class Key:
    """A key with a certificate of its own, made by openssl; removed with the process's temporary files."""

    def __init__(self, subject="/CN=leash test", kind="rsa:2048"):
        self.folder = tempfile.mkdtemp(prefix="leash-key-")
        self.key, self.certificate = (os.path.join(self.folder, n) for n in ("key.pem", "cert.pem"))
        new = ["-newkey", kind] if kind.startswith("rsa") else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        self.run("req", "-x509", *new, "-nodes", "-sha256", "-days", "3650", "-subj", subject, "-keyout", self.key, "-out", self.certificate)
        self.der = self.run("x509", "-in", self.certificate, "-outform", "DER")
        public = self.run("x509", "-in", self.certificate, "-noout", "-pubkey")
        self.public = self.run("pkey", "-pubin", "-outform", "DER", stdin=public)
        self.algorithm = 0x0103 if kind.startswith("rsa") else 0x0201
        self.sha256 = hashlib.sha256(self.der).hexdigest()

    @staticmethod
    def run(*arguments, stdin=None):
        return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True).stdout

    def sign(self, content):
        return self.run("dgst", "-sha256", "-sign", self.key, stdin=content)

    def pkcs7(self, content):
        return self.run("smime", "-sign", "-binary", "-noattr", "-md", "sha256", "-outform", "DER", "-signer", self.certificate,
                        "-inkey", self.key, stdin=content)

    def __del__(self):
        shutil.rmtree(self.folder, ignore_errors=True)


_default_key = None


def default_key():
    global _default_key
    if _default_key is None:
        _default_key = Key()
    return _default_key


def base64_digest(content):
    return base64.b64encode(hashlib.sha256(content).digest())


def jar_entries(entries, key, schemes_said=""):
    """META-INF/MANIFEST.MF, CERT.SF and CERT.RSA for the entries."""
    sections = b""
    digests = b""
    main = b"Manifest-Version: 1.0\r\nCreated-By: 1.0 (leash test)\r\n\r\n"
    for e in entries:
        line = b"Name: " + e.name.encode()
        wrapped = line[:70]
        for at in range(70, len(line), 69):
            wrapped += b"\r\n " + line[at:at + 69]
        section = wrapped + b"\r\nSHA-256-Digest: " + base64_digest(e.content) + b"\r\n\r\n"
        sections += section
        digests += wrapped + b"\r\nSHA-256-Digest: " + base64_digest(section) + b"\r\n\r\n"
    listing = main + sections
    head = b"Signature-Version: 1.0\r\nCreated-By: 1.0 (leash test)\r\nSHA-256-Digest-Manifest: " + base64_digest(listing) + b"\r\n"
    if schemes_said:
        head += b"X-Android-APK-Signed: " + schemes_said.encode() + b"\r\n"
    signature = head + b"\r\n" + digests
    return [Entry("META-INF/MANIFEST.MF", listing), Entry("META-INF/CERT.SF", signature), Entry("META-INF/CERT.RSA", key.pkcs7(signature))]


def prefixed(content):
    return u32(len(content)) + content


def content_digest(parts):
    chunks = []
    for part in parts:
        for at in range(0, len(part), 1 << 20):
            piece = part[at:at + (1 << 20)]
            chunks.append(hashlib.sha256(b"\xa5" + u32(len(piece)) + piece).digest())
    return hashlib.sha256(b"\x5a" + u32(len(chunks)) + b"".join(chunks)).digest()


def block_signer(parts, key, scheme, min_sdk=28, max_sdk=0x7FFFFFFF, v3_too=False):
    digests = prefixed(prefixed(u32(key.algorithm) + prefixed(content_digest(parts))))
    certificates = prefixed(prefixed(key.der))
    if scheme == "v2":
        attributes = prefixed(u32(0xBEEFF00D) + u32(3)) if v3_too else b""
        signed = digests + certificates + prefixed(attributes)
    else:
        signed = digests + certificates + u32(min_sdk) + u32(max_sdk) + prefixed(b"")
    signatures = prefixed(prefixed(u32(key.algorithm) + prefixed(key.sign(signed))))
    platforms = b"" if scheme == "v2" else u32(min_sdk) + u32(max_sdk)
    return prefixed(prefixed(prefixed(signed) + platforms + signatures + prefixed(key.public)))


def signing_block(parts, key, schemes):
    pairs = b""
    for scheme, identity in (("v2", 0x7109871A), ("v3", 0xF05368C0)):
        if scheme in schemes:
            value = u32(identity) + block_signer(parts, key, scheme, v3_too="v3" in schemes)
            pairs += u64(len(value)) + value
    size = len(pairs) + 24
    return u64(size) + pairs + u64(size) + b"APK Sig Block 42"


def package(entries, sign=("v2",), key=None, comment=b""):
    """Packs and signs entries.  sign: any of "v1", "v2", "v3"; () leaves the package unsigned."""
    entries = list(entries)
    if sign:
        key = key or default_key()
    if "v1" in sign:
        said = ", ".join(s[1] for s in ("v2", "v3") if s in sign)
        entries += jar_entries(entries, key, said)
    body, directory, count = zip_parts(entries)
    block = b""
    if "v2" in sign or "v3" in sign:
        block = signing_block([body, directory, zip_end(directory, count, len(body), comment)], key, sign)
    return body + block + directory + zip_end(directory, count, len(body) + len(block), comment)


def build(package_name="org.example.app", classes=(), strings=(), calls=(), fields=(), libraries=None, files=None, resources=None, sign=("v2",),
          key=None, dex_files=None, tamper=None, **declared):
    """A whole package.  `package` may be given instead of `package_name`; what else is given goes to manifest().
    libraries: {"libname.so": bytes}; files: {path: bytes}; resources: {id: value}; dex_files: the dex files instead of one
    made from classes, strings and calls; tamper: called with the list of entries before they are packed and signed."""
    package_name = declared.pop("package", package_name)
    entries = [Entry("AndroidManifest.xml", binary_xml(manifest(package=package_name, **declared)))]
    if resources:
        entries.append(Entry("resources.arsc", resource_table(resources), stored=True))
    code = dex_files if dex_files is not None else [dex(classes=classes, strings=strings, calls=calls, fields=fields)]
    for i, content in enumerate(code):
        entries.append(Entry("classes.dex" if i == 0 else f"classes{i + 1}.dex", content))
    for name, content in (libraries or {}).items():
        entries.append(Entry(f"lib/arm64-v8a/{name}", content))
    for name, content in (files or {}).items():
        entries.append(Entry(name, content))
    if tamper:
        entries = tamper(entries) or entries
    return globals()["package"](entries, sign=sign, key=key)
