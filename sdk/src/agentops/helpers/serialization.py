"""Values as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from agentops._plain import to_text


class AgentOpsJSONEncoder(json.JSONEncoder):
    """For `json.dumps(value, cls=AgentOpsJSONEncoder)`: what is no JSON becomes text, or the list that it is."""

    def default(self, o: Any) -> Any:
        """What stands for a value that JSON does not know."""
        if isinstance(o, datetime):
            return o.isoformat()
        if isinstance(o, (set, frozenset)):
            return list(o)
        if isinstance(o, Enum):
            return o.value
        return o.to_json() if hasattr(o, "to_json") else to_text(o)


def safe_serialize(obj: Any) -> str:
    """A text as it is; anything else as JSON, models by their fields."""
    if isinstance(obj, str):
        return obj
    if hasattr(obj, "model_dump"):
        obj = obj.model_dump()
    try:
        return json.dumps(obj, cls=AgentOpsJSONEncoder)
    except (TypeError, ValueError):
        return to_text(obj)


def is_jsonable(x: object) -> bool:
    """Whether JSON has such a value."""
    try:
        json.dumps(x)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def filter_unjsonable(d: Any) -> Any:
    """The value with an empty text wherever it holds what JSON does not know; UUIDs as text."""
    if isinstance(d, dict):
        return {key: filter_unjsonable(value) for key, value in d.items()}
    if isinstance(d, list):
        return [filter_unjsonable(value) for value in d]
    if isinstance(d, UUID):
        return str(d)
    return d if is_jsonable(d) else ""


def serialize_uuid(obj: UUID) -> str:
    """The id as text."""
    return str(obj)
