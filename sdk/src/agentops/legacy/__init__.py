"""What SDK 0.4 kept of 0.3, under its path there. Here it works as in 0.3."""

from __future__ import annotations

from agentops import end_all_sessions, end_session, record, start_session
from agentops._decorators import track_agent, track_tool
from agentops._events import ActionEvent, ErrorEvent, LLMEvent, ToolEvent
from agentops._session import Session

__all__ = [
    "ActionEvent",
    "ErrorEvent",
    "LLMEvent",
    "Session",
    "ToolEvent",
    "end_all_sessions",
    "end_session",
    "record",
    "start_session",
    "track_agent",
    "track_tool",
]
