#!/usr/bin/env python3
"""A booted systemd runs contrib/systemd against the demo's peers, in a container without another network.

The units come from `meson install`, the rest from the commands that the service names itself.
"""

import os
import re
import subprocess
import tempfile
import unittest

import containers
import peers
from place import SOURCE
from waiting import wait_until

SERVICE = "buildkite-bitbucket-connector.service"
TIMER = "buildkite-bitbucket-connector.timer"
ALERT = f"buildkite-bitbucket-connector-alert@{SERVICE}.service"
CONTRIB = SOURCE / "contrib"
IMAGE = "localhost/booted-debian"

# The units that are masked would change settings of the kernel that is this machine's, too.
DOCKERFILE = f"""\
FROM {containers.BASE_IMAGE}
RUN apt-get update && apt-get install --yes --no-install-recommends systemd-sysv \
  libcurl4 libsimdjson14 libtomlplusplus3 libcpp-httplib0.11 && \
  systemctl mask systemd-sysctl.service systemd-modules-load.service proc-sys-fs-binfmt_misc.automount
"""

SENDMAIL = """\
#!/bin/sh
cat >/var/mail/unfinished
mv /var/mail/unfinished /var/mail/root
"""


def build_image():
    folder = containers.FOLDER / "booted"
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    containers.podman("build", "--isolation", "chroot", "--network", "host", "--layers", "--tag", IMAGE, str(folder))


class Machine:
    """A container whose first process is systemd."""

    def __init__(self):
        # Credentials are mounts that systemd makes for a service, so mounts must spread. The time-out is for a test that is
        # killed.
        self.id = containers.podman("run", "--detach", "--rm", "--timeout=600", "--systemd=always", "--privileged",
                                    "--network=none", IMAGE, "sh", "-c",
                                    "mount --make-rshared / && exec /sbin/init").stdout.strip()

    def end(self):
        containers.podman("rm", "--force", "--time", "0", self.id)

    def run(self, *command, check=True, **options):
        return containers.podman("exec", "--interactive", self.id, *command, check=check, **options)

    def has_booted(self):
        return self.run("systemctl", "is-system-running", check=False).stdout.strip() == "running"

    def write(self, path, text, mode="0644"):
        self.run("install", "-D", "-m", mode, "/dev/stdin", path, input=text)

    def copy(self, folder, names, to):
        with subprocess.Popen(["tar", "--directory", folder, "--create", *names], stdout=subprocess.PIPE) as archive:
            self.run("mkdir", "-p", to)
            self.run("tar", "--directory", to, "--extract", "--keep-directory-symlink", stdin=archive.stdout)

    def show(self, unit, *names):
        """Properties of a unit, all at one time."""
        lines = self.run("systemctl", "show", "--property", ",".join(names), unit).stdout.splitlines()
        properties = dict(line.split("=", 1) for line in lines)
        return [properties[name] for name in names]

    def said(self, *arguments):
        """What passes said, of the priorities that `arguments` choose."""
        return self.run("journalctl", "--output=cat", "--quiet", "--unit", SERVICE,
                        "--identifier=buildkite-bitbucket-connector", *arguments).stdout


