"""The wall clock, as ISO 8601 text in UTC, and durations as people read them."""

from __future__ import annotations

import time

from ._guard import attempt

_second = (0, "")
_UNITS = ((1e11, 1), (1e14, 1_000), (1e17, 1_000_000))
now_ns = time.time_ns
"""The current time in nanoseconds since 1970."""


def now() -> str:
    """The current time as text."""
    return format_ns(now_ns())


def format_ns(moment_ns: int) -> str:
    """Nanoseconds since 1970 with six decimals of a second, like `2026-11-20T16:50:19.845646+00:00`.

    Each event has two of them, so the text of the running second is kept: a third of the time of `isoformat`.
    """
    global _second  # noqa: PLW0603 - one tuple, replaced whole
    second, nanoseconds = divmod(moment_ns, 1_000_000_000)
    known, text = _second
    if second != known:
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        _second = (second, text)
    return f"{text}.{nanoseconds // 1000:06d}+00:00"


def to_text(moment: object) -> str | None:
    """A moment as ISO 8601 text: given as that, as datetime or date (naive means local time), or as time since 1970."""
    if moment is None:
        return None
    from datetime import date, datetime, timezone  # noqa: PLC0415 - importing us must stay quick

    if isinstance(moment, date):
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - the day begins in local time
        return moment.astimezone(timezone.utc).isoformat(timespec="microseconds")
    if isinstance(moment, (int, float)) and not isinstance(moment, bool):
        return attempt(_date_number, str(moment), moment)
    return str(moment)


def _date_number(number: float) -> str:
    """Seconds since 1970, as `time.time` gives them; by its size milliseconds, microseconds, or those of `time_ns`."""
    from datetime import datetime, timezone  # noqa: PLC0415 - as above

    per_second = next((unit for most, unit in _UNITS if abs(number) < most), 1_000_000_000)
    return datetime.fromtimestamp(number / per_second, timezone.utc).isoformat(timespec="microseconds")


def format_duration(duration_ms: float) -> str:
    """`1h 2m 3.4s`; hours and minutes only where there are any."""
    tenths = max(0, round(duration_ms / 100))
    seconds, tenths = divmod(tenths, 10)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours}h"] if hours else []
    if hours or minutes:
        parts.append(f"{minutes}m")
    return " ".join([*parts, f"{seconds}.{tenths}s"])


def elapsed_ms(start: str, end: str | None) -> float:
    """Milliseconds between two moments that `now` wrote; `end` None means until now."""
    from datetime import datetime  # noqa: PLC0415 - as above

    return (datetime.fromisoformat(end or now()) - datetime.fromisoformat(start)).total_seconds() * 1000
