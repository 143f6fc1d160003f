"""A small case, and rows of any kind put into it by hand, for tests of what reports make of them.  What reports read is
the case alone, so that rows which no reader would give can be tried, too."""
import json
import sqlite3
import time

from harness import audit

GPX = ('<gpx creator="x"><trk><name>a</name><trkseg>' + "".join(
    f'<trkpt lat="45.{i:03}1" lon="-5.{i:03}2"><ele>{i}</ele><time>2026-05-01T09:30:{i:02}Z</time></trkpt>' for i in range(20)) + "</trkseg></trk></gpx>")


def small_case(folder):
    audit(folder, folder.write("flight.gpx", GPX.encode()))
    return folder / "case.gpkg"


def kinds(db):
    """Tables of facts and their text columns, from the case itself, so that a new kind or field is there by itself."""
    tables = [name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {}
    for table in tables:
        columns = {c[1]: c[2] for c in db.execute(f"PRAGMA table_info({table})")}
        if {"fid", "id", "evidence", "origin"} <= set(columns) and table not in ("flight_path", "media_position", "broadcast_position"):
            found[table] = columns
    return found


class Open:
    """A case to be written to."""

    def __init__(self, case):
        self.db = sqlite3.connect(case)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.db.commit()
        self.db.close()

    def key(self):
        return self.db.execute("SELECT sha256 FROM evidence").fetchone()[0]

    def put(self, table, number=None, **columns):
        """One row; lists and objects become JSON.  Gives its id."""
        if number is None:
            number = 1000 + self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        row = {"id": f"{table}-{self.key()[:12]}-{number}", "evidence": self.key(), **columns}
        for name, value in row.items():
            if isinstance(value, (list, dict)):
                row[name] = json.dumps(value)
        if table == "position":
            row["geom"] = self.db.execute("SELECT geom FROM position LIMIT 1").fetchone()[0]
        names = ", ".join(f'"{n}"' for n in row)
        self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
        return row["id"]


def many_flows(folder, count):
    """A case with so many connections, no two alike."""
    case = small_case(folder)
    with Open(case) as c:
        key = c.key()
        c.db.executemany(
            "INSERT INTO flow (id, evidence, origin, src, src_port, dst, dst_port, proto, service, host, host_source, first, last, phase, packets_out,"
            " packets_in, bytes_out, bytes_in, payload_out, payload_in, readable_out, opaque_out, missing_out, tls_version, tls_sni, tls_ja4, src_mac, local)"
            " VALUES (?, ?, ?, '192.0.2.7', ?, ?, 443, 'tcp', 'tls', ?, 'sni', ?, ?, 'flight', 9, 9, ?, ?, ?, 3000, 0, ?, 0, '1.3', ?,"
            " 't13d1516h2_8daaf6152771_e5627efa2ab1', '02:00:00:00:00:01', 0)",
            ((f"flow-{key[:12]}-{i + 1}", key, json.dumps({"offset": 24 + i * 900, "packets": [i * 17 + 1, i * 17 + 16]}), 1024 + i * 7919 % 60000,
              f"198.51.{i % 97}.{i % 251}", f"host{i % 3989}.example", stamp(i), stamp(i + 13), 900 + i * 31 % 90000, 4000 + i * 17 % 40000,
              500 + i * 31 % 90000, 500 + i * 31 % 90000, f"host{i % 3989}.example") for i in range(count)))
    return case


def stamp(second):
    return time.strftime("2026-05-01T%H:%M:%S", time.gmtime(second * 0.7)) + f".{second % 1000000:06}Z"