class BootedSystemd(unittest.TestCase):
    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.end)
        wait_until(self.machine.has_booted, "systemd to have booted")
        self.machine.copy("/", [os.environ["DEMO_PEERS"][1:]], "/")
        self.peers = self.enterContext(peers.Peers(("podman", "exec", "--interactive", self.machine.id)))
        self.install()
        self.configure(self.peers.variables)

    def install(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["meson", "install", "-C", os.environ["BUILD_ROOT"], "--no-rebuild", "--skip-subprojects",
                            "--quiet", "--destdir", folder], check=True)
            self.machine.copy(folder, os.listdir(folder), "/")
        self.machine.copy(CONTRIB, ["config.toml"], "/source/contrib")
        secrets = {"buildkite-token": "BUILDKITE_API_TOKEN", "bitbucket-password": "BITBUCKET_PASSWORD"}
        service = (CONTRIB / "systemd" / SERVICE).read_text(encoding="utf-8")
        for command in re.findall("^#   (.*)", service, re.MULTILINE):
            if "systemctl enable" in command:
                break  # a test wants to say when
            secret = secrets.get(command.split("#")[0].strip().rpartition(".")[2])
            self.machine.run("sh", "-c", f"cd /source && {command}",
                             input=self.peers.variables[secret] + "\n" if secret else None)

    def configure(self, variables):
        self.machine.write("/etc/buildkite-bitbucket-connector/config.toml", f"""\
[buildkite]
url = "{variables['BUILDKITE_API_URL']}"
organization = "{variables['BUILDKITE_ORGANIZATION']}"
[bitbucket]
url = "{variables['BITBUCKET_URL']}"
username = "{variables['BITBUCKET_USERNAME']}"
""")

    def alert(self):
        """Lets a failure be told of, as the service's comment says."""
        self.machine.write("/usr/sbin/sendmail", SENDMAIL, "0755")
        self.machine.run("sed", "-i", "s/^#OnFailure=/OnFailure=/", *self.machine.show(SERVICE, "FragmentPath"))
        self.machine.run("systemctl", "daemon-reload")

    def pass_ends(self):
        """Starts one and says how it, or one that the timer started right after it, went."""
        self.machine.run("systemctl", "start", SERVICE, check=False)

        def ended():
            state = self.machine.show(SERVICE, "ActiveState", "Result", "ExecMainStatus")
            return state if state[0] != "activating" else None

        return wait_until(ended, "the pass to end")

    def wait_for_end_of(self, unit):
        wait_until(lambda: self.machine.show(unit, "ExecMainExitTimestampMonotonic") != ["0"], f"{unit} to run")

    def expect_timer_to_go_on(self):
        wait_until(lambda: self.machine.show(TIMER, "ActiveState", "SubState") == ["active", "waiting"],
                   "the timer to wait for the next minute")

    def test_starts_a_pass_every_minute(self):
        self.machine.run("systemctl", "enable", "--now", TIMER)
        self.wait_for_end_of(SERVICE)
        self.assertRegex("\n".join(self.peers.ask("table")), "web-frontend +214 +running +INPROGRESS")
        self.assertEqual(self.machine.show(SERVICE, "ActiveState", "Result"), ["inactive", "success"])
        self.expect_timer_to_go_on()
        self.assertEqual(self.machine.said(), "")

    def test_keeps_its_state_where_nobody_else_can_read_it(self):
        self.assertEqual(self.pass_ends(), ["inactive", "success", "0"])
        self.assertEqual(self.peers.posts(), 9)
        folder = "/var/lib/private/buildkite-bitbucket-connector"
        self.assertEqual(self.machine.run("sh", "-c", f"cd {folder} && stat --format '%n %a' . *").stdout.splitlines(),
                         [". 700", "acme-inc.json 600", "acme-inc.json.lock 600"])
        self.assertEqual(self.pass_ends(), ["inactive", "success", "0"])
        self.assertEqual(self.peers.posts(), 0)

    def test_leaves_it_to_the_next_pass_when_work_is_left(self):
        self.alert()
        self.machine.run("systemctl", "enable", "--now", TIMER)
        self.configure({**self.peers.variables, "BUILDKITE_API_URL": "http://127.0.0.1:1"})
        self.assertEqual(self.pass_ends(), ["inactive", "success", "75"])
        self.expect_timer_to_go_on()
        self.assertRegex(self.machine.said("--priority=err"), r"^level=error msg=.*127\.0\.0\.1:1")
        self.assertEqual(self.machine.show(ALERT, "ExecMainStartTimestampMonotonic"), ["0"])

    def test_tells_somebody_when_a_pass_fails(self):
        self.alert()
        self.machine.run("systemctl", "enable", "--now", TIMER)
        self.machine.write("/etc/credstore/buildkite-bitbucket-connector.buildkite-token", "revoked\n", "0600")
        self.assertEqual(self.pass_ends(), ["failed", "exit-code", "77"])
        self.wait_for_end_of(ALERT)
        self.expect_timer_to_go_on()
        said = self.machine.said("--priority=err")
        self.assertRegex(said, "^level=error msg=.*the API token is wrong or expired; set BUILDKITE_API_TOKEN")
        mail = self.machine.run("cat", "/var/mail/root").stdout
        self.assertIn(f"Subject: {SERVICE} failed on ", mail)
        self.assertIn("exit-code, exit status 77", mail)
        self.assertIn(said.splitlines()[0], mail)

    def test_says_what_is_missing_when_a_credential_is(self):
        self.machine.run("rm", "/etc/credstore/buildkite-bitbucket-connector.buildkite-token")
        self.assertEqual(self.pass_ends(), ["failed", "exit-code", "78"])
        self.assertIn("missing setting buildkite.token", self.machine.said("--priority=err"))


if __name__ == "__main__":
    containers.prepare()
    build_image()
    unittest.main(verbosity=2)
