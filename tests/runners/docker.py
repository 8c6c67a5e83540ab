#!/usr/bin/env python3
"""The image of contrib/docker, built and run by podman against the demo's peers, as its users run it: with a read-only root,
without capabilities, the state on a volume."""

import json
import os
import pathlib
import tempfile
import time
import unittest

import containers
from containers import IMAGE, podman
from peers import Peers

STATE = "/var/lib/buildkite-bitbucket-connector"
PATIENCE = 60  # seconds; how long a condition is waited for
GRACE = 40  # seconds until podman kills what does not end


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("what was waited for did not happen")
        time.sleep(0.05)


class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        containers.build_image()

    def setUp(self):
        self.peers = self.enterContext(Peers())
        self.addCleanup(containers.remove_containers)

    def options(self, *more, **variables):
        """Of podman run. A named volume starts as a copy of the image's directory, owner included."""
        settings = [f"--env={name}={value}" for name, value in {**self.peers.variables, **variables}.items()]
        return ["--network=host", "--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL",
                "--security-opt=no-new-privileges", f"--volume=state:{STATE}", *settings, *more]

    def run_once(self, *arguments, options=(), **variables):
        return podman("run", "--rm", *self.options(*options, **variables), IMAGE, *arguments, check=False)

    def start(self, *options, **variables):
        """In the background; the name of the container."""
        podman("run", "--detach", "--name=connector", *self.options(*options, **variables), IMAGE)
        return "connector"

    def state_folder(self):
        return pathlib.Path(podman("volume", "inspect", "--format={{.Mountpoint}}", "state").stdout.strip())

    def wait_for_a_pass_at_work(self):
        lock = self.state_folder() / "acme-inc.json.lock"
        wait_for(lambda: lock.exists() and lock.stat().st_size > 0)

    def stop(self, name):
        """SIGTERM; the exit status, and whether that came before the end of the grace."""
        begin = time.monotonic()
        podman("stop", f"--time={GRACE}", name)
        in_time = time.monotonic() - begin < GRACE - 10
        return int(podman("wait", name).stdout), in_time

    def test_says_what_it_is(self):
        image = json.loads(podman("image", "inspect", IMAGE).stdout)[0]["Config"]
        version = self.run_once("--version").stdout.split()[-1]
        self.assertEqual(image["User"], "65532:65532")
        self.assertEqual(image["Entrypoint"], ["/usr/bin/buildkite-bitbucket-connector"])
        self.assertFalse(image.get("Cmd"))
        labels = {name.removeprefix("org.opencontainers.image."): text for name, text in image["Labels"].items()}
        self.assertEqual((labels["title"], labels["version"], labels["licenses"]),
                         ("buildkite-bitbucket-connector", version, "MIT"))

    def test_knows_the_certificate_authorities(self):
        podman("run", "--rm", "--entrypoint=/usr/bin/test", IMAGE, "-s", "/etc/ssl/certs/ca-certificates.crt")

    def test_is_built_of_the_source_alone(self):
        copied = podman("run", "--rm", containers.BUILD_STAGE, "ls", "-A").stdout.split()
        self.assertEqual(set(copied), {"LICENSE", "build", "contrib", "meson.build", "meson_options.txt", "src", "subprojects"})

    def test_the_second_pass_goes_on_from_the_state_on_the_volume(self):
        first = self.run_once()
        self.assertEqual((first.returncode, first.stdout, first.stderr), (0, "", ""))
        self.assertGreater(self.peers.posts(), 5)
        self.assertEqual(self.run_once().returncode, 0)
        self.assertEqual(self.peers.posts(), 0)

    def test_any_user_may_run_it_on_a_volume_of_its_own(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chown(folder, 1234, 1234)
            options = [option for option in self.options("--user=1234:1234") if not option.startswith("--volume=")]
            podman("run", "--rm", *options, f"--volume={folder}:{STATE}", IMAGE)
            state = pathlib.Path(folder) / "acme-inc.json"
            self.assertEqual((state.stat().st_uid, state.stat().st_mode & 0o777), (1234, 0o600))

    def test_secrets_may_be_files(self):
        with tempfile.TemporaryDirectory() as folder:
            secret = pathlib.Path(folder) / "token"
            secret.write_text(self.peers.variables["BUILDKITE_API_TOKEN"] + "\n", encoding="utf-8")
            secret.chmod(0o444)
            outcome = self.run_once(options=[f"--volume={secret}:/run/secrets/token:ro"], BUILDKITE_API_TOKEN="",
                                    BUILDKITE_API_TOKEN_FILE="/run/secrets/token")
        self.assertEqual((outcome.returncode, outcome.stderr), (0, ""))

    def test_exit_statuses_come_through(self):
        self.assertEqual(self.run_once("--no-such-option").returncode, 64)
        self.assertEqual(self.run_once(BITBUCKET_URL="").returncode, 78)
        self.assertEqual(self.run_once(BUILDKITE_API_TOKEN="wrong").returncode, 77)
        self.assertEqual(self.run_once(BUILDKITE_API_URL="http://127.0.0.1:1").returncode, 65)  # the state is of another
        self.assertEqual(self.run_once(BUILDKITE_API_URL="http://127.0.0.1:1", CONNECTOR_STATE="none").returncode, 75)
        self.assertEqual(self.run_once(CONNECTOR_STATE="/nowhere/state.json").returncode, 73)

    def test_sigterm_ends_a_pass_although_it_is_process_1(self):
        self.peers.pause()
        name = self.start()
        self.wait_for_a_pass_at_work()
        self.assertEqual(self.stop(name), (143, True))

    def test_every_makes_passes_until_sigterm_comes_in_a_pause(self):
        name = self.start("--entrypoint=/usr/bin/every", MONITOR_POLLING_INTERVAL="3600")
        wait_for(lambda: "sleep" in podman("top", name, "comm").stdout)
        self.assertGreater(self.peers.posts(), 5)
        self.assertEqual(self.stop(name), (143, True))

    def test_every_hands_sigterm_to_a_pass(self):
        self.peers.pause()
        name = self.start("--entrypoint=/usr/bin/every")
        self.wait_for_a_pass_at_work()
        self.assertEqual(self.stop(name), (143, True))
        self.assertIn("no answer before the pass had to end", podman("logs", name).stderr)

    def test_every_goes_on_after_a_failed_pass(self):
        self.start("--entrypoint=/usr/bin/every", MONITOR_POLLING_INTERVAL="1", BUILDKITE_API_URL="http://127.0.0.1:1")
        wait_for(lambda: podman("logs", "connector").stderr.count("127.0.0.1:1") >= 2)


if __name__ == "__main__":
    containers.prepare()
    unittest.main(verbosity=2)
