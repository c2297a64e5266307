"""The figures of a session as `get_analytics` gives them: keys and formats of SDK 0.3."""

from __future__ import annotations

import time
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from . import _clock, _money
from ._log import logger

if TYPE_CHECKING:
    from decimal import Decimal

    from ._pipeline import Pipeline
    from ._transport import Answer

_COUNTED = frozenset(("llms", "tools", "errors"))
_FETCH_SHARE = 0.2
_UNKNOWN = {
    "unpriced_llms": "the price or the token count of {} LLM call{} is not known",
    "estimated_llms": "the tokens of {} LLM call{} are estimated",
    "missing_events": "{} event{} did not arrive",
    "refused_events": "{} event{} could not be kept",
}
"""Why a cost is a lower bound, by the fields of a session's stats: their number, and an s if it is not one."""


def count_as(event_type: object) -> str:
    """The count that an event of this type adds to."""
    name = event_type.value if isinstance(event_type, Enum) else event_type
    return str(name) if name in _COUNTED else "actions"


def make_analytics(counts: Mapping[str, object], duration_ms: float, cost: Decimal) -> dict[str, int | str]:
    named = {"LLM calls": "llms", "Tool calls": "tools", "Actions": "actions", "Errors": "errors"}
    figures: dict[str, int | str] = {}
    for label, name in named.items():
        count = counts.get(name)
        figures[label] = count if isinstance(count, int) else 0
    figures["Duration"] = _clock.format_duration(duration_ms)
    figures["Cost"] = _money.to_text(cost)
    return figures


def explain_bound(answer: Answer) -> str | None:
    """Why what a session cost may be more than its known cost, by the server's figures; None if it cannot be."""
    if answer.get("cost_is_lower_bound") is not True:
        return None
    reasons = [
        text.format(count, "" if count == 1 else "s") for name, text in _UNKNOWN.items() if (count := answer.get(name))
    ]
    return ", ".join(reasons) or "the price or the token count of a call is not known"


def explain_refused(count: int) -> str | None:
    """The same, by what this process knows."""
    return _UNKNOWN["refused_events"].format(count, "" if count == 1 else "s") if count else None


def say_bound(session_id: UUID, reason: str | None) -> None:
    """Log that the known cost of a session may not be all, if there is a reason."""
    if reason is not None:
        logger.warning("AgentOps: the cost of session %s is a lower bound: %s.", session_id, reason)


def fetch_stats(pipeline: Pipeline, session_id: UUID, limit_seconds: float) -> Answer | None:
    """The server's figures, after delivery; None if it does not give them within the limit."""
    deadline = time.monotonic() + limit_seconds
    if not pipeline.flush(limit_seconds * (1 - _FETCH_SHARE), session=session_id.bytes):
        return None
    answer = pipeline.fetch_stats(session_id, max(limit_seconds * _FETCH_SHARE, deadline - time.monotonic()))
    return answer if answer is not None and answer.status == 200 and isinstance(answer.body, dict) else None


def read_analytics(answer: Answer) -> dict[str, int | str]:
    """The figures of an answer with a session's stats."""
    duration_ms = answer.get("duration_ms")
    return make_analytics(
        answer.body if isinstance(answer.body, dict) else {},
        float(duration_ms) if isinstance(duration_ms, (int, float)) else 0.0,
        _money.find_money(answer.get("cost")) or _money.zero(),
    )
