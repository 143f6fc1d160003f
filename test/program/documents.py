"""What is written about leash agrees with leash: manual pages, completions, the queries and
columns of doc/case.md, links and commands in the documents, and what gets installed."""
import csv
import glob
import json
import os
import re
import shutil
import sqlite3
import subprocess

from harness import PROGRAM, SOURCE, Folder, audit, equal, leash, need, run, skip

EXAMPLE = os.path.join(SOURCE, "examples", "leak")
COLUMNS_OF_ALL = {"fid", "id", "evidence", "origin", "geom"}


def read(*below):
    with open(os.path.join(SOURCE, *below), encoding="utf-8") as text:
        return text.read()


def example():
    if not os.path.exists(EXAMPLE):
        skip("examples/leak is not there")
    return EXAMPLE


def commands():
    """The commands of the overview, with what it says about them."""
    text = leash("--help").stdout.decode()
    found = dict(re.findall(r"^  ([a-z]+) {2,}(.+)$", text, re.M))
    assert len(found) >= 6, text
    return found


def help_of(command):
    done = leash(command, "--help")
    equal(done.returncode, 0, command)
    return done.stdout.decode()


def options_of(command):
    """(short, long) of every option that --help lists."""
    found = re.findall(r"^ +(?:(-[a-z]), )?(--[a-z][a-z-]*)", help_of(command), re.M)
    assert found, command
    return found


def long_options(command):
    return {name for _, name in options_of(command)}


def manual(command):
    return read("man", f"leash-{command}.1")


def test_options_that_help_does_not_list_are_refused():
    for command in commands():
        known = {option for pair in options_of(command) for option in pair}
        for option in {"-o", "-x", "--output=x", "--no-such-option"} - known:
            if option.split("=")[0] in known:
                continue
            done = leash(command, option, "x")
            equal(done.returncode, 2, (command, option))
            assert f"leash {command} --help" in done.stderr.decode(), (command, option, done.stderr)


# Manual pages

def test_manual_pages_are_without_fault():
    need("mandoc")
    pages = sorted(os.path.basename(p) for p in glob.glob(os.path.join(SOURCE, "man", "*.1")))
    equal(pages, sorted(["leash.1"] + [f"leash-{c}.1" for c in commands()]), "pages")
    for page in pages:
        done = subprocess.run(["mandoc", "-T", "lint", page], cwd=os.path.join(SOURCE, "man"), capture_output=True, text=True,
                              check=False)
        equal((done.stdout, done.returncode), ("", 0), page)


def test_manual_pages_have_the_options_of_help():
    for command in commands():
        page = manual(command)
        listed = set()
        for line in re.findall(r"^\.It (Fl .*)$", page, re.M):
            listed |= {"-" + name for name in re.findall(r"Fl (-[a-z-]+)", line)}
        equal(listed, long_options(command), f"leash-{command}(1)")
        for short, name in options_of(command):
            if short:
                assert re.search(rf"^\.It Fl {short[1]} , Fl {name[1:]}\b", page, re.M), (command, short)
        named = {"-" + name for name in re.findall(r"Fl (-[a-z][a-z-]*)", page)}
        assert named <= listed, (command, named - listed)


def test_manual_pages_have_the_exit_statuses_of_help():
    for command in commands():
        promised = help_of(command).split("Exit status:")[1]
        want = set(re.findall(r"(?:^|[,;])\s*([0-9]) ", promised))
        section = manual(command).split(".Sh EXIT STATUS")[1].split(".Sh ")[0]
        equal(set(re.findall(r"^\.It ([0-9])$", section, re.M)), want, command)


def test_manual_of_leash_names_every_command():
    page = read("man", "leash.1")
    for command, summary in commands().items():
        assert f".It Xr leash-{command} 1\n{summary}" in re.sub(r"(?<=[a-z,])\n(?=[a-z])", " ", page), command
        assert f".Nd {summary}" in manual(command), command


# Completions

def bash_completes(*words):
    need("bash")
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _leash; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "--norc", "-c", script, "bash", os.path.join(SOURCE, "completion", "leash.bash"), *words],
                          capture_output=True, text=True, check=False)
    equal(done.returncode, 0, done.stderr)
    return set(done.stdout.split())


def test_bash_completes_commands_and_options():
    equal(bash_completes("leash", ""), set(commands()) | {"--help", "--version"}, "commands")
    for command in commands():
        equal(bash_completes("leash", command, "--"), long_options(command), command)
    equal(bash_completes("leash", "policy", ""), {"init", "check", "learn"}, "policy")


