"""Traces, as SDK 0.4 has them: a trace is a session, current where it was started until it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary, WeakValueDictionary

from . import _clock, _context
from ._client import Client
from ._events import ActionEvent, EndState, ErrorEvent, outcome_of
from ._guard import guarded
from ._log import logger, set_up_log
from ._outcomes import TraceState, find_outcome, list_outcomes
from ._plain import to_plain, to_text
from ._recording import Setting, record_error
from ._traits import read_tags, warn_of_unknown

if TYPE_CHECKING:
    from types import TracebackType
    from uuid import UUID

    from ._events import ToolEvent
    from ._session import Session
    from ._traits import Tags

_MOST_ATTRIBUTES = 150
_LONGEST_NAME = 200
_started: WeakValueDictionary[UUID, TraceContext] = WeakValueDictionary()
_roots: WeakKeyDictionary[Session, ActionEvent] = WeakKeyDictionary()
"""The event that stands for a session as a whole, where there is one, with what it was called with and metadata."""


class SpanContext(NamedTuple):
    """The ids of a trace as numbers, as OpenTelemetry has them."""

    trace_id: int
    span_id: int
    is_valid: bool = True


class TraceSpan:
    """What programs for SDK 0.4 ask of `TraceContext.span`."""

    def __init__(self, trace: TraceContext) -> None:
        self._trace = trace

    @property
    def name(self) -> str:
        return self._trace.name

    def get_span_context(self) -> SpanContext:
        """The id of the session as that of a trace, and one of a span."""
        number = self._trace.session.session_id.int
        return SpanContext(number, number & (1 << 64) - 1)

    def is_recording(self) -> bool:
        return self._trace.session.is_running

    def set_attribute(self, key: str, value: object) -> None:
        """Keep a fact of the trace."""
        self.set_attributes({key: value})

    @guarded
    def set_attributes(self, attributes: Mapping[str, object]) -> None:
        """Keep facts of the trace."""
        add_attributes(self._trace.session, attributes)

    @guarded
    def record_exception(self, exception: BaseException) -> None:
        """Record an error of the trace."""
        self._trace.session.record(ErrorEvent(exception=exception))


class TraceContext:
    """A trace that was started: a session. As a `with` block it ends by how the block ends.

    Attributes:
        session: the session that it is.
        name: what it is called.
    """

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.name = name
        self._place: Inside | None = None

    def __repr__(self) -> str:
        return f"TraceContext({self.name!r}, {self.session!r})"

    @property
    def trace_id(self) -> str:
        """The id of the session as 32 hexadecimal digits."""
        return self.session.session_id.hex

    @property
    def span(self) -> TraceSpan:
        """The trace as SDK 0.4 shows it."""
        return TraceSpan(self)

    def enter(self) -> None:
        """Make it current from here on."""
        self._place = Inside(self.session)
        self._place.__enter__()
        _started[self.session.session_id] = self

    def leave(self) -> None:
        """Make current what was before. Nothing to do for one that was left."""
        place, self._place = self._place, None
        if place is not None:
            place.__exit__(None, None, None)

    @guarded
    def end(self, state: EndState, reason: str | None = None) -> None:
        """End it, without waiting for delivery."""
        self.leave()
        end_root(self.session)
        self.session.end_without_waiting(state, reason, is_implicit=False)

    def __enter__(self) -> TraceContext:  # noqa: PYI034 - not meant to be derived from, and `Self` is of Python 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.session.is_running:
            self.end(*outcome_of(error))
        self.leave()

    async def __aenter__(self) -> TraceContext:  # noqa: PYI034
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)


class Inside:
    """A block in which a session is current, below an event of it or at its top. No other session shines in."""

    __slots__ = ("_session", "_setting")

    def __init__(self, session: Session, root: ActionEvent | ToolEvent | None = None, parent: object = None) -> None:
        above = parent if root is None else root.id
        self._session = session
        self._setting = Setting((_context.parent, above), (_context.agent, None))

    def __enter__(self) -> None:
        _context.enter(self._session)
        self._setting.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._setting.__exit__(kind, error, trace)
        _context.leave(self._session)


class TraceCall:
    """One call of a function that is a trace: a session with an event of the call, around all that happens in it."""

    def __init__(self, session: Session, root: ActionEvent | ToolEvent) -> None:
        self._session = session
        self._root = root
        self._items: list[object] = []
        if isinstance(root, ActionEvent):
            _roots[session] = root

    def current(self) -> Inside:
        return Inside(self._session, self._root)

    @guarded
    def note(self, item: object) -> None:
        if len(self._items) < 1000:
            self._items.append(to_plain(item))

    @guarded
    def finish(self, result: object) -> None:
        self._close(result, None)

    @guarded
    def fail(self, error: BaseException) -> None:
        self._close(None, error)

    def _close(self, result: object, error: BaseException | None) -> None:
        self._root.returns = self._items or result
        self._root.end_timestamp = _clock.now()
        self._session.record(self._root)
        if error is not None:
            record_error(self._session, self._root, error)
        if self._session.is_running:
            self._session.end_without_waiting(*outcome_of(error), is_implicit=False)


def ready_client() -> Client:
    """The client. One that was not set up by `agentops.init()` is now, from the environment."""
    client = Client()
    if not client.is_initialized:
        set_up_log(client.config.log_level, client.config.log_to_file)
        if client.config.instrument_llm_calls:
            client.instrumentation.start()
    return client


def begin_session(name: str, tags: object) -> Session:
    """Start the session that a trace is."""
    return ready_client().start_session(tags, None, None, name)


@guarded
def start_trace(
    trace_name: str = "session", tags: Tags | None = None, name: str | None = None, **unknown: object
) -> TraceContext | None:
    """Start a trace: a session of its own, which is current from here until `end_trace`, or as a `with` block.

    It is set up from the environment if `agentops.init()` was not called.

    Args:
        trace_name: what the session is called.
        tags: texts, or an object whose pairs become `name:value`.
        name: another word for trace_name.
        unknown: is warned about, and ignored.
    """
    warn_of_unknown("start_trace()", unknown)
    label = to_text(name or trace_name)
    trace = TraceContext(begin_session(label, tags), label)
    trace.enter()
    return trace


@guarded
def end_trace(
    trace_context: TraceContext | Session | None = None,
    end_state: object = TraceState.SUCCESS,
    end_state_reason: str | None = None,
    **unknown: object,
) -> None:
    """End a trace; without one, every session that runs in this process. It does not wait for delivery.

    Args:
        trace_context: what `start_trace` gave.
        end_state: `Success`, `Error`, `Indeterminate` in any letter case, a TraceState, an EndState, or a StatusCode of
            OpenTelemetry. Any other is warned about, and the trace stays open.
        end_state_reason: notes on it.
        unknown: is warned about, and ignored.
    """
    warn_of_unknown("end_trace()", unknown)
    state = find_outcome(end_state)
    if state is None:
        logger.warning("AgentOps: %r is no end state; the trace stays open. Use one of %s.", end_state, list_outcomes())
        return
    for trace in _traces_of(trace_context):
        trace.end(state, end_state_reason)


def _traces_of(given: TraceContext | Session | None) -> list[TraceContext]:
    if isinstance(given, TraceContext):
        if not given.session.is_running:
            logger.warning("AgentOps: the trace %r has ended already, as %s.", given.name, given.session.end_state)
            return []
        return [given]
    if given is None:
        return [_trace_of(session) for session in Client().sessions if session.is_owned]
    if given in Client().sessions:
        return [_trace_of(given)]
    logger.warning("AgentOps: end_trace() takes what start_trace() gave, not %r.", given)
    return []


def _trace_of(session: Session) -> TraceContext:
    return _started.get(session.session_id) or TraceContext(session, session.name or "")


def update_trace_metadata(metadata: Mapping[str, object], prefix: str = "trace.metadata", **unknown: object) -> bool:
    """Keep facts of the current trace, or of any other current session, beside it: they can be searched for.

    Args:
        metadata: names and values; None is left out, and `tags` are added to the session's.
        prefix: goes in front of the names, except of those that begin with `agentops.`.
        unknown: is warned about, and ignored.

    Returns:
        Whether anything was kept; without a session nothing is, which is logged.
    """
    warn_of_unknown("update_trace_metadata()", unknown)
    return _update(metadata, prefix) is True


@guarded
def _update(metadata: Mapping[str, object], prefix: str) -> bool:
    session = Client().find_current()
    if session is None:
        logger.warning("AgentOps: update_trace_metadata() does nothing, because there is no trace that is current.")
        return False
    if not isinstance(metadata, Mapping):
        logger.warning("AgentOps: update_trace_metadata() takes names and values, not %r.", metadata)  # type: ignore[unreachable]
        return False
    facts = {to_text(name): value for name, value in metadata.items() if value is not None}
    tags = facts.pop("tags", None)
    if tags is not None:
        session.add_tags(read_tags(tags))
    named = {name if name.startswith("agentops.") else f"{prefix}.{name}": value for name, value in facts.items()}
    return add_attributes(session, named) or tags is not None


def add_attributes(session: Session, attributes: Mapping[str, object]) -> bool:
    """Keep facts of a session as attributes of the event that stands for it. Too many, or too long names, are not."""
    root = _roots.get(session)
    if root is None:
        root = ActionEvent("session", name=session.name, init_timestamp=session.init_timestamp)
        root.parent_id = root.agent_id = None
        _roots[session] = root
    more: dict[str, Any] = dict(root.more or {})
    known = {**more.get("attributes", {}), **{to_text(key): to_plain(value) for key, value in attributes.items()}}
    kept = {name: value for name, value in known.items() if len(name) <= _LONGEST_NAME}
    if len(kept) < len(known) or len(kept) > _MOST_ATTRIBUTES:
        logger.warning(
            "AgentOps: a trace has up to %d facts, with names of up to %d characters; others are left out.",
            _MOST_ATTRIBUTES,
            _LONGEST_NAME,
        )
    root.more = {**more, "attributes": dict(list(kept.items())[:_MOST_ATTRIBUTES])}
    session.record(root)
    return bool(attributes)


def end_root(session: Session) -> None:
    """The event that stands for the session ends with it."""
    root = _roots.pop(session, None)
    if root is not None and root.recorded is not None:
        root.end_timestamp = _clock.now()
        session.record(root)
