"""How often a request was sent again, because the provider was busy: clients do that by themselves and tell nobody.

A layer over what clients send their requests with. It looks at the status of answers: what follows a refusal inside one
span is a retry. Importing this module imports wrapt.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from agentops._guard import attempt

from ._layers import Layers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from opentelemetry.sdk.trace import Span

ATTRIBUTE = "agentops.retries"
DOORS = (
    *(f"{module}:{client}.send" for module in ("httpx", "httpx2") for client in ("Client", "AsyncClient")),
    "botocore.httpsession:URLLib3Session.send",
)
_PASSING = frozenset((408, 409, 425, 429))
"""What clients send again, beside 5xx (RFC 9110 and 8470, and what OpenAI's client does)."""


class Resends(Layers):
    """Counts retries into spans.

    Args:
        find_span: gives the span inside of which a request is sent, if there is one that is recorded.
    """

    def __init__(self, find_span: Callable[[], Span | None]) -> None:
        super().__init__(self._send)
        self._find_span = find_span
        self._refused: WeakSet[Span] = WeakSet()

    def _send(self, wrapped: Callable[..., Any], instance: Any, args: Any, kwargs: Any) -> Any:
        del instance
        span = attempt(self._begin, None)
        try:
            answer = wrapped(*args, **kwargs)
        except Exception:
            self._note(span, None)
            raise
        if inspect.isawaitable(answer):
            return self._await(answer, span)
        self._note(span, answer)
        return answer

    async def _await(self, answer: Awaitable[Any], span: Span | None) -> Any:
        try:
            come = await answer
        except Exception:
            self._note(span, None)
            raise
        self._note(span, come)
        return come

    def _begin(self) -> Span | None:
        span = self._find_span()
        if span is not None and span in self._refused:
            self._refused.discard(span)
            earlier = (span.attributes or {}).get(ATTRIBUTE)
            span.set_attribute(ATTRIBUTE, 1 + (earlier if isinstance(earlier, int) else 0))
        return span

    def _note(self, span: Span | None, answer: Any) -> None:
        """An answer is there, or None where none came."""
        status = attempt(lambda: int(answer.status_code), 0) if answer is not None else 0
        if span is not None and (answer is None or status in _PASSING or status >= 500):
            self._refused.add(span)
