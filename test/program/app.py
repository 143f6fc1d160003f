"""Apps with planted kits, permissions, keys and hosts, packed twins, and packages in packages: everything planted
is reported, and hidden code is never reported as having nothing in it."""
import json
import os
import random
import re
import shutil
import sqlite3

import apk
from harness import SOURCE, Folder, audit, equal, facts, leash, need, run

need("openssl")

PARTS = [("activity", ".Main", {"exported": True}, [True]), ("service", ".Work", {}, []), ("receiver", ".Boot", {}, []),
         ("activity", "cn.sharesdk.framework.ShareSDKUIShell", {}, [])]
OWN = ["org.example.drone." + n for n in ("App", "Main", "Work", "Boot")]
KITS = {  # class: name in data/components.csv
    "cn.sharesdk.framework.ShareSDK": "MobTech ShareSDK", "com.amap.api.maps.MapView": "AMap / AutoNavi",
    "com.umeng.analytics.MobclickAgent": "Umeng analytics", "com.tencent.bugly.crashreport.CrashReport": "Tencent Bugly",
    "dji.sdk.sdkmanager.DJISDKManager": "DJI Mobile SDK", "com.tencent.tinker.loader.TinkerLoader": "Tencent Tinker",
}
APP = {
    "package": "org.example.drone", "parts": PARTS, "application": {"name": ".App"}, "min_sdk": 21, "target_sdk": 29,
    "permissions": ["android.permission.INTERNET", "android.permission.ACCESS_FINE_LOCATION", "android.permission.REQUEST_INSTALL_PACKAGES"],
    "meta": {"com.amap.api.v2.apikey": "0123456789abcdef0123456789abcdef"},
}


def write(folder, name, content):
    return folder.write(name, content)


def rows_of(path, kind):
    return [r for r in facts("--no-hash", path) if r["fact"] == kind]


def settings(path):
    found = {}
    for r in rows_of(path, "setting"):
        found.setdefault(r["name"], []).append(r["value"])
    return found


def test_everything_planted_is_reported():
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(
            **APP, classes=OWN + ["cn.sharesdk.framework.ShareSDKUIShell"] + list(KITS), sign=("v1", "v2"),
            strings=["https://statistical.example.org/collect", "http://active.dji.com/x", "mydjiflight.dji.com",
                     "https://download.example.org/latest.apk", "application/vnd.android.package-archive", "AIza" + "x" * 35],
            calls=[("android.location.LocationManager", "requestLocationUpdates"), ("android.content.pm.PackageManager", "getInstalledPackages"),
                   ("dalvik.system.DexClassLoader", "<init>"), ("java.lang.Runtime", "exec")],
            libraries={"libFlyForbid.so": apk.elf("libFlyForbid.so", ["libc.so"], b"\1" * 20)}))
        components = rows_of(path, "component")
        by_kind = {}
        for c in components:
            by_kind.setdefault(c["kind"], {})[c["name"]] = c
        for name in KITS.values():
            kit = by_kind["sdk"][name]
            equal(kit["state"], "in_code", name)
            equal(kit["country"], "CN", name)
        equal(by_kind["sdk"]["DJI Mobile SDK"]["fcc_class"], "associated software")
        equal(by_kind["sdk"]["DJI own app code"]["state"], "in_code")  # by its library
        equal(sorted(by_kind["host"]), ["active.dji.com", "download.example.org", "mydjiflight.dji.com", "statistical.example.org"])
        equal(by_kind["host"]["active.dji.com"]["owner"], "SZ DJI Technology")
        assert "libFlyForbid.so" in by_kind["library"]
        equal(sorted(by_kind["key"]), ["Google API key AIzaxx...", "com.amap.api.v2.apikey 012345..."])
        assert len(by_kind["permission"]) == 3 and len(by_kind["signer"]) == 1
        assert "android.location.LocationManager.requestLocationUpdates" in by_kind["module"]
        found = settings(path)
        for name in ("location", "installed_apps", "dynamic_code", "shell_commands", "self_update", "installer", "hot_patch"):
            assert name in found, name
        equal(found["cleartext_traffic"], ["no"])
        equal(found["self_update"], ["https://download.example.org/latest.apk"])
        package, = rows_of(path, "package")
        equal((package["signature"], package["readable"]), ("valid", "full"))


