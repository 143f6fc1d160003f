"""What the whole-program tests share: a small TAP runner, and leash itself.

Each test file calls run(globals()): every function named test_* is one case.  skip("why")
counts as skipped.  $LEASH is the program, $LEASH_SOURCE the tree, $LEASH_SAMPLES real
evidence that may be absent."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

PROGRAM = os.environ["LEASH"]
SOURCE = os.environ["LEASH_SOURCE"]
SAMPLES = os.environ.get("LEASH_SAMPLES", "")
SANITIZED = os.environ.get("LEASH_SANITIZED") == "1"


class Skip(Exception):
    pass


def skip(why):
    raise Skip(why)


def samples(*below):
    path = os.path.join(SAMPLES, *below)
    if not SAMPLES or not os.path.exists(path):
        skip("no samples at " + "/".join(below))
    return path


def need(program):
    if not shutil.which(program):
        skip(f"{program} is not installed")
    return program


class Folder:
    """A temporary folder that goes away again."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="leash-test-")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def write(self, name, content):
        path = self / name
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(content)
        return path


def leash(*arguments, stdin=None, env=None, timeout=300):
    environment = dict(os.environ, NO_COLOR="1")
    environment.update(env or {})
    return subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, timeout=timeout, env=environment)


def audit(folder, *arguments, expect=None):
    """Runs an audit into the folder; gives exit status and the JSON report."""
    report = folder / "report.json"
    done = leash("audit", "--force", "-o", folder / "case.gpkg", "--html", folder / "report.html", "--json", report,
                 *arguments)
    if expect is not None:
        assert done.returncode == expect, (done.returncode, done.stdout.decode(), done.stderr.decode())
    if not os.path.exists(report):
        raise AssertionError((done.returncode, done.stdout.decode(), done.stderr.decode()))
    with open(report, encoding="utf-8") as lines:
        return done.returncode, json.load(lines)


def facts(*arguments):
    """The facts of some evidence, as a list of rows."""
    done = leash("facts", *arguments)
    assert done.returncode in (0, 2, 3), (done.returncode, done.stderr.decode())
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def equal(got, want, what=""):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


def run(names):
    tests = [(name, what) for name, what in names.items() if name.startswith("test_")]
    failed = 0
    print(f"1..{len(tests)}")
    for number, (name, what) in enumerate(tests, 1):
        try:
            what()
            print(f"ok {number} - {name}")
        except Skip as reason:
            print(f"# skipped: {reason}")
            print(f"ok {number} - {name} # SKIP {reason}")
        except Exception:  # a test fails in any way it likes
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            print(f"not ok {number} - {name}")
        sys.stdout.flush()
    sys.exit(failed > 0)