def test_bash_completes_values():
    forms = set(re.search(r"--format ([a-z|]+)", help_of("report")).group(1).split("|"))
    equal(bash_completes("leash", "report", "--format", ""), forms, "forms")
    for level in bash_completes("leash", "audit", "--fail-on", ""):
        assert level in help_of("audit"), level
    equal(bash_completes("leash", "audit", "--fail-on", "=", "hi"), {"high"}, "--fail-on=hi")
    equal(bash_completes("leash", "audit", "--fail-on", "="), bash_completes("leash", "audit", "--fail-on", ""), "--fail-on=")


def test_zsh_completes_commands_and_options():
    text = read("completion", "_leash")
    if shutil.which("zsh"):
        done = subprocess.run(["zsh", "-n", os.path.join(SOURCE, "completion", "_leash")], capture_output=True, text=True, check=False)
        equal((done.returncode, done.stderr), (0, ""), "zsh -n")
    equal(dict(re.findall(r"^ +'([a-z]+):(.+)'$", text, re.M)), commands(), "commands")
    for command in commands():
        case = re.search(rf"^ +{command}\)\n(.*?);;", text, re.M | re.S).group(1)
        equal(set(re.findall(r"(?:['*,{])(--[a-z][a-z-]*)", case)), long_options(command), command)


# Documents

def documents():
    return ["README.md", "NEWS.md", "CONTRIBUTING.md", "data/README.md", "src/README.md"] + \
        sorted("doc/" + os.path.basename(p) for p in glob.glob(os.path.join(SOURCE, "doc", "*.md")))


