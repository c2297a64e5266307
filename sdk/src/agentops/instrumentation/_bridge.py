"""OpenTelemetry's spans -> records of the spool. Importing this module imports OpenTelemetry."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import SpanProcessor

from agentops import _context
from agentops._guard import guarded
from agentops._log import Notices

from ._first_chunks import ATTRIBUTE, note_span
from ._resends import Retries
from ._spans import AGENT, PARENT, RETRIES, SEQUENCE, count_as, encode_span, has_failed, has_usage, is_call, is_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan, Span

    from agentops._session import Session

_NATIVE_SCOPES = frozenset(("com.anthropic.sdk.python",))
"""Libraries that trace themselves, inside the spans of their instrumentors: the same call a second time."""


@dataclass
class _Open:
    """What is known of a span that has begun: where it belongs, and what of it was told further in."""

    span: Span
    session: Session
    agent_id: UUID | str | None
    parent_id: UUID | str | None
    above: _Open | None
    has_ended: bool = False
    usage_is_told: bool = False
    failure_is_told: bool = False
    retries: Retries = field(default_factory=Retries)

    @property
    def is_native(self) -> bool:
        """Whether its instrumentor tells the same."""
        scope = self.span.instrumentation_scope
        return self.above is not None and scope is not None and scope.name in _NATIVE_SCOPES

    @property
    def is_open_call(self) -> bool:
        return not self.has_ended and is_call(self.span)

    def is_repeat(self, span: ReadableSpan) -> bool:
        """Whether all that the span of a model call tells has been told by the one in it, which the provider's is."""
        return is_call(span) and (self.usage_is_told or (self.failure_is_told and has_failed(span)))

    def step_out(self, span: ReadableSpan) -> _Open:
        """The outermost of the open model calls around a span, whose place it takes; itself where there is none.

        A call that tells nothing stays inside the one that does.
        """
        usage, failure = has_usage(span), has_failed(span)
        if is_call(span) and not (usage or failure):
            return self
        place = self
        while (above := place.above) is not None and above.is_open_call:
            if is_call(span):
                above.usage_is_told |= usage
                above.failure_is_told |= failure
            place = above
        return place

    def find_first_chunk(self, span: ReadableSpan) -> float | None:
        """The time to the first chunk, where a call does not tell it and one around it does, whose place it takes."""
        if not is_call(span) or ATTRIBUTE in (span.attributes or {}):
            return None
        place = self.above
        while place is not None and place.is_open_call:
            if isinstance(found := (place.span.attributes or {}).get(ATTRIBUTE), float):
                return found
            place = place.above
        return None

    def belongs(self, sequence: int, parent_id: UUID | str | None) -> dict[str, object]:
        """As attributes by which the server knows it."""
        places = {AGENT: self.agent_id, PARENT: parent_id}
        return {SEQUENCE: sequence, **{name: str(place) for name, place in places.items() if place is not None}}


class Bridge(SpanProcessor):
    """Records each span in the session that was current when it began.

    Frameworks report the calls of their models, and so do the instrumentors of the providers: of the two only the
    provider's is recorded, in the place of the framework's.
    """

    def __init__(self, find_session: Callable[[], Session | None]) -> None:
        self._find_session = find_session
        self._open: dict[int, _Open] = {}
        self._latest: ContextVar[_Open | None] = ContextVar("agentops_latest_span", default=None)
        self._notices = Notices()

    @guarded
    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
        note_span(span)
        context = span.get_span_context()
        above = None if span.parent is None else self._open.get(span.parent.span_id)
        session = above.session if above is not None else self._find_session()
        if session is None:
            self._notices.warn(
                "none",
                "AgentOps: a call of %s belongs to no session and is not recorded: make it inside `with session:`, or "
                "after agentops.init().",
                span.name,
            )
        elif context is not None:
            parent_id = _context.parent.get() if above is None else None
            place = _Open(span, session, _context.agent.get(), parent_id, above)
            self._open[context.span_id] = place
            self._latest.set(place)

    @guarded
    def on_end(self, span: ReadableSpan) -> None:
        context = span.get_span_context()
        place = None if context is None else self._open.pop(context.span_id, None)
        if place is None:
            return
        place.has_ended = True
        if place.is_native or is_report(span) or place.is_repeat(span):
            return
        outer = place.step_out(span)
        parent = None if outer.above is None else outer.above.span.get_span_context()
        encoder = place.session.encoder
        more: dict[str, object] = {}
        if (waited := place.find_first_chunk(span)) is not None:
            more[ATTRIBUTE] = waited
        if place.retries.count and is_call(span):  # an instrumentor may say at the end only that it is one
            more[RETRIES] = place.retries.count
        place.session.record_span(
            count_as(span),
            lambda number: encode_span(span, encoder, place.belongs(number, outer.parent_id) | more, parent),
        )

    def is_in(self, session: Session, span: Span) -> bool:
        """Whether an open span belongs to a session."""
        place = self._open.get(span.get_span_context().span_id)
        return place is not None and place.session is session

    def find_retries(self) -> Retries | None:
        """Those of the span that began last in this context and goes on; not every instrumentor makes it current."""
        place = self._latest.get()
        while place is not None and (place.has_ended or place.is_native):
            place = place.above
        return None if place is None else place.retries

    def shutdown(self) -> None:
        """Nothing is held back: each span is in the spool once it has ended."""

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        del timeout_millis
        return True
