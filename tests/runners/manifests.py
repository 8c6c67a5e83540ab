#!/usr/bin/env python3
"""contrib/kubernetes as kubectl renders it and the types of the Kubernetes API check it, and what a cluster would make of it;
the files of contrib/docker as checkers of their syntax see them."""

import os
import re
import subprocess
import tempfile
import unittest

import npm_packages
from npm_packages import manifests, rendered
from place import SOURCE

KUBERNETES = SOURCE / "contrib/kubernetes"
OURS = "buildkite-bitbucket-connector"
# What another try may mend: no server answers, work is left, or the pass was told to end.
WORTH_ANOTHER_TRY = {69, 75, 130, 143}


FOLDERS = ["base", *(f"overlays/{folder.name}" for folder in sorted((KUBERNETES / "overlays").iterdir()))]


def of_kind(kind, folder):
    return [manifest for manifest in manifests(KUBERNETES / folder) if manifest["kind"] == kind]


def pod_of(cronjob):
    return cronjob["spec"]["jobTemplate"]["spec"]["template"]


def container_of(cronjob):
    (container,) = pod_of(cronjob)["spec"]["containers"]
    return container


def variables_of(cronjob):
    return {variable["name"]: variable["value"] for variable in container_of(cronjob)["env"]}


def volume_of(cronjob, name):
    (volume,) = [volume for volume in pod_of(cronjob)["spec"]["volumes"] if volume["name"] == name]
    return volume


class Manifests(unittest.TestCase):
    def complaints(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            return npm_packages.node("check-manifests.js", file.name)

    def test_all_are_what_the_kubernetes_api_takes(self):
        self.assertEqual(FOLDERS, ["base", "overlays/no-volume", "overlays/sharded", "overlays/two-tenants"])
        checked = self.complaints("---\n".join(rendered(KUBERNETES / folder) for folder in FOLDERS))
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))

    def test_the_check_sees_a_wrong_key_and_a_wrong_value(self):
        right = rendered(KUBERNETES / "base")
        checked = self.complaints(right.replace("backoffLimit:", "backofLimit:") + "---\n" +
                                  right.replace("activeDeadlineSeconds: 300", "activeDeadlineSeconds: soon"))
        self.assertEqual(checked.returncode, 1)
        self.assertIn("\"backofLimit\"' does not exist", checked.stdout)
        self.assertIn("activeDeadlineSeconds must be integer", checked.stdout)

    def test_names_leave_room_for_those_of_jobs_and_are_never_given_twice(self):
        for folder in FOLDERS:
            names = [(manifest["kind"], manifest["metadata"]["name"])
                     for manifest in manifests(KUBERNETES / folder)]
            self.assertEqual(len(names), len(set(names)))
            for kind, name in names:
                self.assertLessEqual(len(name), 52 if kind == "CronJob" else 253)

    def test_a_network_policy_is_about_the_pods_of_its_cron_job_and_no_others(self):
        for folder in FOLDERS:
            policies, cronjobs = of_kind("NetworkPolicy", folder), of_kind("CronJob", folder)
            self.assertEqual(len(policies), len(cronjobs))
            for policy, cronjob in zip(policies, cronjobs):
                self.assertEqual(policy["spec"]["podSelector"].get("matchLabels"), pod_of(cronjob)["metadata"]["labels"])

    def test_a_job_fails_at_once_by_every_exit_status_that_another_try_does_not_mend(self):
        text = subprocess.run([os.environ["CONNECTOR"], "--help"], check=True, capture_output=True, text=True).stdout
        statuses = {int(number) for number in re.findall(r"^ +(\d+) +\w", text[text.lower().index("exit status"):], re.MULTILINE)}
        self.assertGreater(len(statuses), 10)
        (cronjob,) = of_kind("CronJob", "base")
        rule = cronjob["spec"]["jobTemplate"]["spec"]["podFailurePolicy"]["rules"][0]
        self.assertEqual((rule["action"], rule["onExitCodes"]["operator"]), ("FailJob", "In"))
        self.assertEqual(rule["onExitCodes"]["containerName"], container_of(cronjob)["name"])
        self.assertEqual(rule["onExitCodes"]["values"], sorted(statuses - WORTH_ANOTHER_TRY - {0}))

    def test_the_image_is_of_this_version(self):
        version = subprocess.run([os.environ["CONNECTOR"], "--version"], check=True, capture_output=True, text=True).stdout
        for folder in FOLDERS:
            for cronjob in of_kind("CronJob", folder):
                self.assertEqual(container_of(cronjob)["image"], f"{OURS}:{version.split()[-1]}")

    def test_tenants_share_no_configuration_no_secret_and_no_state(self):
        cronjobs = of_kind("CronJob", "overlays/two-tenants")
        self.assertEqual([cronjob["metadata"]["name"] for cronjob in cronjobs], [f"acme-{OURS}", f"globex-{OURS}"])
        configurations = {manifest["metadata"]["name"]: manifest["data"]["config.toml"]
                          for manifest in of_kind("ConfigMap", "overlays/two-tenants")}
        for cronjob, tenant in zip(cronjobs, ("acme", "globex")):
            self.assertEqual(volume_of(cronjob, "secrets")["secret"]["secretName"], f"{tenant}-{OURS}")
            self.assertEqual(volume_of(cronjob, "state")["persistentVolumeClaim"]["claimName"], f"{tenant}-{OURS}")
            self.assertIn(f'organization = "{tenant}"', configurations[volume_of(cronjob, "config")["configMap"]["name"]])

    def test_shards_share_the_configuration_but_neither_token_nor_state(self):
        cronjobs = of_kind("CronJob", "overlays/sharded")
        self.assertEqual([variables_of(cronjob)["CONNECTOR_SHARD"] for cronjob in cronjobs], ["1/3", "2/3", "3/3"])
        for number, cronjob in enumerate(cronjobs, 1):
            name = f"{OURS}-{number}-of-3"
            self.assertEqual(volume_of(cronjob, "secrets")["secret"]["secretName"], name)
            self.assertEqual(volume_of(cronjob, "state")["persistentVolumeClaim"]["claimName"], name)
        self.assertEqual(len({manifest["data"]["config.toml"] for manifest in of_kind("ConfigMap", "overlays/sharded")}), 1)

    def test_without_a_volume_there_is_no_state_and_each_pass_looks_back_an_hour(self):
        self.assertEqual(of_kind("PersistentVolumeClaim", "overlays/no-volume"), [])
        (cronjob,) = of_kind("CronJob", "overlays/no-volume")
        self.assertEqual({"CONNECTOR_STATE": "none", "MONITOR_INITIAL_SEARCH_TIME": "1"}.items() - variables_of(cronjob).items(),
                         set())
        self.assertEqual([mount["name"] for mount in container_of(cronjob)["volumeMounts"]], ["config", "secrets"])


class Docker(unittest.TestCase):
    folder = SOURCE / "contrib/docker"

    def expect_right(self, check, file):
        checked = npm_packages.node(check, file)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))

    def test_the_syntax_of_the_dockerfile_is_right(self):
        self.expect_right("check-dockerfile.js", self.folder / "Dockerfile")

    def test_the_compose_file_fits_the_compose_specification(self):
        self.expect_right("check-compose.js", self.folder / "compose.yml")


if __name__ == "__main__":
    npm_packages.install()
    unittest.main(verbosity=2)
