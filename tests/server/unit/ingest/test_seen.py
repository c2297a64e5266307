"""Which sessions may have events: never a wrong 'no'."""

from uuid import UUID, uuid4

from agentops_server.domain.ids import SessionId
from agentops_server.ingest.seen import FIRST_SESSIONS, SeenSessions


def make_ids(count: int, first: int = 1) -> list[SessionId]:
    return [SessionId(UUID(int=number)) for number in range(first, first + count)]


def test_every_session_may_be_there_before_it_is_sure() -> None:
    seen = SeenSessions()
    assert seen.may_have([SessionId(uuid4())])


def test_what_was_added_is_never_denied_however_many_there_are() -> None:
    seen = SeenSessions()
    ids = make_ids(FIRST_SESSIONS + 5000)
    seen.add(ids)
    seen.be_sure()
    assert all(seen.may_have([each]) for each in ids)


def test_what_was_not_added_is_denied_but_for_a_few() -> None:
    seen = SeenSessions()
    seen.add(make_ids(FIRST_SESSIONS))
    seen.be_sure()
    others = make_ids(10_000, first=1 << 40)
    assert sum(seen.may_have([each]) for each in others) < 100


def test_one_that_was_added_among_others_is_enough() -> None:
    seen = SeenSessions()
    known, *others = make_ids(5)
    seen.add([known])
    seen.be_sure()
    assert not seen.may_have(others)
    assert seen.may_have([*others, known])
