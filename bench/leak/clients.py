#!/usr/bin/python3
"""What real clients send of a flight, and whether `leash audit` finds it: curl, wget, mosquitto_pub, Chromium and ffmpeg
speak to servers on a made network, tcpdump listens on the phone's side of it, and the claims are held against what was sent.

    bench/leak/clients.py                 the table, as Markdown; as root, for network namespaces
    bench/leak/clients.py --only mqtt     cases whose name holds this
    bench/leak/clients.py --keep FOLDER   leave the flight, the capture and the case there

Nothing reaches any network outside.  A client that is not installed is named as such, and its cases count as not tried.
"""
import argparse
import gzip
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import flights  # noqa: E402
from plants import LEASH, NEAR, PATH, ROWS  # noqa: E402

PHONE, NET = "leash-bench-phone", "leash-bench-net"
SERVER = "198.51.100.10"  # of RFC 5737
SERIAL = "1TESTEXAMPLE001"
PATHS = {PATH, ROWS}
FILE = {"file_sent", "file_content_sent"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

CASES = []


def case(name, wanted, *programs, server="http"):
    """`wanted`: sets of claims, of each of which one must be there; empty: nothing may be found, for it is encrypted."""
    def add(send):
        CASES.append(dict(name=name, wanted=wanted, programs=programs, server=server, send=send, port=8000 + len(CASES)))
        return send
    return add


def phone(*command, **options):
    return subprocess.run(["ip", "netns", "exec", PHONE, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, **options)


def curl(made, port, *arguments, path="/v1/up", scheme="http"):
    phone("curl", "-s", "--max-time", "20", *arguments, "%s://%s:%d%s" % (scheme, SERVER, port, path), cwd=made.folder)


# HTTP by curl and wget

@case("curl: JSON", [PATHS], "curl")
def curl_json(made, port):
    curl(made, port, "-H", "Content-Type: application/json", "--data-binary", "@path.json")


@case("curl: JSON in gzip", [PATHS], "curl")
def curl_gzip(made, port):
    curl(made, port, "-H", "Content-Encoding: gzip", "--data-binary", "@path.json.gz")


@case("curl: JSON in chunks, from a pipe", [PATHS], "curl")
def curl_chunks(made, port):
    with open(made.path("path.json"), "rb") as content:
        phone("curl", "-s", "--max-time", "20", "-T", "-", "http://%s:%d/v1/up" % (SERVER, port), stdin=content)


@case("curl: a form, fields of JSON percent-encoded", [PATHS], "curl")
def curl_form(made, port):
    curl(made, port, "--data-urlencode", "track@path.json", "--data-urlencode", "sn=" + SERIAL)


@case("curl: a request for each point, place in the query", [PATHS], "curl")
def curl_queries(made, port):
    urls = ["http://%s:%d/ping?lat=%.6f&lon=%.6f&t=%d" % (SERVER, port, p.lat, p.lon, p.ms) for p in made.points]
    phone("curl", "-s", "--max-time", "20", *urls)


@case("curl: a flight log as multipart", [FILE], "curl")
def curl_multipart(made, port):
    curl(made, port, "-F", "file=@DJIFlightRecord_clients.txt")


@case("curl: a photo, PUT", [FILE], "curl")
def curl_put(made, port):
    curl(made, port, "-T", "DJI_0001.JPG", path="/upload/1")


@case("curl: doubles, HTTP/2 in the clear", [PATHS], "curl", "nghttpd", server="nghttpd")
def curl_http2(made, port):
    curl(made, port, "--http2-prior-knowledge", "--data-binary", "@path.doubles", path="/")


@case("curl: a mail with the log attached in base64", [FILE], "curl", server="smtp")
def curl_mail(made, port):
    phone("curl", "-s", "--max-time", "20", "smtp://%s:%d" % (SERVER, port), "--mail-from", "a@example.org", "--mail-rcpt", "b@example.org",
          "-F", "=see there;type=text/plain", "-F", "file=@DJIFlightRecord_clients.txt;encoder=base64", cwd=made.folder)


@case("curl: a flight log over FTP", [FILE], "curl", server="ftp")
def curl_ftp(made, port):
    phone("curl", "-s", "--max-time", "20", "-T", "DJIFlightRecord_clients.txt", "ftp://%s:%d/" % (SERVER, port), cwd=made.folder)


@case("curl: JSON over TLS", [], "curl", "openssl", server="tls")
def curl_tls(made, port):
    curl(made, port, "-k", "--data-binary", "@path.json", scheme="https", path="/")


@case("wget: GPX", [PATHS], "wget")
def wget_gpx(made, port):
    phone("wget", "-q", "-O", "/dev/null", "--post-file=path.gpx", "http://%s:%d/gpx" % (SERVER, port), cwd=made.folder)


# MQTT by mosquitto_pub

def mosquitto(made, port, *arguments, **options):
    phone("mosquitto_pub", "-h", SERVER, "-p", str(port), "-t", "uav/%s/osd" % SERIAL, *arguments, cwd=made.folder, **options)


@case("mosquitto_pub: a message of JSON for each point", [PATHS, {"identifier_sent"}], "mosquitto_pub", "mosquitto", server="mqtt")
def mqtt_lines(made, port):
    with open(made.path("path.jsonl"), "rb") as lines:
        mosquitto(made, port, "-l", stdin=lines)


@case("mosquitto_pub: the same, MQTT 5, quality 1", [PATHS, {"identifier_sent"}], "mosquitto_pub", "mosquitto", server="mqtt")
def mqtt_five(made, port):
    with open(made.path("path.jsonl"), "rb") as lines:
        mosquitto(made, port, "-l", "-V", "5", "-q", "1", stdin=lines)


@case("mosquitto_pub: one message of integers, quality 2", [PATHS], "mosquitto_pub", "mosquitto", server="mqtt")
def mqtt_file(made, port):
    mosquitto(made, port, "-f", "path.int32", "-q", "2")


# Chromium

PAGE = """<!doctype html><script>
const path = %(path)s, url = "%(url)s";
const rest = ms => new Promise(done => setTimeout(done, ms));
async function go() { %(script)s }
go().finally(() => document.title = "done");
</script>"""


def chromium(made, port, script):
    page = made.path("page-%d.html" % port)
    profile = made.path("profile-%d" % port)
    with open(page, "w") as out:
        out.write(PAGE % dict(path=json.dumps([{"lat": round(p.lat, 7), "lng": round(p.lon, 7), "t": p.ms} for p in made.points]),
                              url="http://%s:%d/v1/up" % (SERVER, port), script=script))
    phone(CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-web-security", "--disable-background-networking", "--no-first-run",
          "--user-data-dir=" + profile, "--virtual-time-budget=8000", "--dump-dom", "file://" + page)


@case("Chromium: fetch, JSON", [PATHS], "chromium")
def page_fetch(made, port):
    chromium(made, port, 'await fetch(url, {method: "POST", body: JSON.stringify({track: path})});')


@case("Chromium: fetch, a body packed by CompressionStream", [PATHS], "chromium")
def page_packed(made, port):
    chromium(made, port, '''const packed = new Blob([JSON.stringify(path)]).stream().pipeThrough(new CompressionStream("gzip"));
        await fetch(url, {method: "POST", body: await new Response(packed).blob()});''')


@case("Chromium: sendBeacon, text in base64", [PATHS], "chromium")
def page_beacon(made, port):
    chromium(made, port, 'navigator.sendBeacon(url, btoa(JSON.stringify(path))); await rest(500);')


@case("Chromium: WebSocket, a message of JSON for each point (deflated)", [PATHS], "chromium")
def page_socket(made, port):
    chromium(made, port, '''const s = new WebSocket(url.replace("http", "ws"));
        await new Promise(open => s.onopen = open);
        for (const p of path) s.send(JSON.stringify(p));
        await rest(500); s.close(); await rest(200);''')


@case("Chromium: WebSocket, one message of doubles", [PATHS], "chromium")
def page_doubles(made, port):
    chromium(made, port, '''const s = new WebSocket(url.replace("http", "ws"));
        await new Promise(open => s.onopen = open);
        s.send(new Float64Array(path.flatMap(p => [p.lat, p.lng, 40.0])));
        await rest(500); s.close(); await rest(200);''')


# ffmpeg

def ffmpeg(made, *arguments):
    phone("ffmpeg", "-v", "quiet", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=%d" % (len(made.points) // 2), *arguments, cwd=made.folder)


@case("ffmpeg: video with the drone's subtitles, Matroska over HTTP", [PATHS | {NEAR}], "ffmpeg")
def ffmpeg_http(made, port):
    ffmpeg(made, "-i", "DJI_0001.SRT", "-c:v", "mpeg4", "-c:s", "srt", "-f", "matroska", "-method", "POST", "http://%s:%d/live" % (SERVER, port))


@case("ffmpeg: a live stream by RTMP that is named after the aircraft", [{"identifier_sent"}], "ffmpeg", server="rtmp")
def ffmpeg_rtmp(made, port):
    ffmpeg(made, "-t", "2", "-c:v", "flv1", "-metadata", "title=" + SERIAL, "-f", "flv", "rtmp://%s:%d/live/%s" % (SERVER, port, SERIAL))


# The network and its servers

class Network:
    def __init__(self, folder):
        self.folder, self.servers = folder, []

    def __enter__(self):
        self.remove()
        for name in (PHONE, NET):
            self.run("ip", "netns", "add", name)
            self.run("ip", "-n", name, "link", "set", "lo", "up")
        self.run("ip", "link", "add", "up0", "netns", PHONE, "type", "veth", "peer", "name", "up0", "netns", NET)
        for name, address in ((PHONE, "192.168.50.10/24"), (NET, "192.168.50.1/24")):
            self.run("ip", "-n", name, "addr", "add", address, "dev", "up0")
            self.run("ip", "-n", name, "link", "set", "up0", "up")
            subprocess.run(["ip", "netns", "exec", name, "ethtool", "-K", "up0", "tso", "off", "gso", "off", "gro", "off"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.run("ip", "-n", NET, "addr", "add", SERVER + "/32", "dev", "lo")
        self.run("ip", "-n", PHONE, "route", "add", "default", "via", "192.168.50.1")
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.kill()
            server.wait()
        self.remove()

    @staticmethod
    def run(*command):
        subprocess.run(command, check=True)

    @staticmethod
    def remove():
        for name in (PHONE, NET):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL)

    def serve(self, *command, **options):
        self.servers.append(subprocess.Popen(["ip", "netns", "exec", NET, *command], cwd=self.folder, stderr=subprocess.DEVNULL,
                                             **{"stdout": subprocess.DEVNULL, **options}))
        return self.servers[-1]

    def start(self, cases):
        """Each case has a server of its own, so that its port tells what was sent by whom."""
        ports = {kind: [c["port"] for c in cases if c["server"] == kind] for kind in {c["server"] for c in cases}}
        names = ["%s:%d" % (kind, p) for kind in ("http", "smtp") for p in ports.get(kind, [])] + \
                ["ftp:%d:%d" % (p, p + 1000) for p in ports.get("ftp", [])]
        self.serve(sys.executable, os.path.join(HERE, "sinks.py"), *names, stdout=subprocess.PIPE).stdout.readline()
        for p in ports.get("nghttpd", []):
            self.serve("nghttpd", "--no-tls", "--htdocs=" + self.folder, str(p))
        for p in ports.get("tls", []):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sink.example", "-keyout", "key.pem", "-out", "cert.pem"],
                           cwd=self.folder, check=True, stderr=subprocess.DEVNULL)
            self.serve("openssl", "s_server", "-quiet", "-www", "-port", str(p), "-key", "key.pem", "-cert", "cert.pem")
        for p in ports.get("rtmp", []):
            self.serve("ffmpeg", "-v", "quiet", "-nostdin", "-listen", "1", "-i", "rtmp://0.0.0.0:%d/live/%s" % (p, SERIAL), "-f", "null", "-")
        if ports.get("mqtt"):
            with open(os.path.join(self.folder, "mosquitto.conf"), "w") as out:
                out.write("allow_anonymous true\n" + "".join("listener %d 0.0.0.0\n" % p for p in ports["mqtt"]))
            self.serve("mosquitto", "-c", "mosquitto.conf")
        for c in cases:
            self.wait_for(c["port"])

    @staticmethod
    def wait_for(port, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            listening = subprocess.run(["ip", "netns", "exec", NET, "ss", "-Hltn", "sport = :%d" % port], capture_output=True, text=True).stdout
            if listening.strip():
                return
            time.sleep(0.1)
        sys.exit("bench/leak/clients.py: no server came up on port %d" % port)


# What is sent

class Made:
    """A flight, and its path in the forms that the clients send."""

    def __init__(self, folder):
        self.folder = folder
        self.flight = flights.made(7)[0]
        samples = self.flight.samples
        self.points = [flights_point(p) for p in samples[len(samples) // 4:len(samples) * 3 // 4:30]][:60]
        self.serial = SERIAL

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self):
        rows = [{"lat": round(p.lat, 7), "lon": round(p.lon, 7), "t": p.ms} for p in self.points]
        text = json.dumps({"track": rows})
        files = {
            "path.json": text.encode(), "path.json.gz": gzip.compress(text.encode()),
            "path.jsonl": "".join(json.dumps(r) + "\n" for r in rows).encode(),
            "path.doubles": b"".join(struct.pack("<dd", p.lat, p.lon) for p in self.points),
            "path.int32": b"".join(struct.pack(">iiH", round(p.lat * 1e7), round(p.lon * 1e7), i) for i, p in enumerate(self.points)),
            "path.gpx": self.gpx().encode(), "DJI_0001.SRT": self.subtitles().encode(),
        }
        for name, content in files.items():
            with open(self.path(name), "wb") as out:
                out.write(content)
        self.flight.serial = SERIAL
        self.flight.log(self.path("DJIFlightRecord_clients.txt"))
        first = self.points[0]
        subprocess.run([sys.executable, os.path.join(flights.ROOT, "examples", "photo.py"), "--latitude=%.7f" % first.lat, "--longitude=%.7f" % first.lon,
                        "--time", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(first.ms / 1000)), "--drone-serial", SERIAL, "-o", self.path("DJI_0001.JPG")], check=True)

    def gpx(self):
        return '<?xml version="1.0"?><gpx version="1.1"><trk><trkseg>' + "".join(
            '<trkpt lat="%.7f" lon="%.7f"><ele>40</ele></trkpt>' % (p.lat, p.lon) for p in self.points) + "</trkseg></trk></gpx>\n"

    def subtitles(self):
        at = "00:00:%02d,%03d"
        return "".join("%d\n%s --> %s\n[latitude: %.6f] [longitude: %.6f] [rel_alt: 40.000 abs_alt: 90.000]\n\n" % (
            i + 1, at % divmod(i * 500, 1000), at % divmod(i * 500 + 490, 1000), p.lat, p.lon) for i, p in enumerate(self.points))


class flights_point:
    def __init__(self, sample):
        self.lat, self.lon, self.ms = sample.lat, sample.lon, sample.ms


def installed(program):
    return CHROMIUM if program == "chromium" else shutil.which(program)


def record(made, cases):
    pcap = made.path("phone.pcap")
    with Network(made.folder) as network:
        network.start(cases)
        listener = subprocess.Popen(["ip", "netns", "exec", PHONE, "tcpdump", "-q", "--immediate-mode", "-i", "up0", "-w", pcap],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        for c in cases:
            print(c["name"], file=sys.stderr, flush=True)
            try:
                c["send"](made, c["port"])
            except subprocess.TimeoutExpired:
                c["late"] = True
        time.sleep(1)
        listener.terminate()
        listener.wait()
    return pcap


def audit(made, pcap):
    """Claims by the server's port, and what was opaque there."""
    kept = made.path("case.gpkg")
    done = subprocess.run([LEASH, "audit", "--force", "-o", kept, "--html", made.path("page.html"), "--secret", "ground=" + SERIAL, pcap,
                           made.path("DJIFlightRecord_clients.txt"), made.path("DJI_0001.JPG")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit("leash audit failed (%d): %s" % (done.returncode, done.stderr))
    db = sqlite3.connect(kept)
    claims, opaque = {}, {}
    for port, claim, steps, points in db.execute("SELECT f.dst_port, l.claim_key, l.decoding, l.points FROM leak l JOIN flow f ON f.id = l.flow"):
        claims.setdefault(port, []).append((claim, steps, points))
    for port, sent, unseen in db.execute("SELECT dst_port, sum(payload_out), sum(opaque_out) FROM flow GROUP BY 1"):
        opaque[port] = (sent, unseen)
    db.close()
    return claims, opaque


def verdict(c, claims, opaque):
    ports = (c["port"], c["port"] + 1000)
    found = [x for p in ports for x in claims.get(p, [])]
    sent, unseen = opaque.get(c["port"], (0, 0))
    if c.get("late") or not sent:
        return "nothing was sent", found
    keys = {claim for claim, _, _ in found}
    if not c["wanted"]:
        return ("right: opaque, and nothing claimed" if not keys and unseen > 0 else "wrong"), found
    missing = [w for w in c["wanted"] if not w & (keys | ({"identifier_sent"} if "named_value_sent" in keys else set()))]
    return ("missed: " + ", ".join(sorted(" or ".join(sorted(w)) for w in missing)) if missing else "right"), found


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", default="")
    p.add_argument("--keep", metavar="FOLDER")
    args = p.parse_args()
    if os.geteuid() != 0 or not shutil.which("tcpdump"):
        sys.exit("bench/leak/clients.py needs root, for network namespaces, and tcpdump")
    folder = os.path.abspath(args.keep or tempfile.mkdtemp(prefix="leash-clients-"))
    os.makedirs(folder, exist_ok=True)
    chosen = [c for c in CASES if args.only.lower() in c["name"].lower()]
    ready = [c for c in chosen if all(installed(x) for x in c["programs"])]
    made = Made(folder)
    made.write()
    claims, opaque = audit(made, record(made, ready))
    print("| client and form | found | claims, with the decoding |\n|---|---|---|")
    right = 0
    for c in chosen:
        if c not in ready:
            print("| %s | not tried: %s is not installed | |" % (c["name"], ", ".join(x for x in c["programs"] if not installed(x))))
            continue
        said, found = verdict(c, claims, opaque)
        right += said.startswith("right")
        shown = "; ".join("%s%s (%s)" % (k, ", %d points" % n if n else "", ", ".join(json.loads(steps or "[]")) or "as it is") for k, steps, n in found)
        print("| %s | %s | %s |" % (c["name"], said, shown))
    print("\n%d of %d right; %d points of one flight, %d cases not tried." % (right, len(ready), len(made.points), len(chosen) - len(ready)))
    if not args.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
