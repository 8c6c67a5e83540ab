#!/usr/bin/env python3
"""Checks that each test that .github/SECURITY.md has run exists: a filter that finds no test would pass without a word.

usage: security.py PAGE TEST_PROGRAM...
"""

import fnmatch
import pathlib
import re
import subprocess
import sys


def tests_of(program):
    """Suite.Name as a filter sees it."""
    listing = subprocess.run([program, "--gtest_list_tests", "--gtest_filter=*"], check=True, capture_output=True, text=True).stdout
    suite = ""
    for line in listing.splitlines():
        name = line.partition("#")[0].strip()
        if line.startswith(" "):
            yield suite + name
        else:
            suite = name


def problems(page, programs):
    commands = re.findall(r"\btests ([a-z-]+) '([^']+)'", page)
    if not commands:
        yield "has no test to run"
    tests = {name: list(tests_of(path)) for name, path in programs.items()}
    for name, patterns in commands:
        for pattern in patterns.split(":"):
            if not fnmatch.filter(tests.get(name, []), pattern):
                yield f"{name} has no test {pattern}"
    for sentence in re.findall(r"^\| (?!sentence|---)(.*) \|$", page, re.MULTILINE):
        if not re.search(r" \| `[^`].*`$", sentence):
            yield f"nothing checks: {sentence[:80]}"


def main():
    page, *paths = sys.argv[1:]
    programs = {pathlib.Path(path).name: path for path in paths}
    found = list(problems(pathlib.Path(page).read_text(encoding="utf-8"), programs))
    for problem in found:
        print(f".github/SECURITY.md: {problem}")
    return 1 if found else 0


sys.exit(main())
