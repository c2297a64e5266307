"""Bytes of a request to JSON values, with the tolerance that real clients need and bounds that they do not."""

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from agentops_server.errors import BadRequest, TooLarge

_T = TypeVar("_T")

# Commas and brackets; those of texts count too.
MOST_MENDED_MARKS = 1_000_000
_MARKS = (b",", b"[", b"{")
_MOST_DIGITS = 1000
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode_body(body: bytes, shape: type[_T], limit_bytes: int | None = None) -> _T:
    """The body as a value of a type, mended (see `mend`) where it has to be.

    Args:
        body: JSON.
        shape: The type.
        limit_bytes: For routes that take less than the largest body. Its values are in memory, and take a multiple.

    Raises:
        BadRequest: The body is not JSON, or not of this shape.
        TooLarge: It is larger than the limit.
    """
    if limit_bytes is not None and len(body) > limit_bytes:
        raise TooLarge(f"the body is larger than the {limit_bytes} bytes that this route takes; send less")
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
        ValueError: The text is not even that, or not UTF-8, or has more values than are to be held in memory.
        RecursionError: It is nested too deeply.
    """
    if sum(map(text.count, _MARKS)) > MOST_MENDED_MARKS:
        raise ValueError(f"it is not strictly JSON, and too intricate to be mended (over {MOST_MENDED_MARKS} values)")
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
