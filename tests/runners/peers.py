"""The demo's Buildkite and Bitbucket for the tests of this folder: both over HTTP on loopback."""

import os
import signal
import subprocess


class Peers:
    """tests/demo/demo-peers as a child, which ends with the block that it is used in. `prefix` is a command that starts it
    elsewhere."""

    def __init__(self, prefix=()):
        self._program = subprocess.Popen([*prefix, os.environ["DEMO_PEERS"]], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        # The variables that lead the connector to them.
        self.variables = dict(line.split("=", 1) for line in self._answer())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._program.kill()
        self._program.communicate()

    def ask(self, word):
        """The lines of the answer to "table", "requests" (counted since the last time) or "finish"."""
        self._program.stdin.write(word + "\n")
        self._program.stdin.flush()
        return list(self._answer())

    def posts(self):
        """How many statuses were posted since the last time that requests were counted."""
        return int(self.ask("requests")[1].split("posts")[1].split()[0])

    def pause(self):
        """From now on they take requests and answer none, until resume()."""
        self._program.send_signal(signal.SIGSTOP)

    def resume(self):
        self._program.send_signal(signal.SIGCONT)

    def _answer(self):
        for line in self._program.stdout:
            if line == ".\n":
                return
            yield line.rstrip("\n")
        raise RuntimeError("the demo's peers have ended")
