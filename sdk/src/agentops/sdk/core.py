"""What a trace is, under its path in SDK 0.4."""

from __future__ import annotations

from agentops._traces import TraceContext

__all__ = ["TraceContext"]
