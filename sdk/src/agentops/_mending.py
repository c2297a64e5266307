"""An event without the value that the server cannot take. The rest of it is what happened, too."""

from __future__ import annotations

import json

_FIXED = frozenset(("id", "session_id", "participant_id", "sequence", "attributes"))
_LONGEST_TYPE = 200
NAMESPACE = "agentops.refused"
"""An attribute `agentops.refused.<field>` has what was given."""


def mend(payload: bytes, complaint: str) -> tuple[str, bytes] | None:
    """The field that a complaint begins with, and the event without its value; None if that cannot be left out.

    It is the server that knows what it takes, so this is asked again for the next field when it complains again. A long
    type is cut, an empty one stands for an action.
    """
    field = complaint.replace(":", " ").partition(" ")[0]
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):  # damaged on the disk, or nested as deep as it gets
        return None
    if not isinstance(event, dict) or field in _FIXED or event.get(field) is None:
        return None
    given = event.pop(field)
    if field == "event_type":
        event[field] = given[:_LONGEST_TYPE] if isinstance(given, str) and given else "actions"
        if event[field] == given:
            return None
    attributes = event.get("attributes")
    text = given if isinstance(given, str) else json.dumps(given)
    event["attributes"] = {**(attributes if isinstance(attributes, dict) else {}), f"{NAMESPACE}.{field}": text}
    return field, json.dumps(event, separators=(",", ":")).encode()
