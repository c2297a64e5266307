"""`track_endpoint`: a handler of web requests is a trace, or a part of its caller's session."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import _clock
from ._guard import attempt, guarded
from ._propagation import Arrival
from ._recording import record_error
from ._traces import Inside
from ._traits import make_event

if TYPE_CHECKING:
    from ._traits import Traits

_LONGEST_BODY = 100_000
_HIDDEN = frozenset(("authorization", "cookie", "proxy-authorization", "x-api-key", "x-agentops-api-key"))


class EndpointCall:
    """One request: its session, and an event of kind `http` around all that happens in it."""

    def __init__(self, label: str, traits: Traits, arguments: object) -> None:
        request = _find_request()
        headers: Mapping[str, str] = {} if request is None else attempt(lambda: dict(request.headers), {})
        self._arrival = Arrival(headers, traits.tags, label)
        self._event = make_event("http", label, traits, is_root=True)
        self._event.parent_id, self._event.agent_id = self._arrival.parent_id, None
        self._keeps_response = traits.captures_response
        if traits.captures_request:
            self._event.params = arguments if request is None else _describe_request(request, headers)

    def current(self) -> Inside:
        return Inside(self._arrival.session, self._event)

    def note(self, item: object) -> None: ...

    @guarded
    def finish(self, result: object) -> None:
        if self._keeps_response:
            self._event.returns = _describe_response(result)
        self._close(None)

    @guarded
    def fail(self, error: BaseException) -> None:
        self._close(error)

    def _close(self, error: BaseException | None) -> None:
        session = self._arrival.session
        self._event.end_timestamp = _clock.now()
        session.record(self._event)
        if error is not None:
            record_error(session, self._event, error)
        self._arrival.leave(error)


def _find_request() -> Any:
    """The request that Flask is handling, if it is in use at all; None if it handles none."""
    flask = sys.modules.get("flask")
    if flask is None or not attempt(flask.has_request_context, False):
        return None
    return flask.request


def _describe_request(request: Any, headers: Mapping[str, str]) -> dict[str, object]:
    shown = {name: "[hidden]" if name.lower() in _HIDDEN else value for name, value in headers.items()}
    return {
        "method": attempt(lambda: request.method, None),
        "url": attempt(lambda: request.url, None),
        "headers": shown,
        "body": attempt(lambda: _describe_body(request), None),
    }


def _describe_body(request: Any) -> object:
    if request.is_json:
        return request.get_json(silent=True)
    if request.form:
        return request.form.to_dict(flat=False)
    length = request.content_length or 0
    return request.get_data(as_text=True) if 0 < length <= _LONGEST_BODY and request.mimetype[:5] == "text/" else None


def _describe_response(result: object) -> object:
    """What a handler returned: a body, a body with a status, or a response."""
    if isinstance(result, tuple) and len(result) > 1 and isinstance(result[1], int):
        return {"status_code": result[1], "body": result[0]}
    status = attempt(getattr, None, result, "status_code", None)
    if not isinstance(status, int):
        return {"body": result}
    text = attempt(lambda: result.get_data(as_text=True), None)  # type: ignore[attr-defined]
    return {"status_code": status, "body": text[:_LONGEST_BODY] if isinstance(text, str) else None}