def test_every_behaviour_of_the_table_is_found_and_named():
    """Each line of src/app/behaviour.c, called by an app of its own making, is a row with its place and one of the summary."""
    with open(os.path.join(SOURCE, "src", "app", "behaviour.c"), encoding="utf-8") as f:
        text = f.read().replace("TELEPHONY,", '"Landroid/telephony/TelephonyManager;",')
    lines = re.findall(r'\{ "L([^"]+);", "([^"]+)", APP_(\w+), "([^"]+)", false \}', text)
    calls = [(c.replace("/", "."), m) for c, m, _, _ in lines]
    assert {s for _, _, s, _ in lines} >= {"DEVICE_IDENTIFIERS", "LOCATION", "CONTACTS", "INSTALLED_APPS", "CLIPBOARD", "MICROPHONE", "DYNAMIC_CODE",
                                           "HIDDEN_API", "ANTI_DEBUGGING", "INSTALLER"}
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(package="org.example.all", classes=["org.example.all.A"], calls=calls))
        rows = facts("--no-hash", path)
        modules = {r["name"]: r for r in rows if r["fact"] == "component" and r["kind"] == "module"}
        summary = {r["name"]: r["value"] for r in rows if r["fact"] == "setting"}
        for (klass, method, setting, what), (dotted, _) in zip(lines, calls):
            row = modules[f"{dotted}.{method}"]
            equal((row["state"], row["purpose"]), ("in_code", f"{setting.lower()}: {what}"))
            assert row["origin"]["steps"][0].startswith("present in code: 1 calls, first in Lorg/example/Caller;->call"), row
            assert setting.lower() in summary, setting
        # the nearest that are not: other methods of these classes, these methods of other classes
        path = write(folder, "b.apk", apk.build(package="org.example.none", classes=["org.example.none.A"], calls=[
            (c, "toString") for c, _ in calls] + [("org.example.none.A", m) for _, m in calls if m != "<init>"]))
        equal([r["name"] for r in facts("--no-hash", path) if r["fact"] == "component" and r["kind"] == "module"], [])


def table(name, row):
    """The rows of a table of src/app/behaviour.c."""
    with open(os.path.join(SOURCE, "src", "app", "behaviour.c"), encoding="utf-8") as f:
        text = f.read()
    begin = text.index(name + "[] = {")
    return re.findall(row, text[begin:text.index("};", begin)])


def test_fields_texts_and_functions_that_stand_for_a_behaviour_are_found():
    """Each line of the other tables: fields that code reads, texts by which interfaces are reached, functions of native code."""
    fields = table("behaviours", r'\{ "L([^"]+);", "([^"]+)", APP_(\w+), "([^"]+)", true \}')
    texts = table("text_behaviours", r'\{ "([^"]+)", APP_(\w+), (true|false) \}')
    functions = table("native_behaviours", r'\{ "([^"]+)", APP_(\w+), "([^"]+)" \}')
    assert len(fields) >= 9 and len(texts) >= 20 and len(functions) >= 20
    reads = [(c.replace("/", "."), f) for c, f, _, _ in fields]
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(package="org.example.all", classes=["org.example.all.A"], fields=reads,
                                                strings=[t + ("x/y" if prefix == "true" else "") for t, _, prefix in texts],
                                                libraries={"liba.so": apk.elf("liba.so", imports=[f for f, _, _ in functions])}))
        rows = facts("--no-hash", path)
        modules = {r["name"]: r for r in rows if r["fact"] == "component" and r["kind"] == "module"}
        said = {}
        for r in rows:
            if r["fact"] == "setting":
                said.setdefault(r["name"], []).append((r["value"], r["origin"]["steps"]))
        for (_, _, setting, what), (dotted, name) in zip(fields, reads):
            row = modules[f"{dotted}.{name}"]
            equal((row["state"], row["purpose"]), ("in_code", f"{setting.lower()}: {what}"))
            assert row["origin"]["steps"][0].startswith("present in code: 1 reads, first in Lorg/example/Caller;->read"), row
        for function, setting, what in functions:
            equal(modules[function]["purpose"], f"{setting.lower()}: {what}")
        for text, setting, _ in texts:
            found = [steps for value, steps in said[setting.lower()] if value.startswith(text)]
            assert found and re.fullmatch(r'"%s.*" in classes\.dex at \d+' % re.escape(text), found[0][0]), (text, said[setting.lower()])
        # the nearest that are not: other fields, texts that only hold these, functions that the library has itself
        path = write(folder, "b.apk", apk.build(package="org.example.none", classes=["org.example.none.A"], fields=[(c, "OTHER") for c, _ in reads],
                                                strings=["x" + t for t, _, _ in texts] + [t + "x" for t, _, prefix in texts if prefix == "false"],
                                                libraries={"liba.so": apk.elf("liba.so", exports=[f for f, _, _ in functions])}))
        rows = facts("--no-hash", path)
        equal([r["name"] for r in rows if r["fact"] == "component" and r["kind"] == "module"], [])
        behaviours = {s.lower() for _, _, s, _ in fields} | {s.lower() for _, s, _ in texts} | {s.lower() for _, s, _ in functions}
        equal([r["name"] for r in rows if r["fact"] == "setting" and r["name"] in behaviours], [])


def test_addresses_are_shown_without_what_is_secret():
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(package="org.example.u", classes=["org.example.u.A"], strings=[
            "https://user:pass@api.example.org:8443/v2/upload?token=secret-1", "http://hooks.example.net/services/T0a1B2c3D4e5F6g7H8i9J0/x",
            "https://[2001:db8::7]:8080/log", "192.168.1.88:9090", "203.0.113.9", "1.2.3.4", "255.255.255.0", "mqtt://broker.example.org"],
            files={"assets/a.js": b"fetch('wss://live.example.org/feed#part')"}))
        done = leash("facts", "--no-hash", path)
        hosts = {}
        for r in map(json.loads, done.stdout.splitlines()):
            if r["fact"] == "component" and r["kind"] == "host":
                hosts[r["name"]] = [s for s in r["origin"]["steps"] if s.startswith("first with")]
        shown = "first with more than the name in "
        equal(hosts, {"api.example.org": [shown + "https://api.example.org:8443/v2/upload?..."], "hooks.example.net": [shown + "http://hooks.example.net/services/T0a1B2.../x"],
                      "2001:db8::7": [shown + "https://[2001:db8::7]:8080/log"], "192.168.1.88": [], "203.0.113.9": [], "broker.example.org": [],
                      "live.example.org": [shown + "wss://live.example.org/feed?..."]})
        for secret in (b"secret-1", b"pass", b"c3D4e5"):
            assert secret not in done.stdout, secret


