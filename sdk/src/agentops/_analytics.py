"""The figures of a session as `get_analytics` gives them: keys and formats of SDK 0.3."""

from __future__ import annotations

import time
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from . import _clock, _money

if TYPE_CHECKING:
    from ._pipeline import Pipeline

_COUNTED = frozenset(("llms", "tools", "errors"))
_FETCH_SHARE = 0.2


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


def fetch_analytics(pipeline: Pipeline, session_id: UUID, limit_seconds: float) -> dict[str, int | str] | None:
    """The server's figures, after delivery; None if it does not give them within the limit."""
    deadline = time.monotonic() + limit_seconds
    if not pipeline.flush(limit_seconds * (1 - _FETCH_SHARE), session=session_id.bytes):
        return None
    answer = pipeline.fetch_stats(session_id, max(limit_seconds * _FETCH_SHARE, deadline - time.monotonic()))
    if answer is None or answer.status != 200 or not isinstance(answer.body, dict):
        return None
    duration_ms = answer.get("duration_ms")
    return make_analytics(
        answer.body,
        float(duration_ms) if isinstance(duration_ms, (int, float)) else 0.0,
        _money.find_money(answer.get("cost")) or Decimal(0),
    )
