"""The events of a v2 request to domain events, each for itself: a malformed one is dropped, its neighbours stay."""

import json
from uuid import uuid5

import msgspec

from agentops_server.domain.batch import Batch, Drop, DropReason
from agentops_server.domain.event import Event, Kind
from agentops_server.domain.ids import AgentId, EventId, ParticipantId
from agentops_server.errors import BadRequest
from agentops_server.wire.body import as_text, mend
from agentops_server.wire.origin import Origin
from agentops_server.wire.v2.calls import add_call
from agentops_server.wire.v2.shape import WireEvent
from agentops_server.wire.v2.splitting import find_events, split_events
from agentops_server.wire.v2.sprawl import refuse_sprawl
from agentops_server.wire.v2.values import (
    DropError,
    attributes,
    cost,
    count,
    optional_id,
    payload,
    required_id,
    time_ns,
)

KINDS = {"llms": Kind.LLM, "tools": Kind.TOOL, "actions": Kind.ACTION, "errors": Kind.ERROR}
LONGEST_TYPE = 200

_decode_event = msgspec.json.Decoder(WireEvent).decode


def decode_events(body: bytes, origin: Origin, *, replaces: bool = False) -> Batch:
    """The events of a ``create_events`` or ``update_events`` body.

    Args:
        body: ``{"events": [...]}``.
        origin: The session of the token that came with it.
        replaces: Whether these events correct earlier ones with the same ids.

    Raises:
        BadRequest: The body as a whole cannot be read.
    """
    wires = find_events(body)
    if wires is None or any(wire.id is None for wire in wires):
        return _decode_apart(body, origin, replaces)
    batch = Batch()
    for index, wire in enumerate(wires):
        _admit(batch, index, wire, origin, replaces)
    return batch


def _decode_apart(body: bytes, origin: Origin, replaces: bool) -> Batch:
    """The same, event by event: what is wrong with one is found, and mended where it can be."""
    batch = Batch()
    for index, raw in enumerate(split_events(body)):
        try:
            wire = _decode_one(raw)
            if wire.id is None:
                wire.id = _derive_id(wire, raw, origin)
        except DropError as drop:
            batch.drops.append(Drop(index, None, drop.reason, drop.message))
        except RecursionError:
            batch.drops.append(_too_deep(index))
        else:
            _admit(batch, index, wire, origin, replaces)
    return batch


def _admit(batch: Batch, index: int, wire: WireEvent, origin: Origin, replaces: bool) -> None:
    try:
        batch.events.append(_event(wire, origin, replaces))
    except DropError as drop:
        known = wire.id if isinstance(wire.id, str) else None
        batch.drops.append(Drop(index, known, drop.reason, drop.message))
    except RecursionError:
        batch.drops.append(_too_deep(index))


def _too_deep(index: int) -> Drop:
    return Drop(index, None, DropReason.MALFORMED, "the event is nested too deeply")


def _decode_one(raw: msgspec.Raw) -> WireEvent:
    try:
        if bytes(memoryview(raw)[:1]) != b"{":
            mend(bytes(raw))
            raise DropError(DropReason.NOT_AN_OBJECT, "an event is a JSON object")
        refuse_sprawl(raw)
        try:
            return _decode_event(raw)
        except msgspec.MsgspecError:
            return _decode_event(mend(bytes(raw)))
    except json.JSONDecodeError as error:
        raise BadRequest(f"the body is not JSON: {error}") from None
    except (ValueError, msgspec.MsgspecError) as error:
        raise DropError(DropReason.MALFORMED, f"the event cannot be read: {error}") from None


def _derive_id(wire: WireEvent, raw: msgspec.Raw, origin: Origin) -> str | None:
    """The id of an error that has none: SDK 0.2 gives errors no id. The same bytes have the same one, however often."""
    if wire.event_type != "errors":
        return None
    return str(uuid5(origin.session_id, bytes(raw).decode("latin-1")))


def _event(wire: WireEvent, origin: Origin, replaces: bool) -> Event:
    if not isinstance(wire.event_type, str) or not 0 < len(wire.event_type) <= LONGEST_TYPE:
        message = f"event_type must be llms, tools, actions, errors or another word of up to {LONGEST_TYPE} characters"
        raise DropError(DropReason.INVALID_TYPE, message)
    init_ns, end_ns = _times(wire, origin.received_ns)
    kind = KINDS.get(wire.event_type, wire.event_type)
    event = Event(
        project_id=origin.project_id,
        session_id=origin.session_id,
        id=EventId(required_id(wire.id)),
        kind=kind,
        event_type=wire.event_type,
        init_ns=init_ns,
        end_ns=end_ns,
        received_ns=origin.received_ns,
        name=as_text(wire.name) or as_text(wire.tool_name) or as_text(wire.action_type),
        action_type=as_text(wire.action_type),
        agent_id=optional_id(wire.agent_id, "agent_id", AgentId),
        parent_id=optional_id(wire.parent_id, "parent_id", EventId),
        participant_id=optional_id(wire.participant_id, "participant_id", ParticipantId) or origin.participant_id,
        sequence=count(wire.sequence, "sequence") or 0,
        params_json=payload(wire.params),
        returns_json=payload(wire.returns),
        logs_json=payload(wire.logs),
        screenshot=as_text(wire.screenshot),
        attributes={} if wire.attributes is None else attributes(wire.attributes),
        replaces=replaces,
    )
    if kind == Kind.LLM:
        add_call(event, wire)
    elif kind == Kind.TOOL:
        event.reported_cost = cost(wire.cost)
    elif kind == Kind.ERROR:
        _add_error(event, wire)
    return event


def _add_error(event: Event, wire: WireEvent) -> None:
    event.error_type = as_text(wire.error_type)
    event.error_code = as_text(wire.code)
    event.details_json = payload(wire.details)
    event.trigger_event_id = optional_id(wire.trigger_event_id, "trigger_event_id", EventId)
    event.trigger_event_type = as_text(wire.trigger_event_type)


def _times(wire: WireEvent, received_ns: int) -> tuple[int, int]:
    """Start and end; a missing start is the ``timestamp``, the end or the time of receipt, a missing end is 0."""
    end_ns = time_ns(wire.end_timestamp, "end_timestamp")
    init_ns = time_ns(wire.init_timestamp, "init_timestamp") or time_ns(wire.timestamp, "timestamp")
    return init_ns or end_ns or received_ns, end_ns
