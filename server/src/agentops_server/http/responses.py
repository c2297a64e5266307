"""Answers as JSON."""

from typing import Any

import msgspec
from starlette.responses import Response

_encode = msgspec.json.Encoder(decimal_format="string").encode


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The value, a view or plain data, as a JSON answer."""
    return Response(_encode(value), status, headers, media_type="application/json")
