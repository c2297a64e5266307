"""How a trace ended, in the words of SDK 0.4 and of OpenTelemetry, as the end state of a session."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from ._events import EndState

if TYPE_CHECKING:
    from opentelemetry.trace import StatusCode

_WORDS = {
    **dict.fromkeys(("success", "ok", "pass"), EndState.SUCCESS),
    **dict.fromkeys(("error", "fail", "failure", "failed"), EndState.FAILURE),
    **dict.fromkeys(("unset", "unknown", "shutdown", "reinitialized", "indeterminate"), EndState.INDETERMINATE),
}


class TraceState(Enum):
    """How a trace ended: the words of SDK 0.4 for Success, Failure and Indeterminate."""

    SUCCESS = "Success"
    ERROR = "Failure"
    UNSET = "Indeterminate"

    def __str__(self) -> str:
        return self.name

    def to_status_code(self) -> StatusCode:
        """The status of OpenTelemetry that means the same."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - importing us imports no third party

        return {"SUCCESS": StatusCode.OK, "ERROR": StatusCode.ERROR, "UNSET": StatusCode.UNSET}[self.name]


def find_outcome(value: object) -> EndState | None:
    """The end state that is meant: an EndState, a TraceState, a StatusCode, or a word for one; None if it is none."""
    if isinstance(value, EndState):
        return value
    if isinstance(value, TraceState):
        return EndState(value.value)
    word = value.name if isinstance(value, Enum) else value
    return _WORDS.get(word.strip().lower().removeprefix("statuscode.")) if isinstance(word, str) else None


def list_outcomes() -> str:
    """The usual words, for messages."""
    return "Success, Failure (also Fail, Error), Indeterminate"
