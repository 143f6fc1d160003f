"""The layers of the source tree: what each folder may include, by the table of src/README.md."""
import glob
import os
import re

from harness import SOURCE, equal, run

def rules():
    """Folder -> folders (or single headers) that it may include, itself and base/ among them."""
    with open(os.path.join(SOURCE, "src", "README.md"), encoding="utf-8") as text:
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in text if line.startswith("|")]
    allowed, before, label, readers = {}, "", "", set()
    for cells in rows:
        label = cells[0] or label
        if label == "READ" and len(cells) == 4:
            readers.add(cells[1].strip("`"))
    for cells in rows:
        folder = re.fullmatch(r"`([a-z]+)/`", cells[1]) if len(cells) == 4 else None
        if not folder:
            continue
        folder, words = folder.group(1), cells[3] or before
        before = words
        if words.startswith("and "):
            words = "`base/`, `fact/`, " + words
        if "everything above" in words:
            allowed[folder] = None
            continue
        found = set(re.findall(r"`([a-z_/.]+)`", words))
        if "READ" in words:
            found |= readers
        allowed[folder] = found | {folder + "/", "base/"}
    return allowed


def test_every_folder_has_its_rule():
    folders = {os.path.basename(os.path.dirname(path)) for path in glob.glob(os.path.join(SOURCE, "src", "*", ""))}
    equal(sorted(rules()), sorted(folders))


def test_includes_keep_to_the_rules():
    wrong, seen = [], 0
    for folder, allowed in rules().items():
        for path in glob.glob(os.path.join(SOURCE, "src", folder, "*.[ch]")):
            with open(path, encoding="utf-8") as text:
                for header in re.findall(r'^#include "([^"]+)"', text.read(), re.M):
                    seen += 1
                    if allowed is not None and header not in allowed and header.split("/")[0] + "/" not in allowed:
                        wrong.append(f"{folder}/{os.path.basename(path)} includes {header}")
    assert seen > 1000
    equal(wrong, [])


if __name__ == "__main__":
    run(globals())
