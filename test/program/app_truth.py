"""Public test packages against what androguard, aapt2 and apksigner say of them.  $LEASH_APPS is the folder
that samples/app/get.sh extracts them into.  Each difference stands in DIFFERENCES with its reason, and in
doc/apps.md."""
import glob
import json
import os

from harness import equal, facts, run, samples, skip

APPS = os.environ.get("LEASH_APPS", "")

# Not packages: there is no manifest in them.  leash reads them as archives.
NO_PACKAGE = {
    "tests_data_APK_apksig_empty-unsigned.apk", "tests_data_APK_multidex.apk",
}
# The directory is damaged: Android refuses the file, and so does leash.
BROKEN = {"tests_data_APK_apksig_v2-only-truncated-cd.apk"}

# (file, field): why leash says something else than the truth file.
DIFFERENCES = {
    ("tests_data_APK_apksig_v31-ec-p256-2-tgt-33-1-tgt-28-targetSdk-30.apk", "verifies"):
        "apksigner of Debian 12 does not know scheme v3.1",
}


def truths():
    found = sorted(glob.glob(os.path.join(samples("app"), "*.truth.json")))
    if not APPS:
        skip("LEASH_APPS does not name the folder with the packages (samples/app/get.sh)")
    for path in found:
        with open(path, encoding="utf-8") as text:
            truth = json.load(text)
        package = os.path.join(APPS, truth["file"])
        if os.path.exists(package):
            yield truth, package


def package_row(path):
    rows = facts(path)
    return next((r for r in rows if r["fact"] == "package"), None), rows


def number(text):
    return None if text is None else int(text)


def test_packages_without_a_manifest_are_archives():
    for truth, path in truths():
        row, rows = package_row(path)
        if truth["file"] in NO_PACKAGE | BROKEN:
            equal(row, None, truth["file"])
            equal(rows[-1]["fact"], "evidence", truth["file"])
            assert rows[-1]["kind"] != "apk", truth["file"]
        else:
            assert row is not None, truth["file"]


def test_what_the_manifest_says():
    for truth, path in truths():
        aapt2 = truth["aapt2"]
        row, _ = package_row(path)
        if row is None or aapt2["package"] is None:
            continue
        name = truth["file"]
        equal(row["package"], aapt2["package"], name)
        equal(row["version"], aapt2["versionName"], name)
        equal(row["version_code"], number(aapt2["versionCode"]), name)
        equal(row["min_sdk"], number(aapt2["min"]), name)
        equal(row["target_sdk"], number(aapt2["target"]), name)
        equal(sorted(row["permissions"] + row["implied_permissions"]), sorted(aapt2["perms"]), name)
        androguard = truth["androguard_3.4.0a1"]
        # androguard passes over <uses-permission-sdk-23>
        assert set(androguard.get("perms", [])) <= set(row["permissions"]), name


def test_signatures():
    for truth, path in truths():
        row, rows = package_row(path)
        name, verdict = truth["file"], truth["apksigner_verify"]["default"]
        if row is None:
            continue
        if (name, "verifies") not in DIFFERENCES:
            problems = [r["value"] for r in rows if r["fact"] == "setting" and r["name"] == "signature_problem"]
            equal(row["signature"] == "valid", verdict["verifies"], f"{name}: {row['signature']} {problems}")
        if not verdict["verifies"]:
            continue
        schemes = {s for signer in row["signers"] for s in signer["schemes"]}
        for scheme in ("v1", "v2", "v3"):
            equal(scheme in schemes, verdict[scheme], f"{name} {scheme}")
        assert set(verdict["cert_sha256"]) <= {s["sha256"] for s in row["signers"]}, name


def test_signers_are_those_that_androguard_names():
    for truth, path in truths():
        row, _ = package_row(path)
        expected = truth["androguard_3.4.0a1"].get("certs")
        if row is None or not expected:
            continue
        assert {s["sha256"] for s in row["signers"]} >= set(expected), (truth["file"], row["signers"], expected)


def test_native_libraries():
    for truth, path in truths():
        row, rows = package_row(path)
        if row is None or "native" not in truth["androguard_3.4.0a1"]:
            continue
        paths = {r["origin"]["steps"][0] for r in rows if r["fact"] == "component" and r["kind"] == "library"}
        for library in truth["androguard_3.4.0a1"]["native"]:
            assert any(os.path.basename(p) == os.path.basename(library) for p in paths), (truth["file"], library, paths)


run(globals())
