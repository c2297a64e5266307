"""What acts on the current session: the functions of the module, which are methods of `Client` too, as in SDK 0.3."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ._events import EndState, Event
from ._log import logger
from .exceptions import NoSessionError

if TYPE_CHECKING:
    from ._outcomes import TraceState
    from ._session import Session

NOTHING = "0.00"


class Face:
    """Finds the session and calls it. Without one, or with several of which none is current, it warns what to do."""

    def get_current(self) -> Session:
        """The session of the current context, else the only one. NoSessionError: the message says what to do."""
        raise NotImplementedError

    def _find(self, action: str) -> Session | None:
        try:
            return self.get_current()
        except NoSessionError as error:
            logger.warning("AgentOps: %s() does nothing, because %s.", action, error)
            return None

    def init(self, *args: Any, **options: Any) -> Session | None:
        """`agentops.init`, as SDK 0.4 has it."""
        from agentops import init  # noqa: PLC0415 - which imports this

        return init(*args, **options)

    def record(self, event: Event) -> None:
        """Record an event in the current session. See `Session.record`."""
        session = self._find("record")
        if session is not None:
            session.record(event)

    def add_tags(self, tags: Iterable[str]) -> None:
        """Append tags to the current session's."""
        session = self._find("add_tags")
        if session is not None:
            session.add_tags(tags)

    def set_tags(self, tags: Iterable[str]) -> None:
        """Replace the current session's tags."""
        session = self._find("set_tags")
        if session is not None:
            session.set_tags(tags)

    def create_agent(self, name: str, agent_id: UUID | str | None = None) -> str | None:
        """Register an agent of the current session. See `Session.create_agent`."""
        session = self._find("create_agent")
        return None if session is None else session.create_agent(name, agent_id)

    def end_session(
        self,
        end_state: EndState | TraceState | str = EndState.INDETERMINATE,
        end_state_reason: str | None = None,
        video: str | PathLike[str] | None = None,
        is_auto_end: bool | None = None,
        session: Session | None = None,
    ) -> str:
        """End the current session, or the given one. `is_auto_end` is an end by a framework, see
        `skip_auto_end_session`.
        """
        session = session or self._find("end_session")
        if session is None or (is_auto_end and session.config.skip_auto_end_session):
            return NOTHING
        return session.end_session(end_state, end_state_reason, video)
