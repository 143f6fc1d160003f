"""Bills of materials: `leash report --format cyclonedx` follows the official schema of CycloneDX 1.6 whatever the evidence
holds, says what the case says, and is read by leash itself."""
import json
import os
import random
import re
import sqlite3
import warnings

import apk
import hostconfig
from harness import SOURCE, Folder, audit, equal, facts, leash, need, run, skip

need("openssl")

SCHEMAS = os.path.join(SOURCE, "node_modules", "@cyclonedx", "cyclonedx-library", "res", "schema")
APP = {
    "package": "org.example.drone", "version": "1.2", "min_sdk": 24, "target_sdk": 29, "sign": ("v2",),
    "parts": [("activity", ".Main")], "permissions": ["android.permission.INTERNET"],
    "classes": ["org.example.drone.Main", "com.tencent.mmkv.MMKV", "com.umeng.analytics.MobclickAgent"],
    "strings": ["https://statistical.example.org/x", "AIza" + "x" * 35],
    "calls": [("android.location.LocationManager", "requestLocationUpdates")],
}
HOSTILE = "</script>\"\\\x01\u2028<b>'"


def validator():
    try:
        import jsonschema
    except ImportError:
        skip("python3-jsonschema is not installed")
    if not os.path.isdir(SCHEMAS):
        skip("the schema is not installed: tools/dependencies check")

    def read(name):
        with open(os.path.join(SCHEMAS, name), encoding="utf-8") as f:
            return json.load(f)
    schema = read("bom-1.6.SNAPSHOT.schema.json")
    others = {f"http://cyclonedx.org/schema/{name}": read(name) for name in ("spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver(schema["$id"], schema, others),
                                          format_checker=jsonschema.FormatChecker())


def bom_of(folder, *paths, options=()):
    audit(folder, *options, *paths)
    done = leash("report", folder / "case.gpkg", "--format", "cyclonedx")
    equal(done.returncode, 0, done.stderr.decode())
    return json.loads(done.stdout)


def check(bom):
    errors = [f"{list(e.absolute_path)}: {e.message[:300]}" for e in validator().iter_errors(bom)]
    assert not errors, "\n".join(errors[:10])
    refs = re.findall(r'"bom-ref": "([^"]+)"', json.dumps(bom))
    equal(len(refs), len(set(refs)), "names are used once")
    for relation in bom["dependencies"]:
        assert {relation["ref"], *relation["dependsOn"]} <= set(refs), relation


def properties(thing):
    found = {}
    for p in thing.get("properties", []):
        found.setdefault(p["name"], []).append(p["value"])
    return found


def test_the_schema_is_a_check():
    """The validator refuses what is not as the standard says."""
    with Folder() as folder:
        bom = bom_of(folder, folder.write("a.apk", apk.build(**APP)))
        check(bom)
        next(c for c in bom["components"] if "identity" in c["evidence"])["evidence"]["identity"][0]["methods"][0]["technique"] = "guessing"
        assert list(validator().iter_errors(bom))


def test_everything_of_an_app():
    with Folder() as folder:
        elf = apk.elf("libcrypto.so") + b"OpenSSL 1.1.1k  25 Mar 2021\0"
        path = folder.write("a.apk", apk.build(**APP, libraries={"libcrypto.so": elf, "libFlyForbid.so": apk.elf("libFlyForbid.so")}))
        bom = bom_of(folder, path)
        check(bom)
        app = bom["metadata"]["component"]
        equal((app["name"], app["version"], app["type"]), ("org.example.drone", "1.2", "application"))
        equal(app["hashes"][0]["alg"], "SHA-256")
        said = properties(app)
        equal((said["leash:permission"], said["leash:signature"], said["leash:targetSdk"]), (["android.permission.INTERNET"], ["valid"], ["29"]))
        equal(said["leash:interface"], ["android.location.LocationManager.requestLocationUpdates"])
        parts = {c["name"]: c for c in bom["components"]}
        umeng = parts["Umeng analytics"]
        equal(umeng["supplier"], {"name": "Umeng (Alibaba)", "address": {"country": "CN"}})
        identity, = umeng["evidence"]["identity"]
        equal((identity["field"], identity["methods"][0]["technique"]), ("name", "binary-analysis"))
        first = umeng["evidence"]["occurrences"][0]
        equal((first["location"], first["symbol"]), (path + "!classes.dex", "Lcom/umeng/analytics/MobclickAgent;"))
        with open(path, "rb") as f:
            package = f.read()
        # where the entry's packed bytes begin: behind its name
        equal(package[first["offset"] - len("classes.dex"):first["offset"]], b"classes.dex")
        equal(parts["Tencent MMKV"]["licenses"], [{"expression": "BSD-3-Clause"}])
        assert "licenses" not in umeng
        openssl = parts["OpenSSL"]
        equal((openssl["version"], openssl["licenses"]), ("1.1.1k", [{"expression": "OpenSSL"}]))
        equal([i["field"] for i in openssl["evidence"]["identity"]], ["name", "version"])
        equal(properties(parts["libFlyForbid.so"])["leash:fccComponentClass"], ["associated software"])
        signer = next(c for c in bom["components"] if "certificateProperties" in c.get("cryptoProperties", {}))
        with sqlite3.connect(folder / "case.gpkg") as db:
            signers = json.loads(db.execute("SELECT signers FROM package").fetchone()[0])
            ids = {row[0] for row in db.execute("SELECT id FROM component WHERE kind NOT IN ('host', 'permission')"
                                                " AND NOT (kind = 'module' AND state = 'in_code')")}
        equal(signer["hashes"], [{"alg": "SHA-256", "content": signers[0]["sha256"]}])
        equal({c["bom-ref"] for c in bom["components"]}, ids)
        equal(set(bom["dependencies"][0]["dependsOn"]), ids)
        equal([s["name"] for s in bom["services"]], ["statistical.example.org"])
        assert "x" * 10 not in json.dumps(bom), "a key is masked"
        equal(bom["compositions"][0]["aggregate"], "unknown")


def test_a_packed_app_is_incomplete():
    with Folder() as folder:
        bom = bom_of(folder, folder.write("a.apk", apk.build(**dict(APP, classes=["com.secneo.apkwrapper.AW"]),
                                                             files={"assets/classes0.jar": random.Random(1).randbytes(150000)},
                                                             libraries={"libDexHelper.so": apk.elf("libDexHelper.so")})))
        check(bom)
        equal(bom["compositions"][0]["aggregate"], "incomplete")
        hidden = next(c for c in bom["components"] if c["name"] == "hidden code")
        equal(properties(hidden)["leash:state"], ["unreadable"])


def test_certainty_makes_confidence():
    """A kit that the table knows from a list only is less sure than one that was seen; a host is less than code."""
    with Folder() as folder:
        bom = bom_of(folder, folder.write("a.apk", apk.build(**dict(APP, classes=["cn.sharesdk.framework.A", "com.umeng.analytics.A", "com.autel.A"]))))
        sure = {c["name"]: c["evidence"]["identity"][0]["confidence"] for c in bom["components"] if "supplier" in c}
        assert sure["MobTech ShareSDK"] > sure["Umeng analytics"] > sure["Autel Robotics app/SDK"] > 0.5, sure


def test_several_packages_hold_their_own():
    with Folder() as folder:
        folder.write("in/a.apk", apk.build(**APP))
        folder.write("in/b.apk", apk.build(package="org.example.other", classes=["com.amap.api.A"]))
        bom = bom_of(folder, folder / "in")
        check(bom)
        assert "component" not in bom["metadata"]
        parts = {c["name"]: {p["name"] for p in c["components"]} for c in bom["components"]}
        equal(sorted(parts), ["org.example.drone", "org.example.other"])
        assert "AMap / AutoNavi" in parts["org.example.other"] and "AMap / AutoNavi" not in parts["org.example.drone"]


def test_documents_devices_and_logs_are_in_it():
    given = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [
        {"type": "library", "name": "okhttp", "version": "4.9.0", "purl": "pkg:maven/com.squareup.okhttp3/okhttp@4.9.0",
         "licenses": [{"license": {"id": "Apache-2.0"}}], "supplier": {"name": "Example"}}]}
    with Folder() as folder:
        folder.write("in/bill.json", json.dumps(given).encode())
        folder.write("in/report", hostconfig.bugreport())
        bom = bom_of(folder, folder / "in")
        check(bom)
        parts = {c["name"]: c for c in bom["components"]}
        okhttp = parts["okhttp"]
        equal((okhttp["version"], okhttp["purl"], okhttp["licenses"], okhttp["supplier"]["name"]),
              ("4.9.0", "pkg:maven/com.squareup.okhttp3/okhttp@4.9.0", [{"expression": "Apache-2.0"}], "Example"))
        equal((parts[hostconfig.DRONE_APP]["type"], parts[hostconfig.DRONE_APP]["version"]), ("application", "1.2.3"))
        assert any(c["type"] == "operating-system" for c in bom["components"])


