"""Events of an import. Costs and the price book's version are taken as they stand: nothing is priced again."""

from typing import Any
from uuid import uuid5

import msgspec

from agentops_server.domain.batch import DropReason
from agentops_server.domain.event import Event, Kind, Usage
from agentops_server.domain.ids import AgentId, EventId, ParticipantId, ProjectId, SessionId, find_uuid
from agentops_server.wire.body import as_text
from agentops_server.wire.interchange.shapes import EventLine
from agentops_server.wire.v2 import values
from agentops_server.wire.v2.events import KINDS, LONGEST_TYPE
from agentops_server.wire.v2.values import DropError, optional_id, required_id

_find_json = msgspec.json.Decoder().decode


def decode_event(line: EventLine, project_id: ProjectId, received_ns: int) -> Event:
    """An event.

    Raises:
        DropError: A field cannot be read.
    """
    is_foreign = line.kind is None
    session_id = SessionId(required_id(line.session_id))
    event_type = _event_type(line)
    end_ns = values.time_ns(line.end_timestamp, "end_timestamp")
    init_ns = values.time_ns(line.init_timestamp, "init_timestamp") or values.time_ns(line.timestamp, "timestamp")
    event = Event(
        project_id,
        session_id,
        _event_id(line, session_id, is_foreign=is_foreign),
        kind=KINDS.get(event_type, event_type) if is_foreign else as_text(line.kind),
        event_type=event_type,
        init_ns=init_ns or end_ns or received_ns,
        end_ns=end_ns,
        received_ns=received_ns,
        agent_id=optional_id(line.agent_id, "agent_id", AgentId),
        parent_id=optional_id(line.parent_id, "parent_id", EventId),
        participant_id=optional_id(line.participant_id, "participant_id", ParticipantId),
        trigger_event_id=optional_id(line.trigger_event_id, "trigger_event_id", EventId),
        sequence=values.count(line.sequence, "sequence") or 0,
        first_token_ns=values.count(line.first_token_ns, "first_token_ns") or 0,
        attributes={} if line.attributes is None else values.attributes(line.attributes),
    )
    _add_texts(event, line)
    _add_payloads(event, line, is_foreign=is_foreign)
    if event.kind == Kind.LLM:
        _add_call(event, line, is_foreign=is_foreign)
    return event


def _event_type(line: EventLine) -> str:
    if not isinstance(line.event_type, str) or not 0 < len(line.event_type) <= LONGEST_TYPE:
        message = f"event_type must be llms, tools, actions, errors or another word of up to {LONGEST_TYPE} characters"
        raise DropError(DropReason.INVALID_TYPE, message)
    return line.event_type


def _event_id(line: EventLine, session_id: SessionId, *, is_foreign: bool) -> EventId:
    """AgentOps' own export numbers its errors: such an id becomes one that is the same with every import."""
    if is_foreign and line.event_type == "errors" and find_uuid(line.id) is None and line.id is not None:
        return EventId(uuid5(session_id, f"error {line.id}"))
    return EventId(required_id(line.id))


def _add_texts(event: Event, line: EventLine) -> None:
    event.name = as_text(line.name) or as_text(line.action_type)
    event.action_type = as_text(line.action_type)
    event.screenshot = as_text(line.screenshot)
    event.model = as_text(line.model)
    event.provider = as_text(line.provider)
    event.finish_reason = as_text(line.finish_reason)
    event.thread_id = as_text(line.thread_id)
    event.error_type = as_text(line.error_type)
    event.error_code = as_text(line.code)
    event.trigger_event_type = as_text(line.trigger_event_type)


def _add_payloads(event: Event, line: EventLine, *, is_foreign: bool) -> None:
    read = _text_payload if is_foreign else values.payload
    event.params_json = read(line.params)
    event.returns_json = read(line.returns)
    event.logs_json = values.payload(line.logs)
    event.model_params_json = values.payload(line.model_params)
    event.tools_json = values.payload(line.tools)
    event.prompt_json = values.payload(line.prompt)
    event.completion_json = values.payload(line.completion)
    event.details_json = values.payload(line.details)


def _text_payload(raw: msgspec.Raw) -> str:
    """AgentOps' own export has params and returns as text, with JSON inside where there was any."""
    text = values.payload(raw)
    if not text.startswith('"'):
        return text
    inside = _find_json(text)
    try:
        _find_json(inside)
    except msgspec.DecodeError:
        return text
    return "" if inside == "null" else str(inside)


def _add_call(event: Event, line: EventLine, *, is_foreign: bool) -> None:
    event.usage = Usage(
        values.count(line.prompt_tokens, "prompt_tokens"),
        values.count(line.completion_tokens, "completion_tokens"),
        _buckets(line.usage),
        as_text(line.usage_basis),
        estimated=line.usage_estimated is True,
    )
    event.cost = values.cost(line.cost)
    event.computed_cost = values.cost(line.computed_cost)
    event.reported_cost = event.cost if is_foreign else values.cost(line.reported_cost)
    event.price_version = as_text(line.price_version)
    if event.computed_cost is None and event.reported_cost is None:
        event.computed_cost = event.cost  # what nobody reported was computed, where an export does not say so itself


def _buckets(value: Any) -> dict[str, int]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise DropError(DropReason.INVALID_TOKENS, "usage must be an object of token counts")
    counts = {as_text(name): values.count(number, f"usage.{name}") for name, number in value.items()}
    return {name: number for name, number in counts.items() if number is not None}
