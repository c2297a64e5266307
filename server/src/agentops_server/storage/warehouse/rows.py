"""Rows of the warehouse's tables: domain objects to JSONEachRow lines and back.

Absent values are sentinels that the columns hold without a null map: the zero UUID, the empty string, 0 for a time.
Token counts and money are null when they are not known, because 0 is a number that can be meant.
"""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

import msgspec

from agentops_server.domain.agent import Agent
from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.money import encode_money
from agentops_server.domain.session import End, EndState, Participant, Session

NO_ID = UUID(int=0)

# An event row's version decides which of several rows with one id stands. A first delivery's version falls with time,
# so that the earliest stands and a late duplicate changes nothing; a correction's is above all of those and rises; what
# was told of an event that still went on is below them and rises too, in units of 2^10 ns.
# What a job works out about a stored event, a price or an estimate, has the version after the one it was made of.
_FIRST = 1 << 62
_CORRECTION = 1 << 63

_T = TypeVar("_T")

_encoder = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical")


class EventRow(msgspec.Struct, omit_defaults=True):
    """A row of ``events``. The field names are the column names.

    What is not there has the column's own default, and is left out of what is written: most of these are not there.
    """

    project_id: UUID
    session_id: UUID
    event_id: UUID
    version: int
    received_ns: int
    kind: str
    event_type: str
    init_ns: int
    end_ns: int = 0
    name: str = ""
    action_type: str = ""
    agent_id: UUID = NO_ID
    parent_id: UUID = NO_ID
    participant_id: UUID = NO_ID
    sequence: int = 0
    params: str = ""
    returns: str = ""
    logs: str = ""
    screenshot: str = ""
    model: str = ""
    provider: str = ""
    finish_reason: str = ""
    first_token_ns: int = 0
    model_params: str = ""
    tools: str = ""
    thread_id: str = ""
    prompt: str = ""
    completion: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    usage: dict[str, int] = {}
    usage_basis: str = ""
    usage_estimated: bool = False
    cost: str | None = None
    computed_cost: str | None = None
    reported_cost: str | None = None
    price_version: str = ""
    error_type: str = ""
    error_code: str = ""
    details: str = ""
    trigger_event_id: UUID = NO_ID
    trigger_event_type: str = ""
    attributes: dict[str, str] = {}
    objects: list[str] = []


class SessionRow(msgspec.Struct):
    """A row of ``sessions``."""

    project_id: UUID
    session_id: UUID
    version: int
    received_ns: int
    init_ns: int
    end_ns: int
    end_state: str
    end_state_reason: str
    end_implicit: bool
    name: str
    display_name: str
    external_id: str
    video: str
    tags: list[str]
    refused_events: int
    participants: str
    hosts: list[str]


class AgentRow(msgspec.Struct):
    """A row of ``agents``."""

    project_id: UUID
    session_id: UUID
    agent_id: UUID
    version: int
    name: str
    logs: str


def encode_rows(rows: Iterable[msgspec.Struct]) -> bytes:
    """The rows as JSONEachRow."""
    return b"\n".join(map(_encoder.encode, rows))


def decode_rows(lines: bytes, row_type: type[_T]) -> list[_T]:
    """The lines of a JSONEachRow answer as rows of a type."""
    decoder = msgspec.json.Decoder(row_type)
    return [decoder.decode(line) for line in lines.splitlines()]


def _version(event: Event) -> int:
    if event.replaces:
        return _CORRECTION + event.received_ns
    return event.received_ns >> 10 if event.provisional else _FIRST - event.received_ns


