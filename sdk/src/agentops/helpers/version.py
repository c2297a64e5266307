"""The version of the SDK."""

from __future__ import annotations

from agentops._version import __version__


def get_agentops_version() -> str:
    """The version of the SDK."""
    return __version__


def check_agentops_update() -> None:
    """Nothing: the SDK asks nobody but its server for anything."""
