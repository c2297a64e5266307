"""A session that spans services: headers that name it, and the event that the called service is below.

The headers are those of the W3C: `traceparent` (Trace Context), in which the id of the session is the trace's, and
`baggage`, which says the session and the event in full. So any OpenTelemetry in between passes them on, and spans that
a called service exports over OTLP belong to the same session, even if it does not know us.

Of a caller that is not ours there is `traceparent` only. Its trace is the session, by the same rule that the server
has for its spans, and its span is the event above.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload
from uuid import UUID
from weakref import WeakKeyDictionary

from . import _context, _ids
from ._client import Client
from ._events import EndState, outcome_of
from ._guard import guarded
from ._log import logger
from ._recording import record_error
from ._traces import Inside, begin_session, ready_client
from ._traits import warn_of_unknown

if TYPE_CHECKING:
    from types import TracebackType

    from ._session import Session
    from ._traits import Tags

M = TypeVar("M", bound=MutableMapping[str, str])

TRACEPARENT, BAGGAGE = "traceparent", "baggage"
SESSION, PARENT = "agentops.session.id", "agentops.parent.id"
_TRACEPARENT = r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?"
_LOW = (1 << 64) - 1


class Caller(NamedTuple):
    """Who called: the session that it is in, and the event that what happens here is below.

    `is_foreign` is true of a caller that has OpenTelemetry, but not this SDK.
    """

    session_id: UUID
    parent_id: UUID | None = None
    is_foreign: bool = False


@overload
def inject_headers(headers: None = None) -> dict[str, str]: ...
@overload
def inject_headers(headers: M) -> M: ...
def inject_headers(headers: MutableMapping[str, str] | None = None) -> MutableMapping[str, str]:
    """Add to the headers of a request what lets the called service join the current session.

    A valid `traceparent` that is there already, of the program's own OpenTelemetry, stays, and so does other baggage.
    Without a session nothing is added, which is logged.

    Args:
        headers: a dict, or the like; a new one if not given.

    Returns:
        The same headers.
    """
    given: MutableMapping[str, str] = {} if headers is None else headers
    _inject(given)
    return given


@guarded
def _inject(headers: MutableMapping[str, str]) -> None:
    session = Client()._find("inject_headers")
    if session is None:
        return
    parent = _ids.find_id(_context.parent.get())
    names = {str(name).lower(): name for name in headers}
    ours = {SESSION: str(session.session_id)} | ({} if parent is None else {PARENT: str(parent)})
    others = _members(headers[names[BAGGAGE]]) if BAGGAGE in names else []
    kept = [member for member in others if member.partition("=")[0].strip() not in {SESSION, PARENT}]
    headers[names.get(BAGGAGE, BAGGAGE)] = ",".join([*kept, *(f"{name}={value}" for name, value in ours.items())])
    name = names.get(TRACEPARENT, TRACEPARENT)
    if session.session_id.int and re.fullmatch(_TRACEPARENT, str(headers.get(name, ""))) is None:
        span = (session.session_id if parent is None else parent).int & _LOW or 1
        headers[name] = f"00-{session.session_id.hex}-{span:016x}-01"


def extract_headers(headers: object) -> Caller | None:
    """Who called, by the headers of its request. None if they say nothing; what is malformed is warned about, once.

    Args:
        headers: a dict in any letter case, pairs of names and values (bytes too, as in ASGI), or a WSGI environment.
    """
    return _extract(headers)


@guarded
def _extract(headers: object) -> Caller | None:
    found, problems = _read(headers), list[str]()
    baggage = dict(_pairs(found.get(BAGGAGE, "")))
    parent = _ids.find_id(baggage.get(PARENT, ""))
    if PARENT in baggage and parent is None:
        problems.append(f"{PARENT}={baggage[PARENT]!r}")
    session_id = _ids.find_id(baggage.get(SESSION, ""))
    if SESSION in baggage and session_id is None:
        problems.append(f"{SESSION}={baggage[SESSION]!r}")
    text = found.get(TRACEPARENT, "").strip()
    match = re.fullmatch(_TRACEPARENT, text)
    if text and (match is None or (text.startswith("00-") and len(text) != 55)):
        match = None
        problems.append(f"{TRACEPARENT}={text[:100]!r}")
    if problems:
        logger.warning("AgentOps cannot read of a request's headers: %s.", ", ".join(problems))
    if session_id is not None:
        return Caller(session_id, parent)
    return None if match is None else Caller(UUID(hex=match[1]), _event_of_span(match[1], match[2]), is_foreign=True)


def _event_of_span(trace_id: str, span_id: str) -> UUID:
    """The id that the server gives the event of a span."""
    try:
        from _blake2 import blake2b  # noqa: PLC0415 - `hashlib` loads OpenSSL
    except ImportError:
        from hashlib import blake2b  # noqa: PLC0415
    return UUID(hex=span_id + blake2b(trace_id.encode(), digest_size=8).hexdigest())


def _read(headers: object) -> dict[str, str]:
    """The two headers, by their names in lower case."""
    pairs: Iterable[Any] = headers.items() if isinstance(headers, Mapping) else headers  # type: ignore[assignment]
    found: dict[str, str] = {}
    if headers is None:
        return found
    if isinstance(headers, (str, bytes)) or not isinstance(pairs, Iterable):
        logger.warning("AgentOps: headers are names and values, not %r.", type(headers).__name__)
        return found
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            continue
        name = _text(pair[0]).lower().replace("_", "-").removeprefix("http-")
        if name in {TRACEPARENT, BAGGAGE}:
            value = _text(pair[1])
            found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(_text(item) for item in value)
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _members(baggage: object) -> list[str]:
    return [member.strip() for member in _text(baggage).split(",") if member.strip()]


def _pairs(baggage: str) -> list[tuple[str, str]]:
    """Names and values; what else a member says is left out."""
    from urllib.parse import unquote  # noqa: PLC0415 - importing us must stay quick

    split = (member.partition(";")[0].partition("=") for member in _members(baggage))
    return [(name.strip(), unquote(value.strip())) for name, _, value in split]


class _Visits:
    """How many blocks are in each session that was joined here: the last one to go takes this process out of it."""

    def __init__(self) -> None:
        self._counts: WeakKeyDictionary[Session, int] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def join(self, caller: Caller, tags: object, name: str | None) -> tuple[Session, bool]:
        """The session, and whether it was joined by such a block, this one or another."""
        with self._lock:
            client = ready_client()
            session = client.find_session(caller.session_id)
            if session is None:
                session = client.start_session(tags, None, caller.session_id, name)
                self._counts[session] = 0
            if session not in self._counts:
                return session, False
            self._counts[session] += 1
            return session, True

    def leave(self, session: Session) -> None:
        with self._lock:
            left = self._counts.get(session, 1) - 1
            self._counts[session] = left
            if left <= 0:
                del self._counts[session]
                if session.is_running:
                    session.end_without_waiting(EndState.INDETERMINATE, "Its part here is done", is_implicit=True)


_visits = _Visits()


def _begin_in_child() -> None:
    global _visits  # noqa: PLW0603 - one per process; a lock that another thread held is held for ever
    _visits = _Visits()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)


class Arrival:
    """A request that came in: the session that it is in, and the event that it is below."""

    def __init__(self, headers: object, tags: object, name: str | None) -> None:
        caller = extract_headers(headers)
        self.parent_id = None if caller is None else caller.parent_id
        self._is_own, self._is_visit = caller is None, False
        if caller is None:
            self.session = begin_session(name or "", tags)
        else:
            self.session, self._is_visit = _visits.join(caller, tags, name)

    @guarded
    def note(self, error: BaseException) -> None:
        """It failed. Called while what it is below is still current."""
        record_error(self.session, None, error)

    @guarded
    def leave(self, error: BaseException | None) -> None:
        """It is done. How the session of a caller ends is for the caller to say."""
        if self._is_visit:
            _visits.leave(self.session)
        elif self._is_own and self.session.is_running:
            self.session.end_without_waiting(*outcome_of(error), is_implicit=False)


class ContinuedSession:
    """A block in the session of whoever called, see `continue_session`."""

    def __init__(self, headers: object, tags: object = None, name: str | None = None) -> None:
        self._headers, self._tags, self._name = headers, tags, name
        self._open: list[tuple[Arrival, Inside]] = []

    def __enter__(self) -> Session:
        arrival = Arrival(self._headers, self._tags, self._name)
        place = Inside(arrival.session, parent=arrival.parent_id)
        place.__enter__()
        self._open.append((arrival, place))
        return arrival.session

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        arrival, place = self._open.pop()
        if error is not None:
            arrival.note(error)
        place.__exit__(kind, error, trace)
        arrival.leave(error)

    async def __aenter__(self) -> Session:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)


def continue_session(
    headers: object, tags: Tags | None = None, name: str | None = None, **unknown: object
) -> ContinuedSession:
    """A `with` block in the session of whoever called: what is recorded inside hangs below the caller's event.

    The caller ends the session; an error in the block is recorded, and goes on its way. Headers that name no session
    begin one of their own, which ends with the block.

    Args:
        headers: of the request, see `extract_headers`.
        tags: added to the session's.
        name: what a session is called that begins here.
        unknown: is warned about, and ignored.
    """
    warn_of_unknown("continue_session()", unknown)
    return ContinuedSession(headers, tags, name)
