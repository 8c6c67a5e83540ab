#!/usr/bin/env python3
"""contrib/buildkite/pipeline.yml: held to the types of Buildkite's SDK, to our exit statuses and to what the program makes of it."""

import json
import os
import re
import subprocess
import unittest

import npm_packages
from place import SOURCE

PIPELINE = (SOURCE / "contrib/buildkite/pipeline.yml").read_text(encoding="utf-8")


def with_alternatives(text):
    """The file with all that it offers in comments taken, and without what that replaces."""
    text = re.sub(r"^ +(CONNECTOR_STATE|MONITOR_INITIAL_SEARCH_TIME): .*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^( +)# ( *\w+:( |$))", r"\1\2", text, flags=re.MULTILINE)


def parse(text):
    (pipeline,) = npm_packages.parsed(text)
    return pipeline


def complaints(pipeline):
    """What the type checker says of it. The SDK does not know `secrets` yet."""
    literal = npm_packages.FOLDER / "pipeline.ts"
    literal.write_text('import type { CommandStep } from "@buildkite/buildkite-sdk";\n'
                       "type Step = CommandStep & { secrets?: { [variable: string]: string } };\n"
                       f"export const pipeline: {{ steps: Step[] }} = {json.dumps(pipeline, indent=1)};\n",
                       encoding="utf-8")
    return subprocess.run(["node_modules/.bin/tsc", "--noEmit", "--strict", "--skipLibCheck", literal.name], check=False,
                          stdout=subprocess.PIPE, text=True, cwd=npm_packages.FOLDER).stdout


class Pipeline(unittest.TestCase):
    def setUp(self):
        self.pipeline = parse(PIPELINE)
        (self.step,) = self.pipeline["steps"]

    def test_is_what_buildkite_takes(self):
        self.assertEqual(complaints(self.pipeline), "")

    def test_is_what_buildkite_takes_with_its_alternatives_too(self):
        alternatives = parse(with_alternatives(PIPELINE))
        (step,) = alternatives["steps"]
        self.assertLess({"agents", "secrets"}, step.keys())
        self.assertEqual(step["env"]["CONNECTOR_STATE"], "/var/lib/buildkite-agent/bitbucket-statuses.json")
        self.assertNotIn("MONITOR_INITIAL_SEARCH_TIME", step["env"])
        self.assertEqual(complaints(alternatives), "")

    def test_would_not_be_with_a_wrong_key_or_type(self):
        """Else the two tests above would hold for anything."""
        self.assertIn("concurency", complaints({"steps": [{**self.step, "concurency": 1}]}))
        self.assertIn("'string' is not assignable", complaints({"steps": [{**self.step, "concurrency": "one"}]}))
        self.assertIn("exitstatus", complaints({"steps": [{**self.step, "soft_fail": [{"exitstatus": 75}]}]}))

    def test_retries_what_a_retry_can_mend_and_lets_pass_what_the_next_build_does(self):
        automatic = {str(rule["exit_status"]): rule["limit"] for rule in self.step["retry"]["automatic"]}
        self.assertEqual(automatic, {"[69, 75]": 1, "-1": 2})
        self.assertEqual(self.step["soft_fail"], [{"exit_status": 75}])

    def test_runs_one_pass_at_a_time_to_its_own_deadline(self):
        self.assertEqual(self.step["concurrency"], 1)
        self.assertTrue(self.step["concurrency_group"])
        # Ten seconds less than the polling interval, and some for the checkout and the annotation.
        self.assertGreater(self.step["timeout_in_minutes"] * 60, int(self.step["env"]["MONITOR_POLLING_INTERVAL"]) + 60)

    def test_has_a_command_that_is_there(self):
        command = self.step["command"].split()[0]
        self.assertTrue(os.access(SOURCE / command, os.X_OK))

    def test_holds_no_secret_and_nothing_that_buildkite_replaces(self):
        self.assertNotIn("$", PIPELINE)
        self.assertFalse([name for name in self.step["env"] if re.search("TOKEN|PASSWORD|SECRET|SNITCH", name)])

    def test_has_settings_that_the_program_takes(self):
        """They come by name and value; the secrets, which are elsewhere, are made up."""
        variables = {**self.step["env"], "BUILDKITE_API_TOKEN": "made-up", "BITBUCKET_PASSWORD": "made-up",
                     "BUILDKITE_ORGANIZATION_SLUG": "acme-inc"}
        shown = subprocess.run([os.environ["CONNECTOR"], "--print-config"], check=True, stdout=subprocess.PIPE, text=True,
                               env=variables).stdout
        for name in self.step["env"]:
            self.assertIn(name, shown)
        self.assertRegex(shown, r"initial_search_time += .*1h")


if __name__ == "__main__":
    npm_packages.install()
    unittest.main(verbosity=2)
