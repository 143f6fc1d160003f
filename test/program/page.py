"""The report page and its language as a user gets them: `--lang`, the four answers of the first screen against what the
cases hold, a case of a hundred thousand connections, and what is cut from larger ones.  test/report/page.mjs looks at
pages in a browser."""
import html
import json
import os
import re
import time

from case_kit import Open, many_flows, small_case, stamp
from example_kit import CASES, example
from harness import PROGRAM, SANITIZED, SOURCE, Folder, equal, leash, run

WRITING_S_MAX = 2
WRITING_BYTES_MAX = 128 << 20
FLOWS = 100000
ANSWER = re.compile(r'<section class="answer (\w+)">\s*<h2>(.*?)</h2>\s*<p>(.*?)</p>', re.S)
BLOCK = re.compile(r'<script type="application/json" id="([a-z-]+)">(.*?)</script>', re.S)


def page_of(case, *options, expect=0):
    done = leash("report", case, "--format", "html", *options)
    equal(done.returncode, expect, done.stderr.decode())
    return done.stdout.decode()


def answers(page):
    found = ANSWER.findall(page)
    equal([kind for kind, _, _ in found], ["left", "addressed", "unseen", "next"], "the order of the questions")
    return {kind: (html.unescape(question), html.unescape(answer)) for kind, question, answer in found}


def blocks(page):
    return {name: json.loads(content) for name, content in BLOCK.findall(page)}


def measured(*arguments):
    """Exit status, processor seconds and the most memory of one run."""
    child = os.fork()
    if child == 0:
        os.execvp(PROGRAM, [PROGRAM, *arguments])
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def test_language_is_english_unless_asked():
    with Folder() as folder:
        case = small_case(folder)
        plain = page_of(case)
        assert '<html lang="en">' in plain
        for settings in ({"LANG": "es_ES.UTF-8", "LC_ALL": "es_ES.UTF-8"}, {"LANG": "C"}):
            done = leash("report", case, "--format", "html", env=settings)
            equal(done.stdout.decode(), plain, settings)
        equal(page_of(case, "--lang", "en"), plain)
        spanish = page_of(case, "--lang", "es")
        assert '<html lang="es">' in spanish
        equal([q for q, _ in answers(spanish).values()], ["¿Qué salió?", "¿A quién iba dirigido?", "¿Qué no se pudo ver?", "¿Qué hacer ahora?"])
        text = leash("report", case, "--lang=es").stdout.decode()
        assert "Qué hacer ahora" in text and "What to do next" not in text, text
        for wrong in ("xx", "", "english"):
            done = leash("report", case, "--lang", wrong)
            equal(done.returncode, 2, wrong)
            assert "--lang takes en or es" in done.stderr.decode(), done.stderr


def test_audit_speaks_the_language_and_the_case_does_not():
    with Folder() as folder:
        path = folder.write("a.pcap", b"no capture")
        made = {}
        for language in ("en", "es"):
            done = leash("audit", "--force", "--lang", language, "-o", folder / "case.gpkg", "--html", folder / "page.html", "--json",
                         folder / "report.json", path, env={"SOURCE_DATE_EPOCH": "1795420800"})
            with open(folder / "page.html", encoding="utf-8") as page, open(folder / "report.json", encoding="utf-8") as report:
                made[language] = done.stdout.decode(), page.read(), json.load(report)
        assert '<html lang="es">' in made["es"][1] and '<html lang="en">' in made["en"][1]
        assert made["es"][0] != made["en"][0]
        for report in (made["en"][2], made["es"][2]):
            report["tool"].pop("command")
        equal(made["es"][2], made["en"][2], "the JSON report")


def test_every_word_is_on_the_page_in_both_languages():
    with Folder() as folder:
        case = small_case(folder)
        english, spanish = (blocks(page_of(case, "--lang", language))["words"]["words"] for language in ("en", "es"))
        equal(set(english), set(spanish))
        asked = set()
        for name in os.listdir(os.path.join(SOURCE, "src", "report", "page")):
            if name.endswith(".js"):
                with open(os.path.join(SOURCE, "src", "report", "page", name), encoding="utf-8") as script:
                    text = script.read()
                asked |= set(re.findall(r"\bt\('([A-Za-z_]+)'", text)) | set(re.findall(r"'((?:NAV|STREAM|HEAD|LEAD)_[A-Z_]+)'", text))
                asked |= {f"FIELD_{field}" for field in re.findall(r"fieldName\('([a-z_0-9]+)'\)", text)}
        assert len(asked) > 100, len(asked)
        equal(sorted(asked - set(english)), [], "keys that the script asks for and the table does not have")


