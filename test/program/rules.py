"""Every rule of the catalogue, by `leash audit` on made evidence: met, not_met and not_shown,
and for each rule a pair of scenarios, one met and one not, that differ in one thing only.

A scenario is a row (rule, verdict, what, policy, arguments, evidence) of a table SCENARIOS in
rules_2019.py or rules_later.py:
  policy     text of a policy file (rule_kit.policy)
  arguments  of the command line; "{folder}" is where the files lie
  evidence   {name: bytes, or a Net}; a name that begins with "_" is written beside the evidence
             and only used when the arguments name it
Scenarios with the same policy, arguments and evidence share one audit."""
import concurrent.futures
import importlib
import json
import os
import re
import tempfile

import rule_kit
from harness import Folder, equal, leash, run, skip

TABLES = ("rules_2019", "rules_later")

# The precautions that the catalogue must hold, no more and no less (POL-*: the operator's own).
CATALOGUE = set("""
DHS19-1 DHS19-2 DHS19-3 DHS19-4 BUL-1 BUL-2 BUL-3 BUL-4 BUL-5 BUL-6 BUL-7 BUL-8 BUL-9
BP19-A1 BP19-A2 BP19-A3 BP19-A4 BP19-A5 BP19-A6 BP19-A7 BP19-A8 BP19-A9
BP19-B1 BP19-B2 BP19-B3 BP19-B4 BP19-B5 BP19-B6 BP19-B7 BP19-C1 BP19-C2 BP19-C3 BP19-C4 BP19-C5
SYD-1 SYD-2 SYD-3 SYD-4 SYD-5 SYD-6 SYD-7
CG24-P1 CG24-P2 CG24-P3 CG24-P4 CG24-R1 CG24-R2 CG24-R3 CG24-R4
CG24-M1 CG24-M2 CG24-M3 CG24-M4 CG24-M5 CG24-M6 CG24-O1 CG24-O2 CG24-O3 CG24-O4 CG24-O5 CG24-O6
BAA-1 BAA-2 BAA-3 BAA-4 ARMY-1 ARMY-2 ARMY-3 NAVY-1 NAVY-2 DOI-1 DOI-2 DOI-3 DOI-4 INL-1
848-1 848-2 848-3 848-4 817-1 ASDA-1 ASDA-2 ASDA-3 ASDA-4 1709-1 FCC-1 FCC-2 FCC-3 GRN-1 BLU-1
LDM-1 LDM-2 LDM-3
""".split())


TOLD_MAX = 40
# Looking for leaks of memory at the end of hundreds of runs takes longer than the runs, and fresh memory for every
# allocation a quarter of them; here what was freed stays unused for 4 MiB.  Other tests look for leaks, and have 256 MiB.
QUICK = {"ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0", "quarantine_size_mb=4"]))}


class Scenario:
    def __init__(self, table, rule, verdict, what, policy, arguments, evidence):
        self.table, self.rule, self.verdict, self.what = table, rule, verdict, what
        self.policy, self.arguments = policy, tuple(arguments)
        self.evidence = {name: e.pcap() if isinstance(e, rule_kit.Net) else e for name, e in evidence.items()}
        self.key = (policy, self.arguments, tuple(sorted(self.evidence.items())))

    def __str__(self):
        return f"{self.rule} {self.verdict}, {self.what}"

    def differences(self, other):
        """In how many things two scenarios differ: policy, arguments, each file."""
        names = set(self.evidence) | set(other.evidence)
        return ((self.policy != other.policy) + (self.arguments != other.arguments)
                + sum(self.evidence.get(n) != other.evidence.get(n) for n in names))


def tables():
    here = os.path.dirname(os.path.abspath(__file__))
    return [importlib.import_module(name) for name in TABLES if os.path.exists(os.path.join(here, name + ".py"))]


def chosen(scenarios):
    """LEASH_RULES=BUL-1,BUL-2 tries only these; the name of a table will do, too."""
    wanted = set(os.environ.get("LEASH_RULES", "").split(",")) - {""}
    return [s for s in scenarios if not wanted or s.rule in wanted or s.table in wanted]


SCENARIOS = [Scenario(table.__name__, *row) for table in tables() for row in table.SCENARIOS]


