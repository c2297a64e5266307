"""The events, under their path in SDK 0.3."""

from __future__ import annotations

from ._events import ActionEvent, ErrorEvent, Event, EventType, LLMEvent, ToolEvent

__all__ = ["ActionEvent", "ErrorEvent", "Event", "EventType", "LLMEvent", "ToolEvent"]
