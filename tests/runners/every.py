#!/usr/bin/env python3
"""contrib/docker/every with a stand-in for the connector and for sleep: passes take turns with pauses until a signal ends both."""

import os
import pathlib
import signal
import subprocess
import tempfile
import textwrap
import unittest

from place import SOURCE

EVERY = SOURCE / "contrib/docker/every"
PATIENCE = 30  # seconds; nothing here takes that long unless it hangs


class Every(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.stand_in("buildkite-bitbucket-connector", '#!/bin/sh\necho "pass of $MONITOR_POLLING_INTERVAL:" "$@"\n')
        self.stand_in("sleep", '#!/bin/sh\necho "pause $*"\n')

    def stand_in(self, name, script):
        path = self.folder / name
        path.write_text(textwrap.dedent(script), encoding="utf-8")
        path.chmod(0o755)

    def start(self, *arguments, **variables):
        environment = {"PATH": f"{self.folder}:{os.environ['PATH']}", **variables}
        program = subprocess.Popen([EVERY, *arguments], env=environment, stdout=subprocess.PIPE, text=True)

        def end():
            program.kill()
            program.communicate()

        self.addCleanup(end)
        return program

    def expect(self, program, *lines):
        self.assertEqual([program.stdout.readline().rstrip("\n") for _ in lines], list(lines))

    def test_passes_take_turns_with_pauses_of_a_minute(self):
        program = self.start()
        self.expect(program, "pass of 60:", "pause 60", "pass of 60:", "pause 60", "pass of 60:")

    def test_the_pause_is_what_the_daemon_s_variable_says(self):
        self.expect(self.start(MONITOR_POLLING_INTERVAL="90"), "pass of 90:", "pause 90", "pass of 90:")

    def test_an_argument_wins_and_the_rest_is_for_the_connector(self):
        program = self.start("1h30m", "--verbose", "--config", "a b", MONITOR_POLLING_INTERVAL="90")
        self.expect(program, "pass of 1h30m: --verbose --config a b", "pause 1h 30m")

    def test_what_is_no_duration_is_refused(self):
        for pause in ("0", "0m", "soon", "5ms", "1h3", "-1"):
            with self.subTest(pause):
                program = self.start(pause)
                self.assertEqual(program.communicate(timeout=PATIENCE)[0], "")
                self.assertEqual(program.returncode, 64)

    def test_a_failed_pass_does_not_end_it(self):
        self.stand_in("buildkite-bitbucket-connector", "#!/bin/sh\necho failed\nexit 77\n")
        self.expect(self.start(), "failed", "pause 60", "failed", "pause 60")

    def test_a_pass_at_work_is_told_and_waited_for(self):
        os.mkfifo(self.folder / "let it end")
        self.stand_in("buildkite-bitbucket-connector", f"""\
            #!/usr/bin/env python3
            import os, signal
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
            print("begun", flush=True)
            signal.sigwait([signal.SIGTERM])
            print("told", flush=True)
            open("{self.folder}/let it end").read()
            print("saved, a child of", os.getppid(), flush=True)
            """)
        for sent, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(sent):
                program = self.start()
                self.expect(program, "begun")
                program.send_signal(sent)
                self.expect(program, "told")
                (self.folder / "let it end").write_text("", encoding="utf-8")
                self.expect(program, f"saved, a child of {program.pid}", "")
                self.assertEqual(program.wait(PATIENCE), status)

    def test_the_pause_ends_at_once(self):
        self.stand_in("sleep", '#!/bin/sh\necho "pause"\nexec /bin/sleep 1000\n')
        for sent, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(sent):
                program = self.start()
                self.expect(program, "pass of 60:", "pause")
                program.send_signal(sent)
                # The end of the output is the end of sleep, too.
                self.assertEqual(program.communicate(timeout=PATIENCE)[0], "")
                self.assertEqual(program.returncode, status)


if __name__ == "__main__":
    unittest.main(verbosity=2)
