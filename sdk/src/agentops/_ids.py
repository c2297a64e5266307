"""Identifiers: time-ordered UUIDs (version 7, RFC 9562 section 5.7), and what users may give in their place."""

from __future__ import annotations

import itertools
import os
import time
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

try:  # what `random.Random` adds to are distributions, which take long to import
    from _random import Random
except ImportError:
    from random import Random  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_MILLISECONDS = (1 << 48) - 1
_VERSION_AND_VARIANT = (7 << 76) | (0b10 << 62)
# A generator of our own, seeded by the system: six times faster than to ask the system each time, and `random.seed(1)`
# in the host program does not make two runs of it have the same ids.
_random = Random()  # noqa: S311 - ids must differ, not be secret
draw = _random.getrandbits
"""So many random bits, as a number."""
SALT_BITS = 62
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_random.seed)


count_from: Callable[[int], Iterator[int]] = itertools.count
"""Numbers from this one on. Where something is compiled, its own counter, which it looks into."""


def count_salts() -> Callable[[], int]:
    """Calls give the numbers that tell the ids of one process's events from those of others: a count from a random one.

    RFC 9562 has that, too (section 6.2, method 2). The generator's state is 2.5 KB, which between two events leave the
    caches; a count is one number.
    """
    numbers = count_from(draw(SALT_BITS - 1))
    return numbers if callable(numbers) else numbers.__next__


def to_number(at_ns: int, salt: int) -> int:
    """The UUIDv7 of a moment and 62 more bits, as a number: 48 bits of Unix milliseconds, then 12 bits of the rest.

    To count is all that an event's construction pays for. A `UUID` costs more than all else of it, and few
    programs ask for it.
    """
    milliseconds, rest_ns = divmod(at_ns, 1_000_000)
    return (milliseconds & _MOST_MILLISECONDS) << 80 | _VERSION_AND_VARIANT | (rest_ns << 12) // 1_000_000 << 64 | salt


def new_id() -> UUID:
    """A new UUIDv7."""
    return UUID(int=to_number(time.time_ns(), draw(SALT_BITS)))


def to_text(number: int) -> str:
    """The usual form of a UUID that is a number."""
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def find_id(value: object) -> UUID | None:
    """The UUID that a UUID or a str stands for; None if it stands for none."""
    if isinstance(value, UUID):
        return value
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            return None
    return None


def read_given(value: Any) -> Any:
    """An id that was given for an event. A number stands for a UUID: as such it would be what one is made from."""
    if not isinstance(value, int):
        return value
    return UUID(int=value) if 0 <= value < 1 << 128 else str(value)


def to_id(value: object, namespace: UUID) -> UUID:
    """The UUID that a value stands for; for any other text the same UUID (version 5) each time within the namespace."""
    return find_id(value) or uuid5(namespace, str(value))
