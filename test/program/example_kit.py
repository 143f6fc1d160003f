"""The example cases (examples/cases), audited as their `command` files say."""
import json
import os
import shlex

from harness import SOURCE, leash

CASES = os.path.join(SOURCE, "examples", "cases")


def example(folder, name):
    """Audits an example case; its path and its JSON report."""
    with open(os.path.join(CASES, name, "command"), encoding="utf-8") as text:
        words = shlex.split(text.read())
    at = words.index("leash")
    settings = dict(word.split("=", 1) for word in words[:at])
    case, report = folder / f"{name}.gpkg", folder / f"{name}.json"
    where = os.getcwd()
    os.chdir(os.path.join(CASES, name))
    try:
        leash("audit", "--force", "-o", case, "--html", folder / "page.html", "--json", report, *words[at + 2:],
              env={"LEASH_DATA": os.path.join(SOURCE, "data"), **settings})
    finally:
        os.chdir(where)
    with open(report, encoding="utf-8") as text:
        return case, json.load(text)
