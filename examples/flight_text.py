#!/usr/bin/python3
"""Makes a flight that never was, in a form that is text: the subtitles of a DJI camera, a table as Airdata exports it, GPX or KML.

    examples/flight_text.py --form srt|csv|gpx|kml --points 36000 [--seed 1] -o FILE

Same options, same bytes.  The path is a survey over a made-up place; serial numbers and places belong to nobody."""
import argparse
import datetime
import math
import sys

START_S = 1714555800  # 2024-05-01T09:30:00Z


def clock(seconds, separator="T", fraction="."):
    """As text, without zone."""
    whole = datetime.datetime.fromtimestamp(START_S + int(seconds), datetime.timezone.utc)
    return whole.strftime(f"%Y-%m-%d{separator}%H:%M:%S") + (f"{fraction}{int(round((seconds % 1) * 1000)):03d}" if fraction else "")


def points(count, seed):
    """Seconds, longitude, latitude, height above take-off: rows east and west at 10 m/s, ten points a second."""
    for i in range(count):
        along, row = i % 600, i // 600 % 100
        east = along if row % 2 == 0 else 600 - along
        yield (i / 10, -5.25 - seed / 100 + east * 1.3e-5 + 3e-6 * math.sin(i / 7), 45.5 + row * 2e-4 + 3e-6 * math.cos(i / 9),
               60 + 3 * math.sin(i / 200))


def span(seconds):
    hours, rest = divmod(int(round(seconds * 1000)), 3600000)
    return "%02d:%02d:%02d,%03d" % (hours % 100, rest // 60000, rest // 1000 % 60, rest % 1000)


def srt(track):
    for i, (s, longitude, latitude, height) in enumerate(track):
        yield (f"{i + 1}\n{span(s)} --> {span(s + 0.1)}\n<font size=\"28\">FrameCnt: {i + 1}, DiffTime: 100ms\n{clock(s, ' ')}\n"
               f"[iso: 100] [shutter: 1/640.0] [fnum: 2.8] [ev: 0] [color_md: default] [focal_len: 24.00] [latitude: {latitude:.6f}] "
               f"[longitude: {longitude:.6f}] [rel_alt: {height:.3f} abs_alt: {height + 200:.3f}] [ct: 5500] </font>\n\n")


def csv(track):
    yield ("time(millisecond),datetime(utc),latitude,longitude,height_above_takeoff(feet),altitude_above_seaLevel(feet),speed(mph),satellites,"
           " compass_heading(degrees), pitch(degrees), roll(degrees),battery_percent,flycState,message\r\n")
    for s, longitude, latitude, height in track:
        yield (f"{int(round(s * 1000))},{clock(s, ' ', '')},{latitude:.13f},{longitude:.13f},{height / 0.3048:.6f},{(height + 200) / 0.3048:.6f},"
               f"22.369,17,92.1, -1.9, -0.8,77,P-GPS,\r\n")


def gpx(track):
    yield '<?xml version="1.0"?>\n<gpx version="1.1" creator="leash example" xmlns="http://www.topografix.com/GPX/1/1">\n<trk><name>flight</name><trkseg>\n'
    for s, longitude, latitude, height in track:
        yield f'<trkpt lat="{latitude:.7f}" lon="{longitude:.7f}"><ele>{height:.1f}</ele><time>{clock(s)}Z</time></trkpt>\n'
    yield "</trkseg></trk>\n</gpx>\n"


def kml(track):
    yield ('<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark><name>flight'
           "</name><gx:Track>\n")
    for s, longitude, latitude, height in track:
        yield f"<when>{clock(s)}Z</when><gx:coord>{longitude:.7f} {latitude:.7f} {height:.1f}</gx:coord>\n"
    yield "</gx:Track></Placemark></Document></kml>\n"


FORMS = {"srt": srt, "csv": csv, "gpx": gpx, "kml": kml}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--form", choices=sorted(FORMS), required=True)
    parser.add_argument("--points", type=int, default=36000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    with open(options.output, "w", encoding="utf-8", newline="") as out:
        out.writelines(FORMS[options.form](points(options.points, options.seed)))


if __name__ == "__main__":
    sys.exit(main())
