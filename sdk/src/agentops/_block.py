"""The session as a `with` block: current inside of it, and ended by how the block ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from . import _context
from ._events import outcome_of

if TYPE_CHECKING:
    from types import TracebackType

    from ._session import Session


class Block:
    """What `Session` inherits for `with` and `async with`. An exception inside is a Failure, and goes on its way."""

    def __enter__(self) -> Session:
        session = cast("Session", self)
        session._client.watch_signals()
        _context.enter(session)
        return session

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        session = cast("Session", self)
        _context.leave(session)
        if session.is_running:
            session.end_without_waiting(*outcome_of(error), is_implicit=False)

    async def __aenter__(self) -> Session:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)
