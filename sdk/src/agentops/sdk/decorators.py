"""The decorators, under their path in SDK 0.4."""

from __future__ import annotations

from agentops._steps import (
    agent,
    guardrail,
    operation,
    session,
    task,
    tool,
    trace,
    track_endpoint,
    workflow,
)

__all__ = ["agent", "guardrail", "operation", "session", "task", "tool", "trace", "track_endpoint", "workflow"]
