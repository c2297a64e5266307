"""When a session ends that several processes take part in."""

import uuid

from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import End, EndState, Session, SessionUpdate, apply

PROJECT, SESSION = ProjectId(uuid.uuid4()), SessionId(uuid.uuid4())
FIRST, SECOND = ParticipantId(uuid.uuid4()), ParticipantId(uuid.uuid4())
IMPLICIT = End(100, EndState.INDETERMINATE, "The process ended", implicit=True)
LATER_IMPLICIT = End(200, EndState.INDETERMINATE, "The other process ended", implicit=True)
EXPLICIT = End(50, EndState.SUCCESS, None, implicit=False)


def _says(participant: ParticipantId, end: End | None = None, *, declared: bool = True) -> SessionUpdate:
    return SessionUpdate(PROJECT, SESSION, participant, 1, declared=declared, end=end)


def _fold(*updates: SessionUpdate) -> Session:
    session = None
    for update in updates:
        session = apply(session, update)
    assert session is not None
    return session


def test_a_session_runs_when_one_of_two_processes_ended_implicitly() -> None:
    assert _fold(_says(FIRST), _says(SECOND), _says(FIRST, IMPLICIT)).end is None


def test_a_session_has_ended_when_both_processes_ended_implicitly() -> None:
    session = _fold(_says(FIRST), _says(SECOND), _says(SECOND, LATER_IMPLICIT), _says(FIRST, IMPLICIT))
    assert session.end == LATER_IMPLICIT


def test_a_session_has_ended_when_one_process_said_so_explicitly() -> None:
    assert _fold(_says(FIRST), _says(SECOND), _says(SECOND, EXPLICIT)).end == EXPLICIT


def test_a_session_runs_again_when_a_process_joins_after_an_implicit_end() -> None:
    session = _fold(_says(FIRST, IMPLICIT), _says(SECOND))
    assert session.end is None
    assert apply(session, _says(SECOND, LATER_IMPLICIT)).end == LATER_IMPLICIT


def test_a_session_stays_ended_when_a_process_joins_after_an_explicit_end() -> None:
    assert _fold(_says(FIRST, EXPLICIT), _says(SECOND)).end == EXPLICIT


def test_a_repeated_introduction_does_not_undo_the_end_of_its_process() -> None:
    assert _fold(_says(FIRST), _says(FIRST, IMPLICIT), _says(FIRST)).end == IMPLICIT


def test_a_process_known_by_its_token_only_keeps_no_session_open() -> None:
    ghost = _says(SECOND, declared=False)
    assert _fold(_says(FIRST, declared=False), ghost, _says(FIRST, IMPLICIT, declared=False)).end == IMPLICIT