# The example cases, and what whoever reads only the first screen must be able to say: doc/report.md tells of it.
def test_first_screen_answers_the_four_questions():
    with Folder() as folder:
        for name in sorted(n for n in os.listdir(CASES) if os.path.exists(os.path.join(CASES, n, "command"))):
            case, report = example(folder, name)
            told = answers(page_of(case))
            left, to, unseen, after = (told[kind][1] for kind in ("left", "addressed", "unseen", "next"))
            hosts = [leak["destination"] for leak in report["leaks"]]
            if report["leaks"]:
                assert left.startswith("Found in what was sent: "), (name, left)
                assert any(host in to for host in hosts), (name, to)
                assert any(host in after for host in hosts), (name, after)
                equal("serial number" in left, any(leak["what"] == "serial" for leak in report["leaks"]), (name, left))
                equal("path of a flight" in left, any(leak["claim"].startswith("The path of this flight") for leak in report["leaks"]), (name, left))
            elif report["flows"]:
                assert re.search(r"could be read|No content|no flight log|stayed inside", left), (name, left)
                assert "did not leave" not in left, left
            else:
                assert "no network traffic" in left and "no network traffic" in to and "no network traffic" in unseen, (name, left, to, unseen)
            coverage = report["coverage"]
            if coverage["opaque_out"] or coverage["missing_out"]:
                assert re.search(r"content of (under |over )?[0-9]+ % of what was sent", unseen), (name, unseen)
            if coverage["evidence_read"] < coverage["evidence_total"]:
                assert f"of {coverage['evidence_total']} item" in unseen, (name, unseen)
            with Open(case) as c:
                steps = [step for step, in c.db.execute("SELECT next_step FROM precaution WHERE verdict = 'not_met'")]
            assert re.match(r"(Block|Read|Capture|Ask|Add|Copy|Repeat) ", after) or after in steps, (name, after)
            for question, answer in told.values():
                assert question.endswith("?") and 3 < len(answer.split()) < 60, (name, answer)


def test_page_of_a_hundred_thousand_connections():
    with Folder() as folder:
        case = many_flows(folder, FLOWS)
        out = folder / "page.html"
        status, seconds, memory = measured("report", case, "--format", "html", "-o", out)
        equal(status, 0)
        print(f"# page of {FLOWS} connections: {seconds:.2f} s, {memory / 2**20:.0f} MiB, {os.path.getsize(out) / 1e6:.1f} MB")
        if not SANITIZED:
            assert seconds < WRITING_S_MAX, seconds
            assert memory < WRITING_BYTES_MAX, memory
        with open(out, encoding="utf-8") as text:
            made = blocks(text.read())
        flows = made["flows"]
        equal(flows["count"], FLOWS)
        for name, column in flows["columns"].items():
            held = sum(column["runs"][1::2]) if "runs" in column else len(column.get("values") or column["steps"])
            equal(held, FLOWS, name)
        # Some of them, whole: what the columns say is what the case says.
        with Open(case) as c:
            rows = c.db.execute("SELECT id, host, dst, src_port, bytes_out, first, last, json_extract(origin, '$.packets[1]') FROM flow ORDER BY fid").fetchall()
        for nth in (0, 1, 777, FLOWS - 1):
            equal(row_of(flows, nth), rows[nth], nth)


def unfold(column, count):
    if "values" in column:
        return column["values"]
    out, total = [], 0
    if "runs" in column:
        for value, times in zip(column["runs"][::2], column["runs"][1::2]):
            out += [value] * times
        return out
    for step in column["steps"]:
        total += step
        out.append(total)
    return out


def row_of(flows, nth, cache={}):
    if cache.get("of") is not flows:
        cache.update({"of": flows, "columns": {name: unfold(column, flows["count"]) for name, column in flows["columns"].items()}})
    at = {name: column[nth] for name, column in cache["columns"].items()}
    text = {name: flows["words"][at[name]] for name in flows["texts"] if at[name] is not None}
    first = flows["base_ms"] + at["first"]
    return (f"{text['key']}{at['number']}", text["host"], text["dst"], at["src_port"], at["bytes_out"], exact(nth), exact(nth + 13),
            at["packet_first"] + at["packets_after"]) if near(first, nth) and near(first + at["lasted"], nth + 13) else None


def exact(second):
    return stamp(second)


def near(ms, second):
    """The page keeps milliseconds."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + f".{ms % 1000:03}"
    return stamp(second).startswith(whole)


def test_larger_cases_are_cut_and_the_page_says_so():
    with Folder() as folder:
        case = many_flows(folder, FLOWS + 20000)
        with Open(case) as c:
            key = c.key()
            c.db.executemany("INSERT INTO dns (id, evidence, origin, name, type, answers, client, server, at) VALUES (?, ?, NULL, ?, 'A', '[]', '192.0.2.7', '192.0.2.1', ?)",
                             ((f"dns-{key[:12]}-{i + 1}", key, "x" * 200 + f"{i}.example", stamp(i)) for i in range(30000)))
            most, = c.db.execute("SELECT max(payload_out) FROM flow").fetchone()
        out = folder / "page.html"
        equal(leash("report", case, "--format", "html", "-o", out).returncode, 0)
        with open(out, encoding="utf-8") as text:
            page = text.read()
        made = blocks(page)
        equal(made["flows"]["count"], FLOWS)
        assert most in unfold(made["flows"]["columns"]["payload_out"], FLOWS)
        assert '100,000 of 120,000 rows of the list &quot;flows&quot;' in page, re.findall(r'class="limits cut">(.*?)<', page)
        kept = len(made["report"]["dns"])
        assert 1000 < kept < 30000, kept
        assert f"{kept:,} of 30,000 rows of the list &quot;dns&quot;" in page
        assert os.path.getsize(out) < 30e6, os.path.getsize(out)


run(globals())
