from __future__ import annotations

from web.crowd.returning import full_jitter


def test_waiting_begins_within_two_seconds_and_doubles_to_twenty() -> None:
    longest = [max(full_jitter(tries) for _ in range(300)) for tries in range(7)]

    assert all(0.9 * most < found <= most for found, most in zip(longest, [2, 4, 8, 16, 20, 20, 20], strict=True))
