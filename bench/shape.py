"""The shape of a capture, counted by a reader of its own (no code of leash), beside the shape that the
recipe asks for: one of the five copies of the mixed corpus."""
import collections
import shutil
import struct
import subprocess

# What the recipe says of one copy; `within` is how far off counts as the same.
SIZES = [("to 64 bytes", 64, 19), ("65 to 128", 128, 39), ("129 to 256", 256, 17), ("257 to 512", 512, 7),
         ("513 to 1024", 1024, 5), ("1025 to 1519", 1519, 13), ("larger", 1 << 32, 1)]
PROTOCOLS = [("IPv4 TCP", (4, 6), 63), ("IPv4 UDP", (4, 17), 29), ("IPv6 TCP", (6, 6), 3.6), ("IPv6 UDP", (6, 17), 1)]
PORTS = [(443, 31), (80, 7), (22, 3), (53, 2)]
TSHARK = ["dns.qry.name", "dns.a", "tls.handshake.extensions_server_name", "tls.handshake.ja3", "http.host", "http.request.method",
          "tcp.stream", "udp.stream"]


def frames(path):
    with open(path, "rb") as f:
        data = f.read()
    at = 24
    while at < len(data):
        length, = struct.unpack_from("<I", data, at + 8)
        yield data[at + 16:at + 16 + length]
        at += 16 + length


def packet_counts(path):
    c = collections.Counter()
    tuples = set()
    for frame in frames(path):
        c["packets"] += 1
        c["bytes"] += len(frame)
        c["size", next(limit for _, limit, _ in SIZES if len(frame) <= limit)] += 1
        ethertype, = struct.unpack_from(">H", frame, 12)
        if ethertype == 0x800:
            version, protocol, ends, at = 4, frame[23], (frame[26:30], frame[30:34]), 14 + 4 * (frame[14] & 15)
        elif ethertype == 0x86dd:
            version, protocol, ends, at = 6, frame[20], (frame[22:38], frame[38:54]), 54
        else:
            continue
        c[version, protocol] += 1
        if protocol in (6, 17):
            ports = struct.unpack_from(">HH", frame, at)
            tuples.add((protocol, *sorted(zip(ends, ports))))
            for port in set(ports):
                c["port", port] += 1
            c["syn"] += protocol == 6 and frame[at + 13] & 0x12 == 2
    c["tuples"] = len(tuples)
    return c


def tshark_counts(path):
    """What another program finds in it; empty when it is not installed."""
    if not shutil.which("tshark"):
        return {}
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=|"] + [x for name in TSHARK for x in ("-e", name)]
    sets, requests = collections.defaultdict(set), 0
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    for line in said.splitlines():
        row = dict(zip(TSHARK, (set(filter(None, field.split(","))) for field in line.split("|"))))
        requests += len(line.split("|")[TSHARK.index("http.request.method")].split(",")) if row["http.request.method"] else 0
        quic = bool(row["udp.stream"]) and not row["tcp.stream"]
        for name in TSHARK:
            sets["quic sni" if quic and name == TSHARK[2] else name] |= row[name]
    return dict({name: len(values) for name, values in sets.items()}, requests=requests)


def table(path):
    """Markdown: what is counted, the recipe, ours."""
    c, t = packet_counts(path), tshark_counts(path)

    def share(count):
        return "%.1f %%" % (100 * count / c["packets"])

    def told(name):
        return str(t[name]) if t else "not counted (no tshark)"

    rows = [("packets", "119,974", format(c["packets"], ",")), ("bytes a packet, mean", "347", "%.0f" % (c["bytes"] / c["packets"])),
            ("five copies: packets; MB of frames", "599,870; 208.2", "%s; %.1f" % (format(5 * c["packets"], ","), 5 * c["bytes"] / 1e6))]
    rows += [(("frames " if limit == 64 else "frames of ") + name if limit < 1 << 32 else "larger frames", "%g %%" % want, share(c["size", limit])) for name, limit, want in SIZES]
    rows += [(name, "%g %%" % want, share(c[key])) for name, key, want in PROTOCOLS]
    rows += [("port %d" % port, "%d %%" % want, share(c["port", port])) for port, want in PORTS]
    rows += [("distinct 5-tuples", "9,285", format(c["tuples"], ",")), ("SYN", "4,592", format(c["syn"], ",")),
             ("TCP streams, by tshark", "5,506", told("tcp.stream")), ("UDP streams, by tshark", "3,849", told("udp.stream")),
             ("distinct names asked of DNS", "about 1,140", told("dns.qry.name")), ("distinct IPv4 answers", "780 answers", told("dns.a")),
             ("distinct TLS SNI", "490", told(TSHARK[2])), ("distinct QUIC SNI", "117", told("quic sni")),
             ("distinct JA3", "550", told("tls.handshake.ja3")), ("distinct HTTP hosts", "189", told("http.host")),
             ("HTTP requests", "1,090", told("requests"))]
    return ["| one copy | recipe | `bench/mixed.c` |", "|---|---|---|"] + ["| %s | %s | %s |" % row for row in rows]
