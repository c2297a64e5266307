"""`end_session` in the ways in which SDK 0.3 and 0.4 are called."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, overload

from ._client import Client
from ._events import EndState
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

    A session in front says which, as in SDK 0.4. `is_auto_end` is for frameworks that end sessions themselves;
    `skip_auto_end_session` makes such a call do nothing. Any other keyword is warned about, and ignored.

    Returns:
        Its cost in US dollars as a plain decimal text; `0.00` when there is no session to end, which is logged.
    """
    session: Session | None = None
    if args and isinstance(args[0], Session):
        session, args = args[0], args[1:]
    given = {**dict(zip(_NAMES, args, strict=False)), **{name: kwargs.pop(name) for name in _NAMES if name in kwargs}}
    warn_of_unknown("end_session()", kwargs)
    return Client().end_session(**given, session=session)
