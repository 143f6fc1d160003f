"""A Spanish report is Spanish: every sentence of the catalogue of precautions has its row in the table (src/report/told_rules.h), with
the same holes, and in the pages, texts and PDFs of the example cases no English sentence is left, but for what is nobody's to translate:
names of publications, labels, commands, and what evidence or operator said."""
import atexit
import functools
import json
import os
import re
import subprocess

from example_kit import CASES, example
from harness import SOURCE, Folder, equal, leash, need, run, skip

# Words that no Spanish sentence has.
ENGLISH = re.compile(r"(?<![\w./«-])(the|of|and|was|were|which|with|from|this|that|not|are|has|have|be|by|it|for|is|at|because|could|sent|"
                     r"none|nothing|without|unknown|found|addressed|known|to|rows?|connections?|requests?|findings?|"
                     r"items?|files?|values?|times?|more|other|only)(?![\w./»-])", re.I)
HOLE = re.compile(r"\{[^}]*\}")
REPORT = os.path.join(SOURCE, "src", "report")
SENTENCES = ("title", "statement", "applies_need", "need", "met", "not_met", "not_shown", "not_applicable", "next_step",
             "remedy")


def rows_of(name):
    """The rows of a table: {English: Spanish}."""
    with open(os.path.join(REPORT, name), encoding="utf-8") as table:
        text = re.sub(r'"\s*\n\s*"', "", re.sub(r"/\*.*?\*/", "", table.read(), flags=re.S))
    unquoted = lambda s: s.replace('\\"', '"').replace("\\\\", "\\")
    return {unquoted(a): unquoted(b) for a, b in re.findall(r'\b(?:T|N|FOLLOWS)\("((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\)', text)}


def table():
    made = {}
    for name in sorted(n for n in os.listdir(REPORT) if re.fullmatch(r"told_[a-z0-9_]+\.h", n)):
        made.update(rows_of(name))
    return made


def catalogue():
    """Every sentence of the rules, its holes numbered in their order."""
    try:
        import yaml
    except ImportError:
        skip("python3-yaml is not installed")
    folder = os.path.join(SOURCE, "data", "precautions")
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".yaml")):
        with open(os.path.join(folder, name), encoding="utf-8") as text:
            lists = yaml.safe_load(text)
        for entries in lists.values():
            for entry in entries:
                for key in SENTENCES:
                    if isinstance(entry.get(key), str):
                        numbers = iter(range(100))
                        sentence = HOLE.sub(lambda _: "{%d}" % next(numbers), " ".join(entry[key].split("\n")).strip())
                        yield f"{name}, {entry.get('id') or entry['name']}, {key}", sentence
                        counted = re.findall(r"\|count ([^}]*)\}", entry[key])
                        yield from ((f"{name}: {key}, counted", "{0} " + form) for noun in counted
                                   for form in (noun, noun[:-1] + "ies" if noun.endswith("y") else noun + "s"))


def test_every_sentence_of_the_catalogue_has_a_row():
    rows = table()
    looked_at = 0
    for where, sentence in catalogue():
        looked_at += 1
        if not re.search("[a-z]", HOLE.sub("", sentence)):
            continue  # nothing but holes
        # one of a kind may stand with its number
        assert sentence in rows or sentence.replace("{0} ", "1 ", 1) in rows, f"{where}: no row for {sentence!r}"
    assert looked_at > 700, looked_at


def test_every_oddity_of_a_broadcast_has_a_name():
    with open(os.path.join(SOURCE, "doc", "broadcasts.md"), encoding="utf-8") as text:
        section = text.read().split("\n## What is odd", 1)[1].split("\n## ", 1)[0]
    oddities = [word for line in re.findall(r"^\| (`.*?`) \|", section, re.M) for word in re.findall(r"`([a-z_]+)`", line)]
    assert len(oddities) > 40, oddities
    with open(os.path.join(REPORT, "words_fields.h"), encoding="utf-8") as text:
        named = set(re.findall(r"VALUE_(\w+)", text.read()))
    equal([word for word in oddities if word not in named], [], "oddities without a name")


def test_rows_keep_their_holes():
    rows = table()
    assert len(rows) > 900, len(rows)
    for english, spanish in rows.items():
        equal(sorted(set(HOLE.findall(spanish))), sorted(set(HOLE.findall(english))), english)
        assert spanish.strip() and len(set(HOLE.findall(english))) <= 10, english


@functools.lru_cache(maxsize=None)
def cases():
    """(name, case, report) of each; audited once, for all that is asked of them."""
    folder = Folder().__enter__()
    atexit.register(folder.__exit__)
    return [(name, *example(folder, name))
            for name in sorted(n for n in os.listdir(CASES) if os.path.exists(os.path.join(CASES, n, "command")))]


def said_by_others(report):
    """What operator and evidence said, and what publications are called: it is shown as it is."""
    yield report["tool"]["label"] or ""
    yield from (message["text"] or "" for message in report["messages"])
    for precaution in report["precautions"]:
        yield precaution["source"]
        yield precaution["source"].removeprefix("The operator's policy, ")
        if precaution["verdict"] == "attested":
            who, note = re.fullmatch(r"(.*) vouches for it, from \S+ until [^:]*: (.*)\.", precaution["reason"]).groups()
            yield from (who, note)


def left(texts, foreign):
    """Texts with an English word in them, once what others said and what stands in quotes is taken out."""
    for text in texts:
        rest = re.sub("«[^»]*»", "", text)
        for other in sorted(foreign, key=len, reverse=True):
            rest = rest.replace(other, "") if other else rest
        if ENGLISH.search(rest):
            yield text


def test_no_english_is_left_on_pages_and_in_texts():
    need("node")
    with Folder() as folder:
        pages, foreign = [], []
        for name, case, report in cases():
            foreign.append(set(said_by_others(report)))
            pages.append(folder / f"{name}-es.html")
            equal(leash("report", case, "--format", "html", "--lang", "es", "-o", pages[-1]).returncode, 0, name)
            text = leash("report", case, "--lang", "es").stdout.decode()
            equal(list(left([" ".join(part.split()) for part in re.split(r"\n\n|- ", text)], foreign[-1])), [], name)
        assert len(pages) >= 7, pages
        shown = subprocess.run(["node", os.path.join(SOURCE, "test", "report", "texts.mjs"), *pages], capture_output=True, check=False)
        if shown.returncode == 77:
            skip("no playwright-core or no Chromium")
        equal(shown.returncode, 0, shown.stderr.decode())
        for path, others, page in zip(pages, foreign, json.loads(shown.stdout)):
            assert len(page["ours"]) > 500, (path, len(page["ours"]))
            equal(list(left(page["ours"], others)), [], path)


def test_no_english_is_left_in_pdfs():
    for program in ("chromium", "pdftotext"):
        need(program)
    with Folder() as folder:
        for name, case, report in cases():
            made = leash("report", case, "--format", "pdf", "--lang", "es", "-o", folder / "a.pdf")
            equal(made.returncode, 0, made.stderr.decode())
            text = subprocess.run(["pdftotext", "-raw", folder / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
            words = " ".join(text.split())
            assert "¿Qué salió?" in words and "What left?" not in words, name
            ours = [finding["statement"] for finding in report["findings"]]
            ours += [p[key] for p in report["precautions"] for key in ("title", "reason")] + report["coverage"]["notes"]
            equal([sentence for sentence in ours if len(sentence.split()) > 2 and sentence in words
                   and not any(sentence in other for other in said_by_others(report))], [], name)


run(globals())
