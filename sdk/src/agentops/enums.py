"""How sessions and traces end, and what events are, under their path in SDK 0.2 and 0.4."""

from __future__ import annotations

from ._events import EndState, EventType
from ._outcomes import TraceState

SUCCESS, ERROR, UNSET = TraceState.SUCCESS, TraceState.ERROR, TraceState.UNSET

__all__ = ["ERROR", "SUCCESS", "UNSET", "EndState", "EventType", "TraceState"]
