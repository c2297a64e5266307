"""Spans and log records of OpenTelemetry as this server reads them, whichever encoding they came in."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

Values = dict[str, Any]
"""Attributes: text, numbers, booleans, lists and dictionaries of them; bytes are base64 text."""


class StatusCode(IntEnum):
    """How a span ended, by its own word; the numbers are the protocol's."""

    UNSET = 0
    OK = 1
    ERROR = 2


SPAN_KINDS = ("", "internal", "server", "client", "producer", "consumer")


@dataclass(frozen=True, slots=True)
class Source:
    """What sent a span or a record: the resource (a process of a service) and the instrumentation scope."""

    resource: Values
    scope_name: str = ""
    scope_version: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A span event: something that happened in a span."""

    name: str
    at_ns: int
    attributes: Values


@dataclass(frozen=True, slots=True)
class Span:
    """One span. Ids are lower-case hexadecimal; `parent_id` is "" for the root of a trace."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: int
    start_ns: int
    end_ns: int
    attributes: Values
    source: Source
    moments: list[Moment] = field(default_factory=list)
    links: list[Values] = field(default_factory=list)
    status: int = StatusCode.UNSET
    status_message: str = ""


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One log record; the ids are "" where it was written outside of a span."""

    trace_id: str
    span_id: str
    event_name: str
    at_ns: int
    severity: str
    body: Any
    attributes: Values
    source: Source


@dataclass(slots=True)
class Export:
    """What one export request carries, and what of it could not be read."""

    spans: list[Span] = field(default_factory=list)
    records: list[LogRecord] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)
    """One text for each span or record that was left out: which one, and why."""
