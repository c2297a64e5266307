"""The events of a v2 request to domain events, each for itself: a malformed one is dropped, its neighbours stay."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID, uuid5

import msgspec

from agentops_server.domain.batch import Batch, Drop, DropReason
from agentops_server.domain.clock import decode_time
from agentops_server.domain.event import Event, Kind, Usage
from agentops_server.domain.ids import AgentId, EventId, ParticipantId, find_uuid
from agentops_server.domain.money import decode_money
from agentops_server.errors import BadRequest
from agentops_server.wire.body import as_text, mend
from agentops_server.wire.origin import Origin
from agentops_server.wire.v2.splitting import split_events

KINDS = {"llms": Kind.LLM, "tools": Kind.TOOL, "actions": Kind.ACTION, "errors": Kind.ERROR}
_Id = TypeVar("_Id")

LONGEST_TYPE = 200
MOST_TOKENS = 1 << 53

_DIGITS = re.compile("[0-9]{1,20}")


class _WireEvent(msgspec.Struct):
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
    cost: Any = None
    error_type: Any = None
    code: Any = None
    trigger_event_id: Any = None
    trigger_event_type: Any = None
    params: msgspec.Raw = msgspec.Raw()
    returns: msgspec.Raw = msgspec.Raw()
    prompt: msgspec.Raw = msgspec.Raw()
    completion: msgspec.Raw = msgspec.Raw()
    logs: msgspec.Raw = msgspec.Raw()
    details: msgspec.Raw = msgspec.Raw()


class _DropError(Exception):
    def __init__(self, reason: DropReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


_decode_event = msgspec.json.Decoder(_WireEvent).decode


def decode_events(body: bytes, origin: Origin, *, replaces: bool = False) -> Batch:
    """The events of a ``create_events`` or ``update_events`` body.

    Args:
        body: ``{"events": [...]}``.
        origin: The session of the token that came with it.
        replaces: Whether these events correct earlier ones with the same ids.

    Raises:
        BadRequest: The body as a whole cannot be read.
    """
    batch = Batch()
    for index, raw in enumerate(split_events(body)):
        wire = _WireEvent()
        try:
            wire = _decode_one(raw)
            if wire.id is None:
                wire.id = _derive_id(wire, raw, origin)
            batch.events.append(_event(wire, origin, replaces))
        except _DropError as drop:
            known = wire.id if isinstance(wire.id, str) else None
            batch.drops.append(Drop(index, known, drop.reason, drop.message))
        except RecursionError:
            batch.drops.append(Drop(index, None, DropReason.MALFORMED, "the event is nested too deeply"))
    return batch


def _decode_one(raw: msgspec.Raw) -> _WireEvent:
    try:
        if bytes(memoryview(raw)[:1]) != b"{":
            mend(bytes(raw))
            raise _DropError(DropReason.NOT_AN_OBJECT, "an event is a JSON object")
        try:
            return _decode_event(raw)
        except msgspec.MsgspecError:
            return _decode_event(mend(bytes(raw)))
    except json.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error}") from None
    except (ValueError, msgspec.MsgspecError) as error:
        raise _DropError(DropReason.MALFORMED, f"the event cannot be read: {error}") from None


def _derive_id(wire: _WireEvent, raw: msgspec.Raw, origin: Origin) -> str | None:
    """The id of an error that has none: SDK 0.2 gives errors no id. The same bytes have the same one, however often."""
    if wire.event_type != "errors":
        return None
    return str(uuid5(origin.session_id, bytes(raw).decode("latin-1")))


def _event(wire: _WireEvent, origin: Origin, replaces: bool) -> Event:
    if not isinstance(wire.event_type, str) or not 0 < len(wire.event_type) <= LONGEST_TYPE:
        message = f"event_type must be llms, tools, actions, errors or another word of up to {LONGEST_TYPE} characters"
        raise _DropError(DropReason.INVALID_TYPE, message)
    init_ns, end_ns = _times(wire, origin.received_ns)
    kind = KINDS.get(wire.event_type, wire.event_type)
    event = Event(
        project_id=origin.project_id,
        session_id=origin.session_id,
        id=EventId(_required_id(wire.id)),
        kind=kind,
        event_type=wire.event_type,
        init_ns=init_ns,
        end_ns=end_ns,
        received_ns=origin.received_ns,
        name=as_text(wire.name) or as_text(wire.tool_name) or as_text(wire.action_type),
        action_type=as_text(wire.action_type),
        agent_id=_optional_id(wire.agent_id, "agent_id", AgentId),
        parent_id=_optional_id(wire.parent_id, "parent_id", EventId),
        participant_id=_optional_id(wire.participant_id, "participant_id", ParticipantId) or origin.participant_id,
        sequence=_count(wire.sequence, "sequence") or 0,
        params_json=_payload(wire.params),
        returns_json=_payload(wire.returns),
        logs_json=_payload(wire.logs),
        screenshot=as_text(wire.screenshot),
        replaces=replaces,
    )
    if kind == Kind.LLM:
        _add_llm(event, wire)
    elif kind == Kind.ERROR:
        _add_error(event, wire)
    return event


def _add_llm(event: Event, wire: _WireEvent) -> None:
    event.model = as_text(wire.model)
    event.thread_id = as_text(wire.thread_id)
    event.prompt_json = _payload(wire.prompt)
    event.completion_json = _payload(wire.completion)
    event.usage = Usage(
        _count(wire.prompt_tokens, "prompt_tokens"), _count(wire.completion_tokens, "completion_tokens")
    )
    event.reported_cost = _cost(wire.cost)


def _add_error(event: Event, wire: _WireEvent) -> None:
    event.error_type = as_text(wire.error_type)
    event.error_code = as_text(wire.code)
    event.details_json = _payload(wire.details)
    event.trigger_event_id = _optional_id(wire.trigger_event_id, "trigger_event_id", EventId)
    event.trigger_event_type = as_text(wire.trigger_event_type)


def _required_id(value: Any) -> UUID:
    if (found := find_uuid(value)) is None:
        raise _DropError(DropReason.INVALID_ID, "id must be a UUID; without one a repeated delivery would count twice")
    return found


def _optional_id(value: Any, field: str, wrap: Callable[[UUID], _Id]) -> _Id | None:
    if value is None or value == "":
        return None
    if (found := find_uuid(value)) is None:
        raise _DropError(DropReason.INVALID_ID, f"{field} must be a UUID or null")
    return wrap(found)


def _times(wire: _WireEvent, received_ns: int) -> tuple[int, int]:
    """Start and end; a missing start is the ``timestamp``, the end or the time of receipt, a missing end is 0."""
    end_ns = _time(wire.end_timestamp, "end_timestamp")
    init_ns = _time(wire.init_timestamp, "init_timestamp") or _time(wire.timestamp, "timestamp")
    return init_ns or end_ns or received_ns, end_ns


def _time(value: Any, field: str) -> int:
    if value is None or value == "":
        return 0
    try:
        return decode_time(value)
    except (AttributeError, ValueError) as error:
        message = f"{field}: {error}" if isinstance(value, str) else f"{field} must be an ISO 8601 string or null"
        raise _DropError(DropReason.INVALID_TIME, message) from None


def _count(value: Any, field: str) -> int | None:
    if value is None or value == "":
        return None
    number = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_TOKENS:
        raise _DropError(DropReason.INVALID_TOKENS, f"{field} must be a whole number from 0 to 2^53, or null")
    return number


def _cost(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return decode_money(value)
    except ValueError as error:
        raise _DropError(DropReason.INVALID_COST, f"cost: {error}") from None


def _payload(raw: msgspec.Raw) -> str:
    """The payload's JSON text as it was sent; "" for null or absent."""
    try:
        text = str(raw, "utf-8")
    except UnicodeDecodeError as error:
        raise _DropError(DropReason.MALFORMED, f"the event is not UTF-8: {error}") from None
    return "" if text == "null" else text