def test_leash_reads_it_again():
    with Folder() as folder:
        bom = bom_of(folder, folder.write("a.apk", apk.build(**APP)))
        rows = facts("--no-hash", folder.write("bill.json", json.dumps(bom).encode()))
        equal([r["value"] for r in rows if r["fact"] == "setting"], ["cyclonedx"])
        again = {(r["package"], r["name"], r["owner"], r["country"], r["licence"]) for r in rows if r["fact"] == "component"}
        assert ("org.example.drone", "Tencent MMKV", "Tencent", "CN", "BSD-3-Clause") in again, again
        equal(len([r for r in rows if r["fact"] == "component"]), len(bom["components"]))


def test_hostile_names_stay_text():
    with Folder() as folder:
        path = folder.write(f"{HOSTILE.replace('/', '_')}.apk", apk.build(**dict(
            APP, package="org.example.drone", permissions=[HOSTILE], version=HOSTILE), libraries={f"lib{HOSTILE.replace('/', '')}.so": apk.elf(HOSTILE)},
            files={b"\xff\xfe.so".decode("latin-1"): b"x"}))
        audit(folder, path)
        done = leash("report", folder / "case.gpkg", "--format", "cyclonedx")
        for raw in (b"<", b">", b"\x01", b"\x7f\xff"):
            assert raw not in done.stdout, raw
        bom = json.loads(done.stdout)
        check(bom)
        equal(bom["metadata"]["component"]["version"], HOSTILE)
        equal(properties(bom["metadata"]["component"])["leash:permission"], [HOSTILE])


def test_an_empty_case_and_no_hash():
    with Folder() as folder:
        bom = bom_of(folder, folder.write("a.txt", b"nothing"))
        check(bom)
        equal((bom["components"], bom["services"]), ([], []))
    with Folder() as folder:
        bom = bom_of(folder, folder.write("a.apk", apk.build(**APP)), options=["--no-hash"])
        check(bom)
        assert "hashes" not in bom["metadata"]["component"]
        assert "occurrences" in bom["components"][0]["evidence"]


def test_the_same_case_gives_the_same_bill():
    with Folder() as folder:
        audit(folder, folder.write("a.apk", apk.build(**APP)))
        first, second = (leash("report", folder / "case.gpkg", "--format", "cyclonedx").stdout for _ in range(2))
        equal(first, second)


run(globals())
