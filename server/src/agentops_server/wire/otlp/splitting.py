"""Cuts the spans or records out of an export that cannot be parsed as a whole.

Requests for traces and for logs have the same shape: parts (field 1) of a resource (field 1) and scoped lists (field
2), which have a scope (field 1) and the items (field 2). The lengths are read, what they enclose is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MOST_VARINT_BYTES = 10


@dataclass(frozen=True, slots=True)
class Part:
    """One item as bytes, with those of what sent it."""

    resource: bytes
    scope: bytes
    item: bytes


def split_export(body: bytes) -> list[Part]:
    """The items of an export.

    Raises:
        ValueError: The lengths in it do not fit together.
    """
    return [
        Part(resource, scope, item)
        for part in _all(body, 1)
        for resource in [_last(part, 1)]
        for scoped in _all(part, 2)
        for scope in [_last(scoped, 1)]
        for item in _all(scoped, 2)
    ]


def _all(message: bytes, wanted: int) -> list[bytes]:
    return [content for number, content in _fields(message) if number == wanted]


def _last(message: bytes, wanted: int) -> bytes:
    return (_all(message, wanted) or [b""])[-1]


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields that have a length, by their number."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        wire_type = tag & 7
        if wire_type == _VARINT:
            _, at = _varint(message, at)
            continue
        if wire_type == _BYTES:
            length, at = _varint(message, at)
        elif wire_type in {_FIXED64, _FIXED32}:
            length = 8 if wire_type == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {wire_type}")
        if at + length > len(message):
            raise ValueError("a field ends behind its message")
        if wire_type == _BYTES:
            yield tag >> 3, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    number = 0
    for count in range(_MOST_VARINT_BYTES):
        if at + count >= len(message):
            break
        byte = message[at + count]
        number |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return number, at + count + 1
    raise ValueError("a number does not end")
