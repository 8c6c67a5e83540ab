#!/usr/bin/env python3
"""contrib/systemd as `meson install` puts it into place: systemd knows every word of it, and leaves a pass little to harm."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from place import SOURCE, skip

UNITS = SOURCE / "contrib/systemd"
NAME = "buildkite-bitbucket-connector"


def run(*command):
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class SystemdUnits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installed = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        installing = run("meson", "install", "-C", os.environ["BUILD_ROOT"], "--no-rebuild", "--skip-subprojects",
                         "--destdir", str(cls.installed))
        if installing.returncode != 0:
            raise RuntimeError(installing.stdout)

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.units = [pathlib.Path(shutil.copy(unit, folder)) for unit in self.installed.glob("**/systemd/system/*")]
        # The program is not where the installed units look for it.
        self.edit(f"^ExecStart={NAME}", f"ExecStart={os.environ['CONNECTOR']}")

    def edit(self, pattern, replacement):
        """Changes a line of the service."""
        service = self.unit(".service")
        text, count = re.subn(pattern, replacement, service.read_text(encoding="utf-8"), flags=re.MULTILINE)
        self.assertEqual(count, 1, pattern)
        service.write_text(text, encoding="utf-8")

    def unit(self, ending):
        return next(path for path in self.units if path.name == NAME + ending)

    def expect_no_findings(self):
        verifying = run("systemd-analyze", "verify", "--man=no", *map(str, self.units))
        self.assertEqual((verifying.returncode, verifying.stdout), (0, ""))

    def test_are_installed_and_not_enabled(self):
        self.assertEqual({path.name for path in self.units}, {path.name for path in UNITS.iterdir()})
        self.assertEqual(list(self.installed.glob("**/*.wants")), [])

    def test_have_nothing_that_systemd_does_not_know(self):
        self.expect_no_findings()

    def test_can_tell_of_a_failure(self):
        self.edit("^#OnFailure=", "OnFailure=")
        alert = re.search("^OnFailure=(.*)%n.service$", self.unit(".service").read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(alert[1] + ".service", self.unit("-alert@.service").name)
        self.expect_no_findings()

    def test_expose_little(self):
        exposure = run("systemd-analyze", "security", "--offline=yes", "--threshold=15", "--no-pager",
                       str(self.unit(".service")))
        self.assertEqual(exposure.returncode, 0, exposure.stdout)


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        skip("systemd-analyze is not installed; contrib/setup test installs it")
    unittest.main(verbosity=2)
