"""The time as text."""

from __future__ import annotations

from agentops import _clock


def get_ISO_time() -> str:  # noqa: N802 - its name in SDK 0.3
    """The current time in UTC, as ISO 8601."""
    return _clock.now()
