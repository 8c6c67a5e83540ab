#!/usr/bin/env python3
"""The Pods of contrib/kubernetes, cut out of the rendered CronJobs and run by podman against the demo's peers. There is no
cluster: what the CronJob and the Job add is only looked at, in manifests.py."""

import json
import tempfile
import unittest

import containers
import npm_packages
from containers import podman
from peers import Peers
from place import SOURCE

KUBERNETES = SOURCE / "contrib/kubernetes"
CONTAINER = "pass-connector"  # podman puts the Pod's name before the container's


class Pods(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        containers.build_image()

    def setUp(self):
        self.peers = self.enterContext(Peers())
        self.addCleanup(containers.remove_containers)

    def manifests(self, folder, password):
        """What podman can play of a kustomization, with the demo's peers in its configuration."""
        theirs = self.peers.variables
        for manifest in npm_packages.manifests(KUBERNETES / folder):
            if manifest["kind"] == "ConfigMap":
                manifest["data"]["config.toml"] = f"""
                    [buildkite]
                    organization = "{theirs["BUILDKITE_ORGANIZATION"]}"
                    url = "{theirs["BUILDKITE_API_URL"]}"
                    [bitbucket]
                    url = "{theirs["BITBUCKET_URL"]}"
                    username = "{theirs["BITBUCKET_USERNAME"]}"
                    """
                yield manifest
            elif manifest["kind"] == "PersistentVolumeClaim":
                # In a cluster a claim stays between Jobs.
                if podman("volume", "exists", manifest["metadata"]["name"], check=False).returncode != 0:
                    yield manifest
            elif manifest["kind"] == "CronJob":
                template = manifest["spec"]["jobTemplate"]["spec"]["template"]
                # Podman 4.3 does not decode Secrets; a ConfigMap stands in for the one that users make.
                (secrets,) = [volume for volume in template["spec"]["volumes"] if "secret" in volume]
                name = secrets.pop("secret")["secretName"] + "-secrets"
                secrets["configMap"] = {"name": name}
                yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name},
                       "data": {"buildkite-token": theirs["BUILDKITE_API_TOKEN"], "bitbucket-password": password}}
                podman("tag", containers.IMAGE, template["spec"]["containers"][0]["image"])
                yield {"apiVersion": "v1", "kind": "Pod", **template,
                       "metadata": {**template["metadata"], "name": "pass"}}

    def play(self, folder, password=None):
        """One Pod to its end; the container as podman sees it then, its exit status and what it wrote."""
        manifests = self.manifests(folder, password or self.peers.variables["BITBUCKET_PASSWORD"])
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("\n---\n".join(json.dumps(manifest) for manifest in manifests))
            file.flush()
            podman("play", "kube", "--network=host", "--replace", file.name)
        status = int(podman("wait", CONTAINER).stdout)
        logs = podman("logs", CONTAINER)
        return json.loads(podman("inspect", CONTAINER).stdout)[0], status, logs.stdout + logs.stderr

    def test_runs_as_nobody_with_nothing_to_write_but_the_state(self):
        seen, status, output = self.play("base")
        self.assertEqual((status, output), (0, ""))
        self.assertEqual(seen["Config"]["User"], "65532:65532")
        self.assertTrue(seen["HostConfig"]["ReadonlyRootfs"])
        self.assertFalse(seen["EffectiveCaps"])
        self.assertEqual([mount["Destination"] for mount in seen["Mounts"] if mount["RW"] and mount["Type"] == "volume"],
                         ["/var/lib/buildkite-bitbucket-connector"])

    def test_the_next_pod_goes_on_from_the_state_in_the_claim(self):
        self.assertEqual(self.play("base")[1:], (0, ""))
        self.assertGreater(self.peers.posts(), 5)
        self.assertEqual(self.play("base")[1:], (0, ""))
        self.assertEqual(self.peers.posts(), 0)

    def test_without_a_volume_each_pod_posts_the_builds_of_an_hour(self):
        self.assertEqual(self.play("overlays/no-volume")[1:], (0, ""))
        first = self.peers.posts()
        self.assertGreater(first, 0)
        self.assertEqual(self.play("overlays/no-volume")[1:], (0, ""))
        self.assertEqual(self.peers.posts(), first)

    def test_a_wrong_secret_ends_the_pod_with_77(self):
        self.assertEqual(self.play("base", password="wrong")[1], 77)


if __name__ == "__main__":
    containers.prepare()
    npm_packages.install()
    unittest.main(verbosity=2)
