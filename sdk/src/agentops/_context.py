"""What is current: session, agent and parent event. Context variables: each asyncio task and thread has its own."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from ._session import Session

session: ContextVar[Session | None] = ContextVar("agentops_session", default=None)
agent: ContextVar[UUID | str | None] = ContextVar("agentops_agent", default=None)
parent: ContextVar[UUID | str | None] = ContextVar("agentops_parent", default=None)
