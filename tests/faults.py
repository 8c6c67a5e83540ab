#!/usr/bin/env python3
"""Checks tests/faults.md: every fault has one row, every row a test that exists and exit statuses that are documented.

usage: faults.py PAGE CONNECTOR TEST_PROGRAM...
"""

import collections
import pathlib
import re
import subprocess
import sys

# How many faults of each kind the design was made for; they are numbered from 1.
FAULTS = {"C": 8, "S": 18, "L": 6, "B": 22, "K": 12, "N": 12, "P": 9, "T": 5, "I": 11}

Row = collections.namedtuple("Row", "id fault result exits tests")


def rows_of(page):
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if re.fullmatch(r"[A-Z]\d+", cells[0]):
            yield Row(*cells) if len(cells) == len(Row._fields) else Row(cells[0], "", "", "", "")


def tests_of(program):
    """Suite.Name, and Suite.Name/Case for each case of a table, without the prefix of the instantiation."""
    listing = subprocess.run([program, "--gtest_list_tests", "--gtest_filter=*"], check=True, capture_output=True, text=True).stdout
    suite = ""
    for line in listing.splitlines():
        name = line.partition("#")[0].strip()
        if not line.startswith(" "):
            suite = name.rpartition("/")[2]
        elif not name.startswith("DISABLED_"):
            yield suite + name
            yield suite + name.partition("/")[0]


def exit_statuses_of(connector):
    help_text = subprocess.run([connector, "--help"], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"^ +(\d+)  ", help_text.partition("Exit statuses:")[2], re.MULTILINE))


def problems_of(row, tests, exit_statuses):
    if not (row.fault and row.result and row.exits):
        yield f"{row.id} has not as many cells as its table, or an empty one"
    named = re.findall(r"`([^`]+)`", row.tests)
    if not named:
        yield f"{row.id} names no test"
    for name in named:
        if name not in tests:
            yield f"{row.id}: there is no test {name}"
    for exit_status in row.exits.split(", "):
        if exit_status != "-" and exit_status not in exit_statuses:
            yield f"{row.id}: {exit_status!r} is no exit status that --help tells of"


def problems(page, connector, programs):
    tests = {name for program in programs for name in tests_of(program)}
    exit_statuses = exit_statuses_of(connector)
    rows = list(rows_of(page))
    for row in rows:
        yield from problems_of(row, tests, exit_statuses)
    times = collections.Counter(row.id for row in rows)
    expected = {f"{kind}{number}" for kind, count in FAULTS.items() for number in range(1, count + 1)}
    for name in sorted(expected | set(times)):
        if name not in expected:
            yield f"{name} is no fault that we know"
        elif times[name] != 1:
            yield f"{name} has {times[name]} rows"


def main():
    page, connector, *programs = sys.argv[1:]
    found = list(problems(pathlib.Path(page).read_text(encoding="utf-8"), connector, programs))
    for problem in found:
        print(f"tests/faults.md: {problem}")
    return 1 if found else 0


sys.exit(main())