def test_how_libraries_are_built_is_said():
    def built(**options):
        with Folder() as folder:
            path = write(folder, "a.apk", apk.build(package="org.example.l", classes=["org.example.l.A"],
                                                    libraries={"libx.so": apk.elf("libx.so", **options)}))
            row, = (r for r in rows_of(path, "component") if r["kind"] == "library")
            return next((s for s in row["origin"]["steps"] if s.startswith("built")), "")
    equal(built(), "built without stack protection without read-only relocations")
    equal(built(exports=["__stack_chk_fail"]), "built without read-only relocations")
    equal(built(hardened=True, exports=["__stack_chk_fail"]), "")
    equal(built(hardened=True, executable_stack=True, exports=["__stack_chk_fail"]), "built with an executable stack")
    equal(built(hardened=True, fixed=True, exports=["__stack_chk_fail"]), "built for a fixed address")


def test_what_libraries_want_offer_and_are_made_of_is_said():
    """Imports by the hash tables of their symbols; functions that matter are rows; versions stand in strings."""
    with Folder() as folder:
        versions = ["OpenSSL 1.1.1k  25 Mar 2021", "libcurl/7.58.0", "FFmpeg version 4.2.1", " deflate 1.2.11 Copyright 1995-2017", "Lavc58.54.100",
                    " inflate 1.2.11 Copyright", "OpenSSL is a library", "nghttp2/1.41.0"]
        for hashed in ("sysv", "gnu"):
            path = write(folder, "a.apk", apk.build(package="org.example.l", classes=["org.example.l.A"], libraries={
                "libx.so": apk.elf("libx.so", ["libc.so"], exports=["Java_org_example_A_go", "other"], imports=["ptrace", "dlopen", "connect", "strlen"],
                                   strings=versions, hardened=True, hashed=hashed),
                "liby.so": apk.elf("liby.so", imports=["system", "ptrace", "__system_property_get"], hashed=hashed)}))
            rows = facts("--no-hash", path)
            libraries = {r["name"]: r for r in rows if r["fact"] == "component" and r["kind"] == "library"}
            steps = libraries["libx.so"]["origin"]["steps"]
            for step in ("wants 4 functions and values of others", "offers 2 functions and values, 1 of them to Java, first Java_org_example_A_go",
                         "has read-only relocations, a stack that is not executable, code for any address", "built without stack protection"):
                assert step in steps, (step, steps)
            equal({n: r["version"] for n, r in libraries.items() if r["version"]},
                  {"OpenSSL": "1.1.1k", "curl": "7.58.0", "FFmpeg": "4.2.1", "zlib": "1.2.11", "FFmpeg libavcodec": "58.54.100", "nghttp2": "1.41.0"})
            modules = {r["name"]: r for r in rows if r["fact"] == "component" and r["kind"] == "module"}
            equal(sorted(modules), ["__system_property_get", "connect", "dlopen", "ptrace", "system"])
            equal(modules["ptrace"]["origin"]["steps"], ["present in native code: lib/arm64-v8a/libx.so wants it from outside", "and 1 more libraries"])
            found = {r["name"]: r["value"] for r in rows if r["fact"] == "setting"}
            equal([found.get(n) for n in ("anti_debugging", "native_loading", "native_network", "shell_commands", "phone_properties", "dynamic_code")],
                  ["ptrace", "dlopen", "connect", "system", "__system_property_get", None])


def test_keys_are_found_wherever_they_are_built_in_and_masked():
    google, amazon, jwt = "AIza" + "q" * 35, "AKIA" + "Z" * 16, "eyJhbGciOi" + "a" * 40 + "." + "b" * 30 + "." + "c" * 20
    azure = "AccountKey=" + "k" * 86 + "=="
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(
            package="org.example.k", classes=["org.example.k.A"], strings=[f"https://maps.example.org/x?key={google}&y", "xAIza" + "p" * 35, google + "longer"],
            resources={0x7f010000: amazon}, files={"assets/www/app.js": f'const t="{jwt}";const twice="{google}";'.encode(), "assets/c.txt": azure.encode(),
                                                   "assets/key.pem": b"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "assets/pub.pem": b"-----BEGIN PUBLIC KEY-----\nMIIE\n"},
            libraries={"libk.so": apk.elf("libk.so", strings=["LTAI" + "w" * 20])}))
        done = leash("facts", "--no-hash", path)
        keys = sorted((r["name"], r["origin"]["steps"][0].split(" at ")[0]) for r in map(json.loads, done.stdout.splitlines())
                      if r["fact"] == "component" and r["kind"] == "key")
        equal(keys, [("AWS access key AKIAZZ...", "resources.arsc"), ("Alibaba Cloud access key LTAIww...", "lib/arm64-v8a/libk.so"),
                     ("Azure storage key kkkkkk...", "assets/c.txt"), ("Google API key AIzaqq...", "classes.dex"), ("private key --...", "assets/key.pem"),
                     ("signed token (JWT) eyJhbG...", "assets/www/app.js")])
        for secret in (google, amazon, jwt, azure[20:], "w" * 20):
            assert secret.encode() not in done.stdout, secret