def event_row(event: Event) -> EventRow:
    usage = event.usage or Usage()
    computed_cost = None if event.computed_cost is None else encode_money(event.computed_cost)
    cost = computed_cost  # of most calls
    if event.cost is not event.computed_cost:
        cost = None if event.cost is None else encode_money(event.cost)
    return EventRow(  # in the order of the columns: by name it would take ten times as long
        event.project_id,
        event.session_id,
        event.id,
        _version(event),
        event.received_ns,
        event.kind,
        event.event_type,
        event.init_ns,
        event.end_ns,
        event.name,
        event.action_type,
        event.agent_id or NO_ID,
        event.parent_id or NO_ID,
        event.participant_id or NO_ID,
        event.sequence,
        event.params_json,
        event.returns_json,
        event.logs_json,
        event.screenshot,
        event.model,
        event.provider,
        event.finish_reason,
        event.first_token_ns,
        event.model_params_json,
        event.tools_json,
        event.thread_id,
        event.prompt_json,
        event.completion_json,
        usage.input_tokens,
        usage.output_tokens,
        usage.buckets,
        usage.basis,
        usage.estimated,
        cost,
        computed_cost,
        None if event.reported_cost is None else encode_money(event.reported_cost),
        event.price_version,
        event.error_type,
        event.error_code,
        event.details_json,
        event.trigger_event_id or NO_ID,
        event.trigger_event_type,
        event.attributes,
        event.objects,
    )


def agent_row(agent: Agent) -> AgentRow:
    return AgentRow(agent.project_id, agent.session_id, agent.id, agent.received_ns, agent.name, agent.logs)


def session_row(session: Session) -> SessionRow:
    end = session.end
    return SessionRow(
        project_id=session.project_id,
        session_id=session.id,
        version=session.version,
        received_ns=session.received_ns,
        init_ns=session.init_ns,
        end_ns=end.at_ns if end else 0,
        end_state=end.state if end else EndState.INDETERMINATE,
        end_state_reason=(end.reason or "") if end else "",
        end_implicit=end.implicit if end else False,
        name=session.name,
        display_name=session.display_name,
        external_id=session.external_id,
        video=session.video,
        tags=list(session.tags),
        refused_events=session.refused_events,
        participants=_encoder.encode(list(session.participants.values())).decode(),
        hosts=list(session.hosts),
    )


def session_from_row(row: SessionRow) -> Session:
    """The session; of a row that comes without participants, one stands for all of them, and one for each host."""
    participants = decode_participants(row.participants) if row.participants else [_stand_in(row), *_hosts_of(row)]
    return Session(
        ProjectId(row.project_id),
        SessionId(row.session_id),
        init_ns=row.init_ns,
        received_ns=row.received_ns,
        version=row.version,
        name=row.name,
        external_id=row.external_id,
        video=row.video,
        participants={p.id: p for p in participants},
    )


def _stand_in(row: SessionRow) -> Participant:
    end = None
    if row.end_ns:
        end = End(row.end_ns, EndState(row.end_state), row.end_state_reason or None, row.end_implicit)
    return Participant(ParticipantId(NO_ID), tags=tuple(row.tags), end=end, refused_events=row.refused_events)


def _hosts_of(row: SessionRow) -> list[Participant]:
    return [
        Participant(ParticipantId(UUID(int=number)), declared=False, host_env={"OS": {"Hostname": host}})
        for number, host in enumerate(row.hosts, NO_ID.int + 1)
    ]


class _StoredEnd(msgspec.Struct):
    at_ns: int
    state: EndState
    reason: str | None
    implicit: bool


class _StoredParticipant(msgspec.Struct):
    id: UUID
    declared: bool
    tags: list[str]
    host_env: dict[str, object] | None
    end: _StoredEnd | None
    refused_events: int = 0


def decode_participants(text: str) -> list[Participant]:
    """The participants of a session as its row holds them, in the order in which they came."""
    return [
        Participant(
            ParticipantId(stored.id),
            stored.declared,
            tuple(stored.tags),
            stored.host_env,
            None if stored.end is None else End(**msgspec.structs.asdict(stored.end)),
            stored.refused_events,
        )
        for stored in msgspec.json.decode(text, type=list[_StoredParticipant])
    ]
