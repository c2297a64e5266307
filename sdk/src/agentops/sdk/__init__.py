"""Names of SDK 0.4 that live elsewhere here. `agentops` itself has them all."""

from __future__ import annotations

from agentops._steps import agent, operation, session, task, workflow

__all__ = ["agent", "operation", "session", "task", "workflow"]
