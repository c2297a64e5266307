"""Spans and log records of OpenTelemetry as this server reads them, whichever encoding they came in."""

from enum import IntEnum
from typing import Any

import msgspec

Values = dict[str, Any]
"""Attributes: text, numbers, booleans, lists and dictionaries of them; bytes are base64 text."""


class StatusCode(IntEnum):
    """How a span ended, by its own word; the numbers are the protocol's."""

    UNSET = 0
    OK = 1
    ERROR = 2


SPAN_KINDS = ("", "internal", "server", "client", "producer", "consumer")


class Source(msgspec.Struct, frozen=True):
    """What sent a span or a record: the resource (a process of a service) and the instrumentation scope."""

    resource: Values
    scope_name: str = ""
    scope_version: str = ""


class Moment(msgspec.Struct, frozen=True):
    """A span event: something that happened in a span."""

    name: str
    at_ns: int
    attributes: Values


class Span(msgspec.Struct, frozen=True):
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
    moments: list[Moment] = []
    links: list[Values] = []
    status: int = StatusCode.UNSET
    status_message: str = ""


class LogRecord(msgspec.Struct, frozen=True):
    """One log record; the ids are "" where it was written outside of a span."""

    trace_id: str
    span_id: str
    event_name: str
    at_ns: int
    severity: str
    body: Any
    attributes: Values
    source: Source


class Export(msgspec.Struct):
    """What one export request carries, and what of it could not be read."""

    spans: list[Span] = []
    records: list[LogRecord] = []
    rejections: list[str] = []
    """One text for each span or record that was left out: which one, and why."""
