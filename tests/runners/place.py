"""Where the source of the project is, and the end of a test that cannot run here."""

import os
import pathlib
import sys

SOURCE = pathlib.Path(os.environ["SOURCE_ROOT"])


def skip(reason):
    """Ends the test with 77, which Meson shows as skipped, and says why."""
    print(f"SKIPPED: {reason}")
    sys.exit(77)
