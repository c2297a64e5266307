"""How a session ends: by its word, in those of SDK 0.3 and 0.4, or as a `with` block, inside of which it is current."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from . import _context, _money
from ._analytics import explain_refused, say_bound
from ._events import EndState, outcome_of
from ._guard import guarded
from ._log import logger
from ._outcomes import find_outcome, list_outcomes
from ._traits import warn_of_unknown

if TYPE_CHECKING:
    from os import PathLike
    from types import TracebackType

    from opentelemetry.trace import StatusCode

    from ._outcomes import TraceState
    from ._session import Session


class Block:
    """What `Session` inherits to be ended, and for `with` and `async with`.

    An exception inside a block is a Failure, and goes on its way.
    """

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

    def end_session(
        self,
        end_state: EndState | TraceState | StatusCode | str = EndState.INDETERMINATE,
        end_state_reason: str | None = None,
        video: str | PathLike[str] | None = None,
        is_auto_end: bool | None = None,
        **unknown: object,
    ) -> str:
        """End the session and return what it cost.

        Args:
            end_state: `Success`, `Failure` (also `Fail`, `Error`) or `Indeterminate`, in any letter case, or what
                stands for it in SDK 0.4. Any other is warned about, and the session stays open.
            end_state_reason: notes on it, for example an error.
            video: a recording, see `set_video`.
            is_auto_end: an end by a framework, which `skip_auto_end_session` ignores.
            unknown: is warned about, and ignored.

        Returns:
            The cost of the whole session in US dollars as a plain decimal text, like `0.0075`. It waits for delivery
            for `max_wait_time` milliseconds at most; what it knows by then may be less than the session cost in
            the end, which is logged.
        """
        session = cast("Session", self)
        warn_of_unknown("end_session()", unknown)
        state = find_outcome(end_state)
        if state is None:
            known = list_outcomes()
            logger.warning("AgentOps: %r is no end state; the session stays open. Use one of %s.", end_state, known)
        elif is_auto_end and session.config.skip_auto_end_session:
            pass
        elif session._end(state, end_state_reason, video, is_implicit=False, is_ours=False):
            _await_cost(session)
        return _money.to_text(session.token_cost)


@guarded
def _await_cost(session: Session) -> None:
    if not session.flush():
        logger.warning(
            "AgentOps: the end of session %s is on disk but not delivered yet; its cost of %s is a lower bound.",
            session.session_id,
            _money.to_text(session.token_cost),
        )
    else:
        say_bound(session.session_id, session._bound or explain_refused(session.events_refused))