def test_a_signer_that_is_known_is_named():
    """By its certificate alone, from the table in the folder of data."""
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(package="org.example.s", classes=["org.example.s.A"]))

        def signer(**environment):
            rows = [json.loads(line) for line in leash("facts", "--no-hash", path, env=environment).stdout.splitlines()]
            return next(r for r in rows if r["fact"] == "component" and r["kind"] == "signer")
        row = signer()
        equal((row["owner"], row["country"], row["purpose"], row["source"]), (None, None, None, None))
        digest = row["origin"]["steps"][0].split()[-1]
        shutil.copytree(os.path.join(SOURCE, "data"), folder / "data")
        with open(folder / "data/signers.csv", "a", encoding="utf-8") as table:
            table.write(f"{digest},Example Drones,SE,release key: of its apps,its page,seen\n")
        row = signer(LEASH_DATA=folder / "data")
        equal((row["owner"], row["country"], row["purpose"], row["source"]),
              ("Example Drones", "SE", "release key: of its apps", "its page (seen)"))


EXODUS = {"trackers": {
    "1": {"id": 1, "name": "Example Tracker", "code_signature": "com.example.tracker.|org.example.spy", "network_signature": "tracker\\.example\\.net|.spy\\.example",
          "categories": ["Analytics", "Ads"], "description": "<b>", "documentation": []},
    "2": {"id": 2, "name": "Its Own", "code_signature": "com.umeng.analytics.", "network_signature": "", "categories": []},
    "3": {"id": 3, "name": "Pattern", "code_signature": "", "network_signature": "adservice\\.example\\..*", "categories": []}}}
RULES = {"native": [{"name": "libexample.so", "label": "Example Kit", "team": "Example Team"}],
         "services": [{"name": "net.example.kit.Service", "label": "Example Kit", "team": "Example Team"}, {"name": 7, "label": "Broken"}]}


def test_tables_of_others_name_kits_besides():
    """Exodus' and LibChecker's forms, made up: behind leash's own, in one pass; what is a pattern is left out and counted."""
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(
            package="org.example.a", classes=["org.example.a.A", "com.example.tracker.T", "com.example.trackers.T", "com.umeng.analytics.U"],
            libraries={"libexample.so": apk.elf("libexample.so")}, parts=[("service", "net.example.kit.Service")], strings=["https://x.spy.example/y"]))
        write(folder, "data/exodus-trackers.json", json.dumps(EXODUS).encode())
        write(folder, "data/libchecker-rules.json", json.dumps(RULES).encode())

        def kits(*options):
            rows = [json.loads(line) for line in leash("facts", "--no-hash", *options, path).stdout.splitlines()]
            return {r["name"]: r for r in rows if r["fact"] == "component" and r["kind"] == "sdk"}
        equal(sorted(kits()), ["Umeng analytics"])
        found = kits("--app-data", folder / "data")
        equal(sorted(found), ["Example Kit", "Example Tracker", "Umeng analytics"])
        tracker = found["Example Tracker"]
        equal((tracker["state"], tracker["purpose"], tracker["owner"], tracker["country"]), ("in_code", "analytics", None, None))
        equal(tracker["source"], "tracker list of Exodus Privacy, ODbL 1.0 (partial)")
        assert "1 classes, first Lcom/example/tracker/T; in classes.dex" in tracker["origin"]["steps"], tracker
        assert "host x.spy.example" in tracker["origin"]["steps"], tracker
        equal((found["Example Kit"]["owner"], found["Example Kit"]["source"]), ("Example Team", "LibChecker-Rules, Apache-2.0 (partial)"))
        audit(folder, "--app-data", folder / "data", path)
        with sqlite3.connect(folder / "case.gpkg") as db:
            notes = db.execute("SELECT value FROM run WHERE key = 'notes'").fetchone()[0]
        assert "exodus-trackers.json names 2 kits; 1 of its signatures are patterns" in notes, notes


def test_tables_of_others_that_cannot_be_used_are_an_error():
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(package="org.example.a"))
        os.mkdir(folder / "empty")
        write(folder, "wrong/exodus-trackers.json", b"[1, 2]")
        for name, why in (("empty", b"neither"), ("wrong", b"no tracker list"), ("missing", b"neither")):
            for command in (["facts"], ["audit", "-o", folder / "x.gpkg", "--html", folder / "x.html"]):
                done = leash(*command, "--app-data", folder / name, path)
                equal(done.returncode, 2, (name, command))
                assert why in done.stderr, done.stderr
        # damaged behind its first lines: those are used, and it is said
        whole = json.dumps(EXODUS).encode()
        write(folder, "cut/exodus-trackers.json", whole[:whole.index(b'"3"')])
        audit(folder, "--app-data", folder / "cut", path)
        with sqlite3.connect(folder / "case.gpkg") as db:
            assert "up to where it is damaged" in db.execute("SELECT value FROM run WHERE key = 'notes'").fetchone()[0]