def audit(scenario):
    """The report of `leash audit`, or what went wrong."""
    with tempfile.TemporaryDirectory(prefix="leash-rules-") as folder:
        for name, content in scenario.evidence.items():
            path = os.path.join(folder, name if name.startswith("_") else os.path.join("in", name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(content)
        os.makedirs(os.path.join(folder, "in"), exist_ok=True)
        with open(os.path.join(folder, "policy.yaml"), "w", encoding="utf-8") as f:
            f.write(scenario.policy)
        arguments = [a.replace("{folder}", folder) for a in scenario.arguments]
        report = os.path.join(folder, "report.json")
        done = leash("audit", "--readers", "1", "-o", os.path.join(folder, "case.gpkg"), "--json", report,
                     "--html", os.path.join(folder, "report.html"), "--policy", os.path.join(folder, "policy.yaml"),
                     *arguments, os.path.join(folder, "in"), env=QUICK)
        if not os.path.exists(report):
            return f"exit status {done.returncode}: {done.stderr.decode(errors='replace')}"
        with open(report, encoding="utf-8") as f:
            return json.load(f)


def complaint(scenario, report):
    """None when the report has the scenario's verdict, said as verdicts have to be said."""
    if isinstance(report, str):
        return report
    rows = [p for p in report["precautions"] if p["id"] == f"precaution-{scenario.rule.lower()}-1"]
    if len(rows) != 1:
        return "the catalogue has no such rule"
    row = rows[0]
    findings = [f for f in report["findings"] if f["rule"] == scenario.rule]
    said = " ".join([row["reason"], *row["needs"], *(f["statement"] for f in findings)])
    told = f"{row['verdict']}: {row['reason']}  needs {row['needs']}  findings {[f['statement'] for f in findings]}"
    if row["verdict"] != scenario.verdict:
        return told
    if bool(findings) != (scenario.verdict == "not_met") and scenario.verdict != "attested":
        return "findings do not go with the verdict: " + told
    # What only a person states points at the policy, which is no row.
    if any(not f["facts"] for f in findings) and "holds: false" not in scenario.policy:
        return "a finding points at nothing: " + told
    if scenario.verdict == "not_shown" and not row["needs"]:
        return "nothing is said to be needed: " + told
    if not row["reason"] or re.search(r"[{}]|\bNULL\b|\bNone\b", said):
        return "a hole was left open: " + told
    if row["kind"] == "law" and re.search(r"\b(compl(y|ies|iant|iance)|illegal|unlawful|violat)", said, re.I):
        return "a law is worded as if leash were a judge: " + told
    return None


def test_scenarios():
    """All differences are told at once."""
    scenarios = chosen(SCENARIOS)
    first = {}
    for s in scenarios:
        first.setdefault(s.key, s)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        reports = dict(zip(first, pool.map(audit, first.values())))
    wrong = [f"{s}\n    {c}" for s in scenarios for c in [complaint(s, reports[s.key])] if c]
    if len(wrong) == len(scenarios):
        wrong = wrong[:1]  # a catalogue that cannot be read says the same each time
    print(f"# {len(scenarios)} scenarios, {len(first)} audits")
    assert not wrong, f"{len(wrong)} of {len(scenarios)} scenarios, of which:\n" + "\n".join(wrong[:TOLD_MAX])


def tried_rules():
    return sorted({s.rule for s in chosen(SCENARIOS)})


def test_every_rule_is_tried_with_every_verdict():
    wrong = []
    for rule in tried_rules():
        missing = {"met", "not_met", "not_shown"} - {s.verdict for s in SCENARIOS if s.rule == rule}
        if missing:
            wrong.append(f"{rule}: {', '.join(sorted(missing))}")
    assert not wrong, "not tried: " + "; ".join(wrong)


def test_no_scenario_is_there_twice():
    seen, wrong = {}, []
    for s in chosen(SCENARIOS):
        other = seen.setdefault((s.rule, s.key), s)
        if other is not s:
            wrong.append(f"{s} and {other}")
    assert not wrong, "; ".join(wrong)


def test_met_and_not_met_are_nearest_neighbours():
    wrong = []
    for rule in tried_rules():
        mine = [s for s in SCENARIOS if s.rule == rule]
        if not any(a.differences(b) == 1 for a in mine if a.verdict == "met" for b in mine if b.verdict == "not_met"):
            wrong.append(rule)
    assert not wrong, "no pair that differs in one thing: " + ", ".join(wrong)


def test_catalogue_is_whole():
    """The rules of the catalogue, and those that scenarios try, are the precautions."""
    if len(tables()) < len(TABLES):
        skip("not all tables of scenarios are there yet")
    with Folder() as folder:
        folder.write("in/log.txt", rule_kit.log())
        report = audit(Scenario("", "", "", "", rule_kit.policy(), (), {"log.txt": rule_kit.log()}))
    ids = {p["id"][len("precaution-"):-len("-1")].upper() for p in report["precautions"]}
    equal({i for i in ids if not i.startswith("POL-")}, CATALOGUE, "the catalogue")
    equal({s.rule for s in SCENARIOS if not s.rule.startswith("POL-")}, CATALOGUE, "rules with scenarios")


if __name__ == "__main__":
    run(globals())
