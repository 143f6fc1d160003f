"""The policy as operators use it: learned from a run, with accepted findings and other
severities; and catalogues that agencies write, which are refused whole when one row is wrong."""
import json
import os
import re
import shutil

from harness import SOURCE, Folder, equal, leash, run
from rule_kit import FLIGHT_START_S, Net, log, policy

MAKER, MAPS, OTHER = "api.dji.com", "tiles.mapbox.com", "files.other.example"
LOG = log()


def capture(*more):
    c = Net().at(-600).tls(MAKER).tls(MAPS).link(begin=-590, step=60)
    for host in more:
        c.at(20).tls(host)
    return c.pcap()


def judged(folder, evidence, policy_text=None, *arguments, expect=None, env=None):
    """The exit status and the report of an audit of {name: content}."""
    shutil.rmtree(folder / "in", ignore_errors=True)
    os.mkdir(folder / "in")
    for name, content in evidence.items():
        folder.write(os.path.join("in", name), content)
    extra = list(arguments)
    if policy_text is not None:
        extra += ["--policy", folder.write("policy.yaml", policy_text.encode())]
    report = folder / "report.json"
    if os.path.exists(report):
        os.remove(report)
    done = leash("audit", "--force", "-o", folder / "case.gpkg", "--html", folder / "report.html", "--json", report, *extra,
                 folder / "in", env=env)
    if expect is not None:
        equal(done.returncode, expect, done.stderr.decode() + done.stdout.decode())
    if not os.path.exists(report):
        return done, None
    with open(report, encoding="utf-8") as f:
        return done, json.load(f)


def row(report, rule):
    return next(p for p in report["precautions"] if p["id"] == f"precaution-{rule.lower()}-1")


def findings(report, rule):
    return [f for f in report["findings"] if f["rule"] == rule]


def learned(folder):
    done = leash("policy", "learn", folder / "case.gpkg")
    equal((done.returncode, done.stderr), (0, b""), "learn")
    text = done.stdout.decode()
    equal(leash("policy", "check", folder.write("learned.yaml", done.stdout)).returncode, 0, "check of the learned policy")
    return text


def test_a_learned_policy_is_met_by_its_case_and_violated_by_one_more_destination():
    with Folder() as folder:
        judged(folder, {"net.pcap": capture(), "log.txt": LOG})
        text = learned(folder)
        _, report = judged(folder, {"net.pcap": capture(), "log.txt": LOG}, text, expect=0)
        equal(report["verdict"], "no_violation_found", "the same evidence again")
        equal(row(report, "POL-DESTINATIONS")["verdict"], "met", "destinations")
        _, report = judged(folder, {"net.pcap": capture(OTHER), "log.txt": LOG}, text, expect=1)
        equal(row(report, "POL-DESTINATIONS")["verdict"], "not_met", "one more")
        equal([f["destinations"] for f in findings(report, "POL-DESTINATIONS")], [[OTHER]], "which one")
        # the same host at another port is another destination
        c = Net().at(-600).tls(MAKER).tls(MAPS).tls(MAPS, port=8443).link(begin=-590, step=60)
        _, report = judged(folder, {"net.pcap": c.pcap(), "log.txt": LOG}, text, expect=1)
        equal([f["destinations"] for f in findings(report, "POL-DESTINATIONS")], [[MAPS]], "another port")


def test_what_counts_against_a_case_is_learned_as_accepted_until_a_person_decides():
    with Folder() as folder:
        evidence = {"net.pcap": capture(OTHER), "log.txt": LOG}
        _, report = judged(folder, evidence, expect=1)
        equal(row(report, "DHS19-1")["verdict"], "not_met", "on line in the air")
        text = learned(folder)
        assert "nobody has decided yet" in text and "rule: \"DHS19-1\"" in text, text
        judged(folder, evidence, text, expect=0)
        # what is accepted holds where the destination is no longer allowed, and counts without it
        closed = re.sub(r"^allowed_destinations:\n(  - .*\n)*", "", text, flags=re.M)
        _, report = judged(folder, evidence, closed)
        equal(row(report, "DHS19-1")["verdict"], "attested", "accepted")
        _, report = judged(folder, evidence, re.sub(r"^accepted:\n(  - .*\n)*", "", closed, flags=re.M))
        equal(row(report, "DHS19-1")["verdict"], "not_met", "not accepted any more")


ACCEPT = "accepted: [{ rule: DHS19-1, destination: %s, who: the chief, reason: the map is needed, until: %s }]"


