"""The decorators of SDK 0.3, under their path there."""

from __future__ import annotations

from ._decorators import record_action, record_function, record_tool, track_agent

__all__ = ["record_action", "record_function", "record_tool", "track_agent"]
