"""The keys of a v2 event."""

from typing import Any

import msgspec

ABSENT = msgspec.Raw()
"""What a payload is that was not sent."""


class WireEvent(msgspec.Struct):
    """Every key that a v2 client sends; payloads stay as the bytes that they are."""

    id: Any = None
    event_type: Any = None
    init_timestamp: Any = None
    end_timestamp: Any = None
    timestamp: Any = None
    agent_id: Any = None
    parent_id: Any = None
    participant_id: Any = None
    sequence: Any = None
    name: Any = None
    tool_name: Any = None
    action_type: Any = None
    screenshot: Any = None
    model: Any = None
    thread_id: Any = None
    prompt_tokens: Any = None
    completion_tokens: Any = None
    usage: Any = None
    usage_basis: Any = None
    cache_hit: Any = None
    service_tier: Any = None
    provider: Any = None
    finish_reasons: Any = None
    time_to_first_chunk: Any = None
    cost: Any = None
    error_type: Any = None
    code: Any = None
    trigger_event_id: Any = None
    trigger_event_type: Any = None
    attributes: Any = None
    params: msgspec.Raw = ABSENT
    returns: msgspec.Raw = ABSENT
    prompt: msgspec.Raw = ABSENT
    completion: msgspec.Raw = ABSENT
    model_params: msgspec.Raw = ABSENT
    tool_definitions: msgspec.Raw = ABSENT
    logs: msgspec.Raw = ABSENT
    details: msgspec.Raw = ABSENT