def test_a_new_version_brings_what_is_new():
    """`leash diff` of two versions: components, permissions, hosts and signers."""
    with Folder() as folder:
        old = dict(APP, version="1.0", version_code=1, classes=OWN + ["com.umeng.analytics.A"], strings=["https://old.example.org/x"])
        new = dict(old, version="2.0", version_code=2, classes=OWN + ["com.umeng.analytics.A", "com.bugsnag.A"], strings=["https://new.example.org/x"],
                   permissions=APP["permissions"] + ["android.permission.RECORD_AUDIO"])
        for name, app in (("old", old), ("new", new)):
            write(folder, f"{name}/a.apk", apk.build(**app, key=apk.Key()))
            leash("audit", "--force", "-o", folder / f"{name}.gpkg", "--html", folder / "x.html", folder / name)
        done = leash("diff", folder / "old.gpkg", folder / "new.gpkg", "--format", "json")
        found = json.loads(done.stdout)

        def changed(name, key):
            return {r[key]: r["change"] for r in found[name]["items"]}
        components = changed("components", "name")
        equal({n: c for n, c in components.items() if n in ("Bugsnag", "new.example.org", "old.example.org", "Umeng analytics")},
              {"Bugsnag": "new", "new.example.org": "new", "old.example.org": "not_seen"})
        equal(changed("permissions", "permission"), {"android.permission.RECORD_AUDIO": "new"})
        equal(sorted(changed("signers", "sha256").values()), ["new", "not_seen"])


def test_an_app_without_any_of_it_has_no_such_rows():
    with Folder() as folder:
        path = write(folder, "plain.apk", apk.build(package="org.example.plain", classes=["org.example.plain.Main"], parts=[("activity", ".Main")]))
        equal({c["kind"] for c in rows_of(path, "component")}, {"signer"})
        found = settings(path)
        for name in ("location", "dynamic_code", "self_update", "installer", "hot_patch", "packer", "packer_sign", "structure_trick"):
            assert name not in found, name


def noise(n):
    """The same each time: one in two thousand random beginnings is that of a frame of sound."""
    return random.Random(n).randbytes(n)


TWINS = {
    "a known scheme": {"classes": ["com.secneo.apkwrapper.AW"], "files": {"assets/classes0.jar": noise(150000)},
                       "libraries": {"libDexHelper.so": apk.elf("libDexHelper.so")}},
    "a renamed one": {"classes": ["org.example.drone.App"], "files": {"assets/data0.bin": noise(150000)},
                      "libraries": {"libhelper.so": apk.elf("libhelper.so")}},
    "an unknown one": {"dex_files": [noise(150000)]},
}


def test_packed_twins_are_never_without_trackers():
    with Folder() as folder:
        for name, twin in TWINS.items():
            path = write(folder, "twin.apk", apk.build(**APP, **twin))
            package, = rows_of(path, "package")
            equal(package["readable"], "packed", name)
            components = rows_of(path, "component")
            hidden = [c for c in components if c["state"] == "unreadable"]
            assert hidden, name
            packers = [c["name"] for c in components if c["kind"] == "packer"]
            equal(packers, ["SecNeo/Bangcle shell"] if name == "a known scheme" else ["unknown packer"], name)
            # what the manifest still says
            kits = {c["name"]: c["state"] for c in components if c["kind"] == "sdk"}
            equal(kits["MobTech ShareSDK"], "in_manifest", name)
            assert settings(path)["packer_sign"], name


def test_packed_twins_in_every_form():
    """That no tracker was found in them is said nowhere without what hides them."""
    with Folder() as folder:
        kit = "com.google.firebase.analytics.FirebaseAnalytics"
        plain = write(folder, "plain.apk", apk.build(**APP, classes=OWN + ["cn.sharesdk.framework.ShareSDKUIShell", kit] + [f"org.example.drone.C{i}" for i in range(30)]))
        leash("audit", "-o", folder / "plain.gpkg", plain)
        form = lambda case, *options: re.sub(r"\s+", " ", leash("report", case, *options).stdout.decode())
        hidden = "The code of org.example.drone 1.0 is hidden, all of it or a part: which trackers and other components are in it is not known."
        assert "is hidden, all of it" not in form(folder / "plain.gpkg")
        for name, twin in TWINS.items():
            case = folder / "twin.gpkg"
            leash("audit", "--force", "-o", case, write(folder, "twin.apk", apk.build(**APP, **twin)))
            assert hidden in form(case), name
            assert "El código de org.example.drone 1.0 está oculto" in form(case, "--lang", "es"), name
            assert hidden in form(case, "--format", "html"), name
            assert "Not seen: code of 1 app that is hidden or could not be read; what was sent" in form(case, "--format", "html"), name
            report = json.loads(leash("report", case, "--format", "json").stdout)
            equal([p["readable"] for p in report["packages"]], ["packed"], name)
            assert [c for c in report["components"] if c["state"] == "unreadable"], name
            for table in ("component", "T9"):
                assert "unreadable" in form(case, "--format", "csv", "--table", table), (name, table)
            for options in ([], ["--format", "json"], ["--format", "html"]):
                told = re.sub(r"\s+", " ", leash("diff", folder / "plain.gpkg", case, *options).stdout.decode())
                assert "Firebase Analytics" in told and "trackers and other components that are not seen there may be in it" in told, (name, options, told)


