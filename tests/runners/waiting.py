"""Waiting for what another process does."""

import time


def wait_until(condition, what, patience=120):
    """The first true value of `condition`, which is asked again and again for `patience` seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")