def test_an_accepted_finding_stays_in_the_report_and_no_longer_counts():
    evidence = {"net.pcap": capture(OTHER), "log.txt": LOG}
    with Folder() as folder:
        lenient = policy("limits: { unreadable_share_max: 1 }")
        _, report = judged(folder, evidence, lenient + ACCEPT % ("other.example", "2199-12-31") + "\n", expect=0)
        equal(row(report, "DHS19-1")["verdict"], "attested", "accepted")
        told = findings(report, "DHS19-1")
        equal([(f["severity"], f["destinations"]) for f in told], [("info", [OTHER])], "the finding")
        assert "Accepted by the chief until 2199-12-31: the map is needed" in told[0]["statement"], told
        # the nearest that is not: another destination, a day that is over, another rule
        for entry in (ACCEPT % ("another.example", "2199-12-31"), ACCEPT % ("other.example", "2024-01-01")):
            _, report = judged(folder, evidence, lenient + entry + "\n", expect=1)
            equal(row(report, "DHS19-1")["verdict"], "not_met", entry)
            assert "Accepted" not in findings(report, "DHS19-1")[0]["statement"]
        assert any("that is over" in n for n in report["coverage"]["notes"]), report["coverage"]["notes"]
        _, report = judged(folder, evidence, lenient + "accepted: [{ rule: NONE-1, who: a, reason: b, until: 2199-12-31 }]\n")
        assert any("no rule of the catalogue" in n for n in report["coverage"]["notes"]), report["coverage"]["notes"]


def test_severities_are_the_operator_s():
    evidence = {"net.pcap": capture(OTHER), "log.txt": LOG}
    with Folder() as folder:
        for severity in ("critical", "low"):
            _, report = judged(folder, evidence, policy(f"severities: {{ DHS19-1: {severity} }}"))
            equal({f["severity"] for f in findings(report, "DHS19-1")}, {severity}, severity)


def test_rules_worded_from_memory_are_judged_and_never_count():
    with Folder() as folder:
        evidence = {"net.pcap": capture(OTHER), "log.txt": LOG}
        allowed = "allowed_destinations: [dji.com, mapbox.com, other.example]"
        _, report = judged(folder, evidence, policy("limits: { unreadable_share_max: 1 }", "severities: { BP19-B5: critical }", allowed))
        rows = [p for p in report["precautions"] if p["source_confidence"] == "from_memory"]
        equal(len(rows), 33, "rows from memory")
        for p in rows:
            assert p["reason"] and p["verdict"] in ("met", "not_met", "not_shown", "attested", "not_applicable"), p
            equal({f["severity"] for f in report["findings"] if f["id"] in p["findings"]} - {"info"}, set(), p["id"])
        if not any(p["verdict"] == "not_met" for p in report["precautions"] if p["source_confidence"] != "from_memory"):
            equal(report["verdict"], "no_violation_found", "the verdict")


def test_a_law_out_of_force_does_not_apply():
    with Folder() as folder:
        for day, applies in ((FLIGHT_START_S, "no"), (1_798_000_000, "yes"), (1_900_000_000, "no")):
            _, report = judged(folder, {"log.txt": log(start_s=day)}, policy(profiles=("federal",)))
            p = row(report, "ASDA-2")
            equal(p["applies"], applies, str(day))
            equal(p["verdict"], {"yes": "not_met", "no": "not_applicable"}[applies], p["reason"])


def test_each_precaution_says_why_and_what_would_change_it():
    with Folder() as folder:
        judged(folder, {"net.pcap": capture(), "log.txt": LOG})
        with open(folder / "report.json", encoding="utf-8") as f:
            report = json.load(f)
        equal(len([p for p in report["precautions"] if not p["id"].startswith("precaution-pol-")]), 93, "rows")
        done = leash("report", folder / "case.gpkg", "--format", "csv", "-o", folder / "out" + "/")
        equal(done.returncode, 0, "csv")
        with open(os.path.join(folder / "out", "T5-requirements.csv"), newline="", encoding="utf-8") as f:
            lines = f.read().split("\r\n")
        next_step = lines[0].split(",").index("next_step")
        assert next_step == len(lines[0].split(",")) - 1 and all(not x or not x.endswith(",") for x in lines), "a row without next step"
        for rule in ("DHS19-1", "848-4", "BUL-7"):
            shown = leash("explain", folder / "case.gpkg", f"precaution-{rule.lower()}-1").stdout.decode()
            assert "what was asked of the case" in shown and "violations, " in shown and "SELECT" in shown, shown


# Catalogues of agencies

AGENCY = """rules:
  - id: AGENCY-1
    title: Nothing is sent to the test host
    source: The agency
    section: one
    source_confidence: seen
    kind: standard
    profiles: [agency]
    evidence: [pcap]
    severity: high
    violations: SELECT destination_id AS fact, key AS destination, payload_out AS bytes FROM recipient WHERE key = 'files.other.example'
    statement: "{bytes|size} were addressed to {destination}."
    demands: [capture]
    met: Nothing was sent there.
    not_met: "Sent there: {destinations}."
    not_shown: This cannot be told.
    next_step: Ask the agency.
"""


def with_catalogue(folder, text):
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(os.path.join(SOURCE, "data"), data)
    with open(os.path.join(data, "precautions", "zz-agency.yaml"), "w", encoding="utf-8") as f:
        f.write(text)
    return {**os.environ, "LEASH_DATA": data}