def test_code_in_an_encrypted_asset_besides_readable_code_is_partial():
    with Folder() as folder:
        classes = OWN + ["cn.sharesdk.framework.ShareSDKUIShell"] + [f"org.example.drone.C{i}" for i in range(30)]
        path = write(folder, "a.apk", apk.build(**APP, classes=classes, files={"assets/blob": noise(150000)}))
        package, = rows_of(path, "package")
        equal(package["readable"], "partial")
        path = write(folder, "b.apk", apk.build(**APP, classes=classes, files={"assets/picture": b"\xff\xd8\xff" + noise(150000)}))
        package, = rows_of(path, "package")
        equal(package["readable"], "full")


OTHER_CODE = [  # path, content, what it is called, whether it could be read
    ("assets/plugin.dat", apk.dex(classes=["com.umeng.analytics.A"]), "code that the platform does not load by itself", True),
    ("assets/logo.png", apk.dex(classes=["com.umeng.analytics.A"]), "code that the platform does not load by itself", True),
    ("META-INF/a.bin", apk.dex(classes=["com.umeng.analytics.A"]), "code that the platform does not load by itself", True),
    ("assets/index.android.bundle", apk.HERMES + bytes(90), "Hermes bytecode (React Native)", False),
    ("assets/index.android.bundle", b"var __BUNDLE_START_TIME__=0;", "JavaScript (React Native)", False),
    ("assets/flutter_assets/kernel_blob.bin", b"\x90\xab\xcd\xef" + bytes(90), "Dart kernel code (Flutter)", False),
    ("assemblies/assemblies.blob", b"XABA" + bytes(90), "a store of .NET assemblies (Xamarin, MAUI)", False),
    ("assets/bin/Data/Managed/Metadata/global-metadata.dat", b"\xaf\x1b\xb1\xfa" + bytes(90), "IL2CPP metadata (Unity)", False),
    ("assets/game.luac", b"\x1bLua\x53" + bytes(90), "Lua bytecode", False),
    ("assets/x.wasm", b"\0asm\1\0\0\0" + bytes(90), "WebAssembly", False),
    ("lib/arm64-v8a/libapp.so", apk.elf("libapp.so", exports=["_kDartIsolateSnapshotInstructions"]), "Dart machine code (Flutter)", False),
    ("lib/arm64-v8a/libassemblies.arm64-v8a.blob.so", apk.elf(), "a store of .NET assemblies (Xamarin, MAUI)", False),
    ("lib/arm64-v8a/libil2cpp.so", apk.elf("libil2cpp.so"), "C# machine code (Unity)", False),
]


def test_code_of_other_forms_and_in_other_places_is_named():
    for path, content, form, read in OTHER_CODE:
        with Folder() as folder:
            rows = facts("--no-hash", write(folder, "a.apk", apk.build(package="org.example.o", classes=["org.example.o.App"], files={path: content})))
            package, = [r for r in rows if r["fact"] == "package"]
            equal(package["readable"], "full" if read else "partial", form)
            equal([r["value"] for r in rows if r["fact"] == "setting" and r["name"] == "other_code"], [f"{form}: {path}"])
            parts = [r for r in rows if r["fact"] == "component" and r["kind"] == "module" and r["state"] == "unreadable"]
            kits = [r["name"] for r in rows if r["fact"] == "component" and r["kind"] == "sdk"]
            equal(([r["name"] for r in parts], kits), ([], ["Umeng analytics"]) if read else ([form], []), form)
            equal(rows[-1]["status"], "read" if read else "partial", form)
    with Folder() as folder:  # and the first screen says so
        leash("audit", "-o", folder / "c.gpkg", write(folder, "a.apk", apk.build(package="org.example.o", classes=["org.example.o.App"], files={
            "assets/index.android.bundle": apk.HERMES + bytes(90)})))
        told = re.sub(r"\s+", " ", leash("report", folder / "c.gpkg").stdout.decode())
        assert "Some of the code of org.example.o 1.0 could not be read: which trackers and other components are in that is not known." in told, told
        assert "is hidden" not in told
    # the nearest that are none
    with Folder() as folder:
        rows = facts("--no-hash", write(folder, "a.apk", apk.build(package="org.example.o", classes=["org.example.o.App"], files={
            "assets/a": b"XAB" + bytes(90), "assets/b": b"MZ" + bytes(90), "assets/c": b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(90),
            "assets/d.png": b"\x89PNG\r\n\x1a\n" + bytes(90)}, libraries={"liba.so": apk.elf("liba.so", exports=["_kDart"])})))
        assert not [r for r in rows if r["fact"] == "setting" and r["name"] == "other_code"], rows


def test_an_encrypted_file_is_seen_under_any_name():
    blob = noise(200000)
    for name in ("assets/a.dat", "assets/a.png", "res/raw/a.mp3", "META-INF/a"):
        with Folder() as folder:
            path = write(folder, "a.apk", apk.build(**APP, classes=OWN[:1], files={name: blob}))
            package, = rows_of(path, "package")
            equal(package["readable"], "packed", name)
            assert any(v.startswith(f'"{name}", 200000 bytes, looks encrypted') for v in settings(path)["packer_sign"]), name


