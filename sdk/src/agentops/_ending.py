"""`end_session` in the ways in which SDK 0.3 and 0.4 are called."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, overload

from ._client import Client
from ._events import EndState
from ._face import NOTHING
from ._log import logger
from ._session import Session
from ._traits import warn_of_unknown

if TYPE_CHECKING:
    from ._outcomes import TraceState

_NAMES = ("end_state", "end_state_reason", "video", "is_auto_end")


@overload
def end_session(
    end_state: EndState | TraceState | str = EndState.INDETERMINATE,
    end_state_reason: str | None = None,
    video: str | PathLike[str] | None = None,
    is_auto_end: bool | None = None,
    **unknown: object,
) -> str: ...
@overload
def end_session(
    session: Session,
    /,
    end_state: EndState | TraceState | str = EndState.INDETERMINATE,
    end_state_reason: str | None = None,
    video: str | PathLike[str] | None = None,
    is_auto_end: bool | None = None,
    **unknown: object,
) -> str: ...
def end_session(*args: Any, **kwargs: Any) -> str:
    """End the current session: the one of the `with` block, or the only one. See `Session.end_session`.

    A session in front or as `session=`, or its id, says which, as in SDK 0.4. `is_auto_end` is for frameworks that end
    sessions themselves; `skip_auto_end_session` makes such a call do nothing. Any other keyword is warned about, and
    ignored.

    Returns:
        Its cost in US dollars as a plain decimal text; `0.00` when there is no session to end, which is logged.
    """
    named = kwargs.pop("session", None)
    if args and isinstance(args[0], Session):
        named, args = args[0], args[1:]
    session = named if isinstance(named, Session) else Client().find_session(named)
    if named is not None and session is None:
        logger.warning("AgentOps: end_session(session=…) takes a session that runs here, or its id; nothing is ended.")
        return NOTHING
    given = {**dict(zip(_NAMES, args, strict=False)), **{name: kwargs.pop(name) for name in _NAMES if name in kwargs}}
    warn_of_unknown("end_session()", kwargs)
    return Client().end_session(**given, session=session)
