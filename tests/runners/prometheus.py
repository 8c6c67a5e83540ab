#!/usr/bin/env python3
"""Prometheus scrapes what passes against the demo's peers tell, by node_exporter and by a Pushgateway, and raises an alert
when they stop or fail.

All is real but the times in contrib/prometheus/alerts.yml, of which minutes become seconds here. Passes are few, so that
Buildkite's quota lasts.
"""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

import peers
from place import SOURCE, skip
from waiting import wait_until

RULES = SOURCE / "contrib/prometheus"
PROGRAMS = ("prometheus", "promtool", "prometheus-node-exporter", "prometheus-pushgateway")
PREFIX = "buildkite_bitbucket_connector_"


def skip_without_programs():
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        skip(f"{', '.join(missing)} not installed; contrib/setup runners installs them")


def free_address():
    """One of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def promtool(*arguments, text=None):
    """What it prints; it must find nothing wrong."""
    result = subprocess.run(["promtool", *arguments], input=text, text=True, check=False,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert result.returncode == 0 and "error" not in result.stdout, result.stdout
    return result.stdout


class Rules(unittest.TestCase):
    def test_are_rules_to_promtool(self):
        self.assertIn("SUCCESS: 6 rules found", promtool("check", "rules", str(RULES / "alerts.yml")))

    def test_raise_their_alerts_when_they_should(self):
        self.assertIn("SUCCESS", promtool("test", "rules", str(RULES / "alerts_test.yml")))


class Monitored(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.textfile = self.folder / "textfiles/connector.prom"
        self.textfile.parent.mkdir()
        demo = self.enterContext(peers.Peers())
        self.pushgateway = self.start("prometheus-pushgateway")
        self.variables = {**demo.variables, "CONNECTOR_STATE": str(self.folder / "state.json"),
                          "METRICS_TEXTFILE": str(self.textfile), "METRICS_PUSHGATEWAY_URL": self.pushgateway}

    def start(self, program, *options):
        """Starts one that serves HTTP; returns its address."""
        address = free_address()
        child = subprocess.Popen([program, f"--web.listen-address={address}", "--log.level=error", *options])
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)

        def serves():
            try:
                return get(f"http://{address}/metrics")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                return None

        wait_until(serves, f"{program} at {address}")
        return f"http://{address}"

    def start_prometheus(self):
        exporter = self.start("prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
                              f"--collector.textfile.directory={self.textfile.parent}")
        rules = (RULES / "alerts.yml").read_text(encoding="utf-8")
        rules = re.sub(r"for: (\d+)m", "for: 1s", rules).replace("> 900", "> 15")
        (self.folder / "rules.yml").write_text(rules, encoding="utf-8")
        (self.folder / "prometheus.yml").write_text(f"""\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
scrape_configs:
  - {{job_name: node, static_configs: [{{targets: ["{exporter.removeprefix('http://')}"]}}]}}
  - {{job_name: push, honor_labels: true, static_configs: [{{targets: ["{self.pushgateway.removeprefix('http://')}"]}}]}}
""", encoding="utf-8")
        self.prometheus = self.start("prometheus", f"--config.file={self.folder}/prometheus.yml",
                                     f"--storage.tsdb.path={self.folder}/data")

    def run_pass(self, status=0, **variables):
        result = subprocess.run([os.environ["CONNECTOR"]], env={**self.variables, **variables}, text=True, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(result.returncode, status, result.stdout)

    def query(self, expression):
        """The series of an expression, as (labels, value)."""
        answer = json.loads(get(f"{self.prometheus}/api/v1/query?" + urllib.parse.urlencode({"query": expression})))
        return [(row["metric"], float(row["value"][1])) for row in answer["data"]["result"]]

    def alerts(self):
        """The names of those that fire."""
        answer = json.loads(get(f"{self.prometheus}/api/v1/alerts"))
        return {alert["labels"]["alertname"] for alert in answer["data"]["alerts"] if alert["state"] == "firing"}

    def wait_for_alert(self, name):
        wait_until(lambda: name in self.alerts(), f"the alert {name}")

    def pushed(self, metric):
        """The value of a metric of ours at the Pushgateway."""
        found = re.search(rf"^{PREFIX}{metric}{{[^}}]*}} (\S+)$", get(f"{self.pushgateway}/metrics"), re.MULTILINE)
        return float(found[1])

    def test_promtool_finds_nothing_wrong_with_the_metrics(self):
        for status, variables in ((0, {}), (77, {"BUILDKITE_API_TOKEN": "expired"}), (78, {"BITBUCKET_URL": ""})):
            self.run_pass(status, **variables)
            self.assertEqual(promtool("check", "metrics", text=self.textfile.read_text(encoding="utf-8")), "")
            self.assertIn(f'{PREFIX}last_run_exit_status{{organization="', self.textfile.read_text(encoding="utf-8"))

    def test_a_failure_keeps_the_last_success_at_the_pushgateway(self):
        self.run_pass()
        success = self.pushed("last_success_timestamp_seconds")
        self.assertEqual(success, self.pushed("last_run_timestamp_seconds"))
        self.run_pass(77, BUILDKITE_API_TOKEN="expired")
        self.assertEqual(self.pushed("last_run_exit_status"), 77)
        self.assertEqual(self.pushed("last_success_timestamp_seconds"), success)

    def test_passes_are_scraped_and_an_alert_fires_when_they_stop(self):
        stale = "BuildkiteBitbucketConnectorStale"
        self.run_pass()
        self.start_prometheus()

        def scraped():
            series = self.query(PREFIX + "last_run_exit_status")
            return {labels["job"]: (labels["organization"], value) for labels, value in series}

        wait_until(lambda: len(scraped()) == 2, "the metrics of both ways")
        organization = self.variables["BUILDKITE_ORGANIZATION"]
        self.assertEqual(scraped(), {"node": (organization, 0), "buildkite-bitbucket-connector": (organization, 0)})
        self.assertEqual([value for _, value in self.query("node_textfile_scrape_error")], [0])
        self.assertTrue(self.query(PREFIX + "token_expiry_timestamp_seconds"))
        self.run_pass()
        wait_until(lambda: not self.alerts(), "the end of what fired before the first scrape")
        self.wait_for_alert(stale)
        self.run_pass()
        wait_until(lambda: stale not in self.alerts(), "the end of the alert")

    def test_an_alert_fires_when_passes_fail(self):
        self.run_pass(77, BUILDKITE_API_TOKEN="expired")
        self.start_prometheus()
        self.wait_for_alert("BuildkiteBitbucketConnectorFailing")


if __name__ == "__main__":
    skip_without_programs()
    unittest.main(verbosity=2)