def anchor(heading):
    """As the usual web pages for Markdown make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_links_lead_somewhere():
    for name in documents():
        for target in re.findall(r"\]\(([^)\s]+)\)", read(name)):
            if re.match(r"https?:|mailto:", target):
                continue
            path, _, place = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            assert os.path.exists(os.path.join(SOURCE, path)), (name, target)
            if place:
                headings = {anchor(h) for h in re.findall(r"^#+ (.+)$", read(path), re.M)}
                assert place in headings, (name, target, headings)


def test_commands_in_documents_exist():
    options = {command: long_options(command) for command in commands()}
    pages = documents() + [f"man/leash-{command}.1" for command in options] + ["man/leash.1"]
    count = 0
    for name in pages:
        for command, rest in re.findall(r"(?:^|[`/ ])leash ([a-z]+)((?: [^`\n]*)?)$", read(name).replace("`", "\n"), re.M):
            if command not in options:
                continue
            count += 1
            used = set(re.findall(r"(?<= )--[a-z][a-z-]*", re.split(r" #|  +", rest)[0]))
            assert used <= options[command], (name, command, used - options[command])
    assert count > 20, count


def test_no_path_of_a_machine_in_documents():
    for name in documents():
        assert not re.search(r"/tmp/|/root/|/(home|build|builds|workspace)/[a-z]", read(name)), name


def test_make_targets_in_documents_exist():
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.M))
    for name in documents():
        for target in re.findall(r"(?:^|`)make ([a-z]+)", read(name), re.M):
            assert target in targets, (name, target)


# The case

def queries():
    return re.findall(r"^```sql\n(.*?)^```", read("doc", "case.md"), re.M | re.S)


def test_queries_of_the_case():
    need("sqlite3")
    with Folder() as folder:
        audit(folder, example())
        os.rename(folder / "case.gpkg", folder / "leash-case.gpkg")
        assert len(queries()) > 15
        for sql in queries():
            done = subprocess.run(["sqlite3", "-readonly", "-json", "leash-case.gpkg"], input=sql, cwd=folder.path, capture_output=True,
                                  text=True, check=False)
            equal((done.returncode, done.stderr), (0, ""), sql)
            rows = json.loads(done.stdout) if done.stdout else []
            assert rows or sql.startswith("-- may be empty"), "no rows: " + sql


def test_queries_agree_with_the_report():
    need("sqlite3")
    with Folder() as folder:
        _, report = audit(folder, example())
        os.rename(folder / "case.gpkg", folder / "leash-case.gpkg")
        results = {}
        for sql in queries():
            done = subprocess.run(["sqlite3", "-readonly", "-json", "leash-case.gpkg"], input=sql, cwd=folder.path, capture_output=True,
                                  text=True, check=True)
            results[sql] = json.loads(done.stdout) if done.stdout else []

        def rows(beginning):
            found = [r for sql, r in results.items() if re.sub(r"^--.*\n", "", sql).startswith(beginning)]
            assert len(found) == 1, (beginning, len(found))
            return found[0]
        equal(rows("SELECT (SELECT value FROM run WHERE key = 'verdict')")[0]["verdict"], report["verdict"], "verdict")
        equal({r["id"] for r in rows("SELECT id, severity")}, {r["id"] for r in report["findings"]}, "findings")
        equal({r["id"] for r in rows("SELECT l.id, l.what")}, {r["id"] for r in report["leaks"]}, "leaks")
        equal({r["id"] for r in rows("SELECT id, format")}, {r["id"] for r in report["flights"]}, "flights")
        equal({r["id"] for r in rows("SELECT m.id")}, {r["id"] for r in report["media"]}, "media")
        equal(len(rows("SELECT rule, verdict")), len([p for p in report["precautions"] if p["verdict"] != "not_applicable"]), "precautions")
        equal([r["bytes_out"] for r in rows("SELECT ifnull(host, json")],
              sorted((d["bytes_out"] for d in report["destinations"] if d["party"] != "local"), reverse=True), "destinations")
        coverage = {r["what"]: r["amount"] for r in rows("SELECT c.key")}
        equal(coverage, {k: v for k, v in report["coverage"].items() if not isinstance(v, list) and v is not None}, "coverage")


def test_audit_tables_are_the_documented_queries():
    need("sqlite3")
    with Folder() as folder:
        audit(folder, example())
        done = leash("report", str(folder / "case.gpkg"), "--format", "csv", "-o", str(folder / "out") + "/")
        equal(done.returncode, 0, "report")
        named = {re.match(r"-- may be empty \((T\d-[a-z-]+)\)", sql): sql for sql in queries()}
        named = {m.group(1): sql for m, sql in named.items() if m}
        equal(sorted(name.split("-")[0] for name in named), [f"T{n}" for n in range(1, 10)], "tables in doc/case.md")
        for name, sql in named.items():
            with open(os.path.join(folder / "out", name + ".csv"), newline="", encoding="utf-8") as f:
                got = list(csv.DictReader(f))
            base = sqlite3.connect(folder / "case.gpkg")
            base.row_factory = sqlite3.Row
            want = [dict(r) for r in base.execute(sql)]
            base.close()
            equal(len(got), len(want), name)
            for ours, theirs in zip(got, want):
                for column, value in theirs.items():
                    text = ours[column][1:] if ours[column].startswith("'") else ours[column]
                    equal(float(text) if isinstance(value, float) else text,
                          value if isinstance(value, float) else "" if value is None else str(value), f"{name} {column}")


def columns_in(section):
    """The names in the first column of its table."""
    names = set()
    for row in re.findall(r"^\| (`.*?) \|", section, re.M):
        names |= set(re.findall(r"`([a-z0-9_]+)`", row))
    return names


def test_columns_of_the_case():
    need("sqlite3")
    with Folder() as folder:
        audit(folder, example())

        def ask(sql):
            done = subprocess.run(["sqlite3", "-readonly", folder / "case.gpkg", sql], capture_output=True, text=True, check=True)
            return set(done.stdout.split())
        written = {}
        for heading, section in re.findall(r"^### ([^\n]+)\n(.*?)(?=^##)", read("doc", "case.md"), re.M | re.S):
            if "," in heading:
                for name, columns in re.findall(r"^\| `([a-z]+)` \| (.*) \|$", section, re.M):
                    written[name] = set(re.findall(r"`([a-z0-9_]+)`", columns))
            else:
                written[heading] = columns_in(section)
        tables = ask("SELECT table_name FROM gpkg_contents")
        layers = ask("SELECT table_name FROM gpkg_geometry_columns")
        equal(set(written), tables - {"run", "leash_case"} - (layers - {"position"}), "tables")
        for table, names in written.items():
            equal(names, ask(f"SELECT name FROM pragma_table_info('{table}')") - COLUMNS_OF_ALL, table)
        section = read("doc", "case.md").split("## Layers")[1].split("## Other")[0]
        for layer in layers:
            line = re.search(rf"^\| `{layer}` \| .*$", section, re.M).group(0)
            if layer != "position":
                equal(set(re.findall(r"`([a-z0-9_]+)`", line)) - {layer},
                      ask(f"SELECT name FROM pragma_table_info('{layer}')") - {"fid", "geom"}, layer)
        keys = set(re.findall(r"`([a-z_]+)`", read("doc", "case.md").split("- `run (key, value)`")[1].split("; lists and")[0]))
        assert ask("SELECT key FROM run") <= keys, ask("SELECT key FROM run") - keys


# Installing

def installed(folder):
    """Installs what is built, gives the folder below which it lies."""
    build = os.path.dirname(PROGRAM)
    meson = need("meson")
    done = subprocess.run([meson, "install", "-C", build, "--no-rebuild", "--quiet"], capture_output=True, text=True, check=False,
                          env=dict(os.environ, DESTDIR=folder.path))
    equal(done.returncode, 0, done.stdout + done.stderr)
    program, = glob.glob(folder.path + "/**/bin/leash", recursive=True)
    return os.path.dirname(os.path.dirname(program))


def without_data_folder():
    environment = dict(os.environ, NO_COLOR="1")
    environment.pop("LEASH_DATA", None)
    return environment


def test_services_are_documented():
    """Every protocol that a flow can be named by has its row in doc/traffic.md, and no other has one."""
    named = set()
    for path in glob.glob(os.path.join(SOURCE, "src", "protocol", "*.c")) + [os.path.join(SOURCE, "src", "broadcast", "mavlink.c")]:
        with open(path, encoding="utf-8") as text:
            code = text.read()
        named |= set(re.findall(r'\.service = "([a-z0-9-]+)"', code)) | set(re.findall(r"= (?:LINE|STARTTLS)_PROTOCOL\(([a-z0-9]+)\)", code))
        named |= set(re.findall(r'row\.service = TEXT\("([a-z0-9-]+)"\)', code))
    table = read("doc", "traffic.md").split("## Protocols")[1].split("\n## ")[0]
    documented = {s for line in table.split("\n") if line.startswith("| `") for s in re.findall(r"`([a-z0-9-]+)`", line.split("|")[1])}
    equal(sorted(named), sorted(documented - {"service"}))


def test_one_list_of_makers():
    """The precautions' table of makers is written from data/makers.csv, and the radio's makers are among them."""
    done = subprocess.run([os.path.join(SOURCE, "tools", "makers"), "--check"], capture_output=True, text=True, check=False)
    equal((done.returncode, done.stdout.strip()), (0, ""))


def test_installed_files():
    with Folder() as folder:
        prefix = installed(folder)
        for name in ["components.csv", "signers.csv", "destinations.csv", "makers.csv", "owners.csv", "networks.csv", "credits.csv", "README.md", "policy/default.yaml",
                     *("precautions/" + os.path.basename(p) for p in glob.glob(os.path.join(SOURCE, "data", "precautions", "*")))]:
            with open(os.path.join(prefix, "share", "leash", name), encoding="utf-8") as text:
                equal(text.read(), read("data", name), name)
        for name in ["leash", *("leash-" + command for command in commands())]:
            assert glob.glob(f"{prefix}/share/man/man1/{name}.1*"), name
        for name in ["bash-completion/completions/leash", "zsh/site-functions/_leash", "doc/leash/case.md", "doc/leash/collect.md",
                     "doc/leash/glossary.md", "doc/leash/report.schema.json", "doc/leash/NEWS.md", "doc/leash/LICENSE"]:
            assert os.path.getsize(os.path.join(prefix, "share", name)) > 0, name


def test_installed_program_is_the_same():
    with Folder() as folder:
        prefix = installed(folder)
        reports, statuses = [], []
        for program in (PROGRAM, os.path.join(prefix, "bin", "leash")):
            report = folder / f"report-{len(reports)}.json"
            done = subprocess.run([program, "audit", "--force", "-o", folder / "case.gpkg", "--html", folder / "page.html", "--json", report,
                                   example()], capture_output=True, env=without_data_folder(), timeout=300, check=False)
            assert os.path.exists(report), done.stderr.decode()
            with open(report, encoding="utf-8") as text:
                reports.append(json.load(text))
            statuses.append(done.returncode)
        equal(statuses[1], statuses[0], "exit status")
        equal(statuses[0], 1, "the example leaks")
        built, there = reports
        assert built["tool"]["data_versions"], "no data"
        equal(there["tool"]["data_versions"], built["tool"]["data_versions"], "data_versions")
        equal(there["coverage"]["notes"], built["coverage"]["notes"], "notes")
        equal(there["findings"], built["findings"], "findings")


run(globals())
