"""How often a request was sent again, because the provider was busy: clients do that by themselves and tell nobody.

A layer over what clients send their requests with. It looks at the status of answers: the same request after a refusal,
inside one span, is a retry. Importing this module imports wrapt.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from agentops._guard import attempt

from ._layers import Layers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

DOORS = (
    *(f"{module}:{client}.send" for module in ("httpx", "httpx2") for client in ("Client", "AsyncClient")),
    "botocore.httpsession:URLLib3Session.send",
)
_PASSING = frozenset((408, 409, 425, 429))
"""What clients send again, beside 5xx (RFC 9110 and 8470, and what OpenAI's client does)."""


class Retries:
    """Of one span: the request inside of it that was refused last, and how many were sent again."""

    __slots__ = ("count", "refused")

    def __init__(self) -> None:
        self.count = 0
        self.refused: tuple[str, str] | None = None


class Resends(Layers):
    """Counts them.

    Args:
        find: gives those of the span inside of which a request is sent, if there is one.
    """

    def __init__(self, find: Callable[[], Retries | None]) -> None:
        super().__init__(self._send)
        self._find = find

    def _send(self, wrapped: Callable[..., Any], instance: Any, args: Any, kwargs: Any) -> Any:
        del instance
        retries = attempt(self._find, None)
        request = attempt(_name_request, None, args[0] if args else kwargs.get("request"))
        if retries is None or request is None:
            return wrapped(*args, **kwargs)
        if retries.refused == request:
            retries.refused = None
            retries.count += 1
        try:
            answer = wrapped(*args, **kwargs)
        except Exception:
            retries.refused = request
            raise
        if inspect.isawaitable(answer):
            return _await(answer, retries, request)
        return _note(answer, retries, request)


async def _await(answer: Awaitable[Any], retries: Retries, request: tuple[str, str]) -> Any:
    try:
        come = await answer
    except Exception:
        retries.refused = request
        raise
    return _note(come, retries, request)


def _name_request(request: Any) -> tuple[str, str]:
    return request.method, str(request.url)


def _note(answer: Any, retries: Retries, request: tuple[str, str]) -> Any:
    status = attempt(getattr, None, answer, "status_code")
    if isinstance(status, int) and (status in _PASSING or status >= 500):
        retries.refused = request
    return answer
