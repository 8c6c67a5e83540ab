#!/usr/bin/env python3
"""The package that contrib/package-deb makes: what lintian says of it, and its life on a minimal Debian 12.

It is installed with what it depends on, makes passes against the demo's peers, is replaced by a newer one, removed and purged.
"""

import os
import pathlib
import platform
import shutil
import subprocess
import unittest

import containers
import peers
from containers import podman
from place import SOURCE, skip

NAME = "buildkite-bitbucket-connector"
UNITS = f"/usr/lib/systemd/system/{NAME}"
WANTS = f"/etc/systemd/system/timers.target.wants/{NAME}.timer"
STATE = f"/var/lib/private/{NAME}"
CONFIG = f"/etc/{NAME}/config.toml"


def make(revision):
    command = [SOURCE / "contrib/package-deb", f"--revision={revision}"]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode != 0:
        raise RuntimeError(f"contrib/package-deb ended with {made.returncode}:\n{made.stderr}")
    return pathlib.Path(made.stdout.strip())


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.package = make(1)

    def test_is_what_debian_asks_of_a_package(self):
        found = subprocess.run(["lintian", "--allow-root", "--tag-display-limit=0", self.package], check=False,
                               stdout=subprocess.PIPE, text=True)
        self.assertEqual(found.stdout, "")
        self.assertEqual(found.returncode, 0)

    def test_holds_a_hardened_program(self):
        program = SOURCE / f"build/package/root/usr/bin/{NAME}"
        found = subprocess.run([SOURCE / "tests/hardening", program], check=False, capture_output=True, text=True)
        self.assertEqual(found.stdout + found.stderr, "")
        self.assertEqual(found.returncode, 0)

    def test_is_the_same_for_the_same_source(self):
        before = self.package.read_bytes()
        self.assertEqual(make(1).read_bytes(), before)

    def test_holds_program_manual_units_and_samples_and_no_configuration(self):
        listed = subprocess.run(["dpkg-deb", "--contents", self.package], check=True, capture_output=True, text=True)
        lines = [line.split() for line in listed.stdout.splitlines()]
        files = {line[5]: line[0] for line in lines}
        documents = f"./usr/share/doc/{NAME}"
        for file in (f".{UNITS}.service", f".{UNITS}.timer", f"./usr/share/man/man1/{NAME}.1.gz",
                     f"{documents}/copyright", f"{documents}/changelog.gz", f"{documents}/examples/config.toml",
                     f"{documents}/examples/config.schema.json", f"{documents}/examples/cron/{NAME}"):
            self.assertEqual(files.get(file), "-rw-r--r--", file)
        self.assertEqual(files[f"./usr/bin/{NAME}"], "-rwxr-xr-x")
        self.assertEqual({line[1] for line in lines}, {"root/root"})
        self.assertFalse([file for file in files if not file.startswith("./usr/") and file != "./"])


class Machine:
    """A minimal Debian in a container on this machine's network, without a systemd."""

    def __init__(self):
        # The time-out is for a test that is killed.
        self._id = podman("run", "--detach", "--rm", "--timeout=1800", "--network=host", "--env=DEBIAN_FRONTEND=noninteractive",
                          "--env=LC_ALL=C.UTF-8", containers.BASE_IMAGE, "sleep", "infinity").stdout.strip()
        self.root = pathlib.Path(podman("mount", self._id).stdout.strip())

    def end(self):
        podman("rm", "--force", "--time", "0", self._id)

    def run(self, *command, variables=None):
        """Runs a command in it to its end, with these variables, too; its output is text."""
        settings = [f"--env={name}={value}" for name, value in (variables or {}).items()]
        return podman("exec", *settings, self._id, *command)

    def path(self, absolute):
        return self.root / absolute.lstrip("/")

    def write(self, absolute, text, mode=0o644):
        path = self.path(absolute)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def files(self):
        """The paths of all files, links and directories in it."""
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*")}


