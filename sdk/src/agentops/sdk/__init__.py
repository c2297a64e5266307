"""Names of SDK 0.4 that live elsewhere here. `agentops` itself has them all but OpenTelemetry's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentops._steps import agent, operation, session, task, workflow

from .types import TracingConfig

if TYPE_CHECKING:
    from opentelemetry.trace import StatusCode

__all__ = ["StatusCode", "TracingConfig", "agent", "operation", "session", "task", "workflow"]


def __getattr__(name: str) -> object:
    """`StatusCode`, once somebody asks for it: importing us imports no third party."""
    if name == "StatusCode":
        from opentelemetry.trace import StatusCode  # noqa: PLC0415

        return StatusCode
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
