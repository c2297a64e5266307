"""What makes a span or a record one that can be stored. What does not pass is refused alone, with its reason."""

from agentops_server.domain.clock import FIRST_NS, LAST_NS

_SHOWN_CHARACTERS = 40


class UnreadableError(Exception):
    """Why one span or record was refused; the text is for its sender."""


def check_ids(trace_id: str, span_id: str) -> None:
    """Raise `UnreadableError` unless these are a trace's and a span's id in hexadecimal, and not all zeros."""
    if len(trace_id) != 32 or not trace_id.strip("0"):
        raise UnreadableError(f"trace_id {trace_id[:_SHOWN_CHARACTERS]!r} is not 16 bytes that are not all zero")
    if len(span_id) != 16 or not span_id.strip("0"):
        raise UnreadableError(f"span_id {span_id[:_SHOWN_CHARACTERS]!r} is not 8 bytes that are not all zero")


def check_time(value_ns: int, field: str) -> int:
    """The time, in nanoseconds since 1970; raises `UnreadableError` when it lies outside 1970 to 2200."""
    if not FIRST_NS <= value_ns < LAST_NS:
        raise UnreadableError(f"{field} {value_ns} lies outside 1970 to 2200; it is in nanoseconds since 1970")
    return value_ns