class Life(unittest.TestCase):
    """On one machine, from the first installation to the purge."""

    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.end)
        self.peers = self.enterContext(peers.Peers())

    def test_ends_without_a_trace(self):
        self.machine.run("apt-get", "update")
        self.install(make(1))
        self.expect_a_program_that_is_not_started()
        self.expect_posts(9)
        self.let_the_administrator_enable_the_timer()
        self.let_systemd_run()
        self.install(make(2))
        self.assertEqual(self.asked_of_systemd(), ["daemon-reload"])
        self.expect_posts(0)
        self.remove()
        self.purge()

    def install(self, package):
        shutil.copy(package, self.machine.path("/tmp/new.deb"))
        self.machine.run("apt-get", "install", "--yes", "--no-install-recommends", "/tmp/new.deb")
        self.assertEqual(self.machine.run("dpkg", "--verify", NAME).stdout, "")
        self.assertEqual(self.machine.run("dpkg", "--audit").stdout, "")

    def expect_a_program_that_is_not_started(self):
        self.assertRegex(self.machine.run(NAME, "--version").stdout, f"^{NAME} [0-9.]+$")
        self.assertFalse(os.path.lexists(self.machine.path(WANTS)))
        self.assertFalse(self.machine.path("/etc/" + NAME).exists())
        self.assertFalse(self.machine.path(STATE).exists())

    def expect_posts(self, count):
        """A pass with the state where systemd has it."""
        self.machine.path(STATE).mkdir(parents=True, exist_ok=True)
        passed = self.machine.run(NAME, variables={**self.peers.variables, "STATE_DIRECTORY": STATE})
        self.assertEqual(passed.stdout + passed.stderr, "")
        self.assertEqual(self.peers.posts(), count)

    def let_the_administrator_enable_the_timer(self):
        self.machine.write(CONFIG, "# none of the package's business\n")
        self.machine.path(f"/var/lib/{NAME}").symlink_to(f"private/{NAME}")
        self.machine.path(WANTS).parent.mkdir(parents=True, exist_ok=True)
        self.machine.path(WANTS).symlink_to(f"{UNITS}.timer")

    def let_systemd_run(self):
        """What the package's scripts take for systemd; it keeps what it is asked."""
        self.machine.path("/run/systemd/system").mkdir(parents=True)
        self.machine.write("/usr/bin/systemctl", '#!/bin/sh\necho "$@" >>/tmp/asked-of-systemd\n', mode=0o755)

    def asked_of_systemd(self):
        """Since the last time; questions left out."""
        log = self.machine.path("/tmp/asked-of-systemd")
        lines = log.read_text(encoding="utf-8").splitlines()
        log.unlink()
        return [line for line in lines if not line.startswith("--quiet")]

    def remove(self):
        self.machine.run("apt-get", "remove", "--yes", NAME)
        stop, reload = self.asked_of_systemd()
        self.assertIn(f"stop {NAME}.timer {NAME}.service", stop)
        self.assertEqual(reload, "daemon-reload")
        self.assertFalse(self.machine.path(f"/usr/bin/{NAME}").exists())
        self.assertTrue(self.machine.path(f"{STATE}/acme-inc.json").exists())
        self.assertTrue(os.path.lexists(self.machine.path(WANTS)))

    def purge(self):
        self.machine.run("apt-get", "purge", "--yes", NAME)
        left = {path for path in self.machine.files() if NAME in path}
        self.assertEqual(left, {f"etc/{NAME}", CONFIG.lstrip("/")})


if __name__ == "__main__":
    if platform.freedesktop_os_release().get("VERSION_CODENAME") != "bookworm":
        skip("a package fits the release that it is made on, and this is not Debian 12")
    if not shutil.which("lintian"):
        skip("lintian is not installed; contrib/setup runners installs it")
    containers.prepare()
    unittest.main(verbosity=2)
