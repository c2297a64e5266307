"""OpenTelemetry's spans -> records of the spool. Importing this module imports OpenTelemetry."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from opentelemetry.sdk.trace import SpanProcessor

from agentops import _context
from agentops._guard import guarded
from agentops._log import Notices

from ._spans import AGENT, PARENT, SEQUENCE, count_as, encode_span

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan, Span

    from agentops._session import Session

_NATIVE_SCOPES = frozenset(("com.anthropic.sdk.python",))
"""Libraries that trace themselves, inside the spans of their instrumentors: the same call a second time."""


class _Open(NamedTuple):
    """What is known of a span that has begun: where it belongs."""

    session: Session
    agent_id: UUID | str | None
    parent_id: UUID | str | None

    def belongs(self, sequence: int) -> dict[str, object]:
        """As attributes by which the server knows it."""
        places = {AGENT: self.agent_id, PARENT: self.parent_id}
        return {SEQUENCE: sequence, **{name: str(place) for name, place in places.items() if place is not None}}


class Bridge(SpanProcessor):
    """Records each span in the session that was current when it began."""

    def __init__(self, find_session: Callable[[], Session | None]) -> None:
        self._find_session = find_session
        self._open: dict[int, _Open] = {}
        self._notices = Notices()

    @guarded
    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
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
            self._open[context.span_id] = _Open(session, _context.agent.get(), parent_id)

    @guarded
    def on_end(self, span: ReadableSpan) -> None:
        context = span.get_span_context()
        place = None if context is None else self._open.pop(context.span_id, None)
        if place is None:
            return
        scope = span.instrumentation_scope
        has_parent = span.parent is not None and span.parent.span_id in self._open
        if has_parent and scope is not None and scope.name in _NATIVE_SCOPES:
            return
        encoder = place.session.encoder
        place.session.record_span(
            count_as(span), lambda sequence: encode_span(span, encoder, place.belongs(sequence), has_parent=has_parent)
        )

    def shutdown(self) -> None:
        """Nothing is held back: each span is in the spool once it has ended."""

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        del timeout_millis
        return True