def test_bytes_behind_the_end_hide_nothing_and_make_no_valid_signature():
    for schemes in (("v1",), ("v2",), ("v1", "v2", "v3")):
        with Folder() as folder:
            whole = apk.build(**APP, classes=OWN + list(KITS), sign=schemes)
            path = write(folder, "a.apk", whole + b"\0" * 40)
            package, = rows_of(path, "package")
            equal((package["package"], package["signature"], package["readable"]), (APP["package"], "invalid", "partial"))
            equal(settings(path)["structure_trick"], ["bytes_behind_end"])
            damage, = [r for r in rows_of(path, "damage") if "behind the end" in r["statement"]]
            equal((damage["origin"]["offset"], damage["bytes_lost"]), (len(whole), 40))
            assert set(KITS.values()) <= {c["name"] for c in rows_of(path, "component") if c["kind"] == "sdk"}


def test_rules_for_backups_and_pins_are_told():
    extraction = ("data-extraction-rules", {}, [
        ("cloud-backup", {"disableIfNoEncryptionCapabilities": "true"}, [("exclude", {"domain": "file", "path": "x"}, []), ("exclude", {"domain": "database"}, [])]),
        ("device-transfer", {}, [("include", {"domain": "file", "path": "y"}, [])])])
    older = ("full-backup-content", {}, [("exclude", {"domain": "sharedpref"}, [])])
    pins = ("network-security-config", {}, [("domain-config", {}, [("pin-set", {"expiration": "2027-05-01"}, [("pin", {"digest": "SHA-256"}, [])])])])
    names = {"e": extraction, "o": older, "n": pins}
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(
            package="org.example.b", classes=["org.example.b.A"], resources={0x7F010000: "res/xml/e.xml", 0x7F010001: "res/xml/o.xml", 0x7F010002: "res/xml/n.xml"},
            application={"dataExtractionRules": apk.Reference(0x7F010000), "fullBackupContent": apk.Reference(0x7F010001),
                         "networkSecurityConfig": apk.Reference(0x7F010002)},
            files={f"res/xml/{n}.xml": apk.binary_xml(x) for n, x in names.items()}))
        found = settings(path)
        equal(found["backup_rules"], ["copies in a cloud: 0 included, 2 excluded, only when encrypted", "copies to another phone: 1 included, 0 excluded",
                                      "copies on platforms below 31: 0 included, 1 excluded"])
        equal((found["certificate_pins"], found["certificate_pins_until"]), (["1"], ["2027-05-01"]))
        # the rules are not there: said, not passed over
        path = write(folder, "b.apk", apk.build(package="org.example.b", classes=["org.example.b.A"], resources={0x7F010000: "res/xml/e.xml"},
                                                application={"dataExtractionRules": apk.Reference(0x7F010000)}))
        assert "backup_rules" not in settings(path)
        assert any("rules for backups could not be read" in r["statement"] for r in rows_of(path, "damage"))


def test_code_in_archives_inside_is_read():
    with Folder() as folder:
        plugin = apk.zip_file([apk.Entry("classes.dex", apk.dex(classes=["com.umeng.analytics.A"], strings=["https://plugin.example.org/x"]))])
        for name in ("assets/plugin.jar", "assets/sound.mp3"):
            path = write(folder, "a.apk", apk.build(**APP, classes=OWN, files={name: plugin}))
            found = {(c["kind"], c["name"]) for c in rows_of(path, "component")}
            assert {("sdk", "Umeng analytics"), ("host", "plugin.example.org")} <= found, (name, found)


def test_texts_of_two_bytes_a_character_are_searched():
    """As Qt's libraries, .NET assemblies and old tables of resources have them, at even places and at odd ones."""
    with Folder() as folder:
        for before in (b"", b"\1"):
            wide = before + "see https://tiles.example.org:8443/z/x/y now; key AIza".encode("utf-16-le") + ("y" * 35).encode("utf-16-le") + b"\0\0\1"
            path = write(folder, "a.apk", apk.build(package="org.example.w", classes=["org.example.w.A"], files={"assets/qt.bin": wide}))
            rows = {(c["kind"], c["name"]): c for c in rows_of(path, "component")}
            at = len(before) + 2 * len("see https://")
            equal(rows["host", "tiles.example.org"]["origin"]["steps"][0], f"assets/qt.bin at {at}")
            assert ("key", "Google API key AIzayy...") in rows, list(rows)


def test_a_library_is_looked_at_for_every_processor():
    with Folder() as folder:
        good = apk.elf("liba.so")
        for second, readable in ((good, "full"), (b"\1\2\3\4" * 100, "partial"), (apk.elf("liba.so", imports=["ptrace"]), "full")):
            path = write(folder, "a.apk", apk.build(package="org.example.l", classes=["org.example.l.A"], tamper=lambda e, second=second: e + [
                apk.Entry("lib/arm64-v8a/liba.so", good), apk.Entry("lib/x86/liba.so", second)]))
            package, = rows_of(path, "package")
            equal(package["readable"], readable)
            equal(["ptrace"] if b"ptrace" in second else [], [c["name"] for c in rows_of(path, "component") if c["kind"] == "module"])