def test_an_agency_adds_its_own_rules():
    with Folder() as folder:
        env = with_catalogue(folder, AGENCY)
        _, report = judged(folder, {"net.pcap": capture(OTHER)}, policy(profiles=("agency",)), expect=1, env=env)
        equal([f["statement"] for f in findings(report, "AGENCY-1")][0].endswith("were addressed to files.other.example."), True, "statement")
        _, report = judged(folder, {"net.pcap": capture()}, policy("limits: { unreadable_share_max: 1 }", profiles=("agency",)), expect=0, env=env)
        equal(row(report, "AGENCY-1")["verdict"], "met", "its neighbour")


def test_what_to_do_depends_on_the_verdict():
    """Not met: the remedy, where the rule has one; not shown: how to show it."""
    def next_step(folder, catalogue, evidence, verdict):
        _, report = judged(folder, evidence, policy(profiles=("agency",)), env=with_catalogue(folder, catalogue))
        equal(row(report, "AGENCY-1")["verdict"], verdict, "verdict")
        shown = leash("explain", folder / "case.gpkg", "precaution-agency-1-1").stdout.decode()
        return [step for step in ("Ask the agency.", "Stop sending.") if step in shown]

    with Folder() as folder:
        two = AGENCY + "    remedy: Stop sending.\n"
        equal(next_step(folder, two, {"net.pcap": capture(OTHER)}, "not_met"), ["Stop sending."], "not met")
        equal(next_step(folder, two, {"log.txt": LOG}, "not_shown"), ["Ask the agency."], "not shown")
        equal(next_step(folder, AGENCY, {"net.pcap": capture(OTHER)}, "not_met"), ["Ask the agency."], "a rule with one")


def test_nothing_in_the_shipped_catalogue_is_unread():
    """Each table and demand is read by something: one that is not costs time in every audit."""
    folder = os.path.join(SOURCE, "data", "precautions")
    text = ""
    for name in sorted(os.listdir(folder)):
        if name.endswith(".yaml"):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                text += re.sub(r"^\s*#.*$", "", f.read(), flags=re.M)
    names = re.findall(r"^  - name: (\w+)", text, re.M)
    assert len(names) > 100, len(names)
    equal([n for n in names if len(re.findall(rf"\b{n}\b", text)) < 2], [], "unread")


def test_a_catalogue_that_is_not_in_order_is_refused_whole():
    mistakes = [
        ("key", "kind: standard", "kind: standard\n    colour: red", "8:5", "unknown key"),
        ("type", "evidence: [pcap]", "evidence: pcap", "9:15", "must be a list"),
        ("word", "kind: standard", "kind: custom", "7:11", "expected one of: practice, standard, law, vendor_claim"),
        ("table", "FROM recipient", "FROM recipients", "11:17", "no such table: recipients"),
        ("column", "payload_out AS bytes", "payloads AS bytes", "11:17", "no such column: payloads"),
        ("syntax", "SELECT destination_id", "SELEC destination_id", "11:17", "syntax error"),
        ("fact", "destination_id AS fact", "destination_id AS facts", "11:17", "gives no column \"fact\""),
        ("hole", "{bytes|size}", "{octets|size}", "12:16", "octets"),
        ("demand", "demands: [capture]", "demands: [none_such]", "13:15", "no demand called \"none_such\""),
        ("function", "key = 'files", "readfile('/etc/passwd') = 'files", "11:17", "readfile"),
        ("writes", "SELECT destination_id AS fact", "DELETE FROM flow RETURNING id AS fact", "11:17", ""),
        ("list", "WHERE key", "WHERE stated('no_such_list') AND key", "11:17", "no list called \"no_such_list\""),
        ("list of a table", "rules:\n", "tables:\n  - name: mine\n    sql: SELECT stated('none_such') AS x\nrules:\n", "3:10", "no list called \"none_such\""),
        ("date", "severity: high", "severity: high\n    in_force_from: soon", "11:20", "a day as"),
        ("id", "id: AGENCY-1", "id: BUL-2", "2:9", "a second row with the id"),
    ]
    with Folder() as folder:
        for name, old, new, place, message in mistakes:
            text = AGENCY.replace(old, new, 1)
            assert text != AGENCY, name
            env = with_catalogue(folder, text)
            if os.path.exists(folder / "case.gpkg"):
                os.remove(folder / "case.gpkg")
            done, report = judged(folder, {"net.pcap": capture()}, policy(profiles=("agency",)), env=env)
            said = done.stderr.decode()
            assert report is None and not os.path.exists(folder / "case.gpkg"), f"{name}: something was judged"
            equal(done.returncode, 4, name)
            assert re.search(rf"zz-agency\.yaml:{place}: .*{re.escape(message)}", said), f"{name}: {said}"


run(globals())
