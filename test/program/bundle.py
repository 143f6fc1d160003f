"""App bundles: their manifest and resources are protocol buffers, and tell the same as those of a package."""
import os
import subprocess
import zipfile

import apk
from harness import Folder, equal, facts, leash, need, run

RULES = ("network-security-config", {}, [
    ("domain-config", {"cleartextTrafficPermitted": "true"}, [("domain", {}, ["plain.example.org"])]),
    ("base-config", {"cleartextTrafficPermitted": "false"}, [("trust-anchors", {}, [("certificates", {"src": "user"}, [])])])])
RESOURCES = {0x7F010000: "2.5", 0x7F010001: apk.Reference(0x7F010000), 0x7F020000: "res/xml/rules.xml", 0x7F030000: True}
APP = {
    "package": "org.example.drone", "version": apk.Reference(0x7F010001), "version_code": 7, "min_sdk": 21, "target_sdk": 29,
    "permissions": ["android.permission.INTERNET", "android.permission.WRITE_EXTERNAL_STORAGE"], "resources": RESOURCES,
    "parts": [("activity", ".Main", {"exported": True}, [True]), ("service", ".Work", {"exported": False}, []),
              ("provider", "org.example.drone.Files", {"authorities": "org.example.files", "permission": "org.example.READ", "exported": True}, [])],
    "application": {"debuggable": apk.Reference(0x7F030000), "allowBackup": False, "networkSecurityConfig": apk.Reference(0x7F020000)},
    "meta": {"com.amap.api.v2.apikey": "0123456789abcdef0123456789abcdef"},
    "classes": ["org.example.drone." + n for n in ("Main", "Work", "Files")] + ["com.umeng.analytics.A"],
    "strings": ["https://api.example.org/x"], "libraries": {"libBugly.so": apk.elf("libBugly.so")},
}


def told(path):
    """What does not depend on the form: the package, settings but of the signature, components but the signer."""
    rows = facts("--no-hash", path)
    package, = (r for r in rows if r["fact"] == "package")
    names = ("package", "version", "version_code", "min_sdk", "target_sdk", "permissions", "implied_permissions", "readable")
    settings = sorted((r["name"], r["value"]) for r in rows if r["fact"] == "setting" and not r["name"].startswith("signature"))
    components = sorted((r["kind"], r["name"], r["state"], r["owner"] or "") for r in rows if r["fact"] == "component" and r["kind"] != "signer")
    return {name: package[name] for name in names}, settings, components, [r["statement"] for r in rows if r["fact"] == "damage"]


def test_a_bundle_tells_what_the_package_tells():
    with Folder() as folder:
        package = told(folder.write("a.apk", apk.build(**APP, files={"res/xml/rules.xml": apk.binary_xml(RULES)})))
        bundle = told(folder.write("a.aab", apk.bundle(**APP, files={"res/xml/rules.xml": RULES})))
        equal(bundle, package)
        said, settings, components, damage = bundle
        equal((said["package"], said["version"], said["version_code"], said["readable"]), ("org.example.drone", "2.5", 7, "full"))
        equal(said["implied_permissions"], ["android.permission.READ_EXTERNAL_STORAGE"])
        for setting in (("debuggable", "yes"), ("allow_backup", "no"), ("cleartext_traffic", "no"), ("user_certificates", "yes"),
                        ("exported_provider", "org.example.drone.Files org.example.READ"), ("exported_activity", "org.example.drone.Main")):
            assert setting in settings, (setting, settings)
        assert ("sdk", "Umeng analytics", "in_code", "Umeng (Alibaba)") in components
        equal(damage, [])


def test_other_modules_belong_to_it():
    """Code, libraries and files of a second module are read; a class that the base's manifest names may lie there."""
    with Folder() as folder:
        app = dict(APP, classes=["org.example.drone.Main", "org.example.drone.Files"])
        path = folder.write("a.aab", apk.bundle(**app, files={"res/xml/rules.xml": RULES}, module={
            "extra/dex/classes.dex": apk.dex(classes=["org.example.drone.Work", "com.amap.api.A"]),
            "extra/lib/arm64-v8a/libFlyForbid.so": apk.elf("libFlyForbid.so"), "extra/manifest/AndroidManifest.xml": b"\x0a\x00"}))
        said, _, components, damage = told(path)
        equal((said["readable"], damage), ("full", []))
        names = {name for _, name, _, _ in components}
        assert {"AMap / AutoNavi", "libFlyForbid.so", "DJI own app code"} <= names, names


def test_a_broken_manifest_is_told_and_the_rest_read():
    whole = apk.bundle(**APP, files={"res/xml/rules.xml": RULES})
    with Folder() as folder:
        broken = folder.write("b.aab", b"")
        with zipfile.ZipFile(folder.write("a.aab", whole)) as given, zipfile.ZipFile(broken, "w") as out:
            for name in given.namelist():
                content = given.read(name)
                out.writestr(name, content[:len(content) // 2] if name.endswith("AndroidManifest.xml") else content)
        rows = facts("--no-hash", broken)
        assert any("manifest" in r["statement"] for r in rows if r["fact"] == "damage")
        assert any(r["fact"] == "component" and r["name"] == "Umeng analytics" for r in rows)
        equal([r["readable"] for r in rows if r["fact"] == "package"], ["partial"])


def test_a_package_in_the_bundles_form_is_told():
    """No platform takes it: what it says is read, and that it is odd is said."""
    with Folder() as folder:
        entries = [apk.Entry("AndroidManifest.xml", apk.protobuf_xml(apk.manifest(package="org.example.odd"))),
                   apk.Entry("classes.dex", apk.dex(classes=["com.umeng.analytics.A"]))]
        said, _, _, damage = told(folder.write("a.apk", apk.package(entries, sign=())))
        equal(said["package"], "org.example.odd")
        assert any("no platform reads it" in statement for statement in damage), damage


def converted(package, folder):
    """The bundle that Android's own tool makes of a package."""
    made = folder / "proto.apk"
    done = subprocess.run(["aapt2", "convert", "--output-format", "proto", "-o", made, package], capture_output=True, check=False)
    equal(done.returncode, 0, done.stderr.decode())
    bundle = folder / "made.aab"
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("BundleConfig.pb", apk.field(1, apk.field(2, "1.15.6")))
        for name in given.namelist():
            below = ("manifest/" if name == "AndroidManifest.xml" else "dex/" if name.endswith(".dex") else
                     "" if name == "resources.pb" or name.startswith(("res/", "lib/", "assets/")) else "root/")
            if not name.startswith("META-INF/"):
                out.writestr("base/" + below + name, given.read(name))
    return bundle


def test_what_aapt2_makes_of_a_package_tells_the_same():
    need("aapt2")
    with Folder() as folder:
        app = dict(APP, resources=None, version="2.5", application={"allowBackup": False, "debuggable": True})
        path = folder.write("a.apk", apk.build(**app))
        equal(told(converted(path, folder)), told(path))


def test_real_packages_as_bundles():
    """Packages of $LEASH_APPS, where aapt2 takes them."""
    need("aapt2")
    apps = os.environ.get("LEASH_APPS", "")
    with Folder() as folder:
        for name in sorted(os.listdir(apps)) if os.path.isdir(apps) else []:
            if not any(word in name for word in ("SpeedoMeter", "politedroid", "mirrormirror", "issue636", "duplicate.permiss")):
                continue
            path = os.path.join(apps, name)
            package, bundle = told(path), told(converted(path, folder))
            equal(bundle[:3], package[:3], name)


run(globals())
