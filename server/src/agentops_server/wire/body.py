"""Bytes of a request to JSON values, with the tolerance that real clients need and bounds that they do not."""

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from agentops_server.errors import BadRequest

_T = TypeVar("_T")

_MOST_DIGITS = 1000
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode_body(body: bytes, shape: type[_T]) -> _T:
    """The body as a value of a type, mended (see `mend`) where it has to be.

    Raises:
        BadRequest: The body is not JSON, or not of this shape.
    """
    with refuse_too_deep():
        try:
            try:
                return msgspec.json.decode(body, type=shape)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return msgspec.json.decode(mend(body), type=shape)
        except (ValueError, msgspec.MsgspecError) as error:
            raise BadRequest(f"the body is not what this route takes: {error}") from None


@contextmanager
def refuse_too_deep() -> Iterator[None]:
    """Nested values can exhaust the stack when they are read and when they are written: say so in our words."""
    try:
        yield
    except RecursionError:
        raise BadRequest("the body is nested too deeply; send values of less than 500 levels") from None


def mend(text: bytes) -> bytes:
    """JSON as Python's own encoder writes it, which old SDKs use, as JSON that is strictly so.

    NaN, Infinity and numbers beyond any use become strings, lone surrogates U+FFFD.

    Raises:
        ValueError: The text is not even that, or not UTF-8.
        RecursionError: It is nested too deeply.
    """
    value = json.loads(text.decode(), parse_constant=str, parse_float=_finite, parse_int=_bounded)
    return _SURROGATES.sub("\ufffd", json.dumps(value, ensure_ascii=False)).encode()


def _finite(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _bounded(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def as_text(value: Any) -> str:
    """A value that should be text: itself, or its JSON; "" for none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