def test_packages_inside_are_packages():
    with Folder() as folder:
        inner = apk.build(package="org.example.inner", classes=["com.amap.api.A"])
        other = apk.build(package="org.example.other")
        path = write(folder, "all.xapk", apk.package([apk.Entry("base.apk", inner, stored=True), apk.Entry("manifest.json", b"{}")], sign=()))
        equal([p["package"] for p in rows_of(path, "package")], ["org.example.inner"])
        path = write(folder, "outer.apk", apk.build(package="org.example.outer", files={"assets/plugin.jar": other}))
        equal(sorted(p["package"] for p in rows_of(path, "package")), ["org.example.other", "org.example.outer"])


def test_what_is_not_read_is_named():
    """iOS apps and firmware: by name, never as if there were nothing in them; also inside archives."""
    listing = b'<?xml version="1.0"?><plist><dict><key>CFBundleIdentifier</key><string>org.example.ios</string></dict></plist>'
    ipa = apk.zip_file([apk.Entry("Payload/Example.app/Info.plist", listing), apk.Entry("Payload/Example.app/Example", b"\xcf\xfa\xed\xfe" + bytes(60)),
                        apk.Entry("Payload/Example.app/log.json", b"{}")])
    near = apk.zip_file([apk.Entry("Payload/Example.app/Frameworks/Info.plist", listing)])
    module = b"IM*H" + bytes(300)
    with Folder() as folder:
        paths = [write(folder, "app.ipa", ipa), write(folder, "near.zip", near), write(folder, "module.sig", module),
                 write(folder, "both.zip", apk.zip_file([apk.Entry("in/app.ipa", ipa), apk.Entry("in/fw.bin", module)]))]
        rows = facts("--no-hash", *paths)
        status = {os.path.relpath(r["path"], folder.path): (r["kind"], r["status"], r["note"] or "") for r in rows if r["fact"] == "evidence"}
        for name in ("app.ipa", "both.zip!in/app.ipa"):
            kind, state, note = status[name]
            equal((kind, state), ("ipa", "partial"), name)
            assert note.startswith("an iOS app: its files are looked at, but its code, permissions and signature are not read"), note
            assert name + "!Payload/Example.app/Info.plist" in status
        equal(status["near.zip"][0], "zip")
        for name in ("module.sig", "both.zip!in/fw.bin"):
            equal(status[name], ("dji-firmware", "unreadable", "known by its content (dji-firmware), but this version does not read that format"), name)


def test_damage_to_any_part_loses_no_other():
    def broken_manifest(entries):
        entries[0].content = entries[0].content[:200]
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(**APP, classes=["com.amap.api.A"], tamper=broken_manifest, sign=()))
        rows = facts("--no-hash", path)
        assert [r for r in rows if r["fact"] == "damage"]
        assert [r for r in rows if r["fact"] == "component" and r["name"] == "AMap / AutoNavi"]
        equal(rows[-1]["status"], "partial")


def test_a_bomb_costs_a_bounded_part():
    with Folder() as folder:
        bomb = apk.Entry("assets/zeros.bin", b"\0" * (64 << 20))
        path = write(folder, "bomb.apk", apk.build(package="org.example.bomb", classes=["com.amap.api.A"], sign=(), tamper=lambda e: e + [bomb]))
        entries = apk.zip_parts([apk.Entry("AndroidManifest.xml", apk.binary_xml(apk.manifest(package="org.example.bomb"))), bomb])
        body, directory, _ = entries
        second = directory[directory.index(b"PK\1\2", 4):]
        many = directory + b"".join(second.replace(b"zeros", b"z%04d" % i) for i in range(90))
        write(folder, "over.apk", body + many + apk.zip_end(many, 92, len(body)))
        package, = rows_of(path, "package")
        equal(package["package"], "org.example.bomb")
        rows = facts("--no-hash", folder / "over.apk")
        assert any("bomb" in r["statement"] for r in rows if r["fact"] == "damage"), [r for r in rows if r["fact"] == "damage"][-3:]
        equal(rows[-1]["status"], "partial")


def test_an_audit_has_the_lists():
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(**APP, classes=OWN + ["cn.sharesdk.framework.ShareSDKUIShell"]))
        _, report = audit(folder, path)
        equal([p["package"] for p in report["packages"]], ["org.example.drone"])
        equal(report["packages"][0]["signers"][0]["schemes"], ["v2"])
        assert any(c["name"] == "MobTech ShareSDK" and c["kind"] == "sdk" for c in report["components"])
        equal(report["evidence"][0]["kind"], "apk")


def test_the_same_package_gives_the_same_rows():
    with Folder() as folder:
        path = write(folder, "a.apk", apk.build(**APP, classes=OWN + list(KITS)))
        equal(leash("facts", path).stdout, leash("facts", "--readers", "3", path).stdout)


def test_apksigner_agrees_with_what_the_tests_sign():
    need("apksigner")
    import subprocess
    with Folder() as folder:
        for schemes, min_sdk in ((("v1",), 18), (("v2",), 24), (("v1", "v2", "v3"), 18), ((), 24)):
            path = write(folder, "a.apk", apk.build(package="org.example.s", classes=["org.example.s.A"], sign=schemes, min_sdk=min_sdk, target_sdk=29))
            verified = subprocess.run(["apksigner", "verify", path], capture_output=True, check=False).returncode == 0
            package, = rows_of(path, "package")
            equal(package["signature"] == "valid", verified, schemes)


run(globals())
