"""Sessions and agents of an import as what their participants said."""

from typing import Any
from uuid import uuid5

import msgspec

from agentops_server.domain.agent import Agent
from agentops_server.domain.batch import DropReason
from agentops_server.domain.ids import AgentId, ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import End, EndState, SessionUpdate, find_end_state
from agentops_server.wire.body import as_text
from agentops_server.wire.interchange.shapes import AgentLine, EndLine, ParticipantLine, SessionLine
from agentops_server.wire.v2.values import DropError, count, required_id, time_ns


def decode_updates(line: SessionLine, project_id: ProjectId, received_ns: int) -> list[SessionUpdate]:
    """A session as one update for each of its participants, in their order.

    Raises:
        DropError: A field cannot be read.
    """
    session_id = SessionId(required_id(line.id))
    participants = [line] if line.participants is None else line.participants
    return [
        SessionUpdate(
            project_id,
            session_id,
            _participant_id(participant, session_id),
            received_ns,
            declared=participant.declared is not False,
            init_ns=time_ns(line.init_timestamp, "init_timestamp") or None,
            tags=_tags(participant.tags),
            host_env=_host_env(participant.host_env),
            video=as_text(line.video) or None,
            name=as_text(line.name) or None,
            external_id=as_text(line.external_id) or None,
            end=_end(participant),
            refused_events=count(_refused(line, participant), "refused_events") or 0,
        )
        for participant in participants
    ]


def decode_agent(line: AgentLine, project_id: ProjectId, received_ns: int) -> Agent:
    """An agent; raise `DropError` where its ids cannot be read."""
    session_id, agent_id = SessionId(required_id(line.session_id)), AgentId(required_id(line.id))
    return Agent(project_id, session_id, agent_id, as_text(line.name), as_text(line.logs), received_ns)


def _participant_id(participant: ParticipantLine, session_id: SessionId) -> ParticipantId:
    """A session that names no participants has one that is always the same, so that a second import adds none."""
    if isinstance(participant, SessionLine):
        return ParticipantId(uuid5(session_id, "import"))
    return ParticipantId(required_id(participant.id))


def _refused(line: SessionLine, participant: ParticipantLine) -> Any:
    if isinstance(participant, SessionLine) and line.stats is not None:
        return line.stats.refused_events
    return participant.refused_events


def _tags(value: Any) -> tuple[str, ...]:
    """A list; AgentOps' own export has it as text, with a list in JSON inside."""
    if isinstance(value, str):
        inside = _find_json(value)
        value = inside if isinstance(inside, list) else [value]
    if not isinstance(value, list | None):
        raise DropError(DropReason.MALFORMED, "tags must be a list of strings")
    return tuple(dict.fromkeys(text for item in value or () if (text := as_text(item))))


def _host_env(value: Any) -> dict[str, Any] | None:
    found = _find_json(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else None


def _find_json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


def _end(line: EndLine) -> End | None:
    at_ns = time_ns(line.end_timestamp, "end_timestamp")
    if not at_ns:
        return None
    state = EndState.INDETERMINATE if line.end_state is None else find_end_state(as_text(line.end_state))
    if state is None:
        raise DropError(DropReason.MALFORMED, "end_state must be Success, Failure or Indeterminate")
    implicit = state is EndState.INDETERMINATE if line.end_is_implicit is None else line.end_is_implicit is True
    return End(at_ns, state, as_text(line.end_state_reason) or None, implicit)
