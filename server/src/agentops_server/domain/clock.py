"""Times as nanoseconds since 1970 in UTC, and their text form (ISO 8601)."""

import re
import time
from datetime import UTC, datetime
from functools import lru_cache

NS = 1_000_000_000
# Every time that can be meant lies between these; outside, a clock or a unit is wrong.
FIRST_NS = 0
LAST_NS = 7_258_118_400 * NS  # 2200-01-01

_UTC = ("+00:00", "Z")
# The blank before an offset is a plus that somebody did not escape in a URL.
_CLOCK = r"(\d\d:\d\d:\d\d)(?:[.,](\d{1,12}))?\s*(Z|z|[+\- ]\d\d(?::?\d\d)?)?"
_ISO = re.compile(rf"(\d{{4}}-\d\d-\d\d)(?:[T ]{_CLOCK})?", re.ASCII)


def now_ns() -> int:
    """Nanoseconds since 1970 by this machine's clock."""
    return time.time_ns()


def decode_time(text: str) -> int:
    """Nanoseconds since 1970 of an ISO 8601 time, or of when a day begins; one without an offset is in UTC.

    Raises:
        ValueError: The text is not such a time, or lies before 1970 or after 2200.
    """
    if (usual := _find_usual(text)) is not None:
        return usual
    match = _ISO.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:40]!r} is not an ISO 8601 time like 2026-11-20T16:50:19.845646+00:00")
    day, clock, fraction, offset = match.groups()
    moment = datetime.fromisoformat(f"{day}T{clock or '00:00:00'}{_offset(offset)}")
    ns = int(moment.timestamp()) * NS + int((fraction or "0")[:9].ljust(9, "0"))
    if not FIRST_NS <= ns < LAST_NS:
        raise ValueError(f"{text[:40]!r} lies outside 1970 to 2200")
    return ns


def _find_usual(text: str) -> int | None:
    """The time in the form that nearly every client writes, with microseconds in UTC; None for any other form."""
    digits = text[20:26]
    if text[26:] not in _UTC or text[19:20] != "." or not (digits.isascii() and digits.isdecimal()):
        return None
    seconds = _find_seconds(text[:19])
    return None if seconds is None else seconds * NS + int(digits) * 1000


@lru_cache(1024)
def _find_seconds(text: str) -> int | None:
    """The seconds since 1970 of a date and a time in UTC. Events of one request are often of the same second."""
    if _ISO.fullmatch(text) is None:
        return None
    seconds = int(datetime.fromisoformat(f"{text}+00:00").timestamp())
    return seconds if FIRST_NS <= seconds * NS < LAST_NS - NS else None


def _offset(offset: str | None) -> str:
    if offset is None or offset in "Zz":
        return "+00:00"
    return offset.replace(" ", "+") if len(offset) != 3 else f"{offset.replace(' ', '+')}:00"


def encode_time(ns: int) -> str:
    """ISO 8601 in UTC with the digits that the time has: 6, or 9 where it is finer than a microsecond."""
    seconds, fraction = divmod(ns, NS)
    digits = f"{fraction:09d}"
    if digits.endswith("000"):
        digits = digits[:6]
    return f"{_encode_second(seconds)}.{digits}+00:00"


def _encode_second(seconds: int) -> str:
    days, second = divmod(seconds, 86_400)
    minute, second = divmod(second, 60)
    return f"{_encode_day(days)}T{minute // 60:02d}:{minute % 60:02d}:{second:02d}"


# Rows that are shown together lie together, and making the text of a day is most of the work.
@lru_cache(1024)
def _encode_day(days: int) -> str:
    return f"{datetime.fromtimestamp(days * 86_400, UTC):%Y-%m-%d}"


def find_time(ns: int) -> str | None:
    """Like `encode_time`, but None for 0, which stands for 'not known' in storage."""
    return encode_time(ns) if ns else None
