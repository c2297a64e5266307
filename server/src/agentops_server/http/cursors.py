"""Cursors: a place in a list as an opaque word."""

import base64
import binascii
from dataclasses import astuple
from typing import TYPE_CHECKING, TypeVar

import msgspec

from agentops_server.errors import Invalid

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Place = TypeVar("_Place", bound="DataclassInstance")


def encode_cursor(place: "DataclassInstance") -> str:
    """The word for a place."""
    return base64.urlsafe_b64encode(msgspec.json.encode(astuple(place))).decode().rstrip("=")


def decode_cursor(cursor: str | None, kind: type[_Place], first: _Place) -> _Place:
    """The place of a word; the first place for none.

    Raises:
        Invalid: The word is not one that we gave.
    """
    if not cursor:
        return first
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return msgspec.convert(dict(zip(kind.__dataclass_fields__, values, strict=True)), kind)
    except (binascii.Error, ValueError, TypeError, RecursionError, msgspec.MsgspecError):
        raise Invalid("cursor is not one that this list gave; start again without it") from None
