"""Waiting for a condition, with a deadline: the only way these tests wait."""

import time


def until(condition, what, seconds=60, every=0.05):
    """Calls `condition` until it returns something true and returns that; fails with `what` after the deadline.

    `what` is a text or a function that makes one (to say how far it came)."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            text = what() if callable(what) else what
            raise AssertionError(f"not within {seconds} s: {text}")
        time.sleep(every)
