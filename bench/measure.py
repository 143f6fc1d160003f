"""Runs commands and counts: processor seconds as the kernel has them (user and system, the command and
its children), wall seconds, the largest resident set of any one process (pages of mapped
files included), and, looked at from outside in a run of its own, the anonymous memory of all processes
of the command together."""
import collections
import os
import platform
import shutil
import statistics
import subprocess
import time

import inputs

SLOW_S = 5.0  # what takes longer is run once more only
Run = collections.namedtuple("Run", "cpu user wall peak_mib status")
Row = collections.namedtuple("Row", "name cpu user wall peak_mib anonymous_mib runs note")


def run(command, watch=None, one_core=False):
    """By bench/run.c: a child begins its count of memory with our size."""
    runner = [inputs.program("run", sources=())] + (["--one-core"] if one_core else [])
    child = subprocess.Popen(runner + command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    pid = int(child.stderr.readline())
    if watch:
        watch(pid)
    user, system, wall, peak_kib, status = child.communicate()[0].split()
    return Run(float(user) + float(system), float(user), float(wall), int(peak_kib) / 1024, int(status))


def tree(pid):
    found = [pid]
    for one in found:
        try:
            with open("/proc/%d/task/%d/children" % (one, one), encoding="ascii") as f:
                found += [int(n) for n in f.read().split()]
        except OSError:
            pass
    return found


def running(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def anonymous_kib(pid):
    try:
        with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as f:
            return sum(int(line.split()[1]) for line in f if line.startswith(("RssAnon:", "RssShmem:")))
    except (OSError, ValueError):
        return 0


def anonymous_mib(command):
    most = 0

    def watch(pid):
        nonlocal most
        while running(pid):
            most = max(most, sum(anonymous_kib(p) for p in tree(pid)))
            time.sleep(0.002)

    run(command, watch)
    return most / 1024


def worked(name, status):
    return status in (0, 1, 3) if name.startswith("leash") else status == 0


def compare(commands, rounds, memory=True, prepare=None, one_core=False):
    """Rows in the order of the commands, medians.  The commands take turns, so that what else the machine
    does meets all of them alike; the first turn is not counted, unless it is to be the only one (`rounds` 0).
    prepare(name), if there is one, comes before each run and is not counted.  `one_core` holds every command to one:
    a rate "on one core" is that, and what runs on two at a time disturbs itself."""
    there = [(name, c) for name, c in commands if os.path.exists(c[0]) or shutil.which(c[0])]
    runs, failed = {name: [] for name, _ in there}, {}
    for turn in range(rounds + 1):
        for name, command in there:
            if name in failed or (runs[name] and runs[name][0].cpu > SLOW_S and turn > 1):
                continue
            if prepare:
                prepare(name)
            one = run(command, one_core=one_core)
            if not worked(name, one.status):
                failed[name] = "failed, status %d" % one.status
            elif turn > 0 or rounds == 0 or one.cpu > SLOW_S:
                runs[name].append(one)
    rows = []
    for name, command in there:
        if name in failed:
            rows.append(Row(name, None, None, None, None, None, 0, failed[name]))
            continue
        middle = [statistics.median(getattr(r, what) for r in runs[name]) for what in ("cpu", "user", "wall", "peak_mib")]
        anonymous = anonymous_mib(command) if memory and middle[0] < 60 else None
        rows.append(Row(name, *middle, anonymous, len(runs[name]), ""))
    return rows


def first_line(path, key):
    try:
        with open(path, encoding="utf-8") as f:
            for line in f:
                if line.startswith(key):
                    return line.split(":" if ":" in line else "=", 1)[1].strip().strip('"')
    except OSError:
        pass
    return "unknown"


def machine(rounds):
    return ("Measured %s on %s (family %s, model %s), %d cores, %.0f GiB, Linux %s, %s; load when it began: %.1f. "
            "Median of %d runs after one that is not counted (a command over %d CPU s: fewer); files in the page cache." % (
                time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), first_line("/proc/cpuinfo", "model name"),
                first_line("/proc/cpuinfo", "cpu family"), first_line("/proc/cpuinfo", "model\t"), os.cpu_count(),
                os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30), platform.release(),
                first_line("/etc/os-release", "PRETTY_NAME"), os.getloadavg()[0], rounds, SLOW_S))
