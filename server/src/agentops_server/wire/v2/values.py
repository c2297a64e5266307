"""Single values of a v2 event: what each field may be, and the reason to drop the event that has something else."""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from agentops_server.domain.batch import DropReason
from agentops_server.domain.clock import NS, decode_time
from agentops_server.domain.ids import find_uuid
from agentops_server.domain.money import decode_money
from agentops_server.wire.body import as_text
from agentops_server.wire.v2.shape import ABSENT

_Id = TypeVar("_Id")

MOST_TOKENS = 1 << 53
LONGEST_CALL_S = 10_000_000
MOST_ATTRIBUTES = 200
LONGEST_NAME = 200

_DIGITS = re.compile("[0-9]{1,20}")


class DropError(Exception):
    """The event cannot be admitted."""

    def __init__(self, reason: DropReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


def required_id(value: Any) -> UUID:
    if (found := find_uuid(value)) is None:
        raise DropError(DropReason.INVALID_ID, "id must be a UUID; without one a repeated delivery would count twice")
    return found


def optional_id(value: Any, field: str, wrap: Callable[[UUID], _Id]) -> _Id | None:
    if value is None or value == "":
        return None
    if (found := find_uuid(value)) is None:
        raise DropError(DropReason.INVALID_ID, f"{field} must be a UUID or null")
    return wrap(found)


def time_ns(value: Any, field: str) -> int:
    if value is None or value == "":
        return 0
    if not isinstance(value, str):
        raise DropError(DropReason.INVALID_TIME, f"{field} must be an ISO 8601 string or null")
    try:
        return decode_time(value)
    except ValueError as error:
        raise DropError(DropReason.INVALID_TIME, f"{field}: {error}") from None


def count(value: Any, field: str) -> int | None:
    if value is None or value == "":
        return None
    if type(value) is int and 0 <= value <= MOST_TOKENS:
        return value
    number = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_TOKENS:
        raise DropError(DropReason.INVALID_TOKENS, f"{field} must be a whole number from 0 to 2^53, or null")
    return number


def cost(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return decode_money(value)
    except ValueError as error:
        raise DropError(DropReason.INVALID_COST, f"cost: {error}") from None


def payload(raw: msgspec.Raw) -> str:
    """The payload's JSON text as it was sent; "" for null or absent."""
    if raw is ABSENT:
        return ""
    try:
        text = str(raw, "utf-8")
    except UnicodeDecodeError as error:
        raise DropError(DropReason.MALFORMED, f"the event is not UTF-8: {error}") from None
    return "" if text == "null" else text


def seconds_ns(value: Any, field: str) -> int:
    """A duration in seconds as nanoseconds; 0 for null or absent."""
    if value is None or value == "":
        return 0
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise DropError(DropReason.INVALID_TIME, f"{field} must be a number of seconds, or null")
    if not 0 <= value <= LONGEST_CALL_S:
        raise DropError(DropReason.INVALID_TIME, f"{field} must be from 0 to {LONGEST_CALL_S} seconds")
    return round(value * NS)


def attributes(value: Any) -> dict[str, str]:
    """Names and texts; a value that is not text becomes its JSON."""
    if not isinstance(value, dict):
        raise DropError(DropReason.INVALID_ATTRIBUTES, "attributes must be an object, or null")
    if len(value) > MOST_ATTRIBUTES or any(len(name) > LONGEST_NAME for name in value):
        message = f"attributes must be up to {MOST_ATTRIBUTES}, with names of up to {LONGEST_NAME} characters"
        raise DropError(DropReason.INVALID_ATTRIBUTES, message)
    return {name: as_text(item) for name, item in value.items() if item is not None}
