#!/usr/bin/env python3
"""Debian's cron runs contrib/cron against the demo's peers.

All is real but the hour: cron's clock goes SPEED times as fast, a pass's does not. The cron file is installed by the commands
that it names itself, in mounts of the test's own, beside a sendmail that keeps the mails.
"""

import email
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import unittest

import peers
from place import SOURCE, skip
from waiting import wait_until

CRON_FILE = SOURCE / "contrib/cron/buildkite-bitbucket-connector"
CONFIGURATION = pathlib.Path("/etc/buildkite-bitbucket-connector/config.toml")
STATE = pathlib.Path("/var/lib/buildkite-bitbucket-connector")
SPEED = 120
FIRST_POSTS = 9  # the builds of the demo that a first pass tells of
POSTS_AFTER_FINISH = 3  # what became of them


def enter_own_mounts():
    """Starts the calling program anew where it may change everything, or skips the test."""
    if os.geteuid() != 0:
        skip("only root can start cron and mount something")
    for tool in ("cron", "faketime", "unshare", "useradd"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed; contrib/setup test installs it")
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if subprocess.run([*command, "true"], check=False).returncode != 0:
        skip("this machine allows no mounts of one's own (unshare --mount)")
    os.execvp(command[0], [*command, sys.executable, __file__, "in-own-mounts", *sys.argv[1:]])


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


class Machine:
    """This one as if just installed: what is written to it is gone in the end, and nothing else runs under cron."""

    def __init__(self):
        folder = pathlib.Path("/mnt")
        mount("-t", "tmpfs", "none", str(folder))
        for name in ("dev", "etc", "usr", "var"):
            upper, work = folder / name, folder / f"{name}.work"
            upper.mkdir()
            work.mkdir()
            mount("-t", "overlay", "none", "-o", f"lowerdir=/{name},upperdir={upper},workdir={work}", f"/{name}")
        for path in ("/dev/shm", "/run", "/etc/cron.d", "/var/spool/cron"):
            mount("-t", "tmpfs", "none", path)
        pathlib.Path("/etc/crontab").write_text("", encoding="utf-8")
        pathlib.Path("/var/spool/cron/crontabs").mkdir()
        self._mails = folder / "mails"
        self._take_mails(folder / "unfinished")
        self.log = []
        threading.Thread(target=self._take_log, args=(bound_socket("/dev/log"),), daemon=True).start()

    def install(self):
        """As the cron file says."""
        shutil.copy(os.environ["CONNECTOR"], "/usr/local/bin/buildkite-bitbucket-connector")
        commands = re.findall("^#   (.*)", CRON_FILE.read_text(encoding="utf-8"), re.MULTILINE)
        subprocess.run(["sh", "-eux", "-c", "\n".join(commands)], check=True, cwd=SOURCE)

    def mails(self):
        return [email.message_from_bytes(path.read_bytes()) for path in self._mails.iterdir()]

    def clear(self):
        """Forgets mails, log and what passes left."""
        for path in (*self._mails.iterdir(), *STATE.iterdir()):
            path.unlink()
        self.log.clear()

    def _take_mails(self, unfinished):
        for folder in (self._mails, unfinished):
            folder.mkdir()
            folder.chmod(0o1777)  # cron sends mail as the user of the job
        sendmail = pathlib.Path("/usr/sbin/sendmail")
        sendmail.unlink(missing_ok=True)
        sendmail.write_text(f"""\
#!/bin/sh
set -eu
mail=$(mktemp {unfinished}/XXXXXX)
cat >"$mail"
mv "$mail" {self._mails}
""", encoding="utf-8")
        sendmail.chmod(0o755)

    def _take_log(self, lines):
        while True:
            self.log.append(lines.recv(65536).decode())


def bound_socket(path):
    pathlib.Path(path).unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    bound.bind(path)
    os.chmod(path, 0o666)
    return bound


class Cron(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = Machine()
        cls.machine.install()

    def setUp(self):
        self.peers = self.enterContext(peers.Peers())
        self.configure(self.peers.variables)
        self.machine.clear()
        cron = subprocess.Popen(["faketime", "-f", f"+0 x{SPEED}", "cron", "-f", "-L", "15"])
        self.addCleanup(self.stop, cron)

    def stop(self, cron):
        os.kill(int(pathlib.Path("/run/crond.pid").read_text(encoding="utf-8")), signal.SIGTERM)
        cron.wait()
        self.peers.resume()
        wait_until(lambda: not self.at_work(), "the end of the passes")

    def configure(self, variables):
        CONFIGURATION.write_text(f"""\
[buildkite]
url = "{variables['BUILDKITE_API_URL']}"
token = "{variables['BUILDKITE_API_TOKEN']}"
organization = "{variables['BUILDKITE_ORGANIZATION']}"
[bitbucket]
url = "{variables['BITBUCKET_URL']}"
username = "{variables['BITBUCKET_USERNAME']}"
password = "{variables['BITBUCKET_PASSWORD']}"
""", encoding="utf-8")

    def logged(self, word):
        """The processes of passes of which cron logged this."""
        pattern = re.compile(rf"\(buildkite\) {word} \(\[(\d+)\] buildkite-bitbucket-connector\)")
        return [match[1] for line in list(self.machine.log) if (match := pattern.search(line))]

    def at_work(self):
        return set(self.logged("CMD")) - set(self.logged("END"))

    def wait_for_passes(self, count):
        """Waits until that many more have ended."""
        before = len(self.logged("END"))
        wait_until(lambda: len(self.logged("END")) >= before + count, f"the end of {count} passes")

    def wait_for_posts(self, count):
        """Waits until that many were made since the last time."""
        seen = []

        def enough():
            seen.append(self.peers.posts())
            return sum(seen) >= count

        wait_until(enough, f"{count} posts")
        self.assertEqual(sum(seen), count)

    def failures(self):
        return [line for line in self.machine.log if "failed" in line]

    def test_mails_nothing_when_nothing_is_wrong(self):
        self.wait_for_passes(3)
        table = self.peers.ask("table")
        self.assertRegex("\n".join(table), "web-frontend +214 +running +INPROGRESS")
        self.assertEqual(self.machine.mails(), [])
        self.assertEqual(self.failures(), [])
        self.assertEqual([path.name for path in STATE.glob("*.json")], ["acme-inc.json"])

    def test_mails_what_helps_when_a_pass_fails(self):
        self.configure({**self.peers.variables, "BUILDKITE_API_TOKEN": "revoked"})
        mail = wait_until(self.machine.mails, "a mail")[0]
        self.assertEqual(mail["To"], "root")
        self.assertRegex(mail["Subject"], r"Cron <buildkite@.*> buildkite-bitbucket-connector \(failed\)$")
        self.assertIn("the API token is wrong or expired; set BUILDKITE_API_TOKEN or buildkite.token to a valid one",
                      mail.get_payload())
        self.assertTrue(any("failed with exit status 77" in line for line in self.machine.log))

    def test_lets_a_start_leave_in_silence_while_another_pass_is_at_work(self):
        self.wait_for_posts(FIRST_POSTS)
        self.peers.ask("finish")
        self.peers.pause()
        self.wait_for_passes(3)
        at_work = self.at_work()
        self.peers.resume()
        wait_until(lambda: at_work.issubset(self.logged("END")), "the end of the pass that waited")
        self.wait_for_posts(POSTS_AFTER_FINISH)
        self.wait_for_passes(2)
        self.assertEqual(self.peers.posts(), 0)
        self.assertEqual(self.machine.mails(), [])
        self.assertEqual(self.failures(), [])


if __name__ == "__main__":
    if sys.argv[1:2] != ["in-own-mounts"]:
        enter_own_mounts()
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
